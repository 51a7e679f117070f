"""What every channel can do, and the registry that holds them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from louzhang.notices.models import Preference


class ChannelFailed(Exception):
    """A channel could not hand a batch over; it is tried again later."""


@dataclass(frozen=True, slots=True)
class Message:
    """What leaves the house: how many of what kind, and where to read it. No matter, place or person.

    `uid` is the same in every attempt, for channels whose other side recognises a repeat.
    """

    uid: uuid.UUID
    subject: str
    lines: Sequence[str]
    url: str


class Channel:
    """One way out. `can_repeat` tells that the other side recognises a message it already has."""

    name: str
    label: str
    note: str = ""
    can_repeat: bool = False

    def is_offered(self) -> bool:
        """Whether this place is set up for it."""
        return True

    def address_of(self, preference: Preference) -> str:
        """Where this person is reached; blank where nothing is known, and then nothing is sent."""
        raise NotImplementedError

    def send(self, message: Message, address: str) -> None:
        """Hand one message over; any exception means that it was not taken."""
        raise NotImplementedError


_channels: dict[str, Channel] = {}


def register(channel: Channel) -> None:
    """Add a channel; a name belongs to one."""
    _channels[channel.name] = channel


def channel_named(name: str) -> Channel | None:
    """The channel of a name while this place offers it."""
    channel = _channels.get(name)
    return channel if channel is not None and channel.is_offered() else None


def offered() -> list[Channel]:
    """The channels this place is set up for, in the order they were registered."""
    return [channel for channel in _channels.values() if channel.is_offered()]
