"""Registers the app with Django."""

from django.apps import AppConfig


class FiguresConfig(AppConfig):
    """Figures of a place and of its units."""

    name = "louzhang.figures"
    label = "figures"
    verbose_name = "数字"

    def ready(self) -> None:
        """Have the roll-ups follow the journal, and put the page into the navigation of the desk, fill sheets."""
        from louzhang.figures import sheet_values
        from louzhang.figures.actions import read_events
        from louzhang.figures.actions.field_rolling import read_field_events
        from louzhang.figures.menu import figures_entry
        from louzhang.figures.queries.behind import figures
        from louzhang.journal import readers
        from louzhang.shell import navigation
        from louzhang.workorders import behind

        readers.register("figures", "workorder", read=read_events)
        readers.register("field_figures", "visit", "good_deed", read=read_field_events)
        behind.add(figures())
        navigation.add_items("desk", figures_entry, order=80)
        sheet_values.add_values()
