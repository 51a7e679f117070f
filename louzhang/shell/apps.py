"""Registers the app with Django."""

from django.apps import AppConfig


class ShellConfig(AppConfig):
    """Base templates, components, static files and the commands that run the place; no domain words."""

    name = "louzhang.shell"
    label = "shell"
    verbose_name = "外壳"
