"""Forms of working together: parts of other units, handing on and deciding, meetings and motions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms

from louzhang.areas.models import Unit
from louzhang.workorders.actions.meetings import Promise
from louzhang.workorders.forms.fields import UuidListField, VerbForm, WordsField
from louzhang.workorders.lifecycle import MISSING
from louzhang.workorders.models import DutyClause

PLACE_LENGTH = 120
PROMISES_AT_MOST = 20
BIGGEST_ID = 2**63 - 1


class UnitsField(forms.ModelMultipleChoiceField[Unit]):
    """Units in use, by their ids."""

    def __init__(self, *, label: str, required: bool = True) -> None:
        wrong = "有单位已经停用，请重新选择。"
        super().__init__(
            Unit.objects.filter(ended_at=None).select_related("office_area__level").order_by("name_key", "pk"),
            label=label,
            required=required,
            error_messages={"required": MISSING["units"], "invalid_choice": wrong, "invalid_pk_value": wrong},
        )

    def clean(self, value: Any) -> list[Unit]:  # type: ignore[override]  # a list, as the actions take it
        """The units in the order of their names."""
        if isinstance(value, (list, tuple)) and any(not _is_id(item) for item in value):
            raise forms.ValidationError(self.error_messages["invalid_choice"])
        return list(super().clean(value))


def _is_id(value: Any) -> bool:
    typed = str(value)
    return typed.isascii() and typed.isdecimal() and int(typed) <= BIGGEST_ID


class UnitField(forms.ModelChoiceField[Unit]):
    """One unit in use, by its id."""

    def __init__(self, *, label: str) -> None:
        super().__init__(
            Unit.objects.filter(ended_at=None).select_related("office_area__level"),
            label=label,
            error_messages={"required": MISSING["unit"], "invalid_choice": "没有这个承办单位，请重新选择。"},
        )

    def to_python(self, value: Any) -> Unit | None:
        """The unit; nothing that is no id reaches the database."""
        if value not in self.empty_values and not _is_id(getattr(value, "pk", value)):
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super().to_python(value)


class RowIdField(forms.IntegerField):
    """The id of a row beside the order, carried by the page."""

    def __init__(self, *, missing: str = "") -> None:
        wrong = "没有找到这一项，请刷新页面。"
        super().__init__(
            required=bool(missing),
            min_value=1,
            max_value=BIGGEST_ID,
            widget=forms.HiddenInput,
            error_messages={"required": missing, "invalid": wrong, "min_value": wrong, "max_value": wrong},
        )


class MomentField(forms.DateTimeField):
    """A moment in the district's time, chosen with the browser's own calendar."""

    def __init__(self, *, label: str, missing: str = "") -> None:
        super().__init__(
            label=label,
            required=bool(missing),
            widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
            error_messages={"required": missing, "invalid": "时间没有写对，请重新选择。"},
        )


class PromisesInput(forms.MultiWidget):
    """Rows of unit, task and time; programs send a list of {unit, task, due_at}."""

    def __init__(self) -> None:
        super().__init__({"unit": forms.TextInput, "task": forms.TextInput, "due": forms.TextInput})

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """The rows as they came."""
        if not hasattr(data, "getlist"):
            return data.get(name) or []
        columns = [data.getlist(f"promise_{part}") for part in ("unit", "task", "due")]
        keys = ("unit", "task", "due_at")
        return [dict(zip(keys, row, strict=True)) for row in zip(*columns, strict=False)]

    def decompress(self, value: Any) -> list[Any]:
        """Nothing is drawn by the widget itself."""
        return [None, None, None]


class PromisesField(forms.Field):
    """What units promised: rows in which something is written, each whole."""

    widget = PromisesInput
    hidden_widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> list[Promise]:
        """The promises; raises for a row that is half written."""
        rows = [
            row for row in value or [] if isinstance(row, Mapping) and any(str(v or "").strip() for v in row.values())
        ]
        if len(rows) > PROMISES_AT_MOST:
            raise forms.ValidationError(f"一次最多登记 {PROMISES_AT_MOST} 项承诺。")
        units = {unit.pk: unit for unit in self._units(rows)}
        return [self._promise(row, units) for row in rows]

    def _units(self, rows: list[Mapping[str, Any]]) -> list[Unit]:
        ids = [int(row["unit"]) for row in rows if _is_id(row.get("unit"))]
        return list(Unit.objects.filter(pk__in=ids, ended_at=None).select_related("office_area__level"))

    def _promise(self, row: Mapping[str, Any], units: Mapping[int, Unit]) -> Promise:
        unit = units.get(int(row["unit"])) if _is_id(row.get("unit")) else None
        task = str(row.get("task") or "").strip()
        if unit is None or not task:
            raise forms.ValidationError("每一项承诺都要选单位、写明做什么；不需要的行请清空。")
        due = MomentField(label="时限").clean(row.get("due_at") or None)
        return Promise(unit, task, due if isinstance(due, datetime) else None)


class ClauseField(forms.ModelChoiceField[DutyClause]):
    """A clause of the duty list in use, by its id."""

    def __init__(self) -> None:
        super().__init__(
            DutyClause.objects.filter(ended_at=None).select_related("unit"),
            label="依据权责清单",
            error_messages={"required": MISSING["clause"], "invalid_choice": MISSING["clause"]},
        )

    def to_python(self, value: Any) -> DutyClause | None:
        """The clause; nothing that is no id reaches the database."""
        if value not in self.empty_values and not _is_id(getattr(value, "pk", value)):
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super().to_python(value)


class AskAssistForm(VerbForm):
    """Ask for help: which units, for what, by when."""

    units = UnitsField(label="协办单位")
    task = WordsField(label="请他们做什么", required=MISSING["task"])
    due_at = MomentField(label="什么时候前回复（不填按类别的时限）")


class PartForm(VerbForm):
    """Which part: for what its clock does."""

    part = RowIdField(missing=MISSING["part"])


class TakePartForm(VerbForm):
    """Sign for a part."""

    part = RowIdField()
    note = WordsField(label="说明", rows=2)


class ReplyPartForm(VerbForm):
    """Reply about a part: what was done, with photos."""

    part = RowIdField()
    reply = WordsField(label="回复", required=MISSING["reply"])
    photos = UuidListField(label="照片", required=False)


class ReleasePartForm(VerbForm):
    """Release a unit from its part: why."""

    part = RowIdField(missing=MISSING["part"])
    reason = WordsField(label="理由", required=MISSING["reason"])


class AskContactForm(VerbForm):
    """Ask to see contacts: what for."""

    part = RowIdField()
    reason = WordsField(label="为什么需要联系反映人", required=MISSING["reason"], rows=2)


class GrantContactForm(VerbForm):
    """Let an assisting unit see contacts."""

    part = RowIdField(missing=MISSING["part"])
    reason = WordsField(label="说明", rows=2)


class TransferForm(VerbForm):
    """Hand on: to which unit, why."""

    unit = UnitField(label="转给哪个单位")
    reason = WordsField(label="理由", required=MISSING["reason"])


class ArbitrateForm(VerbForm):
    """Decide whose it is: the unit, those that help, the clause, the words of the decision."""

    unit = UnitField(label="由哪个单位承办")
    assists = UnitsField(label="协办单位", required=False)
    clause = ClauseField()
    decision = WordsField(label="会商决定", required=MISSING["decision"])


class CallMeetingForm(VerbForm):
    """Call a meeting: who, where, when."""

    units = UnitsField(label="请哪些单位")
    place = forms.CharField(label="地点", max_length=PLACE_LENGTH, error_messages={"required": MISSING["place"]})
    held_at = MomentField(label="时间", missing=MISSING["held_at"])
    note = WordsField(label="说明", rows=2)


class RecordMeetingForm(VerbForm):
    """What came of a meeting: minutes, and promises."""

    meeting = RowIdField(missing=MISSING["meeting"])
    minutes = WordsField(label="记录", required=MISSING["minutes"], rows=5)
    promises = PromisesField(label="各单位的承诺", required=False)


class CancelMeetingForm(VerbForm):
    """Call it off: why."""

    meeting = RowIdField(missing=MISSING["meeting"])
    reason = WordsField(label="理由", required=MISSING["reason"])


class RaiseMotionForm(VerbForm):
    """Put it on the list of motions: title and words."""

    meeting = RowIdField()
    title = forms.CharField(label="标题", max_length=PLACE_LENGTH, error_messages={"required": MISSING["title"]})
    words = WordsField(label="要解决什么、为什么现有部门解决不了", required=MISSING["words"])


JOINT_FORMS: dict[str, type[VerbForm]] = {
    "ask_assist": AskAssistForm,
    "take_part": TakePartForm,
    "reply_part": ReplyPartForm,
    "release_part": ReleasePartForm,
    "ask_contact": AskContactForm,
    "grant_contact": GrantContactForm,
    "remind_part": PartForm,
    "overdue_part": PartForm,
    "recompute_part": PartForm,
    "transfer": TransferForm,
    "arbitrate": ArbitrateForm,
    "call_meeting": CallMeetingForm,
    "record_meeting": RecordMeetingForm,
    "cancel_meeting": CancelMeetingForm,
    "raise_motion": RaiseMotionForm,
}
