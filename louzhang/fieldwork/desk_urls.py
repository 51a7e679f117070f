"""Addresses of the desk, included at /desk/work/."""

from django.urls import path

from louzhang.fieldwork.views import rhythms, visits, work

app_name = "fieldwork_desk"
urlpatterns = [
    path("", work.work, name="work"),
    path("days/<uuid:uid>/", work.day, name="day"),
    path("days/<uuid:uid>/add/", work.add, name="add"),
    path("visits/", visits.listed, name="visits"),
    path("items/<uuid:uid>/move/", work.move, name="move"),
    path("rhythms/", rhythms.rhythms, name="rhythms"),
    path("rhythms/add/", rhythms.add, name="rhythm_add"),
    path("rhythms/preset/", rhythms.preset, name="preset"),
    path("rhythms/<uuid:uid>/end/", rhythms.end, name="rhythm_end"),
]
