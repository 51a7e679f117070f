"""Registers the app with Django."""

from django.apps import AppConfig


class InquiriesConfig(AppConfig):
    """Questions of residents to the grid worker and chief of their place."""

    name = "louzhang.inquiries"
    label = "inquiries"
    verbose_name = "微邻里"

    def ready(self) -> None:
        """Make the chain known to the journal, have its notices written, stand on the first pages."""
        from louzhang.inquiries import menu, notices
        from louzhang.inquiries.models import Inquiry
        from louzhang.journal import readers, subjects
        from louzhang.shell import navigation

        subjects.register(Inquiry)
        readers.register("inquiry_notices", "inquiry", read=notices.BOOK.read)
        navigation.add_items("home", menu.home_entry, order=20)
        navigation.add_items("today", menu.today_entry, order=20)
        navigation.add_items("desk", menu.desk_entry, order=30)
