"""Addresses of assessments and of notices of a leak, included at `desk/settings/protection/`."""

from django.urls import path

from louzhang.register.views import protecting

app_name = "protection"
urlpatterns = [
    path("", protecting.assessments, name="assessments"),
    path("<uuid:uid>/on/", protecting.turn_on, name="turn_on"),
    path("<uuid:uid>/off/", protecting.turn_off, name="turn_off"),
    path("assess/<slug:target>/<slug:code>/", protecting.assess, name="assess"),
    path("breach/", protecting.breach, name="breach"),
]
