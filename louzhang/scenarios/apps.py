"""Registers the app with Django."""

from django.apps import AppConfig


class ScenariosConfig(AppConfig):
    """Scenarios; they have no tables."""

    name = "louzhang.scenarios"
    label = "scenarios"
    verbose_name = "情景"
