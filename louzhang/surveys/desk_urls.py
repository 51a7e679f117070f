"""Addresses of the desk, included at /desk/surveys/."""

from django.urls import URLPattern

app_name = "surveys_desk"
urlpatterns: list[URLPattern] = []
