"""Registers the app with Django."""

from django.apps import AppConfig


class DutyConfig(AppConfig):
    """Shifts, calls about red cases, sign-over."""

    name = "louzhang.duty"
    label = "duty"
    verbose_name = "值班"

    def ready(self) -> None:
        """Make the chains known to the journal, have the called one told, stand in the desk's menu."""
        from louzhang.duty import menu, notices
        from louzhang.duty.models import Handover, Shift
        from louzhang.journal import readers, subjects
        from louzhang.shell import navigation

        subjects.register(Handover, Shift)
        readers.register("duty_notices", "workorder", read=notices.CALLS.read)
        readers.register("handover_notices", "handover", read=notices.HANDOVERS.read)
        navigation.add_items("desk", menu.desk_entry, order=32)
