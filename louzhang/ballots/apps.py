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
        from louzhang.ballots.actions.blanking import forget_candidate
        from louzhang.ballots.models import Item, Poll
        from louzhang.journal import readers, subjects
        from louzhang.notices.untraced import leave_untraced
        from louzhang.register import following

        subjects.register(Poll)
        readers.register("poll_notices", "poll", read=notices.read)
        leave_untraced(notices.CALL)
        following.add_table(Item, forget_candidate)
        menu.set_up()
