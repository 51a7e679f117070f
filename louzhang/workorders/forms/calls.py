"""What a call taker sends: a report with its channel, and a new entry id on a fresh page."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from louzhang.workorders.forms.reports import PageReportForm
from louzhang.workorders.models import Channel

CALL_CHANNELS = (Channel.CALL, Channel.WALK_IN, Channel.WORKER_CALL)


class CallForm(PageReportForm):
    """A report typed for somebody else."""

    def __init__(self, data: Mapping[str, Any] | None = None, **options: Any) -> None:
        initial = {"entry_id": uuid.uuid4()} | options.pop("initial", {})
        super().__init__(data, initial=initial, **options)


def channel_of(given: Mapping[str, Any]) -> Channel:
    """By which side it came; a phone call unless said otherwise."""
    typed = given.get("channel", "")
    return next((channel for channel in CALL_CHANNELS if channel.value == typed), Channel.CALL)
