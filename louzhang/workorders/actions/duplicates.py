"""The same matter reported twice: one order goes into another with its reports, and can be taken out again.

Only reports move. Every reporter keeps the own code, contact, way of being answered and rating, and hears
what comes of the order that goes on; the words stay in the chain in which they were written (`Report.home`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, NullIf

from louzhang.journal.actor import Actor
from louzhang.journal.models import Event
from louzhang.journal.refusals import InputRefused, NotThere, TransitionRefused
from louzhang.journal.walker import Move, Step
from louzhang.workorders.actions.walking import walk_orders
from louzhang.workorders.lifecycle import OPEN, State
from louzhang.workorders.models import AnswerWay, Handling, Report, WorkOrder
from louzhang.workorders.queries import UNKNOWN, id_of_number

GATHERED_AT_MOST = 500
UNLIKE = "投诉、保护和一般的事不能合并，请分别办理。"
OTHER_TARGET = "两件投诉的不是同一个对象，不能合并，请分别办理。"
TOO_LATE = "它并入的那一件已经反馈或结束，不能再分开。需要时请先把那一件重新办理。"
MERGED_ON = "它并入的那一件又并入了别的工单，请先撤销那一次并入。"


def merge_workorder(
    *, order_id: int, into: str, actor: Actor, at: datetime, reason: str = "", entry_id: UUID | None = None
) -> WorkOrder:
    """Merge an order into another of the same desk (or of two desks the actor works at both).

    Its reports go there, and it waits as 已并入 until that is undone; both chains have an event. Raises
    `InputRefused` for itself or an unlike order, `TransitionRefused` where one of the two has ended.
    """
    target_id = _id_of(into)
    refuse_itself(order_id, [target_id] if target_id else [], field="into")
    moves = [
        Move(order_id, "merge", {"into": into}),
        Move(_known(target_id), "gather", {"others": [order_id]}),
    ]
    with walk_orders(moves, actor=actor, at=at, entry_id=entry_id) as (source, target):
        _gather(target, [source], reason)
    return source.subject


def gather_workorders(
    *,
    order_id: int,
    others: Sequence[str],
    actor: Actor,
    at: datetime,
    reason: str = "",
    entry_id: UUID | None = None,
) -> WorkOrder:
    """Merge several orders into one at once: each has its own event, the one they go into has one that names all.

    All of them or none. Raises what `merge_workorder` raises.
    """
    numbers = [others] if isinstance(others, str) else list(dict.fromkeys(others))
    if len(numbers) > GATHERED_AT_MOST:
        raise InputRefused(f"一次最多合并 {GATHERED_AT_MOST} 件，请分几次合并。", field="others")
    ids = [_known(_id_of(number)) for number in numbers if number.strip()]
    refuse_itself(order_id, ids, field="others")
    moves = [Move(order_id, "gather", {"others": ids or None})]
    moves += [Move(each, "merge", {"into": order_id}) for each in ids]
    with walk_orders(moves, actor=actor, at=at, entry_id=entry_id) as (target, *sources):
        _gather(target, sources, reason)
    return target.subject


def unmerge_workorder(
    *, order_id: int, actor: Actor, at: datetime, reason: str = "", entry_id: UUID | None = None
) -> WorkOrder:
    """Take a merged order out again: exactly the reports it brought go back, and it is where it was before.

    Raises `TransitionRefused` where the order it went into has been answered or has ended.
    """
    target_id = WorkOrder.objects.filter(pk=order_id).values_list("merged_into", flat=True).first()
    moves = [Move(order_id, "unmerge")]
    if target_id:
        moves.append(Move(target_id, "split_off", {"other": order_id}))
    source = _split(moves, target_id, reason, actor=actor, at=at, entry_id=entry_id)[0]
    return source.subject


def split_off_workorder(
    *, order_id: int, other: str, actor: Actor, at: datetime, reason: str = "", entry_id: UUID | None = None
) -> WorkOrder:
    """Take one of the orders that were merged into this one out again; the other end of `unmerge_workorder`.

    Raises `InputRefused` where that order was not merged into this one.
    """
    other_id = _known(_id_of(other))
    if not WorkOrder.objects.filter(pk=other_id, merged_into=order_id).exists():
        raise InputRefused("那一件没有并入本件，请刷新页面后重新选择。", field="other")
    moves = [Move(other_id, "unmerge"), Move(order_id, "split_off", {"other": other_id})]
    _, target = _split(moves, order_id, reason, actor=actor, at=at, entry_id=entry_id)
    return target.subject


def _split(
    moves: Sequence[Move],
    target_id: int | None,
    reason: str,
    *,
    actor: Actor,
    at: datetime,
    entry_id: UUID | None,
) -> list[Step[WorkOrder]]:
    try:
        with walk_orders(moves, actor=actor, at=at, entry_id=entry_id) as steps:
            _give_back(steps[0], steps[-1], reason)
            return steps
    except TransitionRefused as refusal:
        where = _status_of(target_id)
        if where is None or where in OPEN:
            raise
        raise TransitionRefused(MERGED_ON if where == State.MERGED else TOO_LATE) from refusal


def _status_of(order_id: int | None) -> str | None:
    return None if order_id is None else WorkOrder.objects.values_list("status", flat=True).get(pk=order_id)


def _id_of(number: str) -> int | None:
    return id_of_number(number) if number.strip() else None


def _known(order_id: int | None) -> int:
    if order_id is None:
        raise NotThere(UNKNOWN)
    return order_id


def refuse_itself(order_id: int, others: Sequence[int], *, field: str) -> None:
    """Raise where an order is to be merged into itself."""
    if order_id in others:
        raise InputRefused("不能并入它自己，请另选一件。", field=field)


def _refuse_unlike(one: WorkOrder, other: WorkOrder) -> None:
    """Whom a matter is hidden from is a column of its order: unlike ones would lose that."""
    if one.category.handling != other.category.handling or one.floor_rank != other.floor_rank:
        raise InputRefused(UNLIKE, field="into")
    if one.category.handling == Handling.COMPLAINT and _about(one) != _about(other):
        raise InputRefused(OTHER_TARGET, field="into")


def _about(order: WorkOrder) -> tuple[object, ...]:
    return order.about_user_id, order.about_area_id, order.about_role, order.about_unit_id


def _gather(target: Step[WorkOrder], sources: Sequence[Step[WorkOrder]], reason: str) -> None:
    """Move all reports of the sources to the target (two statements), and say so on every chain."""
    order = target.subject
    for source in sources:
        _refuse_unlike(source.subject, order)
    ids = [source.subject.pk for source in sources]
    moved = _voices(Q(order_id__in=ids))
    Report.objects.filter(order_id__in=ids).update(home_id=Coalesce(F("home_id"), F("order_id")), order_id=order.pk)
    for source in sources:
        reports = sorted(report for report, (where, _) in moved.items() if where == source.subject.pk)
        source.set(merged_into_id=order.pk, merged_from=source.came_from, report_count=0)
        source.note(into=order.pk, number=order.number, reports=reports)
        source.say(reason=reason)
    target.set(
        report_count=order.report_count + len(moved),
        is_urgent=order.is_urgent or any(source.subject.is_urgent for source in sources),
        is_told_by_visit=order.is_told_by_visit or any(way == AnswerWay.VISIT for _, way in moved.values()),
    )
    target.note(orders=ids, numbers=[source.subject.number for source in sources], reports=sorted(moved))
    target.say(reason=reason)


def _voices(which: Q) -> dict[int, tuple[int, str]]:
    """Reports: id → (order, way of answering). Their orders are locked, so nobody else moves them."""
    rows = Report.objects.filter(which).values_list("pk", "order_id", "answer_way")
    return {report: (order, way) for report, order, way in rows}


def _give_back(source: Step[WorkOrder], target: Step[WorkOrder], reason: str) -> None:
    order, kept = source.subject, target.subject
    if order.merged_into_id != kept.pk:
        raise TransitionRefused("它刚被并入了另一件，请刷新页面后重试。")
    merged = Event.objects.filter(subject_kind=order.subject_kind, subject_id=order.pk, verb="merge").order_by("-seq")
    brought = merged.values_list("payload", flat=True)[0]["reports"]
    moved = _voices(Q(pk__in=brought, order_id=kept.pk))
    Report.objects.filter(pk__in=moved).update(order_id=order.pk, home_id=NullIf(F("home_id"), Value(order.pk)))
    source.lead_to(order.merged_from)
    source.set(merged_into_id=None, merged_from="", report_count=len(moved))
    source.note(out_of=kept.pk, number=kept.number, reports=sorted(moved))
    source.say(reason=reason)
    others = WorkOrder.objects.filter(merged_into=kept.pk).exclude(pk=order.pk)
    left = Report.objects.filter(order_id=kept.pk)
    target.set(
        report_count=kept.report_count - len(moved),
        is_urgent=kept.category.is_urgent or others.filter(is_urgent=True).exists(),
        is_told_by_visit=left.filter(answer_way=AnswerWay.VISIT).exists(),
    )
    target.note(orders=[order.pk], numbers=[order.number], reports=sorted(moved))
    target.say(reason=reason)
