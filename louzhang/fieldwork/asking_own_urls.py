"""Addresses of what a person reads of the own burden, included at /field/burden/."""

from django.urls import path

from louzhang.fieldwork.views import burden

app_name = "asking_own"
urlpatterns = [path("", burden.own, name="burden")]
