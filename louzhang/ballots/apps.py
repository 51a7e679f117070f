"""Registers the app with Django."""

from django.apps import AppConfig


class BallotsConfig(AppConfig):
    """Secret ballots and star sheets."""

    name = "louzhang.ballots"
    label = "ballots"
    verbose_name = "票箱"
