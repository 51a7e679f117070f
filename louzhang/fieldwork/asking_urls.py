"""Addresses of admissions, sheets and the burden, included at /desk/asking/."""

from django.urls import path

from louzhang.fieldwork.views import admissions

app_name = "asking"
urlpatterns = [
    path("admissions/", admissions.admissions, name="admissions"),
    path("admissions/<uuid:uid>/", admissions.admission, name="admission"),
    path("admissions/<uuid:uid>/decide/<slug:verb>/", admissions.decide, name="decide"),
    path("admissions/<uuid:uid>/leave/<slug:verb>/", admissions.leave, name="leave"),
    path("ask/", admissions.ask, name="ask"),
    path("campaigns/<uuid:uid>/", admissions.campaign, name="campaign"),
]
