"""The clocks of an order in the words and colours of pages: chips of lists, lines of its page, notes of its history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from louzhang.kit import clock
from louzhang.kit.working_time import WorkingTime
from louzhang.shell.parts import Chip
from louzhang.workorders.actions.asking_time import ContactResult, PauseFor, running_settle
from louzhang.workorders.clocks import CLOCK_LABELS, DAY_AND_NIGHT, ClockKind, ClockState, Limit, Measure, Reading
from louzhang.workorders.lifecycle import IN_PROGRESS
from louzhang.workorders.models import Part, WorkOrder
from louzhang.workorders.models.timing import DUE_COLUMNS, Asked
from louzhang.workorders.queries import Moment
from louzhang.workorders.queries.clocks import ground_beside, readings_of
from louzhang.workorders.timekeeping import Clocks, Kept, told_lines

HOUR = timedelta(hours=1)
WAITING, PAUSED = "等反映人", "已暂停"
# Before what is left in a list: what most lists are about needs no word.
SHORT = {ClockKind.TAKE: "签收", ClockKind.CONTACT: "联系", ClockKind.SETTLE: ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """How an order stands to its time: what presses first, or that nothing does."""

    chip: Chip
    at: datetime | None = None

    @property
    def tone(self) -> str:
        """The colour of its row: soon, overdue, or none."""
        return self.chip.kind if self.chip.kind in ("soon", "overdue") else ""


def due_of(order: WorkOrder, at: datetime) -> Due | None:
    """The first clock that is due, or why time stands still; None where no time counts."""
    if order.status not in IN_PROGRESS or order.is_only_former:
        return None
    if order.due_at is None:
        words = WAITING if order.is_waiting else PAUSED if order.paused_at else ""
        return Due(chip=Chip(kind="waiting", words=words)) if words else None
    kind = "overdue" if order.due_at < at else "soon" if order.soon_at and order.soon_at <= at else "plain"
    what = next(kind for kind, column in DUE_COLUMNS.items() if getattr(order, column) == order.due_at)
    return Due(chip=Chip(kind=kind, words=f"{SHORT[what]}{clock.speak_due(order.due_at, at)}"), at=order.due_at)


def clock_chip(order: WorkOrder, at: datetime) -> Chip | None:
    """What is left of the first clock, while somebody still has to do something."""
    due = due_of(order, at)
    return due.chip if due else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockLine:
    """One clock on the page of its order."""

    label: str
    chip: Chip
    due_at: datetime | None
    limit: str
    more: str


CHIPS = {
    ClockState.RUNNING: "plain",
    ClockState.DUE_SOON: "soon",
    ClockState.OVERDUE: "overdue",
    ClockState.PAUSED: "waiting",
    ClockState.MET: "ok",
    ClockState.MISSED: "closed",
}


def clock_lines(order: WorkOrder, at: datetime) -> list[ClockLine]:
    """Every clock of an order with its state and what is left, in the order they run."""
    return [] if order.is_only_former else _lines(order.kept, order, CLOCK_LABELS, at)


PART_CLOCKS = {ClockKind.TAKE: "签收", ClockKind.SETTLE: "回复"}


def part_clock_lines(part: Part, order: WorkOrder, at: datetime) -> list[ClockLine]:
    """The clocks of a part while it is open, with the calendar read beside its order."""
    return _lines(part.kept, order, PART_CLOCKS, at) if part.is_open else []


def part_due(part: Part, at: datetime) -> Chip | None:
    """What presses first of an open part, or that its time stands still; None where no time counts."""
    if part.late_at is None:
        waits = any(kept.is_waiting for kept in part.kept.values())
        return Chip(kind="waiting", words=WAITING if waits else PAUSED) if part.paused_at else None
    first = next(kind for kind, kept in part.kept.items() if kept.is_running and kept.due_at == part.late_at)
    soon_at = part.kept[first].soon_at
    kind = "overdue" if part.is_late(at) else "soon" if soon_at and soon_at <= at else "plain"
    return Chip(kind=kind, words=f"{SHORT[first]}{clock.speak_due(part.late_at, at)}")


def pressing_due(order: WorkOrder, helped: Mapping[int, Part | None], at: datetime) -> Due | None:
    """What presses whoever reads a list: the order's first clock, or that of the own part where one only helps."""
    if order.pk not in helped:
        return due_of(order, at)
    part = helped[order.pk]
    chip = part_due(part, at) if part is not None else None
    return Due(chip=chip, at=part.late_at) if part is not None and chip is not None else None


def _lines(clocks: Clocks, order: WorkOrder, labels: Mapping[ClockKind, str], at: datetime) -> list[ClockLine]:
    readings = readings_of(clocks, order, at)
    return [_line(label, clocks[kind], readings[kind], order, at) for kind, label in labels.items() if kind in readings]


def _line(label: str, kept: Kept, reading: Reading, order: WorkOrder, at: datetime) -> ClockLine:
    working = ground_beside(order).calendar.working_time(kept.unit_id)
    limit = kept.clock.limit
    more = f"延长过 {Limit(kept.clock.extended_by, kept.clock.limit.measure).spoken}" if kept.clock.extended_by else ""
    return ClockLine(
        label=label,
        chip=Chip(kind=CHIPS[reading.state], words=_words(kept, reading, working, at)),
        due_at=reading.due_at if kept.is_running else None,
        limit=("按" if limit.measure is Measure.MINUTES else "限 ") + limit.spoken,
        more=more,
    )


def _words(kept: Kept, reading: Reading, working: WorkingTime, at: datetime) -> str:
    if reading.state is ClockState.MET:
        return "按时完成"
    if reading.state is ClockState.MISSED:
        return "超时完成"
    if reading.state is ClockState.PAUSED:
        return WAITING if reading.is_waiting else PAUSED
    assert reading.due_at is not None  # only a pause keeps a running clock from getting there
    if reading.state is ClockState.OVERDUE or kept.clock.limit.measure in DAY_AND_NIGHT:
        return clock.speak_due(reading.due_at, at)
    return speak_working(reading, kept.clock.limit.measure, working, at)


def speak_working(reading: Reading, measure: Measure, working: WorkingTime, at: datetime) -> str:
    """What is left of working time: 还剩 3 个工作日, 还剩 3 个工作小时, 还剩 40 分钟（工作时间）."""
    assert reading.due_at is not None
    days = _days_between(working, at, reading.due_at) if measure is Measure.WORKING_DAYS else 0
    if days > 1:
        return f"还剩 {days} 个工作日"
    if reading.remaining >= HOUR:
        return f"还剩 {reading.remaining // HOUR} 个工作小时"
    return f"还剩 {reading.remaining_minutes} 分钟（工作时间）"


def _days_between(working: WorkingTime, at: datetime, due_at: datetime) -> int:
    """The working days after today up to the day on which it is due."""
    first, last = clock.local_date(at), clock.local_date(due_at)
    return sum(1 for day in range(1, (last - first).days + 1) if working.spans_on(first + timedelta(days=day)))


ASKS = frozenset({"ask_pause", "ask_extension"})


def asked_words(order: WorkOrder, moments: Sequence[Moment]) -> dict[str, str] | None:
    """What the unit asks of the desk about its time, with its reason; None where nothing is asked."""
    if not order.asked:
        return None
    what = Asked(order.asked).label
    settle = running_settle(order)
    if order.asked == Asked.EXTENSION and settle is not None and order.asked_amount:
        what += f" {Limit(order.asked_amount, settle.clock.limit.measure).spoken}"
    last = next((moment for moment in reversed(moments) if moment.event.verb in ASKS), None)
    reason = str(last.spoken.get("reason", "")) if last else ""
    return {"what": what, "reason": reason}


def extension_hint(order: WorkOrder) -> str:
    """How much the settling time may still be extended, for the forms that ask and grant it."""
    settle = running_settle(order)
    if settle is None or not settle.clock.room:
        return "这件事的办结时限不能再延长了。"
    measure = settle.clock.limit.measure
    unit = {Measure.HOURS: "小时", Measure.WORKING_DAYS: "个工作日", Measure.WORKING_MINUTES: "分钟（工作时间）"}[
        measure
    ]
    asked = f"申请的是 {order.asked_amount}，不填就按申请的延长。" if order.asked == Asked.EXTENSION else ""
    return f"单位是{unit.removeprefix('个')}，最多还能延长 {settle.clock.room} {unit}。{asked}"


HINTS = {
    "contact": "联系上以后，先行联系的时限就停了。没联系上的，请过一会儿再联系。",
    "ask_pause": "受理单位同意以后才停，答复之前时间照常算。",
    "grant_pause": "从现在起时间停着，恢复以后时限顺延。",
    "refuse_pause": "时间一直没有停。承办单位会看到理由。",
    "pause": "从现在起时间停着，恢复以后时限顺延。等反映人的，反映人回复以后自动恢复。",
    "resume": "从现在起时间继续算，时限按停着的时间顺延。",
}
# What the phone says after a verb about time, and the verbs that have a button on the page of an order.
SAID_OF_TIME = {
    "contact": "已记下联系的结果。",
    "ask_pause": "已申请，等受理单位答复。",
    "grant_pause": "已同意，时间停着。",
    "refuse_pause": "已答复，不同意暂停。",
    "pause": "时间停着。",
    "resume": "时间继续算。",
    "ask_extension": "已申请，等受理单位答复。",
    "grant_extension": "已同意，时限已经延长。",
    "refuse_extension": "已答复，不同意延期。",
}
VERBS_OF_TIME = frozenset(SAID_OF_TIME)
HINT_OF = {"ask_extension": extension_hint, "grant_extension": extension_hint}


def hint_of(order: WorkOrder, verb: str) -> str:
    """What the form of a verb about time says above its fields; empty for the others."""
    return HINT_OF[verb](order) if verb in HINT_OF else HINTS.get(verb, "")


def clock_notes(payload: Mapping[str, Any], at: datetime) -> list[str]:
    """What an event did to the clocks, beside its line in the history for those who handle."""
    said = {
        "contact_result": dict(ContactResult.choices),
        "pause_for": {PauseFor.WAIT.value: PauseFor.WAIT.label},
    }
    notes = [str(words[payload[name]]) for name, words in said.items() if payload.get(name) in words]
    if payload.get("amount_said"):
        notes.append(f"延长 {payload['amount_said']}")
    notes += told_lines(payload.get("clocks", ()))
    notes += [_moved_line(CLOCK_LABELS[ClockKind(move["clock"])], move, at) for move in payload.get("moved", ())]
    return notes + [_moved_line(f"{move['unit']}协办", move, at) for move in payload.get("parts_moved", ())]


def _moved_line(label: str, move: Mapping[str, str | None], at: datetime) -> str:
    before, after = (datetime.fromisoformat(said) if said else None for said in (move["before"], move["after"]))
    if after is None:
        return f"{label}时限停着"
    now = clock.speak(after, at)
    return f"{label}时限从 {clock.speak(before, at)} 改到 {now}" if before else f"{label}时限是 {now}"
