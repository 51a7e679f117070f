"""Units (承办单位), the areas they serve, and the district's settings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from louzhang.accounts.models import User
from louzhang.areas.keeping import reason_to_end
from louzhang.areas.models import Area, ServedArea, Setting, Unit, UnitKind
from louzhang.areas.rights import refuse_keeping
from louzhang.areas.settings_registry import REGISTRY
from louzhang.journal.actions import prepare_event, record
from louzhang.journal.actor import Actor
from louzhang.journal.models import Audience, Event, Unread
from louzhang.journal.readers import unread
from louzhang.journal.refusals import Conflict, InputRefused
from louzhang.kit import clock, pinyin

SERVED = "这个单位已经在服务这个范围了。"


def add_unit(
    *,
    name: str,
    kind: str,
    actor: Actor,
    at: datetime,
    phone: str = "",
    duties: str = "",
    serves: Sequence[Area] = (),
) -> Unit:
    """Add a department, enforcement team, property company, owners' committee or partner, and what it serves.

    Offices come with their areas. Raises `InputRefused`, `Conflict` for a name in use or an area named twice.
    """
    refuse_keeping(actor)
    if kind not in UnitKind.values or kind == UnitKind.OFFICE:
        raise InputRefused("请选择单位类型。", field="kind")
    if not name.strip():
        raise InputRefused("请填写单位名称。", field="name")
    if len({area.pk for area in serves}) < len(serves):
        raise Conflict(SERVED, field="area")
    try:
        with transaction.atomic():
            unit = Unit.objects.create(
                name=name.strip(), name_key=pinyin.sort_key(name), kind=kind, phone=phone, duties=duties
            )
            _begin(unit, serves, actor, at)
    except IntegrityError:
        raise Conflict(f"已经有叫“{name}”的单位了。", field="name") from None
    return unit


def _begin(unit: Unit, serves: Sequence[Area], actor: Actor, at: datetime) -> None:
    """What a new unit serves and its first events, a statement a table: units come by the thousand from a file."""
    told: list[tuple[str, dict[str, Any]]] = [("add", {"name": unit.name, "kind": unit.kind})]
    told += [("serve", {"area": area.pk}) for area in serves]
    by: dict[str, Any] = {"actor": actor, "at": at, "audience": Audience.DESK, "post_id": actor.post_at(None, None)}
    events = [prepare_event(unit, verb, payload=facts, **by)[0] for verb, facts in told]
    ServedArea.objects.bulk_create(ServedArea(unit=unit, area=area, starts_on=clock.local_date(at)) for area in serves)
    Event.objects.bulk_create(events)
    Unread.objects.bulk_create(row for event in events if (row := unread(event)) is not None)
    unit.save(update_fields=["chain_seq", "chain_head"])


def end_unit(*, unit: Unit, reason: str, actor: Actor, at: datetime) -> Unit:
    """End a unit; orders it had stay readable. An office ends with its area."""
    refuse_keeping(actor)
    why = reason_to_end(reason)
    with transaction.atomic():
        row = Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
        if row.kind == UnitKind.OFFICE:
            raise Conflict("办公室随所在地点一起停用，请到区划里停用那个地点。")
        if row.ended_at is not None:
            raise Conflict("这个单位已经停用了。")
        if row.posts.filter(Q(ends_on=None) | Q(ends_on__gt=clock.local_date(at))).exists():
            raise Conflict("这个单位还有人任职，请先结束他们的任职。")
        row.ended_at = at
        record(row, "end", actor=actor, at=at, audience=Audience.DESK, payload={"reason": why}, save=["ended_at"])
    return row


def serve_area(*, unit: Unit, area: Area, actor: Actor, at: datetime) -> ServedArea:
    """Let a unit serve an area and all below it from today."""
    refuse_keeping(actor)
    try:
        with transaction.atomic():
            row = Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
            served = ServedArea.objects.create(unit=row, area=area, starts_on=clock.local_date(at))
            record(row, "serve", actor=actor, at=at, audience=Audience.DESK, payload={"area": area.pk})
    except IntegrityError:
        raise Conflict(SERVED, field="area") from None
    return served


def stop_serving_area(*, served: ServedArea, actor: Actor, at: datetime) -> None:
    """End a service from today on."""
    refuse_keeping(actor)
    with transaction.atomic():
        unit = Unit.objects.select_for_update(no_key=True).get(pk=served.unit_id)
        if ServedArea.objects.filter(pk=served.pk, ends_on=None).update(ends_on=clock.local_date(at)):
            record(unit, "stop_serving", actor=actor, at=at, audience=Audience.DESK, payload={"area": served.area_id})


def change_setting(
    *,
    key: str,
    value: Any,
    actor: Actor,
    at: datetime,
    reason: str = "",
    ends_at: datetime | None = None,
) -> Setting:
    """Set one value of the registry from now on; older rows stay as history.

    Raises `InputRefused` for an unknown key, another type, or a switch without reason or end.
    """
    refuse_keeping(actor)
    entry = REGISTRY.get(key)
    if entry is None or type(value) is not type(entry.default):
        raise InputRefused("没有这个设置，或填写的值不对。", field=key)
    if (sentence := entry.wrong(value)) is not None:
        raise InputRefused(sentence, field="value")
    if entry.needs_end and (not reason.strip() or ends_at is None):
        raise InputRefused("这个开关要写明依据和截止日期。", field="reason" if not reason.strip() else "ends_at")
    if ends_at is not None and ends_at <= at:
        raise InputRefused("截止日期要在今天以后。", field="ends_at")
    author = User.objects.filter(pk=actor.user_id).first() if actor.user_id else None
    return Setting.objects.create(
        key=key, value=value, reason=reason.strip(), author=author, starts_at=at, ends_at=ends_at
    )
