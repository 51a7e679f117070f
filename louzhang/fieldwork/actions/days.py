"""What people do with the lines of a day: tick, refuse, take up again, add, move to somebody else."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction

from louzhang.areas.models import Area
from louzhang.areas.queries import setting
from louzhang.fieldwork.actions.making import refresh_days
from louzhang.fieldwork.models import TITLE_LENGTH, DayItem, DayList, ItemEnd, ItemKind, Why, may_be_given
from louzhang.fieldwork.sources import ASKED
from louzhang.journal.actions import record
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import Conflict, InputRefused, NotThere, NotYours, TransitionRefused
from louzhang.kit import clock
from louzhang.register.actions.sites import check_site
from louzhang.register.queries.places import lines_of
from louzhang.register.scope import refuse_looking_only

WORDS_AT_MOST = 500
MINUTES_AT_MOST = 480
GONE = "没有找到这一条，或它不在您的清单上。"
# Ticked here; the others are done where they are done (an order, a visit, a screening).
TICKED = frozenset({ItemKind.ADDED, ItemKind.PRESENCE, ItemKind.CHECK})
# An order lies with a seat: to give it to somebody else it is dispatched anew.
UNMOVED = frozenset({ItemKind.ORDER, ItemKind.PRESENCE})


def tick_item(*, uid: uuid.UUID, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> DayItem:
    """A line of one's own day is done; a place that was to be checked is noted as checked.

    Raises `NotThere`, `NotYours` for somebody else's day, `InputRefused` for a line that is done on a page of its own,
    `TransitionRefused` for one that is over.
    """
    with transaction.atomic():
        item, day_list = _own(uid, actor)
        if item.kind not in TICKED:
            raise InputRefused("这一条要打开来办，办好了清单会自己打勾。")
        _refuse_ended(item)
        if item.kind == ItemKind.CHECK:
            check_site(site_id=int(item.source.rsplit(":", 1)[1]), actor=actor, at=at)
        _end(item, ItemEnd.DONE, at)
        _tell(day_list, "tick", item, actor, at, entry_id=entry_id)
    return item


def refuse_item(
    *, uid: uuid.UUID, why: str, actor: Actor, at: datetime, words: str = "", entry_id: uuid.UUID | None = None
) -> DayItem:
    """Not today, for a reason; the community sees it and may give it to somebody else. It counts against nobody.

    Raises `NotThere`, `NotYours`, `InputRefused` for no reason, `TransitionRefused`.
    """
    if why not in Why.values:
        raise InputRefused("请选一个原因，社区好另作安排。", field="why")
    if why == Why.OTHER and not words.strip():
        raise InputRefused("请用一句话写是什么原因。", field="words")
    with transaction.atomic():
        item, day_list = _own(uid, actor)
        _refuse_ended(item)
        item.refusal = why
        said = {"words": words.strip()[:WORDS_AT_MOST]}
        _tell(day_list, "refuse", item, actor, at, facts={"why": str(why)}, words=said, entry_id=entry_id)
        item.event_seq = day_list.chain_seq
        _end(item, ItemEnd.REFUSED, at, "refusal", "event_seq")
    return item


def reopen_item(*, uid: uuid.UUID, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> DayItem:
    """Take a line up again that was ticked or refused by mistake."""
    with transaction.atomic():
        item, day_list = _own(uid, actor)
        is_ticked = item.ended == ItemEnd.DONE and item.kind in TICKED - {ItemKind.CHECK}
        if not is_ticked and item.ended != ItemEnd.REFUSED:
            raise TransitionRefused("这一条不能再改回来了，请刷新页面看现在的清单。")
        item.refusal, item.event_seq = "", None
        _end(item, ItemEnd.OPEN, None, "refusal", "event_seq")
        _tell(day_list, "reopen", item, actor, at, entry_id=entry_id)
    return item


def add_item(
    *,
    list_uid: uuid.UUID,
    title: str,
    actor: Actor,
    at: datetime,
    area: Area | None = None,
    minutes: int | None = None,
    entry_id: uuid.UUID | None = None,
) -> DayItem:
    """The community lays something on somebody's day. It takes its time: what is less pressing no longer fits.

    Raises `NotThere`, `NotYours` for whoever does not plan this day, `InputRefused`, `TransitionRefused` for the past.
    """
    line = " ".join(title.split())
    if not line or len(line) > TITLE_LENGTH:
        raise InputRefused(f"请用一句话写要做什么，最多 {TITLE_LENGTH} 个字。", field="title")
    if minutes is not None and not 1 <= minutes <= MINUTES_AT_MOST:
        raise InputRefused(f"请填 1 到 {MINUTES_AT_MOST} 分钟。", field="minutes")
    with transaction.atomic():
        day_list = _planned(list_uid, actor, at)
        if area is not None and not area.path.startswith(day_list.area.path):
            raise InputRefused("这个地方不归这位负责，请选清单里的楼栋或单元。", field="area")
        own = uuid.uuid4()
        item = DayItem.objects.create(
            uid=own, day_list=day_list, kind=ItemKind.ADDED, source=f"added:{own}", title=line, why="社区安排的。",
            area=area or day_list.area, minutes=minutes or _usual(ItemKind.ADDED, at), weight=ASKED,
        )  # fmt: skip
        _tell(day_list, "add", item, actor, at, words={"title": line}, entry_id=entry_id)
        refresh_days(list_ids=[day_list.pk], at=at)
    return item


def move_item(
    *, uid: uuid.UUID, to_uid: uuid.UUID, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> DayItem:
    """Give a line to somebody else of the community for that day.

    Raises `NotThere`, `NotYours`, `InputRefused` for an order (it is dispatched anew) and for the same day,
    `Conflict` where the other has it already, `TransitionRefused` for a line that is done.
    """
    with transaction.atomic():
        found = DayItem.objects.filter(uid=uid, day_list__in=DayList.objects.visible_to(actor)).first()
        if found is None:
            raise NotThere(GONE)
        lists = _planned_together(found.day_list_id, to_uid, actor, at)
        rows = DayItem.objects.select_related("area").select_for_update(no_key=True, of=("self",))
        item = rows.get(pk=found.pk)
        there, here = lists[0], lists[1]
        _refuse_unmoved(item, there, here)
        if DayItem.objects.filter(day_list=there, source=item.source).exists():
            raise Conflict("对方的清单上已经有这一条了。", field="to")
        moved = DayItem.objects.create(
            day_list=there, kind=item.kind, source=item.source, title=item.title, why=_given(item), url=item.url,
            area=item.area, dwelling=item.dwelling, minutes=item.minutes, weight=ASKED, due_at=item.due_at,
            came_from=item,
        )  # fmt: skip
        item.refusal = ""
        _end(item, ItemEnd.MOVED, at, "refusal")
        _tell(here, "give", item, actor, at, facts={"to": there.pk}, entry_id=entry_id)
        _tell(there, "get", moved, actor, at, facts={"from": here.pk}, entry_id=entry_id)
        refresh_days(list_ids=[here.pk, there.pk], at=at)
    return moved


def _given(item: DayItem) -> str:
    return f"社区改派给您的。{item.why}"[:TITLE_LENGTH]


def _refuse_unmoved(item: DayItem, there: DayList, here: DayList) -> None:
    if there.pk == here.pk or there.day != here.day:
        raise InputRefused("请选同一天里另一个人的清单。", field="to")
    if not may_be_given(item, there):
        raise InputRefused("对方不负责这个地方，请选负责这里的人。", field="to")
    if item.kind in UNMOVED:
        raise InputRefused("工单要在工单页面里改派，清单会跟着变。", field="to")
    if item.ended not in ("", ItemEnd.REFUSED):
        raise TransitionRefused("这一条已经办了或者改派了，请刷新页面。")


def _planned_together(here_id: int, to_uid: uuid.UUID, actor: Actor, at: datetime) -> tuple[DayList, DayList]:
    """Both lists locked in the order of their ids: (there, here)."""
    there_id = DayList.objects.overseen_by(actor).filter(uid=to_uid).values_list("pk", flat=True).first()
    if there_id is None:
        raise NotThere("没有找到这个人的清单，或它不在您的范围内。")
    rows = DayList.objects.filter(pk__in=[here_id, there_id]).order_by("pk").select_related("area")
    found = {row.pk: row for row in rows.select_for_update(no_key=True, of=("self",))}
    for row in found.values():
        _refuse_planning(row, actor, at)
    return found[there_id], found[here_id]


def _planned(uid: uuid.UUID, actor: Actor, at: datetime) -> DayList:
    """A list of today or later locked for its planner."""
    rows = DayList.objects.visible_to(actor).filter(uid=uid).select_related("area")
    row = rows.select_for_update(no_key=True, of=("self",)).first()
    if row is None:
        raise NotThere("没有找到这一天的清单，或它不在您的范围内。")
    _refuse_planning(row, actor, at)
    return row


def _refuse_planning(row: DayList, actor: Actor, at: datetime) -> None:
    refuse_looking_only(actor)
    if not DayList.objects.overseen_by(actor).filter(pk=row.pk).exists():
        raise NotYours("清单由社区来安排和调整；您自己的清单可以打勾，也可以说明今天不做。")
    if row.day < clock.local_date(at):
        raise TransitionRefused("这一天已经过去了，请改今天的清单。")


def _own(uid: uuid.UUID, actor: Actor) -> tuple[DayItem, DayList]:
    """A line of one's own day with its list, both locked, the list first."""
    refuse_looking_only(actor)
    row = DayList.objects.visible_to(actor).filter(items__uid=uid).select_related("area")
    day_list = row.select_for_update(no_key=True, of=("self",)).first()
    if day_list is None:
        raise NotThere(GONE)
    if not DayList.objects.held_by(actor).filter(pk=day_list.pk).exists():
        raise NotYours("这是别人的清单，由本人或替岗人来打勾。")
    return DayItem.objects.select_for_update(no_key=True).get(uid=uid), day_list


def _refuse_ended(item: DayItem) -> None:
    if item.ended != "":
        raise TransitionRefused("这一条已经办了，或者不用办了。请刷新页面。")


def _end(item: DayItem, end: str, at: datetime | None, *more: str) -> None:
    item.ended, item.ended_at = end, at
    item.save(update_fields=["ended", "ended_at", *more])


def _usual(kind: str, at: datetime) -> int:
    return int(setting(f"minutes_{kind}", at))


def _tell(
    day_list: DayList,
    verb: str,
    item: DayItem,
    actor: Actor,
    at: datetime,
    *,
    facts: dict[str, Any] | None = None,
    words: dict[str, str] | None = None,
    entry_id: uuid.UUID | None = None,
) -> None:
    payload = {"item": item.pk, "kind": str(item.kind), "source": item.source, **(facts or {})}
    record(
        day_list, verb, actor=actor, at=at, payload=payload, words=words,
        area_ids=lines_of([day_list.area_id])[day_list.area_id], entry_id=entry_id,
    )  # fmt: skip
