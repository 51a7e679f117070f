"""What is typed about routing rules and the clauses they rest on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from louzhang.areas.models import Area, Unit
from louzhang.journal.refusals import InputRefused
from louzhang.shell.widgets import ChipBoxes, Day, LongSelect, Words
from louzhang.workorders.actions.routing import COLUMNS, OFFICE_SEATS, UNIT_SEATS
from louzhang.workorders.models import Category, DutyClause, RoutingRule
from louzhang.workorders.queries.rule_choices import Pair, area_pairs, category_pairs, clause_pairs, unit_pairs
from louzhang.workorders.windows import WEEKDAYS

GONE = "这一项刚刚停用了，请重新选择。"


class ChosenField(forms.ModelChoiceField[Any]):
    """One row of a long list; the choices are given as pairs, so that they cost one query and no template."""

    def __init__(self, rows: Any, **options: Any) -> None:
        options.setdefault("error_messages", {"invalid_choice": GONE, "required": "请选择。"})
        super().__init__(rows, widget=LongSelect, **options)

    def offer(self, pairs: Sequence[Pair]) -> None:
        """Set what can be chosen."""
        self.widget.choices = list(pairs)


class Clock(forms.TimeInput):
    """A time of day, to the minute."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class WindowForm(forms.Form):
    """When a rule holds, who in the unit does it, and why: what needs no list to choose from."""

    weekdays = forms.TypedMultipleChoiceField(
        label="周几", choices=list(enumerate(WEEKDAYS, start=1)), coerce=int, required=False, widget=ChipBoxes,
        help_text="不选就是每天。",
    )  # fmt: skip
    opens = forms.TimeField(label="几点起", required=False, widget=Clock, help_text="两个都不填就是全天。")
    closes = forms.TimeField(label="几点止", required=False, widget=Clock, help_text="比“几点起”早，就是到第二天。")
    starts_on = forms.DateField(label="从哪天起", required=False, widget=Day)
    ends_on = forms.DateField(label="到哪天止", required=False, widget=Day, help_text="这一天不再用；长期用就留空。")
    seat_role = forms.ChoiceField(
        label="单位里由谁办",
        choices=[("", "由单位自己安排"), *((role.value, role.label) for role in (*UNIT_SEATS, *OFFICE_SEATS))],
        required=False,
        help_text="办公室可选楼长、网格员等，其他单位可选承办人或负责人。",
    )
    note = forms.CharField(label="说明", max_length=200, required=False, widget=Words({"rows": 2}))


class RuleForm(WindowForm):
    """For what, where and when, to whom, on what ground."""

    category = ChosenField(
        Category.objects.filter(ended_at=None).select_related("parent"), label="类别", required=False,
        help_text="选大类，就管它下面的所有类别。",
    )  # fmt: skip
    area = ChosenField(Area.objects.current(), label="地点", required=False, help_text="包括它下面的所有地点。")
    unit = ChosenField(
        Unit.objects.filter(ended_at=None).select_related("office_area__level"), label="交给哪个承办单位",
        error_messages={"required": "请选择交给哪个承办单位。", "invalid_choice": GONE},
    )  # fmt: skip
    clause = ChosenField(
        DutyClause.objects.filter(ended_at=None).select_related("unit"), label="依据权责清单哪一条", required=False
    )
    field_order: tuple[str, ...] = (
        "category", "area", "unit", "seat_role", "weekdays", "opens", "closes", "starts_on", "ends_on", "clause",
    )  # fmt: skip

    def __init__(self, *args: Any, area: Area | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        offers = {
            "category": category_pairs(), "area": area_pairs(area), "unit": unit_pairs(), "clause": clause_pairs(),
        }  # fmt: skip
        for name, pairs in offers.items():
            field = self.fields[name]
            assert isinstance(field, ChosenField)
            field.offer(pairs)

    def columns(self) -> dict[str, Any]:
        """The columns of a rule; only for a valid form."""
        return {name: self.cleaned_data[name] for name in COLUMNS}


class AddRuleForm(RuleForm):
    """A new rule, and where in the order it stands."""

    number = forms.IntegerField(
        label="排在第几条", min_value=1, required=False, help_text="前面的先用；不填就排在最后。"
    )
    field_order = (*RuleForm.field_order[:4], "number", *RuleForm.field_order[4:])


class NumberForm(forms.Form):
    """Where in the order a rule shall stand."""

    number = forms.IntegerField(label="排在第几条", min_value=1, required=False)


def initial_of(rule: RoutingRule) -> dict[str, Any]:
    """A rule as the fields show it."""
    return {name: getattr(rule, name) for name in COLUMNS}


def read_move(typed: str) -> tuple[int, int, int]:
    """The rule, the number it had on the page, the number it shall have: `12:3:2`.

    Raises `InputRefused` for anything else.
    """
    parts = typed.split(":")
    if len(parts) != 3 or not all(part.isascii() and part.isdecimal() and len(part) < 10 for part in parts):
        raise InputRefused("没有看清要移动哪一条，请刷新页面后再试。")
    rule_id, seen, number = (int(part) for part in parts)
    return rule_id, seen, number
