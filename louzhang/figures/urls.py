"""Addresses of the figures."""

from django.urls import path

from louzhang.figures.views import pages

app_name = "figures"
urlpatterns = [
    path("", pages.page, name="page"),
    path("file/", pages.as_file, name="file"),
]
