"""What is typed about a category: its names, promise and rules, and the rows of extra questions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory

from louzhang.shell.widgets import ChipRadio, Words
from louzhang.workorders.actions.categorising import (
    HOURS_AT_MOST,
    KEEP_DAYS_AT_LEAST,
    METRES_AT_MOST,
    QUESTION_KINDS,
    QUESTIONS_AT_MOST,
)
from louzhang.workorders.models import Category, Handling

NEW_ROWS = 2
SAME_METRES, SAME_HOURS = 50, 72


class GroupForm(forms.Form):
    """A group: its name and place in the order."""

    name = forms.CharField(label="名称", max_length=30, error_messages={"required": "请填写名称。"})
    position = forms.IntegerField(label="排序", min_value=0, initial=0, help_text="小的排在前面。")


class CategoryForm(GroupForm):
    """A category of the second level."""

    letters = forms.CharField(
        label="两字母", max_length=2, required=False, help_text="接电话的人打这两个字母就选中它，不能和别的类别相同。"
    )
    promised_hours = forms.IntegerField(
        label="承诺时限（小时）",
        min_value=1,
        max_value=HOURS_AT_MOST,
        initial=72,
        help_text="反映人会看到什么时候办好。",
    )
    is_urgent = forms.BooleanField(
        label="紧急", required=False, help_text="居民那一页先提示 110、119、120，受理台响铃直到有人受理。"
    )
    handling = forms.ChoiceField(label="办理方式", choices=Handling.choices, initial=Handling.PLAIN, widget=ChipRadio)
    photo_reason = forms.CharField(
        label="必须拍照的理由", max_length=120, required=False, help_text="写了理由，办结时就一定要有照片；一般留空。"
    )
    keywords = forms.CharField(
        label="联想词",
        max_length=200,
        required=False,
        widget=Words({"rows": 2}),
        help_text="居民常说的词，用空格隔开；反映里有这些词就建议这个类别。",
    )
    same_metres = forms.IntegerField(
        label="相同的距离（米）",
        min_value=1,
        max_value=METRES_AT_MOST,
        initial=SAME_METRES,
        required=False,
        help_text="不填是 50 米。同类别、相距不超过这么远的，受理时提示可能是同一件事；同一栋楼的也提示。",
    )
    same_hours = forms.IntegerField(
        label="相同的时间（小时）",
        min_value=1,
        max_value=HOURS_AT_MOST,
        initial=SAME_HOURS,
        required=False,
        help_text="不填是 72 小时。前后相差不超过这么久的才提示。",
    )
    groups_bursts = forms.BooleanField(
        label="成批提示合并", required=False, help_text="短时间很多人反映同一处时，待办里合成一行，点一下全部合并。"
    )
    is_public_space = forms.BooleanField(
        label="公共地方的事",
        required=False,
        help_text="可以写一句说明公开给邻居，让他们点“我也遇到”。噪声、纠纷、家事、健康和品行的事一律不勾。",
    )
    is_verified_on_spot = forms.BooleanField(
        label="结案前现场核实",
        required=False,
        help_text="办结以后要有楼长、网格员或受理人员到现场看过，才能结案；办的人不能自己核实。",
    )
    keep_days = forms.IntegerField(
        label="个人信息保留天数",
        min_value=KEEP_DAYS_AT_LEAST,
        max_value=36500,
        initial=1095,
        help_text="结案后过了这么多天，姓名、电话和原话会被抹去。",
    )
    field_order: tuple[str, ...] = (
        "name", "letters", "promised_hours", "handling", "is_urgent", "keywords", "photo_reason",
    )  # fmt: skip

    def clean_letters(self) -> str:
        """Small letters, however they were typed."""
        return str(self.cleaned_data["letters"]).strip().lower()

    def clean_same_metres(self) -> int:
        """Blank is the usual distance."""
        return int(self.cleaned_data["same_metres"] or SAME_METRES)

    def clean_same_hours(self) -> int:
        """Blank is the usual time."""
        return int(self.cleaned_data["same_hours"] or SAME_HOURS)


class _Coded(forms.Form):
    code = forms.SlugField(
        label="代号",
        max_length=40,
        help_text="接口和文件用的英文代号，定了不再改，比如 pipe-leak。",
        error_messages={"invalid": "代号只能用英文字母、数字和短横线。", "required": "请填写代号。"},
    )


class AddGroupForm(_Coded, GroupForm):
    """A new group."""

    field_order = ("name", "code", "position")


class AddCategoryForm(_Coded, CategoryForm):
    """A new category below a group."""

    parent = forms.TypedChoiceField(label="大类", coerce=int)
    field_order = ("parent", "name", "code", *CategoryForm.field_order[1:])

    def __init__(self, *args: Any, groups: Iterable[Category], **options: Any) -> None:
        super().__init__(*args, **options)
        parent = self.fields["parent"]
        assert isinstance(parent, forms.TypedChoiceField)
        parent.choices = [(group.pk, group.name) for group in groups]


class QuestionForm(forms.Form):
    """One extra question; a row without words is left out."""

    key = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    label = forms.CharField(label="问什么", max_length=60, required=False)
    kind = forms.ChoiceField(label="怎么答", choices=list(QUESTION_KINDS.items()), initial="text")
    choices = forms.CharField(label="选项（用逗号隔开）", max_length=200, required=False)
    required = forms.BooleanField(label="必答", required=False)

    def clean(self) -> dict[str, Any]:
        """A choice needs something to choose from."""
        said = super().clean() or self.cleaned_data
        if said.get("label") and said.get("kind") == "choice" and len(split(said.get("choices", ""))) < 2:
            self.add_error("choices", "请写两个以上选项，用逗号隔开。")
        return said


Questions = formset_factory(
    QuestionForm, extra=NEW_ROWS, max_num=QUESTIONS_AT_MOST, absolute_max=QUESTIONS_AT_MOST, validate_max=True
)


def split(choices: str) -> list[str]:
    """The choices of a question, parted by commas of either width."""
    parts = choices.replace("，", ",").replace("、", ",").split(",")
    return list(dict.fromkeys(part.strip() for part in parts if part.strip()))


def as_rows(questions: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Stored questions as rows of the form."""
    return [question | {"choices": "，".join(question.get("choices", []))} for question in questions]


def as_questions(rows: BaseFormSet[Any]) -> list[dict[str, Any]]:
    """The rows of a valid form as questions; an old one keeps its key, so that answers stay readable."""
    said = [row.cleaned_data for row in rows.forms if row.cleaned_data.get("label")]
    taken = {row["key"] for row in said if row["key"]}
    fresh = (f"q{number}" for number in range(1, 100) if f"q{number}" not in taken)
    return [_question(row, row["key"] or next(fresh)) for row in said]


def _question(row: dict[str, Any], key: str) -> dict[str, Any]:
    question = {"key": key, "label": row["label"], "kind": row["kind"], "required": row["required"]}
    return question | ({"choices": split(row["choices"])} if row["kind"] == "choice" else {})
