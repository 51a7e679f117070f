"""授予和收回: one honour, or the flags of a month together; the bonus a volunteer is owed follows in the same step."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from datetime import date, datetime

from django.db import transaction

from louzhang.areas.models import Area
from louzhang.areas.queries import line_of
from louzhang.journal.actions import record
from louzhang.journal.actions.holding import hold
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import Conflict, InputRefused, NotThere, NotYours
from louzhang.journal.walker import Move, Step, walk, walk_together
from louzhang.kit import clock
from louzhang.roster.actions.honours.checking import refuse_unready
from louzhang.roster.actions.honours.consenting import erase_photo
from louzhang.roster.actions.honours.walking import walk_honour
from louzhang.roster.lifecycle.honours import BONUS_LOOP, LOOP, BonusState, HonourState
from louzhang.roster.models.honours import Bonus, Flag, Honour, HonourKind
from louzhang.roster.queries.honours.conflicts import bar_on

UNKNOWN = "没有找到这项荣誉，或它不在您的范围内。"
NO_BONUS_FOR_STAFF = "staff"


def award_honour(*, honour_id: int, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> Honour:
    """Give it, after the notice. Whoever awards at the same moment waits; the limit of the kind holds.

    Raises what the walker raises, `NotYours` for whom it concerns, `Conflict` while the notice runs, an objection
    waits, or the limit is reached; flags are given together (`award_flags`).
    """
    with transaction.atomic():
        found = Honour.objects.visible_to(actor).filter(pk=honour_id).select_related("kind").first()
        if found is None:
            raise NotThere(UNKNOWN)
        if found.kind.hangs:
            raise InputRefused(f"“{found.kind.name}”一个月的楼栋一起授予，请到红旗的页面预览后再授予。")
        _hold(found.area_id, found.kind_id)
        with walk_honour(honour_id, "award", actor, at, {}, entry_id) as step:
            _refuse_full(step.subject.kind, step.subject.area_id, step.subject.month, 1)
            _award(step, at)
    return step.subject


def award_flags(
    *, kind: HonourKind, area: Area, month: date, honour_ids: Collection[int], actor: Actor, at: datetime,
    entry_id: uuid.UUID | None = None,
) -> list[Honour]:  # fmt: skip
    """Give the flags of a month in one transaction: they stay where the building won again, are carried on elsewhere.

    Raises what `award_honour` raises for each, `InputRefused` for a month before one that has been given.
    """
    month, day = month.replace(day=1), clock.local_date(at)
    with transaction.atomic():
        _hold(area.pk, kind.pk)
        _refuse_set(kind, area, month, honour_ids)
        moves = [Move(pk, "award") for pk in honour_ids]
        with walk_together(LOOP, Honour.objects.all(), moves, actor=actor, at=at, entry_id=entry_id) as steps:
            _refuse_full(kind, area.pk, month, len(steps))
            for step in steps:
                _award(step, at)
        _carry_flags(kind, area, month, [step.subject for step in steps], day)
    return [step.subject for step in steps]


def _refuse_set(kind: HonourKind, area: Area, month: date, honour_ids: Collection[int]) -> None:
    if not honour_ids:
        raise InputRefused("请选出要授予的楼栋。", field="honours")
    rows = Honour.objects.filter(pk__in=list(honour_ids), kind=kind, area=area, month=month)
    if not kind.hangs or rows.count() != len(set(honour_ids)):
        raise InputRefused("名单已经变了，请刷新页面再授予。", field="honours")
    later = Flag.objects.filter(kind=kind, area=area, last_month__gt=month)
    if later.exists():
        raise InputRefused("后一个月的红旗已经授予，不能再授予前一个月的。", field="month")


def _carry_flags(kind: HonourKind, area: Area, month: date, winners: Iterable[Honour], day: date) -> None:
    """Flags that hang now: those of this month's winners stay, the others come down, new ones go up."""
    hanging = {flag.building_id: flag for flag in Flag.objects.select_for_update().filter(
        kind=kind, area=area, ends_on=None)}  # fmt: skip
    for honour in winners:
        if honour.building_id is None:
            continue
        flag = hanging.get(honour.building_id)
        if flag is not None:
            flag.last_month = month
            flag.save(update_fields=["last_month"])
            continue
        hanging[honour.building_id] = Flag.objects.create(
            area=area, building_id=honour.building_id, kind=kind, honour=honour, starts_on=day, first_month=month,
            last_month=month,
        )  # fmt: skip
    for flag in hanging.values():
        if flag.last_month < month:
            flag.ends_on = day
            flag.save(update_fields=["ends_on"])


def revoke_honour(
    *, honour_id: int, reason: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> Honour:
    """Take it back with the reason: it leaves the wall, the flag comes down, a bonus not paid yet is not paid."""
    with transaction.atomic():
        with walk_honour(honour_id, "revoke", actor, at, {"reason": reason}, entry_id) as step:
            if sentence := bar_on(step.subject, actor):
                raise NotYours(sentence)
            step.set(ended_at=at, on_wall_at=None, photo_uid=None)
            step.say(words=reason.strip())
            _take_down(step.subject, clock.local_date(at))
            _cancel_bonus(step.subject, reason, actor, at)
        erase_photo(step.subject, actor, at)
    return step.subject


def _take_down(honour: Honour, day: date) -> None:
    if honour.building_id is not None:
        hanging = Flag.objects.select_for_update().filter(
            building_id=honour.building_id, kind=honour.kind, ends_on=None, last_month=honour.month
        )
        for flag in hanging:
            flag.ends_on = max(day, flag.starts_on)
            flag.save(update_fields=["ends_on"])


def _cancel_bonus(honour: Honour, reason: str, actor: Actor, at: datetime) -> None:
    bonus = Bonus.objects.filter(honour=honour, status__in=[BonusState.OWED.value, BonusState.TICKED.value]).first()
    if bonus is not None:
        given = {"reason": reason}
        with walk(BONUS_LOOP, Bonus.objects.all(), bonus.pk, "cancel", actor=actor, at=at, given=given) as step:
            step.say(words=reason.strip())


def _hold(area_id: int, kind_id: int) -> None:
    hold(f"honours:{area_id}:{kind_id}")


def _refuse_full(kind: HonourKind, area_id: int, month: date, more: int) -> None:
    if kind.most is None:
        return
    given = Honour.objects.filter(kind=kind, area_id=area_id, month=month, status=HonourState.AWARDED.value).count()
    if given + more > kind.most:
        raise Conflict(f"“{kind.name}”一次最多 {kind.most} 个，已经授予 {given} 个。要换人的，请先收回一个。")


def _award(step: Step[Honour], at: datetime) -> None:
    honour = step.subject
    if sentence := bar_on(honour, step.actor):
        raise NotYours(sentence)
    refuse_unready(honour, at)
    step.set(awarded_at=at)
    if honour.kind.bonus_yuan and honour.holder_id is not None:
        step.note(bonus=_owe(honour, step.actor, at))


def _owe(honour: Honour, actor: Actor, at: datetime) -> int | str:
    """The bonus of a volunteer; staff are rewarded by their own rules (handbook, "Less form-filling")."""
    if not honour.is_volunteer or honour.holder_id is None:
        return NO_BONUS_FOR_STAFF
    bonus = Bonus.objects.create(
        honour=honour, user_id=honour.holder_id, area=honour.area, month=honour.month, yuan=honour.kind.bonus_yuan,
        owed_at=at,
    )  # fmt: skip
    record(
        bonus, "owe", actor=actor, at=at, payload={"honour": honour.pk, "yuan": bonus.yuan},
        area_ids=[area.pk for area in line_of(honour.area)],
    )  # fmt: skip
    return bonus.yuan
