"""What is typed about the working calendar and the working hours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from typing import Any

from django import forms

from louzhang.areas.forms.tree import AreaFileForm
from louzhang.areas.models import SPANS_AT_MOST, WEEKDAYS, DayKind
from louzhang.areas.working_days import ROUND_THE_CLOCK, STANDARD_SPANS, STANDARD_WEEKDAYS, WEEKDAY_LETTERS
from louzhang.kit.working_time import DAY_MINUTES, Spans
from louzhang.shell.widgets import ChipBoxes, ChipRadio, Day, Words

NO_REASON = {"required": "请写明原因，比如依据的通知。"}
NAMES = ("第一段", "第二段", "第三段")


def reason_field() -> forms.CharField:
    """Why something changes."""
    return forms.CharField(
        label="依据或原因",
        max_length=200,
        widget=Words({"rows": 2}),
        help_text="留在变更记录里，请不要写个人信息。",
        error_messages=NO_REASON,
    )


class DayForm(forms.Form):
    """What one day is."""

    kind = forms.ChoiceField(label="这一天", widget=ChipRadio)
    name = forms.CharField(label="名称", max_length=30, required=False, help_text="节日或原因的名字，没有就留空。")
    reason = reason_field()

    def __init__(self, *args: Any, kinds: Sequence[DayKind], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(kind.value, kind.label) for kind in kinds]


class DaysFileForm(AreaFileForm):
    """A list of days to import."""

    reason = reason_field()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["file"].help_text = "CSV 或 xlsx，列为日期、类型、名称；可以先导出，改好再导入。"


def _clock_field(label: str) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        required=False,
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        error_messages={"invalid": "请填时间，比如 09:00。"},
    )


class HoursForm(forms.Form):
    """When somebody works: round the clock, or weekdays and up to three spans of the day."""

    is_round_the_clock = forms.BooleanField(
        label="全天 24 小时，放假也不停",
        required=False,
        help_text="物业应急、值班这样的单位；下面的日子和时段就不用填了。",
    )
    weekdays = forms.TypedMultipleChoiceField(
        label="星期几上班",
        coerce=int,
        required=False,
        choices=[(number, f"周{WEEKDAY_LETTERS[number - 1]}") for number in WEEKDAYS],
        widget=ChipBoxes,
        help_text="调休上班的周末人人都上班，放假的日子看下面一项。",
    )
    works_on_holidays = forms.BooleanField(label="放假的日子也上班", required=False)
    starts_on = forms.DateField(label="从哪天起", widget=Day)
    reason = reason_field()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for number, name in enumerate(NAMES[:SPANS_AT_MOST], start=1):
            self.fields[f"begin_{number}"] = _clock_field(f"{name}从")
            self.fields[f"end_{number}"] = _clock_field("到")

    @property
    def span_rows(self) -> list[tuple[Any, Any]]:
        """The spans' fields two by two, for the page."""
        numbers = range(1, SPANS_AT_MOST + 1)
        return [(self[f"begin_{number}"], self[f"end_{number}"]) for number in numbers]

    @classmethod
    def initial_of(cls, weekdays: Sequence[int], spans: Spans, *, works_on_holidays: bool) -> dict[str, Any]:
        """What the form shows of hours that hold."""
        if spans == ROUND_THE_CLOCK and works_on_holidays and tuple(weekdays) == WEEKDAYS:
            return cls.initial_of(STANDARD_WEEKDAYS, STANDARD_SPANS, works_on_holidays=False) | {
                "is_round_the_clock": True
            }
        shown: dict[str, Any] = {"weekdays": list(weekdays), "works_on_holidays": works_on_holidays}
        for number, (start, stop) in enumerate(spans, start=1):
            shown |= {f"begin_{number}": _as_time(start), f"end_{number}": _as_time(stop)}
        return shown

    def clean(self) -> dict[str, Any]:
        """Whole spans, or none where they work round the clock."""
        said = super().clean() or self.cleaned_data
        if said.get("is_round_the_clock"):
            return said
        if not said.get("weekdays"):
            self.add_error("weekdays", "请至少选一天上班。")
        for number in range(1, SPANS_AT_MOST + 1):
            begin, end = said.get(f"begin_{number}"), said.get(f"end_{number}")
            if (begin is None) != (end is None) and not {f"begin_{number}", f"end_{number}"} & set(self.errors):
                self.add_error(f"begin_{number}", "开始和结束要一起填，或都留空。")
        return said

    def hours(self) -> dict[str, Any]:
        """Weekdays, spans and holidays of a valid form, as the action takes them."""
        said = self.cleaned_data
        if said["is_round_the_clock"]:
            return {"weekdays": WEEKDAYS, "spans": ROUND_THE_CLOCK, "works_on_holidays": True}
        pairs = [(said[f"begin_{number}"], said[f"end_{number}"]) for number in range(1, SPANS_AT_MOST + 1)]
        spans = tuple((_minutes(begin), _minutes(end) or DAY_MINUTES) for begin, end in pairs if begin is not None)
        return {"weekdays": said["weekdays"], "spans": spans, "works_on_holidays": said["works_on_holidays"]}


class EndHoursForm(forms.Form):
    """From which day on hours are over."""

    ends_on = forms.DateField(label="从哪天起不再用", widget=Day)
    reason = reason_field()


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def _as_time(minutes: int) -> time:
    return time(minutes // 60 % 24, minutes % 60)
