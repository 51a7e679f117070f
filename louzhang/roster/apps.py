"""Registers the app with Django."""

from django.apps import AppConfig


class RosterConfig(AppConfig):
    """Choosing, training, appraising and rewarding those who serve."""

    name = "louzhang.roster"
    label = "roster"
    verbose_name = "选训评奖"

    def ready(self) -> None:
        """Make the chains known to the journal, stand in the menus; one call a part."""
        from louzhang.roster import (
            appraisal_menu,
            choosing_menu,
            duties_menu,
            honours_menu,
            menu,
            own_menu,
            posted_menu,
            training_menu,
        )

        posted_menu.set_up()
        duties_menu.set_up()
        training_menu.set_up()
        honours_menu.set_up()
        appraisal_menu.set_up()
        choosing_menu.set_up()
        own_menu.set_up()
        menu.set_up()
