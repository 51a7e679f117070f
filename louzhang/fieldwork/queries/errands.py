"""Reading errands and good deeds: whose they are, who may run them, what was said and given."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Q
from django.urls import reverse

from louzhang.areas.models import Area, Post
from louzhang.areas.queries import line_of
from louzhang.areas.roles import FIELD_ROLES, OFFICE_ROLES, Role
from louzhang.fieldwork import sources
from louzhang.fieldwork.lifecycle.errands import LOOP, RUNNING, ErrandState, Tie
from louzhang.fieldwork.models import Errand, ErrandQuerySet, GoodDeed, ItemKind
from louzhang.fieldwork.sources import Draft, Field
from louzhang.journal.actor import Actor
from louzhang.journal.models import Attachment, Audience, Event, Words
from louzhang.journal.refusals import NotThere
from louzhang.kit import clock
from louzhang.kit.lifecycle import Transition
from louzhang.register.scope import COMMUNITY_RANK

GONE = "没有找到这件代办，或它不在您的范围内。"
TAKERS = (Role.CHIEF, Role.GRID_WORKER, Role.STAIRWELL_HEAD, Role.GRID_LEAD)


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that happened, with its words and photos."""

    verb: str
    label: str
    at: datetime
    words: str
    files: list[Attachment] = field(default_factory=list)


SPOKEN = {"ask": "提出", **{step.verb: step.said for step in LOOP}}


def find_errand(actor: Actor, uid: uuid.UUID, *ties: Tie) -> Errand:
    """One with its ties, where the actor has one of these (or any); raises `NotThere`."""
    rows = Errand.objects.tied(actor, *(ties or Tie)).with_ties(actor)
    found = rows.select_related("area__level", "agent__user").filter(uid=uid).first()
    if found is None:
        raise NotThere(GONE)
    return found


def own_errands(actor: Actor) -> ErrandQuerySet:
    """What this person or phone has asked for, the newest first."""
    return Errand.objects.tied(actor, Tie.ASKER).select_related("area").order_by("-id")


def kept_errands(actor: Actor) -> ErrandQuerySet:
    """Those one runs or could run, with their ties, the open ones by wish and age."""
    rows = Errand.objects.tied(actor, Tie.AGENT, Tie.KEEPER, Tie.DESK).with_ties(actor)
    return rows.select_related("area", "agent__user").order_by("wanted_on", "id")


def verbs_now(errand: Errand) -> list[Transition]:
    """What the actor may do now, the main one first."""
    allowed = LOOP.allowed(errand.status, errand.relations_now)
    if Tie.ASKER in errand.relations_now and Tie.AGENT in errand.relations_now:
        allowed = [step for step in allowed if step.verb != "not_yet"]
    return sorted(allowed, key=lambda step: not step.is_main)


def said_in(errand: Errand) -> list[Said]:
    """What happened, oldest first; the asker reads what is theirs (three queries)."""
    beside = Q(subject_kind=errand.subject_kind, subject_id=errand.pk)
    events = Event.objects.filter(beside, verb__in=SPOKEN).order_by("seq")
    if errand.relations_now <= {Tie.ASKER}:
        events = events.filter(audience=Audience.PUBLIC)
    words = {row.seq: str(row.spoken.get("words", "")) for row in Words.objects.filter(beside)}
    files: dict[int, list[Attachment]] = {}
    for row in Attachment.objects.filter(beside).order_by("pk"):
        files.setdefault(row.seq or 0, []).append(row)
    return [
        Said(event.verb, SPOKEN[event.verb], event.happened_at, words.get(event.seq, ""), files.get(event.seq, []))
        for event in events
    ]


def first_words(errands: Iterable[Errand]) -> dict[int, str]:
    """What each was asked for, by id; one query."""
    ids = [errand.pk for errand in errands]
    rows = Words.objects.filter(subject_kind=Errand.subject_kind, subject_id__in=ids, seq=1)
    return {row.subject_id: str(row.spoken.get("words", "")) for row in rows}


def papers_of(errand: Errand) -> tuple[list[str], datetime | None]:
    """What was taken last, line by line, and when."""
    event = (
        Event.objects.filter(subject_kind=errand.subject_kind, subject_id=errand.pk, verb="collect")
        .order_by("-seq")
        .first()
    )
    if event is None:
        return [], None
    row = Words.objects.filter(subject_kind=errand.subject_kind, subject_id=errand.pk, seq=event.seq).first()
    return str(row.spoken.get("words", "")).splitlines() if row is not None else [], event.happened_at


def agents_for(area: Area, at: datetime) -> list[Post]:
    """Who may run an errand at a place: those who look after it, and the office of its community."""
    line = line_of(area)
    field_ids = [node.pk for node in line if node.rank >= COMMUNITY_RANK]
    office_ids = [node.pk for node in line if node.rank == COMMUNITY_RANK]
    who = Q(area_id__in=field_ids, role__in=FIELD_ROLES) | Q(area_id__in=office_ids, role__in=OFFICE_ROLES)
    rows = Post.objects.as_of(clock.local_date(at)).filter(who).select_related("user", "title", "area")
    return list(rows.order_by("-area__depth", "pk"))


def errands_due(ground: Field) -> Iterator[Draft]:
    """Errands in the hands of a post, and for the nearest one those nobody has taken."""
    rows = Errand.objects.filter(status__in=[ErrandState.ASKED, *sorted(RUNNING)])
    rows = rows.filter(area__path__gte=ground.low, area__path__lt=ground.high).select_related("area")
    holders = {holder.post_id: holder for holder in ground.holders}
    for errand in rows.order_by("pk"):
        is_asked = errand.status == ErrandState.ASKED
        holder = ground.nearest(errand.area.path, TAKERS, errand.pk) if is_asked else holders.get(errand.agent_id or 0)
        if holder is None or not ground.wants(holder):
            continue
        is_soon = errand.wanted_on is not None and errand.wanted_on <= ground.day
        yield Draft(
            post_id=holder.post_id,
            kind=ItemKind.ERRAND,
            source=f"errand:{errand.pk}",
            title=f"代办：{errand.get_kind_display()}",
            why=_why(errand, ground, is_soon=is_soon),
            weight=sources.DUE if is_soon else sources.ASKED,
            minutes=ground.minutes[ItemKind.ERRAND],
            url=reverse("errands:one", args=[errand.uid]),
            area_id=errand.area_id,
        )


def _why(errand: Errand, ground: Field, *, is_soon: bool) -> str:
    if errand.status == ErrandState.ASKED:
        return f"居民{clock.speak(errand.asked_at, ground.at)}提的，还没有人接。"
    return "您接下的，希望今天办好。" if is_soon else "您接下的，还没有办好。"


def deeds_seen(
    actor: Actor, since: date | None = None, until: date | None = None, area_id: int | None = None
) -> list[GoodDeed]:
    """Good deeds of one's places, the newest first; of some days and of a place below which they lie, if asked."""
    rows = GoodDeed.objects.visible_to(actor).standing().select_related("area", "teller")
    if since is not None:
        rows = rows.filter(day__gte=since)
    if until is not None:
        rows = rows.filter(day__lte=until)
    if area_id is not None:
        top = Area.objects.filter(pk=area_id).order_by().values_list("path", flat=True).first()
        rows = rows.filter(area__path__startswith=top) if top else rows.none()
    return list(rows.order_by("-day", "-pk")[:200])


def count_deeds(actor: Actor, since: date) -> int:
    """How many since a day."""
    return GoodDeed.objects.visible_to(actor).standing().filter(day__gte=since).count()


def deed_words(deeds: Iterable[GoodDeed]) -> Mapping[int, str]:
    """What each was, by id; one query."""
    ids = [deed.pk for deed in deeds]
    rows = Words.objects.filter(subject_kind=GoodDeed.subject_kind, subject_id__in=ids, seq=1)
    return {row.subject_id: str(row.spoken.get("words", "")) for row in rows}
