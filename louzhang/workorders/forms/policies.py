"""What is typed about the limits of the clocks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from louzhang.shell.widgets import ChipRadio, Words
from louzhang.workorders.actions.policies import MOST
from louzhang.workorders.clocks import CLOCK_LABELS, MEASURE_LABELS, WARN_SHARE, ClockKind, Measure
from louzhang.workorders.models import Category
from louzhang.workorders.models.policies import SOURCE_LENGTH
from louzhang.workorders.starter.presets import presets

URGENCY_CHOICES = [("", "不论紧急不紧急"), ("1", "只管紧急的"), ("0", "只管不紧急的")]
LARGEST = max(MOST.values())


class PolicyForm(forms.Form):
    """How long, how much longer at most, when to remind, on what ground."""

    amount = forms.IntegerField(label="时限", min_value=1, max_value=LARGEST)
    measure = forms.ChoiceField(
        label="单位", choices=[(measure.value, label) for measure, label in MEASURE_LABELS.items()], widget=ChipRadio,
        initial=Measure.WORKING_DAYS, help_text="工作日不算开始的那一天。",
    )  # fmt: skip
    cap = forms.IntegerField(
        label="最多延长", min_value=0, max_value=LARGEST, initial=0,
        help_text="几次延长加起来最多多少，单位和时限相同；0 就是不能延长。",
    )  # fmt: skip
    warn_share = forms.IntegerField(
        label="剩百分之几时提醒", min_value=1, max_value=99, initial=WARN_SHARE,
        help_text="比如 20：5 个工作日的，剩 1 个工作日时提醒。",
    )  # fmt: skip
    source = forms.CharField(
        label="依据", max_length=SOURCE_LENGTH, required=False, help_text="哪个文件或会议定的，没有就留空。"
    )


class AddPolicyForm(PolicyForm):
    """A new limit: which clock, for what."""

    kind = forms.ChoiceField(
        label="哪个时钟", choices=[(kind.value, CLOCK_LABELS[kind]) for kind in ClockKind], widget=ChipRadio
    )
    category = forms.TypedChoiceField(
        label="类别", coerce=int, required=False, empty_value=None,
        help_text="类别自己的先用，其次大类的，再次所有类别的。",
    )  # fmt: skip
    urgency = forms.ChoiceField(label="紧急程度", choices=URGENCY_CHOICES, required=False, widget=ChipRadio, initial="")
    field_order = ("kind", "category", "urgency", "amount", "measure", "cap", "warn_share", "source")

    def __init__(self, *args: Any, categories: Iterable[Category], **options: Any) -> None:
        super().__init__(*args, **options)
        set_categories(self, categories, "所有类别")

    def urgent(self) -> bool | None:
        """The urgency of a valid form."""
        return {"": None, "1": True, "0": False}[self.cleaned_data["urgency"]]


class TryForm(forms.Form):
    """An order made up to see its clocks."""

    category = forms.TypedChoiceField(label="类别", coerce=int)
    urgent = forms.BooleanField(label="紧急", required=False)

    def __init__(self, *args: Any, categories: Iterable[Category], **options: Any) -> None:
        super().__init__(*args, **options)
        set_categories(self, categories, "请选择")


class PresetForm(forms.Form):
    """An example to load."""

    key = forms.ChoiceField(
        label="哪个示例",
        choices=[(preset.key, preset.name) for preset in presets()],
        widget=ChipRadio,
        help_text=" ".join(f"{preset.name}：{preset.words}" for preset in presets()),
        error_messages={"required": "请选择一个示例。"},
    )


class EndPolicyForm(forms.Form):
    """Why a limit ends."""

    reason = forms.CharField(
        label="原因", max_length=200, widget=Words({"rows": 2}), error_messages={"required": "请写明停用的原因。"}
    )


def set_categories(form: forms.Form, categories: Iterable[Category], none: str) -> None:
    """Let a form choose among groups and, set in below them, their categories."""
    field = form.fields["category"]
    assert isinstance(field, forms.TypedChoiceField)
    named = [(row.pk, f"　{row.name}" if row.parent_id else row.name) for row in categories]
    field.choices = [("", none), *named]
