"""Registers the app with Django."""

from django.apps import AppConfig


class BallotsConfig(AppConfig):
    """Secret ballots and star sheets."""

    name = "louzhang.ballots"
    label = "ballots"
    verbose_name = "票箱"

    def ready(self) -> None:
        """Make the chain known to the journal, have its notices written, stand in the menus."""
        from louzhang.ballots import menu, notices
        from louzhang.ballots.models import Poll
        from louzhang.journal import readers, subjects
        from louzhang.notices.untraced import leave_untraced

        subjects.register(Poll)
        readers.register("poll_notices", "poll", read=notices.read)
        leave_untraced(notices.CALL)
        menu.set_up()
