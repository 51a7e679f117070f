"""Registers the app with Django."""

from django.apps import AppConfig


class RegisterConfig(AppConfig):
    """People, dwellings, land and situations."""

    name = "louzhang.register"
    label = "register"
    verbose_name = "人房地情"

    def ready(self) -> None:
        """Make the chains known to the journal, stand in the menus."""
        from louzhang.areas.sections import Section, add_section
        from louzhang.journal import subjects
        from louzhang.journal.actions import resealing
        from louzhang.register import care_menu, field_menu, menu
        from louzhang.register.actions.importing.resealing import Before, Pieces
        from louzhang.register.models import (
            Binding,
            Card,
            CareKind,
            CareTag,
            Consent,
            Dwelling,
            DwellingKind,
            EmergencyUse,
            Firm,
            Household,
            ImpactAssessment,
            ImportBatch,
            Need,
            Resident,
            RightsRequest,
            Shelter,
            Site,
        )
        from louzhang.shell import navigation

        subjects.register(DwellingKind, Dwelling, Household, Resident, Binding, Need)
        subjects.register(Card, Firm, Site, ImportBatch)
        subjects.register(CareKind, CareTag, Consent, EmergencyUse, ImpactAssessment, RightsRequest, Shelter)
        words = "楼栋图上的颜色和字：自住、出租、公房、商铺，由本区自己定。"
        add_section(Section(label="房屋类型", name="register:kinds", icon="building", words=words), order=24)
        navigation.add_items("field", menu.field_tab, order=12)
        navigation.add_items("desk", menu.desk_entry, order=28)
        field_menu.set_up()
        care_menu.set_up()
        resealing.add_store(Pieces(), Before())
