"""What every form of a verb has: the page's own id for the request, and its errors as refusals."""

from __future__ import annotations

from typing import Any

from django import forms

from louzhang.journal.refusals import InputRefused


class VerbForm(forms.Form):
    """The base: a page's own id for the request, so that a repeated submit is one act."""

    entry_id = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def given(self) -> dict[str, Any]:
        """The keyword arguments of the action; only for a valid form."""
        return {key: value for key, value in self.cleaned_data.items() if key != "entry_id"}


def first_refusal(form: forms.BaseForm) -> InputRefused:
    """The first error of a form as a refusal that names its field, for programs."""
    name, errors = next(iter(form.errors.items()))
    return InputRefused(str(errors[0]), field="" if name == "__all__" else name)


def plain_body(form: forms.BaseForm) -> dict[str, Any]:
    """What was sent, for the digest of a request key: without tokens of the page."""
    data: Any = form.data
    keys = data.lists() if hasattr(data, "lists") else data.items()
    return {key: value for key, value in keys if key not in ("csrfmiddlewaretoken", "entry_id")}
