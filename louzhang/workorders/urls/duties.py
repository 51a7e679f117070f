"""Addresses of the duty list's settings, included at /desk/settings/duties/."""

from django.urls import path

from louzhang.areas.views.settings_frame import for_keeper
from louzhang.areas.views.sheets import paths_of
from louzhang.workorders.views import duties

app_name = "duties"
urlpatterns = [
    path("", duties.clauses, name="list"),
    path("csv/", duties.clauses_csv, name="csv"),
    *paths_of("", duties.PAGES, for_keeper),
    path("add/", duties.add, name="add"),
    path("<int:clause_id>/", duties.one, name="one"),
    path("<int:clause_id>/end/", duties.end, name="end"),
]
