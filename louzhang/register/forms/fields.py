"""Fields that several forms of the register share."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from louzhang.kit.id_numbers import InvalidIdNumber, birth_date_of, is_female, normal_id_number
from louzhang.register.actions import ResidentDraft
from louzhang.register.models import DwellingKind, Sex, Tie
from louzhang.shell.widgets import ChipRadio, Day

NAME_LENGTH = 40


class IdNumberField(forms.CharField):
    """An ID number in its one written form, its check digit verified."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", "证件号码")
        widget = forms.TextInput({"autocomplete": "off", "data-private": "", "inputmode": "text"})
        super().__init__(max_length=40, required=False, widget=widget, **options)

    def clean(self, value: Any) -> str:
        """The normal number; says what is wrong with anything else."""
        typed: str = super().clean(value)
        if not typed:
            return ""
        try:
            return normal_id_number(typed)
        except InvalidIdNumber as refusal:
            raise forms.ValidationError(str(refusal)) from None


class DayField(forms.DateField):
    """A day of the field: chosen, never guessed."""

    def __init__(self, *, label: str, required: bool = True, **options: Any) -> None:
        said = {"required": "请选择日期。", "invalid": "请选择一个日期。"}
        super().__init__(label=label, required=required, widget=Day, error_messages=said, **options)


class KindField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not subscriptable at run time
    """A kind of dwelling in use."""

    def __init__(self, **options: Any) -> None:
        kinds = DwellingKind.objects.filter(ended_at=None).order_by("position", "pk")
        options.setdefault("label", "房屋类型")
        said = {"required": "请选择类型。", "invalid_choice": "没有这个类型，请重新选择。"}
        super().__init__(kinds, error_messages=said, **options)


def tie_field(*, but_head: bool = False, label: str = "与户主关系", usual: str = "") -> forms.ChoiceField:
    """What somebody is to the head. Unless something is `usual` nothing is chosen: the first would be by mistake."""
    choices = [choice for choice in Tie.choices if not (but_head and choice[0] == Tie.HEAD)]
    return forms.ChoiceField(
        label=label,
        initial=usual,
        choices=[("", "请选择"), *choices],
        error_messages={"required": "请选择与户主的关系。"},
    )


class PersonFields(forms.Form):
    """Who somebody is; the ID number says day of birth and sex where it is given."""

    name = forms.CharField(label="姓名", max_length=NAME_LENGTH, error_messages={"required": "请填写姓名。"})
    tie = tie_field()
    id_number = IdNumberField(help_text="填了身份证号，出生日期和性别会自动带出。")
    sex = forms.ChoiceField(label="性别", choices=[("", "不填"), *Sex.choices], required=False, widget=ChipRadio)

    def draft(self, **more: Any) -> ResidentDraft:
        """The person as the actions take them."""
        said = self.cleaned_data
        number = said["id_number"]
        born: date | None = birth_date_of(number) or said.get("birth_date")
        female = is_female(number) if number else None
        sex = said["sex"] if female is None else (Sex.FEMALE if female else Sex.MALE)
        return ResidentDraft(
            name=said["name"].strip(),
            tie=said["tie"],
            sex=sex,
            birth_year=born.year if born else said.get("birth_year"),
            birth_date=born,
            id_number=number,
            phone=said.get("phone", ""),
            registered_address=said.get("registered_address", ""),
            **more,
        )
