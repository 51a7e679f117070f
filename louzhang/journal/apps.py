"""Registers the app with Django."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """What happened, appended and never edited: events, erasable texts, the walker."""

    name = "louzhang.journal"
    label = "journal"
    verbose_name = "留痕"
