"""Keeping the limits of the clocks: add, change, end, load an example. Nothing is deleted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from louzhang.areas.keeping import put_columns, reason_to_end
from louzhang.areas.rights import refuse_keeping
from louzhang.journal.actions import record
from louzhang.journal.actor import Actor
from louzhang.journal.models import Audience
from louzhang.journal.refusals import Conflict, InputRefused
from louzhang.workorders.clocks import MEASURE_LABELS, WARN_SHARE, ClockKind, Measure
from louzhang.workorders.models import Category, ClockPolicy
from louzhang.workorders.starter.presets import Preset, PresetLimit, presets

# The longest limit in each measure: about a year.
MOST = {Measure.WORKING_MINUTES: 120_000, Measure.HOURS: 24 * 365, Measure.WORKING_DAYS: 260}
AMOUNT_AT_MOST = max(MOST.values())
COLUMNS = {"amount": "时限", "measure": "单位", "cap": "最多延长", "warn_share": "剩多少提醒", "source": "依据"}


def add_policy(
    *,
    category: Category | None,
    is_urgent: bool | None,
    kind: str,
    amount: int,
    measure: str,
    actor: Actor,
    at: datetime,
    cap: int = 0,
    warn_share: int = WARN_SHARE,
    source: str = "",
) -> ClockPolicy:
    """Add the limit of a clock for a category, a group or any (None), urgent, not urgent or either (None).

    Raises `InputRefused` for what is missing or wrong, `Conflict` where there is one for the same.
    """
    refuse_keeping(actor)
    row = ClockPolicy(
        category=category, is_urgent=is_urgent, kind=kind, amount=amount, measure=measure, cap=cap,
        warn_share=warn_share, source=source.strip(),
    )  # fmt: skip
    _refuse_wrong(row)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            _record(row, "add", actor, at)
    except IntegrityError:
        raise Conflict("这个类别、紧急程度和时钟已经有时限了，请改那一条。", field="category") from None
    return row


def change_policy(*, policy: ClockPolicy, actor: Actor, at: datetime, **columns: Any) -> ClockPolicy:
    """Change a limit; what it was stays in its history, and an example is none any more.

    Raises `InputRefused`, `Conflict` for one that has ended.
    """
    refuse_keeping(actor)
    with transaction.atomic():
        row = _standing(policy)
        before = {name: getattr(row, name) for name in columns}
        changed = put_columns(row, columns, COLUMNS)
        _refuse_wrong(row)
        if changed:
            row.is_example = False
            facts = {"changed": [COLUMNS[name] for name in changed], "before": {name: before[name] for name in changed}}
            _record(row, "change", actor, at, facts, save=(*changed, "is_example"))
    return row


def end_policy(*, policy: ClockPolicy, reason: str, actor: Actor, at: datetime) -> ClockPolicy:
    """End a limit: the next less specific one holds, or there is no such clock.

    Raises `InputRefused` without a reason, `Conflict` for one that has ended.
    """
    refuse_keeping(actor)
    why = reason_to_end(reason)
    with transaction.atomic():
        row = _standing(policy)
        _end(row, why, actor, at)
    return row


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading an example did: limits made, examples of before ended, limits left out and why not."""

    made: int
    ended: int
    kept: int
    without_category: int


def load_preset(*, key: str, actor: Actor, at: datetime) -> Loaded:
    """Load an example in place of the examples of before; what the district has changed itself stays.

    A limit for a category that the district does not have is left out. Raises `InputRefused` for an
    unknown preset.
    """
    refuse_keeping(actor)
    preset = next((each for each in presets() if each.key == key), None)
    if preset is None:
        raise InputRefused("没有这个示例，请重新选。", field="key")
    with transaction.atomic():
        rows = list(ClockPolicy.objects.select_for_update(no_key=True).filter(ended_at=None).order_by("pk"))
        old = [row for row in rows if row.is_example]
        for row in old:
            _end(row, f"换成示例“{preset.name}”", actor, at)
        own = {(row.category_id, row.is_urgent, row.kind) for row in rows if not row.is_example}
        return _load(preset, own, len(old), actor, at)


def _load(
    preset: Preset, own: set[tuple[int | None, bool | None, str]], ended: int, actor: Actor, at: datetime
) -> Loaded:
    categories = {row.code: row for row in Category.objects.filter(ended_at=None)}
    known = [limit for limit in preset.limits if not limit.category or limit.category in categories]
    made = 0
    for limit in known:
        category = categories.get(limit.category)
        if (category.pk if category else None, limit.urgent, limit.kind) in own:
            continue
        _make(preset, limit, category, actor, at)
        made += 1
    return Loaded(made, ended, len(known) - made, len(preset.limits) - len(known))


def _make(preset: Preset, limit: PresetLimit, category: Category | None, actor: Actor, at: datetime) -> None:
    row = ClockPolicy(
        category=category, is_urgent=limit.urgent, kind=limit.kind, amount=limit.amount, measure=limit.measure,
        cap=limit.cap, source=preset.name, is_example=True,
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            _record(row, "add", actor, at)
    except IntegrityError:
        raise Conflict("别人刚刚也在改时限，请刷新后再载入。") from None


def _standing(policy: ClockPolicy) -> ClockPolicy:
    row = ClockPolicy.objects.select_for_update(no_key=True).get(pk=policy.pk)
    if row.ended_at is not None:
        raise Conflict("这个时限已经停用了。")
    return row


def _end(row: ClockPolicy, reason: str, actor: Actor, at: datetime) -> None:
    row.ended_at = at
    _record(row, "end", actor, at, {"reason": reason}, save=("ended_at",))


def _record(
    row: ClockPolicy,
    verb: str,
    actor: Actor,
    at: datetime,
    facts: dict[str, Any] | None = None,
    save: tuple[str, ...] = (),
) -> None:
    said = {"limit": row.limit.spoken, "cap": row.cap, "warn_share": row.warn_share, "source": row.source}
    said |= {"category": row.category_id, "is_urgent": row.is_urgent, "kind": row.kind}
    record(row, verb, actor=actor, at=at, audience=Audience.DESK, payload=said | (facts or {}), save=save)


def _refuse_wrong(row: ClockPolicy) -> None:
    if row.kind not in set(ClockKind):
        raise InputRefused("请选择是哪个时钟。", field="kind")
    if row.measure not in MEASURE_LABELS:
        raise InputRefused("请选择单位。", field="measure")
    most = MOST[Measure(row.measure)]
    if not 1 <= row.amount <= most:
        raise InputRefused(f"时限要在 1 到 {most} 之间。", field="amount")
    if not 0 <= row.cap <= most:
        raise InputRefused(f"最多延长要在 0 到 {most} 之间，0 就是不能延长。", field="cap")
    if not 1 <= row.warn_share <= 99:
        raise InputRefused("提醒的比例要在 1 到 99 之间。", field="warn_share")
