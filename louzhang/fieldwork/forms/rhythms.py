"""What is typed about a rhythm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django import forms

from louzhang.areas.models import Area
from louzhang.areas.roles import FIELD_ROLES, Role
from louzhang.fieldwork.actions.proposing import set_or_ask
from louzhang.fieldwork.actions.rhythms import NAME_LENGTH, RhythmDraft
from louzhang.fieldwork.models import Campaign, Rhythm, Span, Whom
from louzhang.fieldwork.models.rhythms import EVERY_AT_MOST, OFTEN_AT_MOST
from louzhang.journal.actions import once
from louzhang.journal.actor import Actor
from louzhang.journal.forms import VerbForm, first_refusal, plain_body
from louzhang.kit import queue
from louzhang.register.forms.fields import DayField
from louzhang.register.models import CareKind
from louzhang.shell.widgets import ChipRadio, LongSelect

ROLES = [(role.value, role.label) for role in (*FIELD_ROLES, Role.SECRETARY)]


class RhythmForm(VerbForm):
    """Whom, by whom, how often, where, from when."""

    name = forms.CharField(label="名称", max_length=NAME_LENGTH, error_messages={"required": "请写名称。"})
    area = forms.ChoiceField(label="在哪里", widget=LongSelect, error_messages={"required": "请选在哪里。"})
    whom = forms.ChoiceField(label="走访谁", choices=Whom.choices, widget=ChipRadio, initial=Whom.EACH)
    care_code = forms.ChoiceField(
        label="哪种关爱", required=False, help_text="只对“有关爱标记的户”有用；清单上不写是哪种。"
    )
    role = forms.ChoiceField(label="由谁来", choices=ROLES, widget=ChipRadio, initial=Role.GRID_WORKER)
    every = forms.IntegerField(label="每几", min_value=1, max_value=EVERY_AT_MOST, initial=1)
    span = forms.ChoiceField(label="按什么算", choices=Span.choices, widget=ChipRadio, initial=Span.MONTH)
    often = forms.IntegerField(
        label="几户或几次", min_value=1, max_value=OFTEN_AT_MOST, initial=1,
        help_text="“每天若干户”写几户，“到片区去”写几次，其他写 1。",
    )  # fmt: skip
    starts_on = DayField(label="从哪天起")
    ends_on = DayField(label="到哪天止", required=False)

    def prepare(self, places: Sequence[Area]) -> None:
        """Give the places and the kinds of care to choose from."""
        area: Any = self.fields["area"]
        area.choices = [(str(place.pk), "　" * (place.depth - 1) + place.name) for place in places]
        kinds = CareKind.objects.filter(ended_at=None).order_by("position", "pk").values_list("code", "name")
        care: Any = self.fields["care_code"]
        care.choices = [("", "不分哪种"), *kinds]

    def draft(self) -> RhythmDraft:
        """As the action takes it."""
        said = self.cleaned_data
        names = ("name", "whom", "role", "span", "every", "often", "care_code")
        return RhythmDraft(**{name: said[name] for name in names})


def set_once(form: RhythmForm, places: Sequence[Area], *, actor: Actor, at: datetime) -> bool:
    """Set a rhythm once per entry id, or ask for it from above; gives whether it waits for a street now."""
    if not form.is_valid():
        raise first_refusal(form)
    said: Mapping[str, Any] = form.cleaned_data
    area = next(place for place in places if str(place.pk) == said["area"])
    ends_on: date | None = said["ends_on"]

    def perform() -> Mapping[str, Any]:
        made = set_or_ask(
            draft=form.draft(), area=area, starts_on=said["starts_on"], ends_on=ends_on, actor=actor, at=at
        )
        begin_if_set(made)
        return {"rhythm": str(made.uid), "is_asked": isinstance(made, Campaign)}

    body = {"act": "rhythm.set", **plain_body(form)}
    told = once(actor=actor, entry_id=form.cleaned_data["entry_id"], body=body, at=at, perform=perform)
    return bool(told["is_asked"])


def begin_if_set(made: Rhythm | Campaign) -> None:
    """What was set gets its rows; what waits for a street has none."""
    if isinstance(made, Rhythm):
        begin(made)


def begin(rhythm: Rhythm) -> None:
    """Leave its rows to the worker: laid down for a new rhythm, taken away from one that ended."""
    queue.defer("louzhang.fieldwork.tasks.begin_rhythm", key=f"rhythm:{rhythm.pk}", rhythm_id=rhythm.pk)
