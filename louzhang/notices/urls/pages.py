"""Addresses on all faces, included at the root."""

from django.urls import path

from louzhang.notices.views import building, inbox, preferences

app_name = "notices"
urlpatterns = [
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/<int:notice_id>/open/", inbox.open_notice, name="open"),
    path("inbox/read/<slug:face>/", inbox.read_all, name="read_all"),
    path("field/inbox/", inbox.field_inbox, name="field_inbox"),
    path("desk/inbox/", inbox.desk_inbox, name="desk_inbox"),
    path("account/notices/", preferences.preferences, name="preferences"),
    path("field/building-notices/", building.notices, name="building"),
    path("field/building-notices/new/", building.write, name="write"),
    path("field/building-notices/<uuid:uid>/withdraw/", building.withdraw, name="withdraw"),
    path("field/building-notices/<uuid:uid>/sheet/", building.sheet, name="sheet"),
    path("building-notices/<uuid:uid>/", building.one, name="one"),
]
