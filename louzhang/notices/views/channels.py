"""Channels of the place: what went out, what failed, and what somebody has to decide."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_POST

from louzhang.accounts.visits import actor_of
from louzhang.areas.views.settings_frame import done, for_keeper, for_readers, settings_page
from louzhang.kit import clock
from louzhang.notices.actions import give_up_delivery, repeat_delivery
from louzhang.notices.models import DeliveryState
from louzhang.notices.queries import channel_lines, undecided_deliveries

SHOWN = (
    DeliveryState.SENT,
    DeliveryState.WAITING,
    DeliveryState.FAILED,
    DeliveryState.UNCLEAR,
    DeliveryState.DROPPED,
)


@for_readers
@require_GET
def channels(request: HttpRequest) -> HttpResponse:
    """Each channel with its counts, and the batches that did not go through."""
    at = clock.now()
    rows = [(line, [line.counts.get(state, 0) for state in SHOWN]) for line in channel_lines(at)]
    context = {
        "heads": [state.label for state in SHOWN],
        "rows": rows,
        "undecided": undecided_deliveries(),
        "decidable": (DeliveryState.FAILED, DeliveryState.UNCLEAR),
    }
    return settings_page(request, "notices/channels.html", context)


@for_keeper
@require_POST
def repeat(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """Send it once more."""
    repeat_delivery(delivery_id=delivery_id, actor=actor_of(request), at=clock.now())
    return done(request, "马上再发一次。", "channels:list")


@for_keeper
@require_POST
def give_up(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """Leave it."""
    give_up_delivery(delivery_id=delivery_id, actor=actor_of(request), at=clock.now())
    return done(request, "不再发送。消息仍在收件人的站内。", "channels:list")
