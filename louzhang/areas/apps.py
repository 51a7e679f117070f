"""Registers the app with Django."""

from django.apps import AppConfig


class AreasConfig(AppConfig):
    """The tree of places, its levels, units and posts."""

    name = "louzhang.areas"
    label = "areas"
    verbose_name = "区划网格"

    def ready(self) -> None:
        """Tell the journal its chains, accounts who holds which post, the shell its pages."""
        from louzhang.areas.menu import tell_shell
        from louzhang.areas.models import Area, Estate, Post, Unit
        from louzhang.areas.sections import add_own_sections
        from louzhang.areas.telling import tell_accounts
        from louzhang.journal import subjects

        subjects.register(Area, Estate, Unit, Post)
        tell_accounts()
        tell_shell()
        add_own_sections()
