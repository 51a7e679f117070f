"""By which way somebody comes to a ballot: as who they are here, or by the code of a slip. Nothing is written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import OuterRef, Q

from louzhang.areas.queries.spoken import spoken_places
from louzhang.ballots.envelopes import Mark, open_bundle
from louzhang.ballots.lifecycle import PollState, Tie
from louzhang.ballots.models import Elector, Poll
from louzhang.ballots.queries.apart import homes_kept_away
from louzhang.ballots.round_keys import KeyGone, read_key
from louzhang.ballots.rules import Kind
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import NotThere
from louzhang.kit import codes, crypto
from louzhang.register.models.bindings import own_households, own_residents

UNKNOWN_CODE = "没有找到这个投票码。请核对投票单上的十位字母和数字；投票结束后它就不能用了。"
TOLD = (PollState.COUNTED.value, PollState.TIED.value, PollState.FAILED.value, PollState.WITHDRAWN.value)
TOLD_FOR, TOLD_AT_MOST = timedelta(days=90), 20
_WITH = ("poll__area__level", "household__dwelling__area__level", "resident")


@dataclass(frozen=True, slots=True)
class Own:
    """One ballot somebody may fill in: their own, or that of one who has asked them to."""

    elector: Elector
    is_for_another: bool
    has_voted: bool
    is_on_paper: bool
    place: str


def own_polls(actor: Actor) -> list[Poll]:
    """Polls in which the actor has a vote by being known in the register; the open ones first."""
    rows = Poll.objects.filter(pk__in=_own(actor).order_by().values("poll_id"))
    polls = rows.select_related("area__level").order_by("closes_at", "pk")
    return sorted(polls, key=lambda poll: not poll.is_open)


def told_polls(actor: Actor, at: datetime) -> list[Poll]:
    """Polls held where the actor lives that ended of late, with what came out, the newest first."""
    rows = Poll.objects.tied(actor, Tie.RESIDENT).filter(status__in=TOLD, ended_at__gt=at - TOLD_FOR)
    rows = rows.exclude(~Q(served_kind=""), kind=Kind.STARS.value)
    return list(rows.select_related("area__level").order_by("-ended_at", "-pk")[:TOLD_AT_MOST])


def open_votes(actor: Actor) -> list[Poll]:
    """Open polls in which the actor has a vote, whether or not it was cast, the first to close first; one query."""
    if actor.user_id is None and not actor.device:
        return []
    own = _own(actor).filter(poll__status=PollState.OPEN.value)
    return list(Poll.objects.filter(pk__in=own.order_by().values("poll_id")).order_by("closes_at", "pk"))


def own_elector_of(actor: Actor, uid: UUID) -> Elector | None:
    """The same, of the poll of an address."""
    return _own(actor).filter(poll__uid=uid).select_related(*_WITH).order_by("pk").first()


def own_elector(actor: Actor, poll: Poll) -> Elector | None:
    """The actor's own line on the roll of a poll; None where there is none."""
    return _own(actor).filter(poll=poll).select_related(*_WITH).order_by("pk").first()


def elector_by_code(typed: str) -> Elector:
    """The elector whose slip this is, in an open poll; raises `NotThere`, the same for every wrong code."""
    code = codes.normal_tracking_code(typed)
    rows = Elector.objects.filter(poll__status=PollState.OPEN.value).select_related(*_WITH)
    found = rows.filter(code_hash=crypto.token_hash(code)).first() if code else None
    if found is None:
        raise NotThere(UNKNOWN_CODE)
    return found


def ballots_of(elector: Elector, at: datetime) -> list[Own]:
    """The ballots of an elector: the own one, unless given to another, and those of who has asked them to vote.

    A home in which a candidate or holder lives by now fills in the own one alone.
    """
    principals = list(elector.principals.select_related(*_WITH).order_by("pk"))
    if principals and elector.household_id in homes_kept_away(elector.poll, at):
        principals = []
    electors = [*([] if elector.proxy_id else [elector]), *principals]
    places = spoken_places({each.household.dwelling.area for each in electors}) if electors else {}
    marks = _marks(elector.poll, electors)
    return [
        Own(
            elector=each,
            is_for_another=each.pk != elector.pk,
            has_voted=marks.get(each.pk) == Mark.VOTE,
            is_on_paper=marks.get(each.pk) == Mark.PAPER,
            place=f"{places[each.household.dwelling.area_id]} {each.household.dwelling.door}",
        )
        for each in electors
    ]


def _own(actor: Actor) -> models.QuerySet[Elector]:
    if actor.user_id is None and not actor.device:
        return Elector.objects.none()
    homes = own_households(actor).order_by().values("pk")
    known = own_residents(actor).order_by()
    # Who keeps a place says who is who there: a word given after the round was begun opens no envelope, a slip does.
    before = known.filter(confirmed_at__lte=OuterRef("poll__drafted_at")).values("resident_id")
    rows = Elector.objects.filter(member_ids__overlap=ArraySubquery(before))
    rows = rows.filter(Q(resident=None, household__in=homes) | Q(resident_id__in=known.values("resident_id")))
    return rows.exclude(poll__kind=Kind.STARS.value, poll__barred__contains=[actor.user_id or 0])


def _marks(poll: Poll, electors: Iterable[Elector]) -> dict[int, Mark]:
    """What lies in the envelopes of these electors, so far as their own page may say it."""
    placed = [(each, each.bundle, each.slot) for each in electors]
    try:
        key = read_key(poll.uid)
    except KeyGone:
        return {}
    items, marks = poll.items.count(), {}
    for each, bundle, slot in placed:
        if bundle is not None and slot is not None:
            marks[each.pk] = open_bundle(key, poll.uid, bundle.uid, bundle.sealed, items)[slot].mark
    return marks
