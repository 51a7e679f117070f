"""Addresses of the notebook and of what is written down at doors, part of `register/`."""

from django.urls import path

from louzhang.register.views import doorstep, notebook

patterns = [
    path("door/", doorstep.door, name="door"),
    path("sync/", doorstep.sync, name="sync"),
    path("conflicts/", doorstep.conflicts, name="conflicts"),
    path("conflicts/<uuid:uid>/", doorstep.settle_conflict, name="settle"),
    path("notebook/", notebook.notebook, name="notebook"),
    path("notes/<uuid:uid>/", notebook.note, name="note"),
    path("notes/<uuid:uid>/throw/", notebook.throw, name="throw"),
]
