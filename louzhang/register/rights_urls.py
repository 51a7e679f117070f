"""Addresses of requests about own data at the desk, included at `desk/rights/`."""

from django.urls import path

from louzhang.register.views import rights

app_name = "rights"
urlpatterns = [
    path("", rights.requests, name="list"),
    path("<uuid:uid>/", rights.one, name="one"),
    path("<uuid:uid>/grant/", rights.grant, name="grant"),
    path("<uuid:uid>/decline/", rights.decline, name="decline"),
]
