"""Registers the app with Django."""

from django.apps import AppConfig


class FieldworkConfig(AppConfig):
    """The day of whoever works at the door."""

    name = "louzhang.fieldwork"
    label = "fieldwork"
    verbose_name = "一线工作"

    def ready(self) -> None:
        """Make the chains known to the journal."""
        from louzhang.fieldwork.models import Company, DayList, Rhythm, Visit
        from louzhang.journal import subjects

        subjects.register(Company, DayList, Rhythm, Visit)
