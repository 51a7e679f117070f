"""Registers the app with Django."""

from django.apps import AppConfig


class CommandConfig(AppConfig):
    """The command centre: today's figures, the board, the map."""

    name = "louzhang.command"
    label = "command"
    verbose_name = "指挥中心"

    def ready(self) -> None:
        """Put the board into the navigation of the offices."""
        from louzhang.command.menu import board_entry
        from louzhang.shell import navigation

        navigation.add_items("desk", board_entry, order=90)
