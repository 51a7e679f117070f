"""Addresses of the desk's sheet of reports."""

from django.urls import path

from louzhang.workorders.views import filing

app_name = "filing"

urlpatterns = [
    path("desk/reports/upload/", filing.upload, name="upload"),
    path("desk/reports/upload/store/", filing.store, name="store"),
    path("desk/reports/upload/template.xlsx", filing.template_book, name="template"),
]
