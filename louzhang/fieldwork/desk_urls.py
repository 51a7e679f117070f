"""Addresses of the desk, included at /desk/work/."""

from django.urls import URLPattern

app_name = "fieldwork_desk"
urlpatterns: list[URLPattern] = []
