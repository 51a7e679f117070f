"""The tree of areas: found, add, rename, move, end. Nothing is deleted.

Every structural edit takes one advisory lock, because paths of the tree are positions.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Q

from louzhang.areas.keeping import reason_to_end
from louzhang.areas.models import RANKS, Area, AreaLevel, Estate, LevelKind, Unit, UnitKind
from louzhang.areas.queries import line_of
from louzhang.areas.rights import refuse_keeping
from louzhang.journal.actions import record
from louzhang.journal.actor import Actor
from louzhang.journal.models import Audience
from louzhang.journal.refusals import Conflict, InputRefused
from louzhang.kit import clock, pinyin

TREE_LOCK = 7_026_001


def lock_tree() -> None:
    """Wait for the right to edit the tree until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TREE_LOCK])


def found_root(*, name: str, code: str, actor: Actor, at: datetime) -> Area:
    """Make the district itself, with the usual names of all levels and its office.

    Raises `Conflict` where a district stands already: one deployment serves one district.
    """
    with transaction.atomic():
        lock_tree()
        if Area.objects.get_queryset().exists():
            raise Conflict("这个数据库里已经有一个区县了，一套系统只服务一个区县。")
        for kind in LevelKind:
            AreaLevel.objects.get_or_create(kind=kind, defaults={"name": kind.label})
        level = AreaLevel.objects.get(kind=LevelKind.DISTRICT)
        root = Area(level=level, code=code, name=name, name_key=pinyin.sort_key(name), started_at=at)
        Area.objects.add_root(instance=root)
        _finish_area(root, None, actor, at)
    return root


def add_area(
    *,
    parent: Area,
    level: AreaLevel,
    name: str,
    code: str,
    actor: Actor,
    at: datetime,
    official_code: str = "",
    estate: Estate | None = None,
    longitude: float | None = None,
    latitude: float | None = None,
) -> Area:
    """Add an area below another; an office-bearing one gets its office (exactly one unit).

    Raises `InputRefused` for a level that does not lie below the parent's, `Conflict` for a
    code in use.
    """
    refuse_keeping(actor)
    if not name.strip() or not code.strip():
        raise InputRefused("请填写名称和编码。", field="name" if not name.strip() else "code")
    with transaction.atomic():
        lock_tree()
        home = current_area(parent)
        refuse_level(home, level)
        area = Area(
            level=level,
            code=code.strip(),
            official_code=official_code,
            name=name.strip(),
            name_key=pinyin.sort_key(name),
            estate=estate,
            longitude=longitude,
            latitude=latitude,
            started_at=at,
        )
        try:
            with transaction.atomic():
                Area.objects.add_child(home, instance=area)
        except IntegrityError:
            raise Conflict(f"编码 {code} 已经在用，请换一个。", field="code") from None
        _finish_area(area, home, actor, at)
    return area


def refuse_level(parent: Area, level: AreaLevel) -> None:
    """Raise unless the level lies below the parent's."""
    if level.rank <= RANKS[parent.level.kind]:
        raise InputRefused(f"“{level.name}”不能放在“{parent.level.name}”下面。", field="level")


def current_area(area: Area) -> Area:
    """The area locked; raises `Conflict` where it has ended."""
    row: Area = Area.objects.get_queryset().select_related("level").select_for_update(of=("self",)).get(pk=area.pk)
    if row.ended_at is not None:
        raise Conflict("这个地点已经停用，不能再改。")
    return row


def _finish_area(area: Area, parent: Area | None, actor: Actor, at: datetime) -> None:
    if LevelKind(area.level.kind).bears_office:
        office_unit(area, parent, Unit.objects.filter(ended_at=None).values_list("name", flat=True)).save()
    record_area(area, "add", actor, at, payload={"parent": parent.pk if parent else None})


def office_unit(area: Area, parent: Area | None, taken: Collection[str]) -> Unit:
    """The office of an area, unsaved; where two areas share a name, the parent's stands before it."""
    name = f"{area.name}{OFFICE_WORDS[LevelKind(area.level.kind)]}"
    if parent is not None and name in taken:
        name = f"{parent.name}{name}"
    return Unit(name=name, name_key=area.name_key, kind=UnitKind.OFFICE, office_area=area)


OFFICE_WORDS = {
    LevelKind.DISTRICT: "指挥中心",
    LevelKind.STREET: "办事处",
    LevelKind.COMMUNITY: "居委会",
}


def record_area(
    area: Area,
    verb: str,
    actor: Actor,
    at: datetime,
    *,
    payload: dict[str, Any] | None = None,
    save: tuple[str, ...] = (),
) -> None:
    """Append an event of an area, with the line above it as it is now."""
    line = [node.pk for node in line_of(area)]
    facts = {"name": area.name, "code": area.code, **(payload or {})}
    record(area, verb, actor=actor, at=at, audience=Audience.DESK, payload=facts, area_ids=line, save=save)


def rename_area(
    *, area: Area, name: str, actor: Actor, at: datetime, code: str = "", official_code: str | None = None
) -> Area:
    """Give an area another name, and other codes where they are given."""
    refuse_keeping(actor)
    if not name.strip():
        raise InputRefused("请填写名称。", field="name")
    try:
        with transaction.atomic():
            row = current_area(area)
            before = {"name_before": row.name, "code_before": row.code}
            row.name, row.name_key = name.strip(), pinyin.sort_key(name)
            row.code = code.strip() or row.code
            row.official_code = row.official_code if official_code is None else official_code.strip()
            saved = ("name", "name_key", "code", "official_code")
            record_area(row, "rename", actor, at, payload=before, save=saved)
    except IntegrityError:
        raise Conflict(f"编码 {code} 已经在用，请换一个。", field="code") from None
    return row


def move_area(*, area: Area, parent: Area, actor: Actor, at: datetime) -> Area:
    """Hang an area with everything below it under another parent; events keep the old line.

    Raises `InputRefused` for a place below itself or a level that does not fit.
    """
    refuse_keeping(actor)
    with transaction.atomic():
        lock_tree()
        row, home = current_area(area), current_area(parent)
        if home.path.startswith(row.path):
            raise InputRefused("不能把一个地点移到它自己下面。", field="parent")
        refuse_level(home, row.level)
        left = [node.pk for node in line_of(row)]
        Area.objects.move(row, home, "last-child")
        moved = current_area(area)
        record_area(moved, "move", actor, at, payload={"line_before": left, "parent": home.pk})
    return moved


def end_area(*, area: Area, reason: str, actor: Actor, at: datetime) -> Area:
    """End an area; its history and its orders stay.

    Raises `Conflict` while something below it, a post or an office order is still open.
    """
    refuse_keeping(actor)
    why = reason_to_end(reason)
    with transaction.atomic():
        lock_tree()
        row = current_area(area)
        if row.depth == 1:
            raise Conflict("区县本身不能停用。")
        if Area.objects.within(row.pk).current().exclude(pk=row.pk).exists():
            raise Conflict("它下面还有在用的地点，请先移走或停用它们。")
        if row.posts.filter(Q(ends_on=None) | Q(ends_on__gt=clock.local_date(at))).exists():
            raise Conflict("这里还有人任职，请先结束任职。")
        row.ended_at = at
        Unit.objects.filter(office_area=row, ended_at=None).update(ended_at=at)
        record_area(row, "end", actor, at, payload={"reason": why}, save=("ended_at",))
    return row


def outline_area(*, area: Area, outline: dict[str, Any] | None, actor: Actor, at: datetime) -> Area:
    """Set or clear the outline; a GeoJSON Polygon or MultiPolygon in WGS 84.

    Raises `InputRefused` for anything else.
    """
    from louzhang.areas.outlines import refuse_bad_outline

    refuse_keeping(actor)
    if outline is not None:
        refuse_bad_outline(outline)
    with transaction.atomic():
        row = current_area(area)
        row.outline = outline
        record_area(row, "outline", actor, at, payload={"has_outline": outline is not None}, save=("outline",))
    return row


def add_estate(*, name: str, community: Area, actor: Actor, at: datetime) -> Estate:
    """Add an estate (小区) that buildings of a community may point to."""
    refuse_keeping(actor)
    if not name.strip():
        raise InputRefused("请填写小区名称。", field="name")
    try:
        with transaction.atomic():
            estate = Estate.objects.create(name=name.strip(), community=community)
            record(estate, "add", actor=actor, at=at, audience=Audience.DESK, payload={"name": estate.name})
    except IntegrityError:
        raise Conflict(f"这个社区已经有“{name}”了。", field="name") from None
    return estate
