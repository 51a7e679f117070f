"""What is typed about the clauses of the duty list."""

from __future__ import annotations

from typing import Any

from django import forms

from louzhang.areas.models import Unit
from louzhang.shell.widgets import Day, Words
from louzhang.workorders.actions.duties import COLUMNS
from louzhang.workorders.forms.routing import GONE, ChosenField
from louzhang.workorders.models import Category, DutyClause
from louzhang.workorders.queries.rule_choices import category_pairs, unit_pairs


class ClauseWords(forms.Form):
    """What is said in words."""

    title = forms.CharField(label="名称", max_length=120, error_messages={"required": "请填写名称。"})
    matter = forms.CharField(
        label="事项",
        max_length=1_000,
        required=False,
        widget=Words({"rows": 3}),
        help_text="具体包括哪些，不包括哪些。",
    )
    legal_basis = forms.CharField(
        label="依据",
        max_length=500,
        required=False,
        widget=Words({"rows": 2}),
        help_text="哪部法规、哪个文件、哪一条。",
    )


class Coded(forms.Form):
    """The code of a new clause."""

    code = forms.CharField(
        label="编号", max_length=40, help_text="定了不再改，比如 QZ-012。", error_messages={"required": "请填写编号。"}
    )


class ClauseLine(Coded, ClauseWords):
    """A clause as a file says it, apart from what is chosen."""


class ClauseForm(ClauseWords):
    """What somebody answers for, and on what ground."""

    unit = ChosenField(
        Unit.objects.filter(ended_at=None), label="负责的单位",
        error_messages={"required": "请选择负责的单位。", "invalid_choice": GONE},
    )  # fmt: skip
    category = ChosenField(
        Category.objects.filter(ended_at=None), label="对应的类别", required=False,
        help_text="选了，派单时没有规则管的工单就按它建议。",
    )  # fmt: skip
    starts_on = forms.DateField(label="从哪天起", required=False, widget=Day, help_text="不填就是今天。")
    ends_on = forms.DateField(label="到哪天止", required=False, widget=Day, help_text="这一天不再用；长期用就留空。")
    field_order: tuple[str, ...] = ("code", "title", "matter", "unit", "category", "legal_basis", "starts_on")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offers = {"unit": unit_pairs(), "category": category_pairs("不对应类别")}
        for name, pairs in offers.items():
            field = self.fields[name]
            assert isinstance(field, ChosenField)
            field.offer(pairs)


class AddClauseForm(Coded, ClauseForm):
    """A new clause with its code."""


def initial_of(clause: DutyClause) -> dict[str, Any]:
    """A clause as the fields show it."""
    return {name: getattr(clause, name) for name in COLUMNS}
