"""What is typed for a duty list: a shift, a sign-over, the word of who countersigns."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from django import forms

from louzhang.accounts.models import User
from louzhang.areas.models import Unit
from louzhang.duty.actions import WORDS_AT_MOST, countersign_handover, write_handover
from louzhang.duty.lifecycle import MISSING
from louzhang.duty.models import Handover
from louzhang.duty.queries import at_work, people_of
from louzhang.journal.actions import once
from louzhang.journal.actor import Actor
from louzhang.kit import clock
from louzhang.shell.widgets import Day, Words
from louzhang.workorders.forms.fields import VerbForm, first_refusal, plain_body

POSITIONS = [(place, f"第 {place} 位") for place in range(1, 6)]
TOO_LONG = f"文字太长了，请缩短到 {WORDS_AT_MOST} 字以内。"


class Hour(forms.TimeInput):
    """An hour and minute, chosen with the device's own picker."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


def _time(label: str) -> forms.TimeField:
    return forms.TimeField(
        label=label, widget=Hour, error_messages={"required": "请填写时间。", "invalid": "时间请写成 08:00 这样。"}
    )


def _person(label: str, missing: str) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, coerce=int, error_messages={"required": missing, "invalid_choice": missing}
    )


class ShiftForm(forms.Form):
    """One person, one day, from and to; an end before the beginning is the next day's."""

    person = _person("谁", "请选择谁来值班。")
    day = forms.DateField(
        label="哪一天", widget=Day, error_messages={"required": "请选择日期。", "invalid": "请选择一个日期。"}
    )
    begins = _time("几点起")
    ends = _time("几点止")
    position = forms.TypedChoiceField(label="叫人的顺序", coerce=int, choices=POSITIONS, initial=1)

    def __init__(self, *args: Any, people: list[User], **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["person"]
        field.choices = [("", "请选择"), *((person.pk, person.name) for person in people)]

    def span(self) -> tuple[datetime, datetime]:
        """From and to as moments; only for a valid form."""
        cleaned = self.cleaned_data
        return span_of(cleaned["day"], cleaned["begins"], cleaned["ends"])


def span_of(day: Any, begins: time, ends: time) -> tuple[datetime, datetime]:
    """Two times of a day as moments; an end that is not later is the next day's."""
    start = clock.day_start(day)
    from_at = start + timedelta(hours=begins.hour, minutes=begins.minute)
    to_at = start + timedelta(hours=ends.hour, minutes=ends.minute)
    return from_at, to_at if to_at > from_at else to_at + timedelta(days=1)


class HandoverForm(VerbForm):
    """To whom, and what there is to say beside what the program has filled in."""

    taker = _person("交给谁", MISSING["taker"])
    words = forms.CharField(
        label="还要交代的", required=False, max_length=WORDS_AT_MOST, widget=Words,
        error_messages={"max_length": TOO_LONG},
    )  # fmt: skip

    def __init__(self, *args: Any, unit: Unit, actor: Actor, at: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        others = [person for person in people_of(unit, at) if person.pk != actor.user_id]
        field: Any = self.fields["taker"]
        field.choices = [("", "请选择"), *((person.pk, person.name) for person in others)]
        self._others = {person.pk: person for person in others}
        soon = at_work(unit, at + timedelta(hours=1))
        self.initial.setdefault("taker", next((s.person_id for s in soon if s.person_id in self._others), ""))

    @property
    def chosen(self) -> User:
        """The next person; only for a valid form."""
        return self._others[self.cleaned_data["taker"]]


class SignForm(VerbForm):
    """A word of who takes over, if one likes."""

    words = forms.CharField(
        label="说明", required=False, max_length=WORDS_AT_MOST, widget=Words({"rows": 2}),
        error_messages={"max_length": TOO_LONG},
    )  # fmt: skip


def write_once(form: HandoverForm, *, unit: Unit, actor: Actor, at: datetime) -> str:
    """Write once per entry id; gives the uid. Raises the form's first error, and the action's."""
    if not form.is_valid():
        raise first_refusal(form)
    entry_id, words = form.cleaned_data["entry_id"], form.cleaned_data["words"]

    def act() -> Mapping[str, Any]:
        made = write_handover(unit=unit, taker=form.chosen, words=words, actor=actor, at=at, entry_id=entry_id)
        return {"uid": str(made.uid)}

    body = {"unit": unit.pk, **plain_body(form)}
    return str(once(actor=actor, entry_id=entry_id, body=body, at=at, perform=act)["uid"])


def sign_once(form: SignForm, *, handover: Handover, actor: Actor, at: datetime) -> None:
    """Countersign once per entry id; raises the form's first error, and the action's."""
    if not form.is_valid():
        raise first_refusal(form)
    entry_id = form.cleaned_data["entry_id"]

    def act() -> Mapping[str, Any]:
        signed = countersign_handover(handover_id=handover.pk, actor=actor, at=at, entry_id=entry_id, **form.given())
        return {"uid": str(signed.uid)}

    body = {"handover": handover.pk, **plain_body(form)}
    once(actor=actor, entry_id=entry_id, body=body, at=at, perform=act)
