"""Addresses of errands, included at /errands/: residents at the root, those who run them below `run/`."""

from django.urls import path

from louzhang.fieldwork.views import asking_errands, errands

app_name = "errands"
urlpatterns = [
    path("", asking_errands.mine, name="mine"),
    path("ask/", asking_errands.ask, name="ask"),
    path("own/<uuid:uid>/", asking_errands.own, name="own"),
    path("own/<uuid:uid>/<slug:verb>/", asking_errands.move, name="own_move"),
    path("run/", errands.listed, name="list"),
    path("run/add/", errands.write, name="write"),
    path("run/<uuid:uid>/", errands.one, name="one"),
    path("run/<uuid:uid>/slip/", errands.slip, name="slip"),
    path("run/<uuid:uid>/reveal/", errands.reveal, name="reveal"),
    path("run/<uuid:uid>/<slug:verb>/", errands.move, name="move"),
]
