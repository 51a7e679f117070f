"""The console: a line in the worker's log in place of a message, to try things out without any server."""

from __future__ import annotations

import logging

from django.conf import settings

from louzhang.notices.channels.interface import Channel, Message
from louzhang.notices.models import Preference

log = logging.getLogger(__name__)


class ConsoleChannel(Channel):
    """Offered where LOUZHANG_CONSOLE_CHANNEL says so; a line twice in a log harms nobody."""

    name = "console"
    label = "运行日志（试用）"
    note = "只写进服务器的日志，用来试用。"
    can_repeat = True

    def is_offered(self) -> bool:
        """Whether this is a place to try things out."""
        return bool(settings.CONSOLE_CHANNEL)

    def address_of(self, preference: Preference) -> str:
        """The id of the person, who stays nameless in the log."""
        return f"user {preference.user_id}"

    def send(self, message: Message, address: str) -> None:
        """One line."""
        log.info("notices to %s: delivery %s, %s lines", address, message.uid, len(message.lines))
