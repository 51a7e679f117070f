"""Registers the app with Django."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People who sign in: person, devices, tokens."""

    name = "louzhang.accounts"
    label = "accounts"
    verbose_name = "账号"

    def ready(self) -> None:
        """Make the chains of these tables known to the journal, and the name of who is signed in to the shell."""
        from louzhang.accounts import forgetting, menu, uploads
        from louzhang.accounts.models import User
        from louzhang.journal import subjects, upload_limits
        from louzhang.shell import navigation

        subjects.register(User)
        upload_limits.add_limit(uploads.refuse_too_many)
        navigation.set_fact("person_name", menu.person_name)
        navigation.set_fact("owner_mark", forgetting.owner_mark)
        navigation.set_fact("owner_key", forgetting.owner_key)
        navigation.add_items("account", menu.own_entries, order=90)
