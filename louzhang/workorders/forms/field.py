"""The report form of a field worker: for oneself or a neighbour, settled on the spot or not."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from django import forms

from louzhang.areas.models import Area
from louzhang.journal.actor import Actor
from louzhang.workorders.actions import report_and_settle_on_spot, report_workorder
from louzhang.workorders.forms.fields import WordsField
from louzhang.workorders.forms.reports import PageReportForm, Receipt, file_report
from louzhang.workorders.lifecycle import MISSING
from louzhang.workorders.models import Channel
from louzhang.workorders.queries.choices import Group

SELF, NEIGHBOUR = "self", "neighbour"


class FieldReportForm(PageReportForm):
    """`speaks` says for whom, `spot` that it is settled already, `group` that the words come from a chat group;
    places are the worker's own.
    """

    speaks = forms.ChoiceField(choices=[(SELF, "我自己发现"), (NEIGHBOUR, "帮邻居反映")], label="替谁反映")
    spot = forms.BooleanField(required=False, label="当场已经办好")
    note = WordsField(label="怎么办好的")
    group = forms.BooleanField(required=False, label="从群里转来")

    def __init__(self, *args: Any, places: list[Group], **options: Any) -> None:
        super().__init__(*args, **options)
        self.own_ids = {choice.value for group in places for choice in group.choices}
        area: Any = self.fields["area"]
        area.required = True
        area.error_messages["required"] = "请选择楼栋。"

    def clean_area(self) -> Area | None:
        """A place of one's own."""
        area: Area | None = self.cleaned_data["area"]
        if area is not None and area.pk not in self.own_ids:
            raise forms.ValidationError("这个地点不在您负责的范围里，请从列表里重新选择。")
        return area

    def clean(self) -> dict[str, Any]:
        """What is settled needs a sentence that says how."""
        cleaned = super().clean()
        if cleaned.get("spot") and not cleaned.get("note") and "note" not in self.errors:
            self.add_error("note", MISSING["note"])
        return cleaned


def file_field_report(form: FieldReportForm, *, actor: Actor, at: datetime) -> Receipt:
    """File the report, and settle it in the same transaction where it was settled on the spot."""
    is_spot = form.is_valid() and form.cleaned_data["spot"]
    act = partial(report_and_settle_on_spot, note=form.cleaned_data["note"]) if is_spot else report_workorder
    is_for_another = form.is_valid() and form.cleaned_data["speaks"] == NEIGHBOUR
    channel = Channel.GROUP if form.is_valid() and form.cleaned_data["group"] else Channel.FIELD
    return file_report(form, channel=channel, actor=actor, at=at, is_for_another=is_for_another, file=act)
