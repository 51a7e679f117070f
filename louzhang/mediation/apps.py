"""Registers the app with Django."""

from django.apps import AppConfig


class MediationConfig(AppConfig):
    """Mediation between neighbours."""

    name = "louzhang.mediation"
    label = "mediation"
    verbose_name = "矛盾调解"

    def ready(self) -> None:
        """Make the chain known to the journal, have its notices written, stand in the menus and beside orders."""
        from django.db.models import Exists, OuterRef

        from louzhang.journal import readers, subjects
        from louzhang.mediation import menu, notices
        from louzhang.mediation.models import Mediation
        from louzhang.shell import navigation
        from louzhang.workorders import beside

        subjects.register(Mediation)
        readers.register("mediation_notices", "mediation", read=notices.BOOK.read)
        mediated = Exists(Mediation.objects.filter(order=OuterRef("pk")))
        beside.add(menu.beside_order, order=10, has_mediation=mediated)
        navigation.add_items("today", menu.today_entry, order=30)
        navigation.add_items("desk", menu.desk_entry, order=31)
        navigation.add_items("links", menu.party_link, order=40)
