"""Working together on the page of an order: parts, meetings, motions, and what a form about them needs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from louzhang.accounts.visits import actor_of, visit_of
from louzhang.areas.models import Unit
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import NotThere
from louzhang.kit import clock
from louzhang.kit.lifecycle import Transition
from louzhang.shell.parts import Chip, Verb
from louzhang.workorders.actions.meetings import meeting_of
from louzhang.workorders.forms.fields import VerbForm
from louzhang.workorders.forms.joint import JOINT_FORMS
from louzhang.workorders.lifecycle import MeetingState, MotionState, PartState
from louzhang.workorders.models import Motion, Part, WorkOrder
from louzhang.workorders.queries import Moment, timeline
from louzhang.workorders.queries.addressees import Addressee, addressees
from louzhang.workorders.queries.disputes import arguments_of
from louzhang.workorders.queries.duties import clauses_about, search_clauses, spoken_clause
from louzhang.workorders.queries.meetings import MeetingLine, meetings_of, motions_of, units_called
from louzhang.workorders.queries.parts import PartLine, own_open_parts, parts_of
from louzhang.workorders.views.clock_marks import part_clock_lines
from louzhang.workorders.views.desk import for_desk, order_of

PART_CHIPS = {
    PartState.ASKED: "waiting",
    PartState.TAKEN: "unit",
    PartState.REPLIED: "ok",
    PartState.RELEASED: "closed",
}
MEETING_CHIPS = {MeetingState.CALLED: "waiting", MeetingState.HELD: "ok", MeetingState.CANCELLED: "closed"}
MOTION_CHIPS = {
    MotionState.RAISED: "waiting",
    MotionState.SUBMITTED: "unit",
    MotionState.ANSWERED: "ok",
    MotionState.CLOSED: "closed",
}
# Buttons that stand with the other verbs of the order already.
WITH_THE_ORDER = frozenset({"take_part", "reply_part"})
PROMISE_ROWS = 4


def together(order: WorkOrder, moments: Sequence[Moment], actor: Actor, at: datetime) -> dict[str, Any]:
    """What the page of an order shows of the units that work on it together."""
    return {
        "parts": part_contexts(parts_of(order, moments, actor, at), order, at),
        "meetings": [_meeting(line, order) for line in meetings_of(order, moments, actor)],
        "motions": [_motion(motion) for motion in motions_of(moments)],
    }


def part_contexts(
    lines: Sequence[PartLine], order: WorkOrder, at: datetime, face: str = "desk:act"
) -> list[dict[str, Any]]:
    """Each part with its state as a chip and the buttons the reader has.

    Signing and replying stand with the order's own verbs, unless the reader has several parts to choose from.
    """
    has_several = sum(line.is_own and line.part.is_open for line in lines) > 1
    return [_part(line, order, face, at, with_all=has_several) for line in lines]


def _part(line: PartLine, order: WorkOrder, face: str, at: datetime, *, with_all: bool) -> dict[str, Any]:
    state = PartState(line.part.status)
    verbs = [step for step in line.steps if step.verb not in WITH_THE_ORDER or with_all]
    return {
        "line": line,
        "chip": Chip(kind=PART_CHIPS[state], words=line.part.status_label),
        "clocks": part_clock_lines(line.part, order, at),
        "verbs": [button(order, step, face, part=line.part.pk) for step in verbs],
    }


def button(order: WorkOrder, step: Transition, face: str, **query: int) -> Verb:
    """A small button of one row beside the order."""
    return Verb(
        label=step.label,
        url=f"{reverse(face, args=[order.number, step.verb])}?{urlencode(query)}",
        opens="act",
        kind="soft",
    )


def _meeting(line: MeetingLine, order: WorkOrder) -> dict[str, Any]:
    return {
        "line": line,
        "chip": Chip(kind=MEETING_CHIPS[MeetingState(line.meeting.status)], words=line.meeting.status_label),
        "verbs": [button(order, step, "desk:act", meeting=line.meeting.pk) for step in line.steps],
    }


def _motion(motion: Motion) -> dict[str, Any]:
    return {"motion": motion, "chip": motion_chip(motion)}


def motion_chip(motion: Motion) -> Chip:
    """Where a motion stands."""
    return Chip(kind=MOTION_CHIPS[MotionState(motion.status)], words=motion.status_label)


@dataclass(frozen=True, slots=True)
class Pick:
    """Units to choose from: one, or any number."""

    name: str
    is_one: bool
    words: str
    chosen: list[int]
    found: list[Addressee]
    address: str

    @property
    def kind(self) -> str:
        """The kind of its inputs."""
        return "radio" if self.is_one else "checkbox"


UNIT_FIELDS = ("unit", "units", "assists")


def pick_of(
    order: WorkOrder, name: str, words: str, chosen: list[int], at: datetime, found: Sequence[Addressee] | None = None
) -> Pick:
    """The units one can choose: those chosen already first, then what was found, or is looked for now."""
    found = addressees(order, words, at) if found is None else found
    known = {each.unit.pk for each in found}
    missing = [unit for unit in chosen if unit not in known]
    kept = [Addressee(unit, serves=False) for unit in Unit.objects.filter(pk__in=missing)] if missing else []
    address = reverse("desk:pick_units", args=[order.number, name])
    return Pick(name, name == "unit", words, chosen, [*kept, *found], address)


def pick_from(
    order: WorkOrder, form: VerbForm, name: str, at: datetime, found: Sequence[Addressee] | None = None
) -> Pick:
    """The same for a form as far as it is filled."""
    words = str(form.data.get(f"{name}_words", "")) if form.is_bound else ""
    return pick_of(order, name, words, _ids(form[name].value()), at, found)


def _ids(value: Any) -> list[int]:
    given = value if isinstance(value, (list, tuple)) else [value] if value else []
    return [int(str(item)) for item in given if str(item).isdecimal() and len(str(item)) < 19]


@require_POST
@for_desk
def pick_units(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """The units again after something was typed into their search."""
    if name not in UNIT_FIELDS:
        raise NotThere("没有这个输入项，请刷新页面。")
    order = order_of(request, number)
    words, chosen = request.POST.get(f"{name}_words", ""), _ids(request.POST.getlist(name))
    pick = pick_of(order, name, words, chosen, visit_of(request).at)
    return render(request, "workorders/desk/parts/pick_list.html", {"pick": pick, "order": order})


def joint_context(request: HttpRequest, order: WorkOrder, form: VerbForm, verb: str) -> dict[str, Any]:
    """What the form of a verb about working together needs beside its fields."""
    if verb not in JOINT_FORMS:
        return {}
    actor, at = actor_of(request), visit_of(request).at
    name_row(request, form)
    arguments = arguments_of(timeline(order, actor)) if verb == "arbitrate" else []
    argued = {argument.unit for argument in arguments}
    shown = [bound for bound in form.visible_fields() if bound.name != "photos"]
    return {
        "joint": [_field(request, order, form, bound, at, argued) for bound in shown],
        "part_choices": part_choices(order, form, verb, actor),
        "arguments": arguments,
    }


def name_row(request: HttpRequest, form: VerbForm) -> None:
    """Carry the part or meeting that a link named into a fresh form."""
    for name in ("part", "meeting"):
        if name in form.fields and request.GET.get(name, "").isdecimal():
            form.initial[name] = request.GET[name]


def _field(
    request: HttpRequest,
    order: WorkOrder,
    form: VerbForm,
    bound: forms.BoundField,
    at: datetime,
    argued: Collection[str],
) -> dict[str, Any]:
    if bound.name in UNIT_FIELDS:
        pick = pick_from(order, form, bound.name, at)
        pick.found.sort(key=lambda each: each.unit.name not in argued)
        return {"kind": "units", "field": bound, "pick": pick}
    if bound.name == "clause":
        return {"kind": "clause", "field": bound, "choices": _clauses(order, at), "value": str(bound.value() or "")}
    if bound.name == "promises":
        return {"kind": "promises", "field": bound, **_promises(request, order, form)}
    return {"kind": "", "field": bound}


def _clauses(order: WorkOrder, at: datetime) -> list[tuple[str, list[tuple[str, str]]]]:
    """The clauses about this category, then the rest of the list."""
    about = clauses_about(order.category, at)
    known = {clause.pk for clause in about}
    rest = [clause for clause in search_clauses("", at) if clause.pk not in known]
    groups = [("和这个类别有关", about), ("其他条目", rest)]
    return [
        (label, [(str(clause.pk), f"{spoken_clause(clause)}（{clause.unit.name}）") for clause in rows])
        for label, rows in groups
        if rows
    ]


def _promises(request: HttpRequest, order: WorkOrder, form: VerbForm) -> dict[str, Any]:
    typed = str(form["meeting"].value() or "")
    meeting = meeting_of(order, int(typed)) if typed.isdecimal() and len(typed) < 19 else None
    units = [(str(unit.pk), unit.name) for unit in units_called(meeting)] if meeting is not None else []
    given = form["promises"].value() if form.is_bound else []
    rows = [row for row in given or [] if isinstance(row, dict)]
    empty = {"unit": "", "task": "", "due_at": ""}
    return {"units": units, "rows": [*rows, *[empty] * max(1, PROMISE_ROWS - len(rows))]}


PART_STATES = {
    "take_part": (PartState.ASKED,),
    "reply_part": (PartState.TAKEN,),
    "ask_contact": (PartState.ASKED, PartState.TAKEN, PartState.REPLIED),
}


def part_choices(order: WorkOrder, form: VerbForm, verb: str, actor: Actor) -> list[tuple[str, str]]:
    """Which part is meant, where a unit has several that it could be."""
    if verb not in PART_STATES or form["part"].value():
        return []
    found: list[Part] = own_open_parts(order, actor, *PART_STATES[verb])
    if len(found) < 2:
        return []
    return [(str(part.pk), f"{part.unit.name} · {clock.local(part.due_at):%m-%d} 前") for part in found]
