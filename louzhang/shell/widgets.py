"""Form widgets beyond Django's own: chips to choose from, stars, photos, a point on the map."""

from typing import Any

from django import forms


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
