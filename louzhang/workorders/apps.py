"""Registers the app with Django."""

from django.apps import AppConfig


class WorkordersConfig(AppConfig):
    """Reports and work orders: the closed loop."""

    name = "louzhang.workorders"
    label = "workorders"
    verbose_name = "工单"

    def ready(self) -> None:
        """Make the chains of these tables known to the journal, and the phone's tabs to the shell."""
        from louzhang.areas.sections import Section, add_section
        from louzhang.journal import readers, subjects
        from louzhang.register import beside as beside_homes
        from louzhang.register.agenda import add_due
        from louzhang.register.courses import add_course
        from louzhang.shell import navigation, offline
        from louzhang.workorders import agenda, desk_menu, menu, notices, situations
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
        words = "居民能反映的事：两级类别、承诺时限、联想词和补充问题。"
        add_section(Section(label="类别", name="categories:list", icon="category", words=words), order=25)
        words = "签收、先行联系和办结要在多久以内：按类别和紧急程度，怎么延长，什么时候提醒。"
        add_section(Section(label="时限", name="clocks:list", icon="hourglass", words=words), order=26)
        words = "交办时建议交给谁：按类别、地点和时间排好顺序的规则，可以先试算。"
        add_section(Section(label="派单规则", name="routing:list", icon="arrows-exchange", words=words), order=27)
        words = "哪件事归哪个单位管、依据什么；派单建议和疑难工单会商都引用它。"
        add_section(Section(label="权责清单", name="duties:list", icon="clipboard-list", words=words), order=28)
        words = "受理、不予受理、办结和反馈时常写的话，一选就填好，还能改。"
        add_section(Section(label="答复模板", name="replies:list", icon="message", words=words), order=29)
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
