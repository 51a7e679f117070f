"""What the questions add to the menus: 问网格员 for residents, the waiting ones for keepers, late ones at the desk."""

from __future__ import annotations

from datetime import datetime

from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse

from louzhang.accounts.visits import actor_of, visit_of
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.inquiries.models import COMMUNITY_RANK, KEEPER_ROLES
from louzhang.inquiries.queries import count_answers, count_waiting, late_inquiries
from louzhang.journal.actor import Actor
from louzhang.shell.parts import Item

REMEMBERED = 600  # seconds


def home_entry(request: HttpRequest) -> list[Item]:
    """问网格员, with the answers not read yet."""
    count = count_answers(actor_of(request))
    url = reverse("inquiries:mine" if count else "inquiries:ask")
    note = "有新的回答" if count else "不用报修的小事，问一句就行"
    return [Item(label="问问网格员", url=url, icon="message", note=note, count=count or None)]


def today_entry(request: HttpRequest) -> list[Item]:
    """居民提问, with those that wait for an answer."""
    actor = actor_of(request)
    if not actor.has_role(*KEEPER_ROLES):
        return []
    count = count_waiting(actor)
    note = "等您回答" if count else "微邻里：没有等回答的"
    return [Item(label="居民提问", url=reverse("inquiries:field"), icon="message", note=note, count=count or None)]


def desk_entry(request: HttpRequest) -> list[Item]:
    """居民提问 at the community's desk, with those nobody has answered in time."""
    if not hasattr(request, "visit"):
        return []
    actor = actor_of(request)
    if not any(seat.rank == COMMUNITY_RANK for seat in actor.seats_with(*OFFICE_ROLES)):
        return []
    url = reverse("inquiries:desk")
    here = request.path.startswith(url)
    late = _late(actor, visit_of(request).at, ask=here or request.path == reverse("desk:inbox"))
    return [
        Item(
            label="居民提问",
            url=url,
            icon="message",
            group="社区事务",
            count=late or None,
            tone="overdue" if late else "",
            current=here,
        )
    ]


def _late(actor: Actor, at: datetime, *, ask: bool) -> int:
    """How many questions are late: asked on the pages one works from, remembered for the others."""
    key = f"inquiries:late:{actor.owner_key}"
    if ask:
        cache.set(key, late_inquiries(actor, at).count(), REMEMBERED)
    late: int = cache.get(key, 0)
    return late
