"""What every action of the register begins and ends with: a row locked in scope, an event with its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from louzhang.areas.models import Area, LevelKind
from louzhang.journal.actions import record
from louzhang.journal.actor import Actor
from louzhang.journal.models import Audience, Chained
from louzhang.journal.refusals import InputRefused, NotThere, NotYours
from louzhang.kit import clock
from louzhang.register.queries.places import lines_of
from louzhang.register.scope import keeps_area, refuse_looking_only

# Where homes lie.
LEAVES = (LevelKind.BUILDING, LevelKind.GROUP, LevelKind.STAIRWELL)


def kept(rows: Any, pk: int, actor: Actor, *joined: str) -> Any:
    """One row locked for a change; `rows` has `kept_by` and `visible_to`.

    Raises `NotThere` out of scope, `NotYours` for one that may only be seen.
    """
    refuse_looking_only(actor)
    mine = rows.kept_by(actor).filter(pk=pk).select_related(*joined)
    row = mine.select_for_update(no_key=True, of=("self",)).first()
    if row is not None:
        return row
    if rows.visible_to(actor).filter(pk=pk).exists():
        raise NotYours("这里由楼长和社区登记，您可以查看。要更正，请在“我的权利”里提出。")
    raise NotThere("没有找到这条登记，或它不在您负责的范围内。")


def refuse_strange_area(actor: Actor, area: Area) -> None:
    """Raise `NotYours` for a place the actor does not keep."""
    refuse_looking_only(actor)
    if not keeps_area(actor, area):
        raise NotYours("这个地方不归您登记，请找负责那里的楼长或社区。")


def refuse_branches(area_ids: Iterable[int]) -> None:
    """Raise `InputRefused` unless homes may lie here: stairwells, buildings without any, neighbours' groups."""
    rows = Area.objects.filter(pk__in=set(area_ids)).order_by()
    if rows.exclude(numchild=0, level__kind__in=LEAVES, ended_at=None).exists():
        raise InputRefused("房屋登记在单元、没有单元的楼栋或邻里组下面，请选到最下一级。", field="area")


def refuse_future(day: date, at: datetime, *, field: str = "on") -> None:
    """Raise `InputRefused` for a day after today: the register holds what has happened."""
    if day > clock.local_date(at):
        raise InputRefused("日期还没有到。人房登记只记已经发生的事，请填今天或以前的日期。", field=field)


def tell(
    subject: Chained,
    verb: str,
    *,
    area_id: int,
    actor: Actor,
    at: datetime,
    payload: Mapping[str, Any] | None = None,
    words: Mapping[str, Any] | None = None,
    save: tuple[str, ...] = (),
) -> None:
    """Append an event with the line of areas it happened in, and save the named columns.

    `payload` holds ids, days and names of columns; what people are called or wrote goes into `words`, which can be
    erased.
    """
    record(
        subject,
        verb,
        actor=actor,
        at=at,
        audience=Audience.HANDLERS,
        payload=payload,
        words=words,
        area_ids=lines_of([area_id])[area_id],
        save=save,
    )
