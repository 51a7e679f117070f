"""Registers the app with Django."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """What people are told: inbox, batches, channels, notices of a building."""

    name = "louzhang.notices"
    label = "notices"
    verbose_name = "消息"

    def ready(self) -> None:
        """Register the channels that are ours, the chain of building notices, the entries of the menus."""
        from louzhang.areas.sections import Section, add_section
        from louzhang.journal import subjects
        from louzhang.notices import channels, menu
        from louzhang.notices.channels.console import ConsoleChannel
        from louzhang.notices.channels.email import EmailChannel
        from louzhang.notices.models import BuildingNotice
        from louzhang.shell import navigation

        subjects.register(BuildingNotice)
        channels.register(EmailChannel())
        channels.register(ConsoleChannel())
        words = "消息从哪些通道发出去，有没有没发成的。"
        add_section(Section(label="消息通道", name="channels:list", icon="send", words=words), order=65)
        navigation.add_items("field", menu.field_tab, order=20)
        navigation.add_items("desk", menu.desk_entry, order=50)
        navigation.add_items("own", menu.own_entry, order=10)
