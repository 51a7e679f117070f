"""Registers the app with Django."""

from django.apps import AppConfig


class BallotsConfig(AppConfig):
    """Secret ballots and star sheets."""

    name = "louzhang.ballots"
    label = "ballots"
    verbose_name = "票箱"

    def ready(self) -> None:
        """Make the chain known to the journal, stand in the menus."""
        from louzhang.ballots import menu
        from louzhang.ballots.models import Poll
        from louzhang.journal import subjects

        subjects.register(Poll)
        menu.set_up()
