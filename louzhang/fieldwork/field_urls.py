"""Addresses of the phone, included at /field/today/."""

from django.urls import URLPattern

app_name = "fieldwork_field"
urlpatterns: list[URLPattern] = []
