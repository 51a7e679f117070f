"""Registers the app with Django."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """What happened, appended and never edited: events, erasable texts, the walker."""

    name = "louzhang.journal"
    label = "journal"
    verbose_name = "留痕"

    def ready(self) -> None:
        """Tell the shell where a page sends photos."""
        from django.urls import reverse

        from louzhang.shell import navigation

        navigation.set_fact("upload_url", lambda request: reverse("journal:upload"))
