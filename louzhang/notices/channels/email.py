"""E-mail by Django's backend, offered where LOUZHANG_EMAIL_HOST names a server."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage

from louzhang.notices.channels.interface import Channel, Message
from louzhang.notices.models import Preference


class EmailChannel(Channel):
    """A server that takes a mail twice sends it twice: what is unclear is not repeated."""

    name = "email"
    label = "邮件"
    note = "发到您填的邮箱。"

    def is_offered(self) -> bool:
        """Whether a mail server is named."""
        return bool(settings.EMAIL_HOST)

    def address_of(self, preference: Preference) -> str:
        """The address the person gave."""
        return preference.email

    def send(self, message: Message, address: str) -> None:
        """One mail of plain text."""
        body = "\n".join([*message.lines, "", message.url])
        name = f"<{message.uid}@louzhang>"
        EmailMessage(message.subject, body, to=[address], headers={"Message-ID": name}).send()
