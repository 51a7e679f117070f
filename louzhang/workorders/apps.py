"""Registers the app with Django."""

from django.apps import AppConfig


class WorkordersConfig(AppConfig):
    """Reports and work orders: the closed loop."""

    name = "louzhang.workorders"
    label = "workorders"
    verbose_name = "工单"

    def ready(self) -> None:
        """Make the chains of these tables known to the journal."""
        from louzhang.journal import subjects
        from louzhang.workorders.models import Category, WorkOrder

        subjects.register(Category, WorkOrder)
