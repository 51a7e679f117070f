"""Addresses of the routing rules' settings, included at /desk/settings/routing/."""

from django.urls import path

from louzhang.areas.views.settings_frame import for_keeper
from louzhang.areas.views.sheets import paths_of
from louzhang.workorders.views import routing, rule_trials

app_name = "routing"
urlpatterns = [
    path("", routing.rules, name="list"),
    path("csv/", routing.rules_csv, name="csv"),
    *paths_of("", routing.PAGES, for_keeper),
    path("add/", routing.add, name="add"),
    path("move/", routing.move, name="move"),
    path("try/", rule_trials.try_out, name="try"),
    path("<int:rule_id>/", routing.one, name="one"),
    path("<int:rule_id>/end/", routing.end, name="end"),
    path("<int:rule_id>/accept/", routing.accept, name="accept"),
    path("<int:rule_id>/decline/", routing.decline, name="decline"),
]
