"""What is typed in a mediation: its beginning, talks, sides, what was agreed, who goes on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django import forms

from louzhang.accounts.forms import PhoneField
from louzhang.journal.actions import once
from louzhang.journal.actor import Actor
from louzhang.kit import clock
from louzhang.mediation.actions import VERBS, start_mediation
from louzhang.mediation.lifecycle import KEPT_LABELS, MISSING
from louzhang.mediation.models import WORDS_AT_MOST, Mediation
from louzhang.mediation.queries import mediators_for
from louzhang.shell.widgets import ChipRadio, Day, Words
from louzhang.workorders.forms.fields import AreaField, VerbForm, first_refusal, plain_body
from louzhang.workorders.models import WorkOrder

USUAL_DAYS = 14
TOO_LONG = f"文字太长了，请缩短到 {WORDS_AT_MOST} 字以内。"


def _words(label: str, missing: str, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label, max_length=WORDS_AT_MOST, widget=Words, help_text=help_text,
        error_messages={"required": MISSING[missing], "max_length": TOO_LONG},
    )  # fmt: skip


def _day(label: str, missing: str, help_text: str = "") -> forms.DateField:
    said = {"required": MISSING[missing], "invalid": "请选择一个日期。"}
    return forms.DateField(label=label, widget=Day, help_text=help_text, error_messages=said)


class StartForm(VerbForm):
    """What it is about, and where."""

    area = AreaField(error_messages={"required": "请选择在哪里。"})
    words = _words("为了什么事", "words", "只有您、以后的调解员和当事人能看。")


class MoveForm(VerbForm):
    """The base of what is done in a mediation."""

    def __init__(self, *args: Any, mediation: Mediation, at: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.prepare(mediation, at)

    def prepare(self, mediation: Mediation, at: datetime) -> None:
        """Choices and first values that hang on the mediation or the day."""


class TalkForm(MoveForm):
    """One talk."""

    talked_on = _day("哪一天谈的", "talked_on")
    words = _words("谈了什么", "words")
    is_private = forms.BooleanField(
        label="只记给自己看", required=False, help_text="和一方单独谈的话可以勾上，当事人看不到。"
    )

    def prepare(self, mediation: Mediation, at: datetime) -> None:
        """Today, unless said otherwise."""
        self.initial.setdefault("talked_on", clock.local_date(at))


class PartyForm(MoveForm):
    """One of those in dispute."""

    name = forms.CharField(label="姓名或称呼", max_length=40, error_messages={"required": MISSING["name"]})
    phone = PhoneField(label="电话", max_length=30, required=False)


class _EndForm(MoveForm):
    follow_up_on = _day("哪一天回访", "follow_up_on", "到了那天会提醒您。")

    def prepare(self, mediation: Mediation, at: datetime) -> None:
        """Two weeks on, unless said otherwise."""
        self.initial.setdefault("follow_up_on", clock.local_date(at) + timedelta(days=USUAL_DAYS))


class AgreeForm(_EndForm):
    """What both sides agree to."""

    terms = _words("双方同意", "terms", "一条一行，写清谁在什么时候做什么。")
    field_order = ("terms", "follow_up_on")


class FailForm(_EndForm):
    """Why not, and where to turn next."""

    reason = _words("为什么没有谈成", "reason", "也写上接下来可以找谁：专业调解、司法所、法院。")
    field_order = ("reason", "follow_up_on")


class HandOnForm(MoveForm):
    """To whom."""

    mediator = forms.TypedChoiceField(
        label="交给谁",
        coerce=int,
        error_messages={"required": MISSING["mediator"], "invalid_choice": MISSING["mediator"]},
    )

    def prepare(self, mediation: Mediation, at: datetime) -> None:
        """Whoever may mediate at the place, but not the present one."""
        field: Any = self.fields["mediator"]
        field.choices = [("", "请选择")] + [
            (group.label, [(c.value, c.label) for c in group.choices if c.value != mediation.mediator_id])
            for group in mediators_for(mediation.area, at)
        ]


class FollowUpForm(MoveForm):
    """How it stands now."""

    kept = forms.ChoiceField(
        label="做到了没有", choices=list(KEPT_LABELS.items()), widget=ChipRadio,
        error_messages={"required": MISSING["kept"], "invalid_choice": MISSING["kept"]},
    )  # fmt: skip
    words = _words("现在怎么样", "words")


MOVE_FORMS: Mapping[str, type[MoveForm]] = {
    "talk": TalkForm,
    "add_party": PartyForm,
    "agree": AgreeForm,
    "fail": FailForm,
    "hand_on": HandOnForm,
    "follow_up": FollowUpForm,
}


def start_once(form: StartForm, *, order: WorkOrder | None, actor: Actor, at: datetime) -> str:
    """Start once per entry id; gives the uid. Raises the form's first error, and the action's."""
    if not form.is_valid():
        raise first_refusal(form)
    entry_id, facts = form.cleaned_data["entry_id"], form.given()

    def act() -> Mapping[str, Any]:
        begun = start_mediation(**facts, order=order, actor=actor, at=at, entry_id=entry_id)
        return {"uid": str(begun.uid)}

    body = {"order": order.pk if order else None, **plain_body(form)}
    return str(once(actor=actor, entry_id=entry_id, body=body, at=at, perform=act)["uid"])


def move_once(form: MoveForm, verb: str, mediation: Mediation, actor: Actor, at: datetime) -> None:
    """Do one verb once per entry id; raises the form's first error, and the action's."""
    if not form.is_valid():
        raise first_refusal(form)
    entry_id = form.cleaned_data["entry_id"]

    def act() -> Mapping[str, Any]:
        action: Any = VERBS[verb]
        action(mediation_id=mediation.pk, actor=actor, at=at, entry_id=entry_id, **form.given())
        return {"mediation": str(mediation.uid)}

    body = {"verb": verb, "mediation": mediation.pk, **plain_body(form)}
    once(actor=actor, entry_id=entry_id, body=body, at=at, perform=act)
