"""Registers the app with Django."""

from django.apps import AppConfig


class FiguresConfig(AppConfig):
    """Figures of a place and of its units."""

    name = "louzhang.figures"
    label = "figures"
    verbose_name = "数字"

    def ready(self) -> None:
        """Have the roll-ups follow the journal."""
        from louzhang.figures.actions import read_events
        from louzhang.journal import readers

        readers.register("figures", "workorder", read=read_events)
