"""Registers the app with Django."""

from django.apps import AppConfig


class AreasConfig(AppConfig):
    """The tree of places, its levels, units and posts."""

    name = "louzhang.areas"
    label = "areas"
    verbose_name = "区划网格"
