"""Registers the app with Django."""

from django.apps import AppConfig


class RegisterConfig(AppConfig):
    """People, dwellings, land and situations."""

    name = "louzhang.register"
    label = "register"
    verbose_name = "人房地情"

    def ready(self) -> None:
        """Make the chains known to the journal."""
        from louzhang.journal import subjects
        from louzhang.register.models import Binding, Dwelling, DwellingKind, Household, Need, Resident

        subjects.register(DwellingKind, Dwelling, Household, Resident, Binding, Need)
