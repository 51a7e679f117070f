"""Registers the app with Django."""

from django.apps import AppConfig


class WorkordersConfig(AppConfig):
    """Reports and work orders: the closed loop."""

    name = "louzhang.workorders"
    label = "workorders"
    verbose_name = "工单"
