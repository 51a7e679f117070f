"""Addresses of the reply templates' settings, included at /desk/settings/replies/."""

from django.urls import path

from louzhang.areas.views.settings_frame import for_keeper
from louzhang.areas.views.sheets import paths_of
from louzhang.workorders.views import replies

app_name = "replies"
urlpatterns = [
    path("", replies.replies, name="list"),
    path("csv/", replies.replies_csv, name="csv"),
    *paths_of("", replies.PAGES, for_keeper),
    path("add/", replies.add, name="add"),
    path("<int:reply_id>/", replies.one, name="one"),
    path("<int:reply_id>/end/", replies.end, name="end"),
]
