"""Forms of follow-ups: a rule of the office that asks, and what came of calling."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms

from louzhang.areas.roles import Role
from louzhang.journal.forms import VerbForm
from louzhang.shell.widgets import ChipBoxes, ChipRadio, LongSelect
from louzhang.surveys.actions.following_up import RuleDraft
from louzhang.surveys.following import FOLLOWED
from louzhang.surveys.models import Course, Question
from louzhang.surveys.models.follow_ups import DAYS_AT_MOST, VISITORS
from louzhang.surveys.questions import Kind
from louzhang.workorders.models import Category, Handling
from louzhang.workorders.queries.choices import by_group, offered_categories

OUTCOMES = (("follow", "去过了，或联系上了"), ("drop", "不用跟进"))


def followed_questions(questions: Sequence[Question]) -> list[Question]:
    """Those whose answers a rule may wait for."""
    return [question for question in questions if question.asked().kind in FOLLOWED]


class RuleForm(VerbForm):
    """A rule about one question: which answers, and what becomes of them."""

    course = forms.ChoiceField(label="怎么办", choices=Course.choices, widget=ChipRadio, initial=Course.VISIT)
    words = forms.CharField(
        label="要做什么",
        max_length=60,
        help_text="写在工单和清单上的一句话。只写要做的事，不写这一户答了什么。",
        error_messages={"required": "请用一句话写要做什么。", "max_length": "请写在 60 个字以内。"},
    )
    role = forms.ChoiceField(
        label="谁上门", required=False, choices=[(role.value, role.label) for role in map(Role, VISITORS)],
        initial=Role.CHIEF, help_text="只有转为“上门看看”时用。",
    )  # fmt: skip
    days = forms.IntegerField(
        label="几天之内", required=False, min_value=1, max_value=DAYS_AT_MOST, initial=3,
        error_messages={"invalid": "请写天数。", "min_value": "最少 1 天。", "max_value": f"最多 {DAYS_AT_MOST} 天。"},
    )  # fmt: skip
    category = forms.ChoiceField(
        label="工单类别", required=False, widget=LongSelect, help_text="只有转为工单时用。",
        error_messages={"invalid_choice": "请选择工单的类别。"},
    )  # fmt: skip
    photos = forms.TypedChoiceField(
        label="带上照片", required=False, coerce=int, empty_value=None, widget=LongSelect,
        help_text="转为工单时，这一题的照片一起交给办理的人；住户答题时会看到这一句。",
        error_messages={"invalid_choice": "请选这次排查里要照片的一题。"},
    )  # fmt: skip

    def __init__(self, *args: Any, question: Question, **options: Any) -> None:
        super().__init__(*args, **options)
        self.question = question
        self._offer_photos()
        self.leaves = {leaf.code: leaf for leaf in offered_categories() if leaf.handling != Handling.COMPLAINT}
        groups = [
            (group.label, [(leaf.code, leaf.name) for leaf in group.choices if leaf.code in self.leaves])
            for group in by_group(list(self.leaves.values()))
        ]
        chosen: Any = self.fields["category"]
        chosen.choices = [("", "请选择"), *groups]
        asked = question.asked()
        if asked.kind is Kind.NUMBER:
            bounds = {"invalid": "请填数字。"}
            self.fields["least"] = forms.DecimalField(label="从几起", required=False, error_messages=bounds)
            self.fields["most"] = forms.DecimalField(label="到几为止", required=False, error_messages=bounds)
        else:
            choices = [(option.code, option.words) for option in asked.choices]
            self.fields["condition"] = forms.MultipleChoiceField(
                label="哪些答案要跟进", required=False, choices=choices, widget=ChipBoxes
            )
        first = [name for name in ("condition", "least", "most") if name in self.fields]
        self.order_fields(["entry_id", *first])

    def _offer_photos(self) -> None:
        """The questions of the survey that ask for photos; without one it is not asked."""
        rows = Question.objects.filter(survey_id=self.question.survey_id, kind=Kind.PHOTO.value).order_by("position")
        choices = [(str(row.pk), row.text) for row in rows]
        if not choices:
            del self.fields["photos"]
            return
        field: Any = self.fields["photos"]
        field.choices = [("", "不带照片"), *choices]

    def draft(self) -> RuleDraft:
        """The rule as it was written; only for a valid form."""
        said = self.cleaned_data
        is_visit, is_order = said["course"] == Course.VISIT, said["course"] == Course.ORDER
        return RuleDraft(
            question_id=self.question.pk,
            course=said["course"],
            words=said["words"],
            condition=self._condition(),
            category=self._category() if is_order else None,
            role=said["role"] if is_visit else "",
            days=said["days"] if is_visit else None,
            photos_id=said.get("photos") if is_order else None,
        )

    def _condition(self) -> dict[str, Any]:
        said = self.cleaned_data
        if "condition" in said:
            return {"answers": said["condition"]}
        return {name: _plain(said[name]) for name in ("least", "most") if said.get(name) is not None}

    def _category(self) -> Category | None:
        return self.leaves.get(self.cleaned_data["category"])


def _plain(number: Decimal) -> int | float:
    return int(number) if number == number.to_integral_value() else float(number)


class CallForm(VerbForm):
    """What came of calling."""

    outcome = forms.ChoiceField(
        label="结果", choices=OUTCOMES, widget=ChipRadio, initial="follow",
        error_messages={"required": "请选一个结果。", "invalid_choice": "请选一个结果。"},
    )  # fmt: skip
    words = forms.CharField(
        label="说明", required=False, max_length=200, widget=forms.Textarea({"rows": 3, "data-private": ""}),
        help_text="不用跟进的要写原因。这段话只有办理的人能看，到期删除。",
        error_messages={"max_length": "请写在 200 个字以内。"},
    )  # fmt: skip
