"""光荣榜和公示: what everybody reads, by whatever name one may stand there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from louzhang.areas.models import Area
from louzhang.areas.queries.office_places import BEARING
from louzhang.areas.queries.spoken import spoken_places
from louzhang.areas.roles import Role
from louzhang.journal.actor import Actor
from louzhang.journal.models import Attachment, AttachmentStage
from louzhang.roster.lifecycle.honours import Tie
from louzhang.roster.models.honours import Honour, HonourQuerySet
from louzhang.roster.queries.honours.lists import READ_WITH, find_honour
from louzhang.roster.queries.honours.standing import Honoured, told

WALL_AT_MOST = 200
SHOWN_STAGES = [AttachmentStage.RECEIVED.value, AttachmentStage.READY.value]


def publicly_named(honour: Honour, place: str) -> str:
    """For everybody: the full name only of who is on the wall, else the post and the masked one."""
    if honour.building_id is not None:
        return place
    title = Role(honour.role).label if honour.role else "居民"
    return f"{title} {honour.whole_name if honour.on_wall_at is not None else honour.hidden_name}"


@dataclass(frozen=True, slots=True)
class Shown:
    """One honour as everybody reads it."""

    honour: Honour
    name: str
    time: str
    kind: str
    place: str
    words: str
    photo: Attachment | None = None


def _shown(honours: Sequence[Honour]) -> list[Shown]:
    places = spoken_places({honour.place for honour in honours}) if honours else {}
    photos = photos_of(honours)
    return [_one(each, places[each.honour.place_id], photos.get(each.honour.photo_uid)) for each in told(honours)]


def photos_of(honours: Iterable[Honour]) -> dict[UUID | None, Attachment]:
    """Photos of who is on the wall, by their uid, those still at work among them; no query where there is none."""
    uids = [each.photo_uid for each in honours if each.photo_uid is not None and each.on_wall_at is not None]
    rows = Attachment.objects.filter(uid__in=uids, stage__in=SHOWN_STAGES, subject_kind=Honour.subject_kind)
    return {row.uid: row for row in rows} if uids else {}


def _one(each: Honoured, place: str, photo: Attachment | None) -> Shown:
    return Shown(each.honour, publicly_named(each.honour, place), each.time, each.name, place, each.words, photo)


def on_wall(actor: Actor, area: Area | None = None) -> list[Shown]:
    """The wall, of one place and all below or of the whole district: buildings, and people who agreed."""
    rows = Honour.objects.visible_to(actor).on_wall().filter(kind__has_wall=True)
    return _shown(list(_below(rows, area).order_by("-month", "kind__position", "pk")[:WALL_AT_MOST]))


def on_notice(actor: Actor, area: Area | None, day: date) -> list[Shown]:
    """What may be spoken against now."""
    rows = Honour.objects.visible_to(actor).on_notice().filter(notice_until__gte=day)
    return _shown(list(_below(rows, area).order_by("notice_until", "pk")[:WALL_AT_MOST]))


def _below(rows: HonourQuerySet, area: Area | None) -> HonourQuerySet:
    within = rows.select_related(*READ_WITH)
    return within if area is None else within.filter(area__path__startswith=area.path)


def public_one(actor: Actor, uid: UUID) -> Shown:
    """One that is on notice or on the wall; raises `NotThere`."""
    honour = find_honour(actor, uid, Tie.PUBLIC)
    return _shown([honour])[0]


def wall_places() -> list[Area]:
    """The communities of the district, for the choice of a wall."""
    rows = Area.objects.get_queryset().current().of_kind(BEARING[-1]).defer("outline")
    return list(rows.order_by("path"))
