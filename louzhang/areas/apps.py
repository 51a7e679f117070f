"""Registers the app with Django."""

from django.apps import AppConfig


class AreasConfig(AppConfig):
    """The tree of places, its levels, units and posts."""

    name = "louzhang.areas"
    label = "areas"
    verbose_name = "区划网格"

    def ready(self) -> None:
        """Make the chains of these tables known to the journal."""
        from louzhang.areas.models import Area, Estate, Post, Unit
        from louzhang.journal import subjects

        subjects.register(Area, Estate, Unit, Post)
