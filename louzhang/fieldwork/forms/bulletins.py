"""What is typed about a sheet from above: the file, what its headings mean, for which place and days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict

from louzhang.areas.models import Area, Unit
from louzhang.fieldwork.actions.bulletins import Upload
from louzhang.fieldwork.blanks import BY_NAME, WHOLE
from louzhang.fieldwork.models import BulletinBlank
from louzhang.fieldwork.models.bulletins import Span
from louzhang.fieldwork.values import Value
from louzhang.journal.forms import VerbForm
from louzhang.register.forms.fields import DayField
from louzhang.shell.widgets import ChipRadio, LongSelect

LINES = (("", "不填"), (WHOLE, "整个地点"), (BY_NAME, "按名称找下级"))


class BlankForm(VerbForm):
    """A new version of a blank."""

    file = forms.FileField(
        label="空表（xlsx）", widget=forms.FileInput({"accept": ".xlsx"}),
        help_text="上级发来的原表，不用改。填好的表和它一个样子。",
        error_messages={"required": "请选择上级发来的空表。", "empty": "这个文件是空的，请重新选择。"},
    )  # fmt: skip

    def upload(self) -> Upload:
        """The file as the action takes it."""
        file = self.cleaned_data["file"]
        return Upload(file.name, file.read())


class BulletinForm(BlankForm):
    """A sheet from above, once."""

    name = forms.CharField(label="报表名称", max_length=60, error_messages={"required": "请写报表的名称。"})
    above = forms.CharField(label="哪里要的", max_length=60, required=False, help_text="例如：区民政局。")
    span = forms.ChoiceField(label="多久一次", choices=Span.choices, widget=ChipRadio, initial=Span.MONTH)
    unit = forms.ChoiceField(label="哪个单位的", error_messages={"required": "请选单位。"})

    field_order = ("name", "above", "span", "unit", "file")

    def prepare(self, units: Sequence[Unit]) -> None:
        """Give the units to choose from."""
        field: Any = self.fields["unit"]
        field.choices = [(str(unit.pk), unit.name) for unit in units]
        if len(units) == 1:
            field.widget, field.initial = forms.HiddenInput(), str(units[0].pk)


class FillForm(VerbForm):
    """For which place and days, and what for."""

    area = forms.ChoiceField(label="地点", widget=LongSelect, error_messages={"required": "请选地点。"})
    since = DayField(label="从哪天")
    until = DayField(label="到哪天（含）")
    purpose = forms.CharField(
        label="填这张表做什么", max_length=100, help_text="例如：报区民政局 3 月月报。会留下记录。",
        error_messages={"required": "请写明填这张表做什么、交给哪里。"},
    )  # fmt: skip

    def prepare(self, places: Sequence[tuple[Area, str]]) -> None:
        """Give the places to choose from."""
        field: Any = self.fields["area"]
        field.choices = [(str(area.pk), label) for area, label in places]
        if places and not self.is_bound:
            field.initial = str(places[0][0].pk)

    def days(self) -> tuple[date, date]:
        """First and last day."""
        return self.cleaned_data["since"], self.cleaned_data["until"]


def choices_of(values: Sequence[Value]) -> list[Any]:
    """The values for a select, by their group."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for value in values:
        groups.setdefault(value.group, []).append((value.code, value.label))
    return [("", "不填"), *groups.items()]


def mapping_typed(blank: BulletinBlank, sent: MultiValueDict[str, Any]) -> Mapping[str, Any]:
    """What was chosen for each slot; the names of the fields are those of `slots_of`."""
    found = {}
    for place, sheet in enumerate(blank.layout["sheets"]):
        found[sheet["entry"]] = {
            "columns": {str(e["column"]): sent.get(f"c_{place}_{e['column']}", "") for e in sheet["columns"]},
            "rows": {str(e["row"]): sent.get(f"r_{place}_{e['row']}", "") for e in sheet["rows"]},
            "cells": {
                f"{e['row']}:{e['column']}": sent.get(f"x_{place}_{e['row']}_{e['column']}", "") for e in sheet["cells"]
            },
        }
    return found


def slots_of(blank: BulletinBlank, mapping: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each sheet with its selects: (name, words, chosen)."""
    found = []
    for place, sheet in enumerate(blank.layout["sheets"]):
        meant = mapping.get(sheet["entry"], {})
        columns, rows, cells = (meant.get(name, {}) for name in ("columns", "rows", "cells"))
        found.append({
            "name": sheet["name"],
            "columns": [
                (f"c_{place}_{e['column']}", e["heading"], columns.get(str(e["column"]), "")) for e in sheet["columns"]
            ],
            "rows": [
                (f"r_{place}_{e['row']}", e["label"] or f"第 {e['row']} 行", rows.get(str(e["row"]), ""))
                for e in sheet["rows"]
            ],
            "cells": [
                (f"x_{place}_{e['row']}_{e['column']}", e["label"], cells.get(f"{e['row']}:{e['column']}", ""))
                for e in sheet["cells"]
            ],
        })  # fmt: skip
    return found
