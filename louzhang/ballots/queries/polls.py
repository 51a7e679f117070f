"""Polls one may know of, and one of them."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db.models import Q

from louzhang.ballots.lifecycle import LOOP, PollState, Tie
from louzhang.ballots.models import Poll, PollQuerySet, Teller, TellerDuty
from louzhang.ballots.rules import Kind
from louzhang.journal.actor import Actor
from louzhang.journal.models import Event, Words
from louzhang.journal.refusals import NotThere
from louzhang.kit.lifecycle import Transition

UNKNOWN = "没有找到这次投票，或它不在您的范围内。"
DESK = (Tie.OFFICE, Tie.COUNTER, Tie.TYPIST)


def polls_of(subject_kind: str, subject_id: int) -> list[Poll]:
    """The polls held for something of another app, the newest first; for that app, which has asked its own scope."""
    return list(Poll.objects.serving(subject_kind, subject_id).select_related("area__level"))


def known_polls(actor: Actor) -> PollQuerySet:
    """Those one works on or whose office one sits in, the newest first."""
    rows = Poll.objects.tied(actor, *DESK).with_ties(actor)
    return rows.select_related("area__level").order_by("-id")


def find_poll(actor: Actor, uid: uuid.UUID, *ties: Tie) -> Poll:
    """One with its ties, where the actor stands in one of these (or any); raises `NotThere` for any other."""
    rows = Poll.objects.tied(actor, *(ties or Tie)).with_ties(actor)
    found = rows.select_related("area__level", "after").filter(uid=uid).first()
    if found is None:
        raise NotThere(UNKNOWN)
    return found


def verbs_now(poll: Poll) -> list[Transition]:
    """What the actor may do now, the main one first."""
    allowed = LOOP.allowed(poll.status, poll.relations_now)
    return sorted(allowed, key=lambda transition: not transition.is_main)


def counters_of(poll: Poll) -> list[Teller]:
    """Its two counters."""
    return list(poll.tellers.filter(duty=TellerDuty.COUNTER).select_related("user").order_by("pk"))


def typists_and_carriers(poll: Poll) -> list[Teller]:
    """Who types its paper ballots or carries the box, beside the counters."""
    rows = poll.tellers.exclude(duty=TellerDuty.COUNTER).select_related("user")
    return list(rows.order_by("duty", "pk"))


def count_to_confirm(actor: Actor) -> int:
    """How many closed polls wait for the actor to say that they can be counted."""
    if actor.user_id is None:
        return 0
    unsaid = Teller.objects.filter(user_id=actor.user_id, duty=TellerDuty.COUNTER, confirmed_at=None)
    rows = Poll.objects.tied(actor, Tie.COUNTER).filter(status=PollState.CLOSED.value)
    return rows.filter(pk__in=unsaid.order_by().values("poll_id")).count()


def due_to_open(at: datetime) -> list[int]:
    """Polls whose roll is fixed and whose hour has come."""
    rows = Poll.objects.filter(status=PollState.FIXED.value, opens_at__lte=at, closes_at__gt=at)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def due_to_close(at: datetime) -> list[int]:
    """Open polls whose time is over."""
    return list(Poll.objects.open().filter(closes_at__lte=at).order_by("pk").values_list("pk", flat=True))


def due_to_fix(at: datetime) -> list[int]:
    """Polls whose roll has been shown long enough and against which no objection waits."""
    waiting = Poll.objects.filter(objections__is_upheld=None, objections__isnull=False).order_by().values("pk")
    rows = Poll.objects.filter(status=PollState.ROLL.value, roll_until__lte=at).exclude(pk__in=waiting)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def due_to_count() -> list[int]:
    """Closed star sheets without paper: nobody has anything to check before they are counted."""
    rows = Poll.objects.filter(status=PollState.CLOSED.value, kind=Kind.STARS.value, has_paper=False)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def words_of(poll: Poll, verb: str, name: str) -> str:
    """What was written when a verb was done last: why it was withdrawn, how a lot was drawn."""
    beside = Q(subject_kind=poll.subject_kind, subject_id=poll.pk)
    seqs = Event.objects.filter(beside, verb=verb).order_by().values("seq")
    row = Words.objects.filter(beside, seq__in=seqs).order_by("-seq").first()
    return str(row.spoken.get(name, "")) if row is not None else ""
