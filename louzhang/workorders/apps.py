"""Registers the app with Django."""

from django.apps import AppConfig


class WorkordersConfig(AppConfig):
    """Reports and work orders: the closed loop."""

    name = "louzhang.workorders"
    label = "workorders"
    verbose_name = "工单"

    def ready(self) -> None:
        """Make the chains of these tables known to the journal, and the phone's tabs to the shell."""
        from louzhang.journal import readers, subjects
        from louzhang.register import beside as beside_homes
        from louzhang.register.agenda import add_due
        from louzhang.register.courses import add_course
        from louzhang.shell import navigation, offline
        from louzhang.workorders import agenda, desk_menu, menu, notices, settings_menu, situations
        from louzhang.workorders.actions.clock_changes import read_changes
        from louzhang.workorders.actions.exchange import note_replies
        from louzhang.workorders.actions.needs_met import follow_orders
        from louzhang.workorders.forms.needs import NEED_BECOMES_ORDER
        from louzhang.workorders.models import (
            Category,
            ClockPolicy,
            DutyClause,
            Meeting,
            Motion,
            Part,
            ReplyTemplate,
            RoutingRule,
            Supervision,
            WorkOrder,
        )

        subjects.register(Category, ClockPolicy, DutyClause, ReplyTemplate, RoutingRule, WorkOrder)
        subjects.register(Meeting, Motion, Part, Supervision)
        settings_menu.set_up()
        readers.register("workorder_notices", "workorder", read=notices.BOOK.read)
        readers.register("clock_changes", "area", "clock_policy", read=read_changes)
        readers.register("hotline", "workorder", read=note_replies)
        readers.register("needs_of_orders", "workorder", read=follow_orders)
        navigation.add_items("resident", menu.resident_tabs, order=10)
        navigation.add_items("field", menu.today_tab, order=10)
        navigation.add_items("field", menu.field_tabs, order=15)
        navigation.add_items("today", menu.today_entry, order=4)
        navigation.add_items("field", menu.own_tab, order=90)
        navigation.add_items("desk", desk_menu.desk_entries, order=10)
        navigation.add_items("links", menu.footer_links, order=50)
        navigation.set_fact("bar_search", desk_menu.search_box)
        navigation.set_fact("bar_alarm", desk_menu.urgent_alarm)
        offline.add_pages(menu.kept_pages)
        beside_homes.add_sections(situations.open_orders, order=10)
        add_course(NEED_BECOMES_ORDER)
        add_due(agenda.orders_due, order=10)
