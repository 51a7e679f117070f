"""Reading work logs: one's own days, those sent to a community with how many, what was said in one."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from louzhang.areas.models import Post
from louzhang.areas.roles import FIELD_ROLES
from louzhang.fieldwork.day_lines import lines_of
from louzhang.fieldwork.lifecycle.work_logs import LOOP, LogState, Tie
from louzhang.fieldwork.models import WorkLog, overseeing_seats
from louzhang.fieldwork.queries.day_events import day_of
from louzhang.journal.actor import Actor
from louzhang.journal.models import Event, Words
from louzhang.journal.refusals import NotThere
from louzhang.kit.lifecycle import Transition
from louzhang.register.scope import seat_places
from louzhang.workorders.models import WorkOrder

GONE = "没有找到这一天的纪实，或它不在您的范围内。"
LISTED = 31


@dataclass(frozen=True, slots=True)
class Word:
    """A comment, or an order that came of a log."""

    at: datetime
    words: str
    order: str = ""


@dataclass(frozen=True, slots=True)
class Spoken:
    """What people wrote in a log: the holder's sentence, comments, orders."""

    sentence: str
    words: tuple[Word, ...]


def own_log(actor: Actor, day: date) -> WorkLog | None:
    """The own row of a day with its ties, if there is one."""
    rows = WorkLog.objects.tied(actor, Tie.HOLDER).with_ties(actor).filter(day=day)
    return rows.select_related("area__level", "holder").first()


def own_logs(actor: Actor) -> list[WorkLog]:
    """The own days of the last month."""
    return list(WorkLog.objects.tied(actor, Tie.HOLDER).order_by("-day")[:LISTED])


def live_lines(user_id: int, day: date) -> list[Mapping[str, str]]:
    """What the program writes of a day as it is now."""
    return [{"text": line.text, "url": line.url} for line in lines_of(day_of(user_id, day))]


def sent_logs(actor: Actor, day: date) -> list[WorkLog]:
    """What was sent to the community of a day, by place; nothing tells who was first or wrote most."""
    rows = WorkLog.objects.tied(actor, Tie.DESK).with_ties(actor).filter(day=day)
    return list(rows.select_related("holder", "area", "post__title").order_by("area__path", "pk"))


def count_holders(actor: Actor, day: date) -> int:
    """How many people there are who could send one: a number beside which no names stand."""
    rows = Post.objects.as_of(day).filter(seat_places(overseeing_seats(actor)), role__in=FIELD_ROLES)
    return rows.order_by().values("user").distinct().count()


def count_unread(actor: Actor) -> int:
    """How many logs the community has not read."""
    return WorkLog.objects.tied(actor, Tie.DESK).filter(status=LogState.SENT).count()


def find_log(actor: Actor, uid: uuid.UUID) -> WorkLog:
    """One with its ties; raises `NotThere`."""
    rows = WorkLog.objects.visible_to(actor).with_ties(actor).filter(uid=uid)
    log = rows.select_related("area__level", "holder", "post__title").first()
    if log is None:
        raise NotThere(GONE)
    return log


def verbs_now(log: WorkLog) -> list[Transition]:
    """What the actor may do now by a button."""
    allowed = LOOP.allowed(log.status, log.relations_now)
    return [step for step in allowed if step.verb in ("take_back", "read", "comment", "close")]


def spoken_in(logs: Iterable[WorkLog]) -> dict[int, Spoken]:
    """What people wrote in each (three queries however many)."""
    ids = [log.pk for log in logs]
    beside = Q(subject_kind=WorkLog.subject_kind, subject_id__in=ids)
    said = {(row.subject_id, row.seq): row.spoken for row in Words.objects.filter(beside)}
    events = list(Event.objects.filter(beside).order_by("subject_id", "seq"))
    numbers = _order_numbers(events)
    found: dict[int, Spoken] = {pk: Spoken("", ()) for pk in ids}
    for event in events:
        spoken = said.get((event.subject_id, event.seq), {})
        before = found[event.subject_id]
        if event.verb in ("write", "send"):
            found[event.subject_id] = Spoken(str(spoken.get("sentence", "")), before.words)
        elif event.verb == "comment":
            word = Word(event.happened_at, str(spoken.get("comment", "")))
            found[event.subject_id] = Spoken(before.sentence, (*before.words, word))
        elif event.verb == "fault":
            word = Word(event.happened_at, "", numbers.get(event.payload.get("order", 0), ""))
            found[event.subject_id] = Spoken(before.sentence, (*before.words, word))
    return found


def _order_numbers(events: Iterable[Event]) -> dict[int, str]:
    ids = {event.payload["order"] for event in events if event.verb == "fault" and "order" in event.payload}
    return dict(WorkOrder.objects.filter(pk__in=ids).values_list("pk", "number")) if ids else {}
