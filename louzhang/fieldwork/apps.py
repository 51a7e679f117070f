"""Registers the app with Django."""

from django.apps import AppConfig


class FieldworkConfig(AppConfig):
    """The day of whoever works at the door."""

    name = "louzhang.fieldwork"
    label = "fieldwork"
    verbose_name = "一线工作"
