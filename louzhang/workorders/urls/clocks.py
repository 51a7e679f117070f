"""Addresses of the limits' settings, included at /desk/settings/clocks/."""

from django.urls import path

from louzhang.workorders.views import clocks

app_name = "clocks"
urlpatterns = [
    path("", clocks.limits, name="list"),
    path("csv/", clocks.limits_csv, name="csv"),
    path("add/", clocks.add, name="add"),
    path("examples/", clocks.preset, name="preset"),
    path("<int:policy_id>/", clocks.one, name="one"),
    path("<int:policy_id>/end/", clocks.end, name="end"),
]
