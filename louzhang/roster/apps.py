"""Registers the app with Django."""

from django.apps import AppConfig


class RosterConfig(AppConfig):
    """Choosing, training, appraising and rewarding those who serve."""

    name = "louzhang.roster"
    label = "roster"
    verbose_name = "选训评奖"

    def ready(self) -> None:
        """Make the chains known to the journal, stand in the menus; one call a part."""
        from louzhang.roster.menus import appraisal, choosing, duties, honours, offices, own, posted, training

        for part in (posted, duties, training, honours, appraisal, choosing, own, offices):
            part.set_up()
