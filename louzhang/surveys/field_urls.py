"""Addresses of the phone, included at /field/surveys/."""

from django.urls import URLPattern

app_name = "surveys_field"
urlpatterns: list[URLPattern] = []
