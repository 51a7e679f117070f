"""Reading mediations: who may know of which, what was said in one, to whom it can be handed."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q

from louzhang.areas.models import Area, Post, UnitKind
from louzhang.areas.queries import line_of, units_serving
from louzhang.areas.roles import FIELD_ROLES, OFFICE_ROLES, UNIT_ROLES, Role
from louzhang.journal.actor import Actor
from louzhang.journal.models import Audience, Event, Words
from louzhang.journal.refusals import NotThere, NotYours
from louzhang.kit import clock, crypto
from louzhang.kit.lifecycle import Transition
from louzhang.mediation.lifecycle import LOOP, READERS, Tie
from louzhang.mediation.models import Mediation, MediationQuerySet, Party
from louzhang.workorders.queries.choices import Choice, Group

UNKNOWN = "没有找到这件调解，或它不在您的范围内。"
# Who is no side in a quarrel between neighbours; property companies and owners' committees often are.
NEUTRAL_KINDS = (UnitKind.DEPARTMENT, UnitKind.ENFORCEMENT, UnitKind.PARTNER)
MEDIATOR_ROLES = (Role.CHIEF, Role.GRID_WORKER, Role.GRID_LEAD)


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that happened in a mediation, as mediator and parties read it."""

    verb: str
    label: str
    at: datetime
    day: date | None
    words: str
    is_private: bool
    is_erased: bool


def known_mediations(actor: Actor) -> MediationQuerySet:
    """All the actor may know of, the newest first, with their ties."""
    rows = Mediation.objects.visible_to(actor).with_ties(actor)
    return rows.select_related("area__level").order_by("-id")


def mine(actor: Actor) -> MediationQuerySet:
    """Those the actor mediates, the newest first."""
    return Mediation.objects.tied(actor, Tie.MEDIATOR).select_related("area").order_by("-id")


def find_mediation(actor: Actor, uid: uuid.UUID, *ties: Tie) -> Mediation:
    """One with its ties, where the actor has one of these (or any); raises `NotThere` for any other."""
    rows = Mediation.objects.tied(actor, *(ties or Tie)).with_ties(actor)
    found = rows.select_related("area__level", "order", "mediator").filter(uid=uid).first()
    if found is None:
        raise NotThere(UNKNOWN)
    return found


def verbs_now(mediation: Mediation) -> list[Transition]:
    """What the actor may do now, the main one first."""
    allowed = LOOP.allowed(mediation.status, mediation.relations_now)
    return sorted(allowed, key=lambda transition: not transition.is_main)


def said_in(mediation: Mediation) -> list[Said]:
    """What was said, oldest first, for mediator and parties (two queries).

    Raises `NotYours` for everybody else, and leaves out of a party's reading what the mediator kept private.
    """
    if not mediation.relations_now & READERS:
        raise NotYours("调解的内容只有调解员和当事人能看。")
    beside = Q(subject_kind=mediation.subject_kind, subject_id=mediation.pk)
    events = Event.objects.filter(beside).order_by("seq")
    if Tie.MEDIATOR not in mediation.relations_now:
        events = events.filter(audience=Audience.PARTIES)
    words = {row.seq: row for row in Words.objects.filter(beside)}
    return [_said(event, words.get(event.seq)) for event in events if event.verb in SPOKEN]


SPOKEN = {"start": "发起调解", **{step.verb: step.said for step in LOOP}}


def _said(event: Event, words: Words | None) -> Said:
    day = event.payload.get("on")
    return Said(
        verb=event.verb,
        label=SPOKEN[event.verb],
        at=event.happened_at,
        day=date.fromisoformat(day) if day else None,
        words=str(words.spoken.get("words", "")) if words else "",
        is_private=event.audience != Audience.PARTIES,
        is_erased=words is not None and words.erased_at is not None,
    )


def terms_of(mediation: Mediation) -> str:
    """What was agreed; only for who may read it."""
    if not mediation.may_read:
        raise NotYours("调解的内容只有调解员和当事人能看。")
    row = Words.objects.filter(
        subject_kind=mediation.subject_kind, subject_id=mediation.pk, seq=mediation.agreed_seq or 0
    ).first()
    return str(row.spoken.get("words", "")) if row else ""


def parties_of(mediation: Mediation) -> list[Party]:
    """The sides in the order they were named; only for who may read what was said."""
    if not mediation.may_read:
        raise NotYours("当事人是谁，只有调解员和当事人能看。")
    return list(mediation.parties.order_by("position"))


def find_party(code: str) -> Party | None:
    """The side with this code (already in its normal form)."""
    return Party.objects.select_related("mediation").filter(code_hash=crypto.token_hash(code)).first()


def mediators_for(area: Area, at: datetime) -> list[Group]:
    """To whom a mediation at a place can be handed: keepers, the community, units that are no side (three queries)."""
    day = clock.local_date(at)
    line = [place.pk for place in line_of(area)]
    office = [place.pk for place in line_of(area) if place.level.kind == "community"]
    near = Q(area_id__in=line, role__in=MEDIATOR_ROLES) | Q(area_id__in=office, role__in=OFFICE_ROLES)
    units = units_serving(area, at).filter(kind__in=NEUTRAL_KINDS)
    serving = Q(unit_id__in=[unit.pk for unit in units], role__in=UNIT_ROLES)
    posts = Post.objects.as_of(day).filter(near | serving).select_related("user", "area", "unit", "title")
    groups: dict[str, dict[int, Choice]] = {}
    for post in posts.order_by("unit__name_key", "area__path", "pk"):
        where = post.unit or post.area
        label = f"{where.name} {post.title.name if post.title else post.get_role_display()} {post.user.name}"
        heading = "专业调解、部门" if post.unit else "网格和楼栋" if post.role in FIELD_ROLES else "社区"
        groups.setdefault(heading, {}).setdefault(post.user_id, Choice(post.user_id, label))
    return [Group(heading, list(choices.values())) for heading, choices in groups.items()]


# The event with which a mediator was told that the day to look back has come.
REMIND = "remind"


def to_remind(day: date) -> MediationQuerySet:
    """Those to look back at by a day whose mediator has not been told."""
    told = Event.objects.filter(subject_kind=Mediation.subject_kind, subject_id=OuterRef("pk"), verb=REMIND)
    rows: MediationQuerySet = Mediation.objects.all()
    return rows.to_follow_up(day).filter(~Exists(told))
