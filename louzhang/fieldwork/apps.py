"""Registers the app with Django."""

from django.apps import AppConfig


class FieldworkConfig(AppConfig):
    """The day of whoever works at the door."""

    name = "louzhang.fieldwork"
    label = "fieldwork"
    verbose_name = "一线工作"

    def ready(self) -> None:
        """Make the chains known to the journal, follow what happens, stand in the menus."""
        from louzhang.fieldwork import asking_menu, asking_notices, following, menu, notices, rounds_menu
        from louzhang.fieldwork.models import Admission, Bulletin, Campaign, Company, DayList, Rhythm, Visit
        from louzhang.journal import readers, subjects

        subjects.register(Admission, Bulletin, Campaign, Company, DayList, Rhythm, Visit)
        readers.register("days", *following.KINDS, read=following.follow)
        readers.register("company_notices", "company", read=notices.COMPANY.read)
        readers.register("admission_notices", "admission", read=asking_notices.ADMISSIONS.read)
        menu.set_up()
        asking_menu.set_up()
        rounds_menu.set_up()
