"""Addresses of requests about own data, assessments and notices of a leak, included at `desk/rights/`."""

from django.urls import path

from louzhang.register.views import protecting, rights

app_name = "rights"
urlpatterns = [
    path("", rights.requests, name="list"),
    path("<uuid:uid>/", rights.one, name="one"),
    path("<uuid:uid>/grant/", rights.grant, name="grant"),
    path("<uuid:uid>/decline/", rights.decline, name="decline"),
    path("assessments/", protecting.assessments, name="assessments"),
    path("assessments/<uuid:uid>/on/", protecting.turn_on, name="turn_on"),
    path("assessments/<uuid:uid>/off/", protecting.turn_off, name="turn_off"),
    path("assess/<slug:target>/<slug:code>/", protecting.assess, name="assess"),
    path("breach/", protecting.breach, name="breach"),
]
