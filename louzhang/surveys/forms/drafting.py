"""What a survey is about, and one question of it, as they are typed at the desk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms

from louzhang.areas.models import Area
from louzhang.journal.actions import once
from louzhang.journal.actor import Actor
from louzhang.journal.forms import VerbForm, first_refusal, plain_body
from louzhang.shell.widgets import ChipBoxes, ChipRadio, Day, Words
from louzhang.surveys.actions.drafting import SurveyDraft, change_survey, write_survey
from louzhang.surveys.choosing import Choice, choice_of
from louzhang.surveys.models import Basis, Survey, SurveyKind

MOMENT = "%Y-%m-%dT%H:%M"


class Moment(forms.DateTimeInput):
    """A day with an hour, chosen with the device's own picker."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format=MOMENT)


def _moment(label: str) -> forms.DateTimeField:
    said = {"required": "请选择日期和时间。", "invalid": "请选择日期和时间。"}
    return forms.DateTimeField(label=label, widget=Moment, input_formats=[MOMENT], error_messages=said)


class SurveyForm(VerbForm):
    """Everything but the questions."""

    title = forms.CharField(label="名称", max_length=60, error_messages={"required": "请写一个名称，居民看得懂的。"})
    kind = forms.ChoiceField(label="类型", choices=SurveyKind.choices, widget=ChipRadio)
    purpose = forms.CharField(
        label="为什么问，答案用来做什么", max_length=300, widget=Words, help_text="居民和上门的人都会看到这句话。",
        error_messages={"required": "请写明为什么问、答案用来做什么。"},
    )  # fmt: skip
    basis = forms.ChoiceField(label="依据", choices=Basis.choices, widget=ChipRadio)
    basis_words = forms.CharField(
        label="文件或决定", max_length=200, required=False,
        help_text="履行职责的写文件名称和文号；应对突发事件的写哪一个决定。",
    )  # fmt: skip
    areas = forms.TypedMultipleChoiceField(
        label="在哪里问", coerce=int, widget=ChipBoxes, error_messages={"required": "请选择在哪里问。"}
    )
    kinds = forms.TypedMultipleChoiceField(
        label="只问这些类型的房屋", coerce=int, required=False, widget=ChipBoxes, help_text="不选就是全部。"
    )
    age_from = forms.IntegerField(label="只问家里有人满几岁的", required=False, min_value=0, max_value=130)
    age_to = forms.IntegerField(label="到几岁", required=False, min_value=0, max_value=130)
    with_empty = forms.BooleanField(label="没有登记住户的门牌也问", required=False)
    starts_at = _moment("开始")
    ends_at = _moment("结束")
    purge_on = forms.DateField(
        label="哪一天删除回答", widget=Day, help_text="从这一天起只留汇总的数字。",
        error_messages={"required": "请选择哪一天删除回答。", "invalid": "请选择一个日期。"},
    )  # fmt: skip

    def prepare(self, areas: Sequence[tuple[int, str]], kinds: Iterable[tuple[int, str]]) -> None:
        """The places and kinds of homes to choose from."""
        choices: Any = self.fields
        choices["areas"].choices = list(areas)
        choices["kinds"].choices = list(kinds)

    def draft(self) -> SurveyDraft:
        """What was written; only for a valid form."""
        said = self.cleaned_data
        names = ("title", "kind", "purpose", "basis", "basis_words", "starts_at", "ends_at", "purge_on")
        choice = Choice(tuple(said["kinds"]), said["age_from"], said["age_to"], said["with_empty"])
        return SurveyDraft(area_ids=said["areas"], choice=choice, **{name: said[name] for name in names})


def first_values(survey: Survey) -> dict[str, Any]:
    """A stored draft as first values of the form."""
    choice = choice_of(survey.household_filter)
    names = ("title", "kind", "purpose", "basis", "basis_words", "starts_at", "ends_at", "purge_on")
    return {name: getattr(survey, name) for name in names} | {
        "areas": list(survey.grounds.values_list("area_id", flat=True)),
        "kinds": list(choice.kinds),
        "age_from": choice.age_from,
        "age_to": choice.age_to,
        "with_empty": choice.with_empty,
    }


def write_once(form: SurveyForm, *, area: Area, survey: Survey | None, actor: Actor, at: datetime) -> str:
    """Write or change a draft once per entry id; gives its uid. Raises the form's first error, and the action's."""
    if not form.is_valid():
        raise first_refusal(form)
    entry_id, draft = form.cleaned_data["entry_id"], form.draft()

    def act() -> Mapping[str, Any]:
        if survey is None:
            row = write_survey(draft=draft, asker_area_id=area.pk, actor=actor, at=at, entry_id=entry_id)
        else:
            row = change_survey(survey_id=survey.pk, draft=draft, actor=actor, at=at, entry_id=entry_id)
        return {"uid": str(row.uid)}

    body = {"area": area.pk, "survey": survey.pk if survey is not None else None, **plain_body(form)}
    return str(once(actor=actor, entry_id=entry_id, body=body, at=at, perform=act)["uid"])
