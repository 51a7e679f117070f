"""Registers the app with Django."""

from django.apps import AppConfig


class CommandConfig(AppConfig):
    """The command centre: today's figures, the board, the map."""

    name = "louzhang.command"
    label = "command"
    verbose_name = "指挥中心"
