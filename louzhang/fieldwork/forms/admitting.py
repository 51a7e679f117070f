"""What a street says about a campaign, and what an office or department writes about one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms

from louzhang.areas.models import Area, Unit
from louzhang.areas.roles import FIELD_ROLES, Role
from louzhang.fieldwork.actions.admitting import (
    admit_admission,
    decline_admission,
    end_admission,
    withdraw_admission,
)
from louzhang.fieldwork.actions.campaigning import CampaignDraft, ask_campaign
from louzhang.fieldwork.models import Admission, Bulletin, CampaignKind
from louzhang.fieldwork.queries.admissions import AskedQuestion
from louzhang.journal.actions import once
from louzhang.journal.actor import Actor
from louzhang.journal.forms import VerbForm, first_refusal, plain_body
from louzhang.register.forms.fields import DayField
from louzhang.shell.widgets import ChipRadio, LongSelect, Words

REASON_LENGTH = 500
ASKED_KINDS = [(kind.value, kind.label) for kind in (CampaignKind.VISIT, CampaignKind.SHEET)]
ROLES = [(role.value, Role(role).label) for role in FIELD_ROLES]


class AdmitForm(VerbForm):
    """Question by question: asked, filled in from the register, or not asked; words if one likes."""

    reason = forms.CharField(
        label="要说的话",
        required=False,
        max_length=REASON_LENGTH,
        widget=Words,
        help_text="发起的单位能看到，可以不写。",
    )

    def prepare(self, questions: Sequence[AskedQuestion]) -> None:
        """One field a question, with what the register knows beside it."""
        for question in questions:
            known = f"登记里有：{question.known_label}。" if question.known else ""
            before = f"一年内“{'”“'.join(question.before[:2])}”也问过。" if question.before else ""
            self.fields[f"q_{question.key}"] = forms.ChoiceField(
                label=question.text, choices=question.choices, initial=question.answer, widget=ChipRadio,
                help_text=known + before,
                error_messages={"required": "请选照问还是不问。", "invalid_choice": "请重新选。"},
            )  # fmt: skip
        self.order_fields([*(f"q_{question.key}" for question in questions), "reason"])

    def answers(self) -> dict[str, str]:
        """What was said, by question."""
        return {name[2:]: said for name, said in self.cleaned_data.items() if name.startswith("q_")}


class DeclineForm(VerbForm):
    """Why not."""

    reason = forms.CharField(
        label="为什么不同意", max_length=REASON_LENGTH, widget=Words,
        help_text="发起的单位会收到，请写明怎么改就可以。",
        error_messages={"required": "请写明为什么不同意，让发起的单位知道怎么改。"},
    )  # fmt: skip


class CampaignForm(VerbForm):
    """What is asked of communities from above."""

    unit = forms.ChoiceField(label="以哪个单位的名义", error_messages={"required": "请选单位。"})
    kind = forms.ChoiceField(label="要做什么", choices=ASKED_KINDS, widget=ChipRadio, initial="visit")
    title = forms.CharField(label="名称", max_length=60, error_messages={"required": "请写名称。"})
    purpose = forms.CharField(
        label="为什么做", max_length=300, widget=Words, help_text="街道和社区都能看到。",
        error_messages={"required": "请写明为什么做。"},
    )  # fmt: skip
    areas = forms.MultipleChoiceField(
        label="在哪里", widget=forms.SelectMultiple({"size": 8}), help_text="可以选几个；按住 Ctrl 再点。",
        error_messages={"required": "请选在哪里做。", "invalid_choice": "请重新选地点。"},
    )  # fmt: skip
    starts_on = DayField(label="从哪天起")
    ends_on = DayField(label="最后一天")
    role = forms.ChoiceField(label="由谁去", choices=ROLES, widget=ChipRadio, initial=Role.CHIEF)
    minutes = forms.IntegerField(
        label="一户（一份）几分钟", min_value=1, max_value=240, initial=3, help_text="走访有以前的记录时，按以前的算。"
    )
    asked = forms.CharField(
        label="要问什么", required=False, widget=Words, help_text="一行一项。登记里已经有的，街道可以让大家不再问。"
    )
    bulletin = forms.ChoiceField(label="填哪张报表", required=False, widget=LongSelect)
    decision = forms.CharField(
        label="应急决定", required=False, max_length=200,
        help_text="只在应对突发事件时写：决定的名称和文号。写了就直接开始，页面上会标明。",
    )  # fmt: skip

    def prepare(self, units: Sequence[Unit], places: Sequence[Area], bulletins: Sequence[Bulletin]) -> None:
        """Give what there is to choose from."""
        choices: dict[str, list[tuple[str, str]]] = {
            "unit": [(str(unit.pk), unit.name) for unit in units],
            "areas": [(str(area.pk), "　" * (area.depth - 1) + area.name) for area in places],
            "bulletin": [("", "不填报表"), *((str(row.uid), row.name) for row in bulletins)],
        }
        for name, given in choices.items():
            field: Any = self.fields[name]
            field.choices = given
        if len(units) == 1:
            self.fields["unit"].widget, self.fields["unit"].initial = forms.HiddenInput(), str(units[0].pk)

    def draft(self) -> CampaignDraft:
        """As the action takes it."""
        said = self.cleaned_data
        names = ("kind", "title", "purpose", "starts_on", "ends_on", "minutes", "role", "decision")
        return CampaignDraft(
            area_ids=[int(pk) for pk in said["areas"]],
            asked=[line.strip() for line in said["asked"].splitlines() if line.strip()],
            bulletin_uid=said["bulletin"] or None,
            **{name: said[name] for name in names},
        )


def decide_once(admission: Admission, verb: str, form: Any, *, actor: Actor, at: datetime) -> None:
    """Admit or decline once per entry id; raises the first error of the form as a refusal."""
    if not form.is_valid():
        raise first_refusal(form)

    def perform() -> Mapping[str, Any]:
        given = {"uid": admission.uid, "reason": form.cleaned_data["reason"], "actor": actor, "at": at}
        if verb == "admit":
            admit_admission(answers=form.answers(), **given)
        else:
            decline_admission(**given)
        return {"admission": str(admission.uid)}

    body = {"act": f"admission.{verb}", "admission": str(admission.uid), **plain_body(form)}
    once(actor=actor, entry_id=form.cleaned_data["entry_id"], body=body, at=at, perform=perform)


def leave_once(admission: Admission, verb: str, *, actor: Actor, at: datetime) -> None:
    """Withdraw or end."""
    act = {"withdraw": withdraw_admission, "end": end_admission}[verb]
    act(uid=admission.uid, actor=actor, at=at)


def ask_once(form: CampaignForm, units: Sequence[Unit], *, actor: Actor, at: datetime) -> str:
    """Ask once per entry id; gives the campaign's uid."""
    if not form.is_valid():
        raise first_refusal(form)
    unit = next(unit for unit in units if str(unit.pk) == form.cleaned_data["unit"])

    def perform() -> Mapping[str, Any]:
        return {"campaign": str(ask_campaign(draft=form.draft(), unit=unit, actor=actor, at=at).uid)}

    body = {"act": "campaign.ask", **plain_body(form)}
    answer = once(actor=actor, entry_id=form.cleaned_data["entry_id"], body=body, at=at, perform=perform)
    return str(answer["campaign"])
