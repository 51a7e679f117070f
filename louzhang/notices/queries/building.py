"""Notices of buildings: those a resident reads, those one may write for, and one by its id."""

from __future__ import annotations

import uuid
from datetime import datetime

from louzhang.areas.models import Area, AreaQuerySet, LevelKind
from louzhang.areas.queries import line_of
from louzhang.areas.roles import FIELD_ROLES
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import NotThere
from louzhang.notices.models import BuildingNotice, BuildingNoticeQuerySet

SHOWN = 5
TOLD_KINDS = (LevelKind.GRID, LevelKind.BUILDING, LevelKind.GROUP, LevelKind.STAIRWELL)


def notices_at(area: Area | None, at: datetime) -> list[BuildingNotice]:
    """What the residents of a place read now, of their building and what lies above it (two queries)."""
    if area is None:
        return []
    rows = BuildingNotice.objects.current(at).on_line(place.pk for place in line_of(area))
    return list(rows.select_related("area").order_by("-starts_at", "-pk")[:SHOWN])


def places_to_tell(actor: Actor) -> AreaQuerySet:
    """The grids, buildings and stairwells that an actor looks after and may tell something."""
    paths = [seat.path for seat in actor.seats_with(*FIELD_ROLES) if seat.path]
    rows: AreaQuerySet = Area.objects.get_queryset().current()
    places = rows.under_paths(paths).of_kind(*TOLD_KINDS) if paths else rows.none()
    found: AreaQuerySet = places.select_related("level").defer("outline").order_by("path")
    return found


def kept_notices(actor: Actor) -> BuildingNoticeQuerySet:
    """The notices of the places an actor looks after, the newest first."""
    return BuildingNotice.objects.visible_to(actor).select_related("area", "author").order_by("-id")


def find_building_notice(uid: uuid.UUID, at: datetime) -> BuildingNotice:
    """One that residents can read now; raises `NotThere` for one that is over or was taken back."""
    rows = BuildingNotice.objects.current(at).select_related("area", "author")
    notice = rows.filter(uid=uid).first()
    if notice is None:
        raise NotThere("这条通知已经过期，或者已经撤下。")
    return notice


def find_kept_notice(actor: Actor, uid: uuid.UUID) -> BuildingNotice:
    """One of the places an actor looks after; raises `NotThere` for any other."""
    notice = kept_notices(actor).filter(uid=uid).first()
    if notice is None:
        raise NotThere("没有找到这条通知，或它不在您的范围内。")
    return notice
