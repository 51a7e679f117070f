"""Addresses of imports and exports, part of `register/`."""

from django.urls import path

from louzhang.register.views import exporting, importing

import_pages = [
    path("export/", exporting.export, name="export"),
    path("imports/", importing.imports, name="imports"),
    path("imports/example.xlsx", importing.example, name="import_example"),
    path("imports/<uuid:uid>/", importing.one, name="import"),
    path("imports/<uuid:uid>/progress/", importing.progress, name="import_progress"),
    path("imports/<uuid:uid>/columns/", importing.agree, name="import_columns"),
    path("imports/<uuid:uid>/wrong.xlsx", importing.wrong_lines, name="import_wrong"),
    path("imports/<uuid:uid>/<slug:verb>/", importing.act, name="import_act"),
]
