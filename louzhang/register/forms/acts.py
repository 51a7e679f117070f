"""Every act on the register: its form, its words and the action behind it. Pages, programs and sync read this table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model

from louzhang.areas.models import Area
from louzhang.journal.actions import once
from louzhang.journal.actor import Actor
from louzhang.journal.forms import VerbForm, first_refusal, plain_body
from louzhang.register import actions
from louzhang.register.actions.taken_numbers import met_numbers_logged
from louzhang.register.forms import homes, people
from louzhang.register.forms.homes import PlaceForm


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that is done: to which kind of row, under which verb, by which form and action.

    `key` is the name under which the action takes the row. `said` is what the page says afterwards.
    """

    kind: str
    verb: str
    label: str
    said: str
    form: type[PlaceForm]
    action: Callable[..., Any]
    icon: str = ""
    is_grave: bool = False

    @property
    def key(self) -> str:
        """The name under which the action takes the row."""
        return f"{self.kind}_id"


_ACTS = (
    Act("dwelling", "move_in", "登记住户", "已登记", homes.MoveInForm, actions.move_in, icon="plus"),
    Act("dwelling", "check", "情况没变", "已记下核对", homes.CheckForm, actions.check_dwelling, icon="check"),
    Act("dwelling", "kind", "改房屋类型", "类型已改", homes.KindForm, actions.change_kind),
    Act("dwelling", "vacate", "记为空置", "已记为空置", homes.VacateForm, actions.vacate_dwelling),
    Act("dwelling", "alter", "更正门牌", "门牌已更正", homes.AlterDoorForm, actions.alter_dwelling),
    Act("dwelling", "end", "注销门牌", "门牌已注销", homes.EndDoorForm, actions.end_dwelling, is_grave=True),
    Act("household", "register", "加一个人", "已登记", people.RegisterForm, actions.register_resident, icon="plus"),
    Act("household", "need", "记需求", "需求已记下", homes.NeedForm, actions.raise_need),
    Act("household", "reach", "怎么联系", "已记下", homes.ReachForm, actions.record_reach),
    Act("household", "birth", "新生儿", "已登记", people.BirthForm, actions.record_birth),
    Act("household", "head", "改户主", "户主已改", homes.HeadForm, actions.change_head),
    Act("household", "out", "整户迁出", "已迁出", homes.MoveOutForm, actions.move_out, is_grave=True),
    Act("resident", "correct", "更正", "已更正", people.CorrectForm, actions.correct_resident),
    Act("resident", "check", "情况没变", "已记下核对", homes.CheckForm, actions.check_resident, icon="check"),
    Act("resident", "move", "搬到别户", "已搬家", people.MoveForm, actions.move_resident),
    Act("resident", "registration", "登记户籍", "户籍已登记", people.RegistrationForm, actions.record_registration),
    Act("resident", "leave", "迁出", "已迁出", people.LeaveForm, actions.leave, is_grave=True),
    Act("resident", "die", "去世", "已登记", people.DieForm, actions.record_death, is_grave=True),
    Act("need", "hand_on", "转办", "已记下去向", homes.HandOnForm, actions.hand_on_need),
    Act("need", "tick", "销号", "需求已销号", homes.TickOffForm, actions.tick_off_need, icon="check"),
    Act("need", "reopen", "还没办好", "已恢复，可以再办", homes.ReopenNeedForm, actions.reopen_need),
)
ACTS: Mapping[tuple[str, str], Act] = {(act.kind, act.verb): act for act in _ACTS}


def acts_on(kind: str) -> list[Act]:
    """What can be done to rows of a kind, in the order of the pages."""
    return [act for act in _ACTS if act.kind == kind]


def perform_once(act: Act, form: PlaceForm, row: Model, *, actor: Actor, at: datetime, **more: Any) -> None:
    """Carry out an act once per entry id; raises the form's first error, and the action's."""
    if not form.is_valid():
        raise first_refusal(form)

    def perform() -> Mapping[str, Any]:
        given = form.given() | more
        act.action(**{act.key: row.pk}, actor=actor, at=at, **given)
        return {"verb": act.verb}

    body = {"act": f"{act.kind}.{act.verb}", "row": row.pk, **plain_body(form)}
    with met_numbers_logged(is_typed=types_number(form), actor=actor, at=at):
        once(actor=actor, entry_id=form.cleaned_data["entry_id"], body=body, at=at, perform=perform)


def types_number(form: VerbForm) -> bool:
    """Whether an ID number was typed."""
    return bool(form.cleaned_data.get("id_number"))


def found_once(form: homes.DoorForm, leaves: Sequence[Area], *, actor: Actor, at: datetime) -> None:
    """Enter a door once per entry id; raises the form's first error, and the action's."""
    if not form.is_valid():
        raise first_refusal(form)
    given = form.given()
    leaf = next(leaf for leaf in leaves if str(leaf.pk) == given.pop("leaf"))

    def perform() -> Mapping[str, Any]:
        return {"dwelling": str(actions.found_dwelling(area=leaf, actor=actor, at=at, **given).uid)}

    body = {"act": "dwelling.found", **plain_body(form)}
    once(actor=actor, entry_id=form.cleaned_data["entry_id"], body=body, at=at, perform=perform)


def raised_once(form: homes.NeedForm, area: Area, *, actor: Actor, at: datetime) -> None:
    """Note a need of a whole area once per entry id; raises the form's first error, and the action's."""
    if not form.is_valid():
        raise first_refusal(form)

    def perform() -> Mapping[str, Any]:
        return {"need": str(actions.raise_need(area=area, actor=actor, at=at, **form.given()).uid)}

    body = {"act": "area.need", "area": area.pk, **plain_body(form)}
    once(actor=actor, entry_id=form.cleaned_data["entry_id"], body=body, at=at, perform=perform)
