"""Form widgets beyond Django's own: chips to choose from, stars, photos, a point on the map."""

from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.safestring import SafeString

from louzhang.shell.templatetags.shell import options


class ChipRadio(forms.RadioSelect):
    """One of a few, as large chips."""

    template_name = "shell/forms/chips.html"


class ChipBoxes(forms.CheckboxSelectMultiple):
    """Several of a few, as large chips."""

    template_name = "shell/forms/chips.html"


class Stars(forms.RadioSelect):
    """One to five stars, by keyboard, finger or screen reader."""

    template_name = "shell/forms/stars.html"
    CHOICES = ((1, "很不满意"), (2, "不满意"), (3, "一般"), (4, "满意"), (5, "很满意"))

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, choices=self.CHOICES)


class LongSelect(forms.Select):
    """A select of some hundred choices, written without a template for each of them."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """The select with its options."""
        chosen = "" if value is None else value
        given = flatatt({**self.attrs, **(attrs or {}), "name": name})
        return format_html("<select{}>{}</select>", given, options(self.choices, chosen))


class Day(forms.DateInput):
    """A day, chosen with the device's own picker."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class Phone(forms.TextInput):
    """A phone number: digits keyboard, never kept in a draft."""

    input_type = "tel"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "tel", "data-private": "", "inputmode": "tel"} | (attrs or {}))


class Words(forms.Textarea):
    """A few sentences; grows with what is typed."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"rows": 4, "data-grow": ""} | (attrs or {}))
