"""Addresses of the phone, included at /field/today/."""

from django.urls import path

from louzhang.fieldwork.views import today, visits

app_name = "fieldwork_field"
urlpatterns = [
    path("", today.today, name="today"),
    path("items/<uuid:uid>/tick/", today.tick, name="tick"),
    path("items/<uuid:uid>/reopen/", today.reopen, name="reopen"),
    path("items/<uuid:uid>/refuse/", today.refuse, name="refuse"),
    path("visits/", visits.mine, name="visits"),
    path("visit/", visits.unplanned, name="unplanned"),
    path("visit/<str:kind>/<uuid:uid>/", visits.visit, name="visit"),
    path("company/<uuid:uid>/join/", visits.join, name="join"),
    path("company/<uuid:uid>/withdraw/", visits.withdraw, name="withdraw"),
]
