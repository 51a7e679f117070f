"""Addresses about places that anybody may read."""

from django.urls import path

from louzhang.areas.views import outlines

app_name = "places"
urlpatterns = [path("outlines.json", outlines.outlines, name="outlines")]
