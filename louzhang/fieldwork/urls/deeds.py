"""Addresses of good deeds, included at /deeds/."""

from django.urls import path

from louzhang.fieldwork.views import deeds

app_name = "deeds"
urlpatterns = [
    path("", deeds.listed, name="list"),
    path("add/", deeds.tell, name="tell"),
    path("<uuid:uid>/take-back/", deeds.take_back, name="take_back"),
]
