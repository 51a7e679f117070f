"""Correcting what an area or a unit says of itself: position, estate, level names, phone, duties, titles.

Level names and titles have no chain of their own; their changes are events of the district.
"""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from louzhang.areas.actions.tree import current_area, record_area
from louzhang.areas.models import Area, AreaLevel, Estate, LevelKind, Title, Unit
from louzhang.areas.queries import district, line_of
from louzhang.areas.rights import refuse_keeping
from louzhang.areas.roles import Role
from louzhang.journal.actions import record
from louzhang.journal.actor import Actor
from louzhang.journal.models import Audience
from louzhang.journal.refusals import Conflict, InputRefused
from louzhang.kit import pinyin


def place_area(*, area: Area, longitude: float | None, latitude: float | None, actor: Actor, at: datetime) -> Area:
    """Say where an area lies (WGS 84), or that it is not known.

    Raises `InputRefused` for half a position or one that is not on earth.
    """
    refuse_keeping(actor)
    if (longitude is None) != (latitude is None):
        raise InputRefused("经度和纬度要一起填，或都留空。", field="longitude")
    if longitude is not None and latitude is not None and not (abs(longitude) <= 180 and abs(latitude) <= 90):
        raise InputRefused("经度在 -180 到 180 之间，纬度在 -90 到 90 之间。", field="longitude")
    with transaction.atomic():
        row = current_area(area)
        row.longitude, row.latitude = longitude, latitude
        facts = {"longitude": longitude, "latitude": latitude}
        record_area(row, "place", actor, at, payload=facts, save=("longitude", "latitude"))
    return row


def join_estate(*, area: Area, estate: Estate | None, actor: Actor, at: datetime) -> Area:
    """Let a building point to an estate (小区) of its community, or to none.

    Raises `InputRefused` for something that is no building or an estate of another community.
    """
    refuse_keeping(actor)
    with transaction.atomic():
        row = current_area(area)
        if row.level.kind != LevelKind.BUILDING:
            raise InputRefused("只有楼栋属于小区。", field="estate")
        if estate is not None and estate.community_id not in [node.pk for node in line_of(row)]:
            raise InputRefused("这个小区不在同一个社区，请重新选。", field="estate")
        row.estate = estate
        facts = {"estate": estate.pk if estate else None, "estate_name": estate.name if estate else ""}
        record_area(row, "join_estate", actor, at, payload=facts, save=("estate",))
    return row


def rename_level(*, level: AreaLevel, name: str, actor: Actor, at: datetime) -> AreaLevel:
    """Give a level the district's own name; what the level is for does not change."""
    refuse_keeping(actor)
    if not name.strip():
        raise InputRefused("请填写层级名称。", field="name")
    with transaction.atomic():
        row = AreaLevel.objects.select_for_update(no_key=True).get(pk=level.pk)
        before, row.name = row.name, name.strip()
        row.save(update_fields=["name"])
        _record_district("rename_level", actor, at, before=before, after=row.name)
    return row


def add_title(*, name: str, role: str, actor: Actor, at: datetime) -> Title:
    """Add what the district calls posts of a role (职务名称).

    Raises `InputRefused` for a blank name or an unknown role, `Conflict` for a name in use.
    """
    refuse_keeping(actor)
    if not name.strip() or role not in Role.values:
        raise InputRefused("请填写名称并选择角色。", field="role" if name.strip() else "name")
    try:
        with transaction.atomic():
            title = Title.objects.create(name=name.strip(), role=role)
            _record_district("add_title", actor, at, title=title.pk, name=title.name, role=role)
    except IntegrityError:
        raise Conflict(f"已经有“{name.strip()}”这个职务名称了。", field="name") from None
    return title


def end_title(*, title: Title, actor: Actor, at: datetime) -> Title:
    """End a title: nobody is appointed under it any more; posts that carry it keep it."""
    refuse_keeping(actor)
    with transaction.atomic():
        row = Title.objects.select_for_update(no_key=True).get(pk=title.pk)
        if row.ended_at is not None:
            raise Conflict("这个职务名称已经停用了。")
        row.ended_at = at
        row.save(update_fields=["ended_at"])
        _record_district("end_title", actor, at, title=row.pk, name=row.name, role=row.role)
    return row


def rename_unit(
    *, unit: Unit, name: str, actor: Actor, at: datetime, phone: str | None = None, duties: str | None = None
) -> Unit:
    """Give a unit another name, and another public phone and duties where they are given.

    Raises `InputRefused` for a blank name, `Conflict` for a name in use or a unit that has ended.
    """
    refuse_keeping(actor)
    if not name.strip():
        raise InputRefused("请填写单位名称。", field="name")
    try:
        with transaction.atomic():
            row = Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
            if row.ended_at is not None:
                raise Conflict("这个单位已经停用，不能再改。")
            facts = {"name_before": row.name, "phone_before": row.phone}
            row.name, row.name_key = name.strip(), pinyin.sort_key(name)
            row.phone = row.phone if phone is None else phone.strip()
            row.duties = row.duties if duties is None else duties.strip()
            facts |= {"name": row.name, "phone": row.phone}
            saved = ["name", "name_key", "phone", "duties"]
            record(row, "rename", actor=actor, at=at, audience=Audience.DESK, payload=facts, save=saved)
    except IntegrityError:
        raise Conflict(f"已经有叫“{name.strip()}”的单位了。", field="name") from None
    return row


def _record_district(verb: str, actor: Actor, at: datetime, **facts: object) -> None:
    root = district()
    if root is None:
        raise Conflict("还没有建立区县，请先导入区划。")
    record_area(current_area(root), verb, actor, at, payload=facts)
