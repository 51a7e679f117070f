"""Addresses of the duty lists, included at /desk/duty/."""

from django.urls import path

from louzhang.areas.views.sheets import paths_of
from louzhang.duty.views import handing_over, planning

app_name = "duty"
urlpatterns = [
    path("", planning.week, name="week"),
    path("csv/", planning.week_csv, name="csv"),
    path("add/", planning.add, name="add"),
    path("shifts/<int:shift_id>/cancel/", planning.cancel, name="cancel"),
    *paths_of("", planning.PAGES, planning.for_planners),
    path("handovers/new/", handing_over.write, name="write"),
    path("handovers/<uuid:uid>/", handing_over.handover, name="handover"),
]
