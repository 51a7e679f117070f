"""Registers the app with Django."""

from django.apps import AppConfig


class ShellConfig(AppConfig):
    """Base templates, components, static files and the commands that run the place; no domain words."""

    name = "louzhang.shell"
    label = "shell"
    verbose_name = "外壳"

    def ready(self) -> None:
        """Let forms speak plain Chinese."""
        from louzhang.shell.rendering import speak_plainly

        speak_plainly()
