"""Orders of the hotline and what is to be told to it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from louzhang.journal.actor import Actor
from louzhang.journal.models import Words
from louzhang.journal.refusals import NotYours
from louzhang.workorders.lifecycle import LOOP, Relation
from louzhang.workorders.models import HOTLINE, HotlineReply, Report, WorkOrder
from louzhang.workorders.scope import any_of, relation_terms

NUMBER_LENGTH = 60
ERASED = "（内容已按规定删除）"


def known_order(number: str, actor: Actor) -> WorkOrder | None:
    """The order that has this number of the hotline; None where there is none yet.

    Raises `NotYours` where there is one that the actor may not see.
    """
    known = WorkOrder.objects.filter(source=HOTLINE, source_number=number)
    if not known.exists():
        return None
    found: WorkOrder | None = known.visible_to(actor).first()
    if found is None:
        raise NotYours("这个热线工单号已经由别的办公室登记。请联系区指挥中心。")
    return found


def seen_by_hotline_number(typed: str, actor: Actor) -> str | None:
    """Our number of the order that the hotline calls so, if the actor may see it."""
    if not 4 <= len(typed) <= NUMBER_LENGTH or "\x00" in typed:
        return None
    rows = WorkOrder.objects.visible_to(actor).filter(source=HOTLINE, source_number=typed)
    number: str | None = rows.values_list("number", flat=True).first()
    return number


def replies_seen(actor: Actor) -> QuerySet[HotlineReply]:
    """The replies of orders that the actor's office accepts or stands above; who only had one before, or reported
    it, tells the hotline nothing.
    """
    terms = relation_terms(actor)
    office = any_of(terms[relation] for relation in (Relation.DESK, Relation.ABOVE) if relation in terms)
    if office is None:
        return HotlineReply.objects.none()
    orders = WorkOrder.objects.visible_to(actor).filter(office, source=HOTLINE).order_by().values("pk")
    return HotlineReply.objects.filter(order__in=orders)


def hotline_orders_within(order_ids: Collection[int]) -> dict[int, list[int]]:
    """The orders of the hotline that each of these orders is or that were merged into it, at whatever remove."""
    found: dict[int, list[int]] = {}
    leads = {pk: pk for pk in order_ids}
    rows = WorkOrder.objects.filter(pk__in=leads)
    while leads:
        below = {}
        for pk, source, into in rows.order_by("pk").values_list("pk", "source", "merged_into_id"):
            below[pk] = leads[pk] if pk in leads else leads[into or 0]
            if source == HOTLINE:
                found.setdefault(below[pk], []).append(pk)
        leads, rows = below, WorkOrder.objects.filter(merged_into__in=below)
    return found


def first_voice(order: WorkOrder) -> Report:
    """The voice that opened an order, wherever it is now that others may have been merged."""
    return Report.objects.filter(Q(home=order.pk) | Q(order=order.pk, home=None)).order_by("pk")[0]


@dataclass(frozen=True, slots=True)
class ReplyLine:
    """One reply in words."""

    id: int
    hotline_number: str
    number: str
    result: str
    words: str
    unit: str
    settled_at: datetime | None
    ready_at: datetime


def reply_lines(replies: Iterable[HotlineReply]) -> list[ReplyLine]:
    """What the hotline is told, the words read from beside their events (two queries)."""
    listed = list(replies)
    ids = {pk for reply in listed for pk in (reply.order_id, reply.answer[0])}
    orders = WorkOrder.objects.select_related("lead_unit").in_bulk(ids)
    said = _spoken(listed)
    return [
        _line(reply, orders[reply.order_id], orders[reply.answer[0]], said.get(reply.answer, {})) for reply in listed
    ]


def _spoken(replies: Sequence[HotlineReply]) -> dict[tuple[int, int], dict[str, str]]:
    wanted = Q(pk__in=[])
    for reply in replies:
        order_id, seq = reply.answer
        wanted |= Q(subject_id=order_id, seq=seq)
    rows = Words.objects.filter(wanted, subject_kind=WorkOrder.subject_kind)
    return {(row.subject_id, row.seq): row.spoken for row in rows}


def _line(reply: HotlineReply, order: WorkOrder, answering: WorkOrder, spoken: dict[str, str]) -> ReplyLine:
    told = "\n".join(spoken[name] for name in ("answer", "reason", "advice") if spoken.get(name))
    return ReplyLine(
        id=reply.pk,
        hotline_number=order.source_number,
        number=order.number,
        result=LOOP[reply.verb].said,
        words=told or ERASED,
        unit=answering.lead_unit.name if answering.lead_unit else "",
        settled_at=answering.settled_at,
        ready_at=reply.ready_at,
    )


def taken_batches(actor: Actor, most: int = 10) -> list[tuple[datetime, int]]:
    """The latest takings of this person: when, and how many replies."""
    mine = HotlineReply.objects.filter(sent_by=actor.user_id, sent_at__isnull=False)
    return list(mine.values_list("sent_at").annotate(count=Count("pk")).order_by("-sent_at")[:most])
