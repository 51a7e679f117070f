"""What is typed about duties and about what to do when something happens."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from louzhang.areas.models import Area
from louzhang.areas.roles import FIELD_ROLES
from louzhang.journal.forms import VerbForm
from louzhang.roster.actions.duties import DutyDraft
from louzhang.roster.actions.guides import GuideDraft
from louzhang.roster.models.duties import NAME_LENGTH, STEPS_AT_MOST, WORDS_LENGTH, Callee, Duty, Guide, Proof
from louzhang.shell.widgets import ChipBoxes, ChipRadio, LongSelect, Words

ROLES = [(role.value, role.label) for role in FIELD_ROLES]


class ClassForm(VerbForm):
    """The name of a class."""

    name = forms.CharField(label="名称", max_length=NAME_LENGTH, error_messages={"required": "请写名称。"})


class DutyForm(VerbForm):
    """One duty."""

    name = forms.CharField(label="名称", max_length=NAME_LENGTH, error_messages={"required": "请写名称。"})
    words = forms.CharField(
        label="做什么", max_length=WORDS_LENGTH, widget=Words({"rows": 3, "data-grow": ""}),
        error_messages={"required": "请用一两句话写做什么。"},
    )  # fmt: skip
    roles = forms.MultipleChoiceField(
        label="谁的职责", choices=ROLES, widget=ChipBoxes, error_messages={"required": "请选这是谁的职责。"}
    )
    proof = forms.ChoiceField(
        label="这件事在哪里看得到", choices=Proof.choices, widget=ChipRadio,
        help_text="平时做事自然留下的记录，不另外填表。", error_messages={"required": "请选这件事在哪里看得到。"},
    )  # fmt: skip

    def draft(self) -> DutyDraft:
        """As the action takes it."""
        said = self.cleaned_data
        return DutyDraft(said["name"], said["words"], said["roles"], said["proof"])


def first_of_duty(duty: Duty) -> dict[str, Any]:
    """What stands there now."""
    return {"name": duty.name, "words": duty.words, "roles": duty.roles, "proof": duty.proof}


class GuideForm(VerbForm):
    """One page of what to do."""

    area = forms.ChoiceField(label="哪里的办法", widget=LongSelect, required=False)
    title = forms.CharField(label="遇到什么", max_length=NAME_LENGTH, error_messages={"required": "请写遇到什么。"})
    steps = forms.CharField(
        label="怎么做", widget=Words({"rows": 6, "data-grow": ""}), help_text=f"一行一步，最多 {STEPS_AT_MOST} 步。",
        error_messages={"required": "请一行写一步。"},
    )  # fmt: skip
    never = forms.CharField(label="千万不要", required=False)
    callees = forms.MultipleChoiceField(
        label="打给谁", choices=Callee.choices, widget=ChipBoxes,
        help_text="物业、网格员、社区和值班的人按楼栋自动找。", error_messages={"required": "请选打给谁。"},
    )  # fmt: skip

    def for_places(self, areas: Iterable[Area]) -> GuideForm:
        """Give the places whose words they may be; one or none is not asked."""
        choices = [(str(area.pk), area.name) for area in areas]
        field: Any = self.fields["area"]
        field.choices = choices
        if len(choices) <= 1:
            field.widget = forms.HiddenInput()
            field.initial = choices[0][0] if choices else ""
        return self

    def draft(self) -> GuideDraft:
        """As the action takes it."""
        said = self.cleaned_data
        return GuideDraft(said["title"], said["steps"].splitlines(), said["callees"], said["never"])


def first_of_guide(guide: Guide) -> dict[str, Any]:
    """What stands there now."""
    steps = "\n".join(guide.steps)
    return {"title": guide.title, "steps": steps, "never": guide.never, "callees": guide.callees}
