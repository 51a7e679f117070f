"""Registers the app with Django."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People who sign in: person, devices, tokens."""

    name = "louzhang.accounts"
    label = "accounts"
    verbose_name = "账号"

    def ready(self) -> None:
        """Make the chains of these tables known to the journal."""
        from louzhang.accounts.models import User
        from louzhang.journal import subjects

        subjects.register(User)
