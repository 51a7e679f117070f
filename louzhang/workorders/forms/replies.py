"""What is typed about reply templates, and putting one into the form of a verb."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from louzhang.shell.widgets import ChipRadio, Words
from louzhang.workorders.actions.replies import COLUMNS
from louzhang.workorders.forms.fields import VerbForm
from louzhang.workorders.forms.routing import ChosenField
from louzhang.workorders.lifecycle import LOOP
from louzhang.workorders.models import Category, ReplyTemplate
from louzhang.workorders.models.replies import REPLY_LENGTH
from louzhang.workorders.plain_words import PLACEHOLDERS, REPLY_FIELDS, fill
from louzhang.workorders.queries.rule_choices import category_pairs

CAN_FILL = "、".join(f"{{{label}}}" for label in PLACEHOLDERS.values())


class ReplyWords(forms.Form):
    """The name of a template and its words."""

    name = forms.CharField(
        label="名称", max_length=40, help_text="选模板时看到的几个字。", error_messages={"required": "请填写名称。"}
    )
    words = forms.CharField(
        label="内容", max_length=REPLY_LENGTH, widget=Words({"rows": 5}),
        help_text=f"可以写 {CAN_FILL}，用的时候自动填好。", error_messages={"required": "请填写内容。"},
    )  # fmt: skip
    advice = forms.CharField(
        label="建议", max_length=REPLY_LENGTH, required=False, widget=Words({"rows": 3}),
        help_text="只有“不予受理”有这一栏：告诉反映人接下来找谁、怎么办。",
    )  # fmt: skip


class ReplyForm(ReplyWords):
    """A template, and for which category."""

    category = ChosenField(
        Category.objects.filter(ended_at=None), label="类别", required=False, help_text="类别自己的模板排在最前面。"
    )
    field_order: tuple[str, ...] = ("step", "category", "name", "words", "advice")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["category"]
        assert isinstance(field, ChosenField)
        field.offer(category_pairs())


class AddReplyForm(ReplyForm):
    """A new template for a step."""

    step = forms.ChoiceField(
        label="用在哪一步", choices=[(step, LOOP[step].label) for step in REPLY_FIELDS], widget=ChipRadio,
        error_messages={"required": "请选择用在哪一步。"},
    )  # fmt: skip


def initial_of(reply: ReplyTemplate) -> dict[str, Any]:
    """A template as the fields show it."""
    return {name: getattr(reply, name) for name in COLUMNS}


def put_into(form: VerbForm, verb: str, reply: ReplyTemplate, values: Mapping[str, str]) -> None:
    """Put the words of a template, filled in, into the bound form of a verb."""
    given: Any = form.data  # a QueryDict: the views bind a copy
    typed = given.copy()
    for name, words in zip(REPLY_FIELDS[verb], (reply.words, reply.advice), strict=False):
        if words:
            typed[name] = fill(words, values)
    form.data = typed


def reply_texts(form: VerbForm, verb: str) -> list[str]:
    """The words that residents would read, as far as they have been typed."""
    return [str(form[name].value() or "") for name in REPLY_FIELDS[verb] if name in form.fields]
