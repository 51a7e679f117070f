"""What is typed about doors and households."""

from __future__ import annotations

from typing import Any

from django import forms

from louzhang.accounts.forms import PhoneField
from louzhang.journal.forms import VerbForm
from louzhang.register.forms.fields import DayField, KindField, PersonFields, tie_field
from louzhang.register.models import Asking, Course, ReachHour, ReachWay, Speech, Tie
from louzhang.shell.widgets import ChipRadio, Words


class PlaceForm(VerbForm):
    """The base: what hangs on the place, the people or the day is set before the form is shown or judged."""

    def prepare(self, choices: dict[str, list[tuple[str, str]]]) -> None:
        """Give fields named in `choices` their choices."""
        for name, given in choices.items():
            if name in self.fields:
                field = self.fields[name]
                assert isinstance(field, forms.ChoiceField)
                field.choices = given


class CheckForm(PlaceForm):
    """Nothing to type: what stands here is right."""


class DoorForm(PlaceForm):
    """A door of a building."""

    leaf = forms.ChoiceField(label="单元", error_messages={"required": "请选择单元。"})
    door = forms.CharField(label="门牌", max_length=20, error_messages={"required": "请填写门牌，例如 301。"})
    floor = forms.IntegerField(label="楼层", required=False, help_text="没有楼层的平房可以不填。")
    position = forms.IntegerField(label="在本层第几户", min_value=1, max_value=99, initial=1)
    kind = KindField(required=False, empty_label="还不知道")


class AlterDoorForm(PlaceForm):
    """Door, floor and place in the row, corrected."""

    door = forms.CharField(label="门牌", max_length=20, error_messages={"required": "请填写门牌，例如 301。"})
    floor = forms.IntegerField(label="楼层", required=False)
    position = forms.IntegerField(label="在本层第几户", min_value=1, max_value=99)


class KindForm(PlaceForm):
    """What a home is used as."""

    kind = KindField(widget=ChipRadio, empty_label=None)


class VacateForm(PlaceForm):
    """Empty since when."""

    since = DayField(label="从哪天起空着")


class EndDoorForm(PlaceForm):
    """Why a door is taken out."""

    reason = forms.CharField(
        label="为什么注销", max_length=200, widget=Words, error_messages={"required": "请写明为什么注销这个门牌。"}
    )


class MoveInForm(PlaceForm, PersonFields):
    """A household with its first person."""

    tie = tie_field(usual=Tie.HEAD)
    on = DayField(label="哪天搬来的")
    phone = PhoneField(label="电话", required=False)
    birth_year = forms.IntegerField(label="出生年", required=False, min_value=1890, max_value=2100)
    registered_address = forms.CharField(label="户籍地址（不在这里时填）", max_length=120, required=False)

    def given(self) -> dict[str, Any]:
        """The day and the first resident."""
        return {"on": self.cleaned_data["on"], "residents": [self.draft()]}


class MoveOutForm(PlaceForm):
    """The whole household leaves."""

    on = DayField(label="哪天迁出的")
    reason = forms.CharField(label="去了哪里（可以不填）", max_length=200, required=False)


class HeadForm(PlaceForm):
    """Another head of the household."""

    resident = forms.TypedChoiceField(
        label="新户主", coerce=int, widget=ChipRadio, error_messages={"required": "请选择新户主。"}
    )
    former_tie = tie_field(but_head=True, label="原户主是新户主的")
    on = DayField(label="从哪天起")

    def given(self) -> dict[str, Any]:
        """As the action takes it."""
        said = self.cleaned_data
        return {"resident_id": said["resident"], "former_tie": said["former_tie"], "on": said["on"]}


class ReachForm(PlaceForm):
    """How a household wishes to be reached."""

    way = forms.ChoiceField(label="怎么联系最好", choices=ReachWay.choices, widget=ChipRadio, initial=ReachWay.DOOR)
    hour = forms.ChoiceField(label="什么时候方便", choices=ReachHour.choices, widget=ChipRadio, initial=ReachHour.ANY)
    through = forms.CharField(label="通过谁（称呼，如女儿）", max_length=20, required=False)
    language = forms.CharField(label="说什么话（如方言）", max_length=20, required=False)
    speech = forms.ChoiceField(label="怎么说话", choices=Speech.choices, widget=ChipRadio, initial=Speech.PLAIN)


class NeedForm(PlaceForm):
    """What was asked for."""

    summary = forms.CharField(
        label="需要什么", max_length=100, error_messages={"required": "请用一句话写需要什么。"},
        help_text="一句话，不写病情和号码。",
    )  # fmt: skip
    asking = forms.ChoiceField(
        label="怎么问到的", choices=Asking.choices, widget=ChipRadio, initial=Asking.DOOR,
        error_messages={"required": "请选是怎么问到的。"},
    )  # fmt: skip


class HandOnForm(PlaceForm):
    """What a need became."""

    course = forms.ChoiceField(label="转成了什么", choices=Course.choices, widget=ChipRadio)
    reference = forms.CharField(label="编号（如工单号）", max_length=40, required=False)


class ReopenNeedForm(PlaceForm):
    """A need is not met after all."""

    words = forms.CharField(label="还差什么（可以不填）", max_length=200, required=False, widget=Words)


class TickOffForm(PlaceForm):
    """A need is met."""

    words = forms.CharField(label="怎么解决的（可以不填）", max_length=200, required=False, widget=Words)
