"""What is typed on the sign-in and account pages."""

from __future__ import annotations

from typing import Any

from django import forms

from louzhang.kit import phones
from louzhang.kit.phones import InvalidPhone
from louzhang.shell.widgets import Phone


class PhoneField(forms.CharField):
    """A phone number, brought into its one written form."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", "手机号")
        options.setdefault("max_length", 40)
        options.setdefault("widget", Phone)
        options.setdefault("error_messages", {"required": "请填写手机号。"})
        super().__init__(**options)

    def clean(self, value: Any) -> str:
        """Digits only; says what is wrong with anything else."""
        typed: str = super().clean(value)
        if not typed:
            return ""
        try:
            return phones.normal_phone(typed)
        except InvalidPhone as refusal:
            raise forms.ValidationError(str(refusal)) from None


class CodeSignInForm(forms.Form):
    """Phone and one-time code."""

    way = "code"
    phone = PhoneField(widget=Phone({"autocomplete": "username"}))
    code = forms.CharField(
        label="登录码",
        max_length=40,
        help_text="社区打印或念给您的 8 位数字，只能用一次。",
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "one-time-code", "data-private": ""}),
        error_messages={"required": "请填写登录码。没有登录码，请向社区要一个。"},
    )
    next = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)


class PasswordSignInForm(forms.Form):
    """Phone and password."""

    way = "password"
    phone = PhoneField(widget=Phone({"autocomplete": "username"}))
    password = forms.CharField(
        label="密码",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
        error_messages={"required": "请填写密码。"},
    )
    next = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)


SIGN_IN_FORMS: dict[str, type[CodeSignInForm | PasswordSignInForm]] = {
    "code": CodeSignInForm,
    "password": PasswordSignInForm,
}


class DemoSearchForm(forms.Form):
    """Two characters of a name, a role or a place of the demo."""

    words = forms.CharField(
        label="找其他演示人员",
        min_length=2,
        max_length=20,
        help_text="填两个字以上：姓名、职务或地点。",
        error_messages={"required": "请填两个字以上。", "min_length": "请填两个字以上。"},
    )


class TokenForm(forms.Form):
    """A new token: what for, and whether it only looks."""

    label = forms.CharField(
        label="用途",
        max_length=60,
        help_text="写明给谁用、做什么用，例如：大屏数据。",
        error_messages={"required": "请写明这个令牌给谁用、做什么用。"},
    )
    is_read_only = forms.BooleanField(label="只能查看，不能办事", required=False, initial=True)


class PasswordForm(forms.Form):
    """A new password, and the one that holds now where there is one."""

    current = forms.CharField(
        label="现在的密码",
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
        error_messages={"required": "请填写现在的密码。"},
    )
    password = forms.CharField(
        label="新密码",
        strip=False,
        max_length=200,
        help_text="至少 10 个字符，不能全是数字，也不要用常见的密码。",
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        error_messages={"required": "请填写新密码。"},
    )
    again = forms.CharField(
        label="再填一次新密码",
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        error_messages={"required": "请再填一次新密码。"},
    )

    def __init__(self, *args: Any, has_one: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not has_one:
            del self.fields["current"]

    def clean_again(self) -> str:
        """The two must be the same."""
        again: str = self.cleaned_data["again"]
        if again != self.cleaned_data.get("password"):
            raise forms.ValidationError("两次填写的新密码不一样，请重新填写。")
        return again
