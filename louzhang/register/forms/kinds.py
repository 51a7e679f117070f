"""What is typed about kinds of dwelling."""

from __future__ import annotations

from django import forms

from louzhang.register.models import Colour
from louzhang.shell.widgets import ChipRadio


class KindForm(forms.Form):
    """A kind in use, to be changed."""

    name = forms.CharField(label="名称", max_length=12, error_messages={"required": "请填写名称，例如 自住。"})
    letter = forms.CharField(
        label="字", max_length=1, help_text="一个字，和颜色一起显示在楼栋图上，不能和别的类型相同。",
        error_messages={"required": "请填写一个字，例如 自。"},
    )  # fmt: skip
    colour = forms.ChoiceField(label="颜色", choices=Colour.choices, widget=ChipRadio)
    is_let = forms.BooleanField(label="是出租", required=False, help_text="改成这一类时记为“出租”。")
    position = forms.IntegerField(label="排序", min_value=0, max_value=99, initial=50, help_text="小的排在前面。")


class NewKindForm(KindForm):
    """A kind to be added."""

    code = forms.SlugField(
        label="代号", max_length=20, help_text="小写英文字母、数字和下划线，以后不改。",
        error_messages={"required": "请填写代号，例如 own。"},
    )  # fmt: skip
    field_order = ("code",)
