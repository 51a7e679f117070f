"""What leaves the house, for those who keep the place: each channel's counts, and what needs a decision."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, Max

from louzhang.notices.channels import Channel, offered
from louzhang.notices.models import Delivery, DeliveryState

COUNTED_DAYS = 7
LISTED = 100


@dataclass(frozen=True, slots=True)
class ChannelLine:
    """One channel and its batches of the last seven days, by state."""

    channel: Channel
    counts: dict[str, int] = field(default_factory=dict)
    last_sent_at: datetime | None = None


def channel_lines(at: datetime) -> list[ChannelLine]:
    """Every channel of this place with what it sent lately and what waits (one query)."""
    rows = Delivery.objects.filter(made_at__gt=at - timedelta(days=COUNTED_DAYS)).order_by()
    found = list(rows.values_list("channel", "state").annotate(count=Count("pk"), last=Max("done_at")))
    return [
        ChannelLine(
            channel=channel,
            counts={state: count for name, state, count, _ in found if name == channel.name},
            last_sent_at=max(
                (
                    last
                    for name, state, _, last in found
                    if name == channel.name and state == DeliveryState.SENT and last
                ),
                default=None,
            ),
        )
        for channel in offered()
    ]


def undecided_deliveries() -> list[Delivery]:
    """Batches that failed for good, that are unclear, or that failed and wait for another try; newest first."""
    rows = Delivery.objects.exclude(state__in=(DeliveryState.SENT, DeliveryState.DROPPED, DeliveryState.SENDING))
    rows = rows.exclude(state=DeliveryState.WAITING, error="")
    return list(rows.select_related("user").order_by("-id")[:LISTED])
