"""Fields that several forms share."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms

from louzhang.journal.refusals import InputRefused
from louzhang.workorders.models import PHOTOS_AT_MOST, WORDS_AT_MOST, Category


class UuidListField(forms.Field):
    """Ids of uploaded photos and files, at most nine."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> list[uuid.UUID]:
        """Read a list of ids; raises for anything else."""
        given = value if isinstance(value, (list, tuple)) else [value] if value else []
        try:
            uids = [item if isinstance(item, uuid.UUID) else uuid.UUID(str(item)) for item in given]
        except ValueError:
            raise forms.ValidationError("有照片没有上传成功，请删掉它重新选一次。") from None
        if len(uids) > PHOTOS_AT_MOST:
            raise forms.ValidationError(f"一次最多带 {PHOTOS_AT_MOST} 个照片或文件。")
        return uids

    def validate(self, value: list[uuid.UUID]) -> None:
        """Refuse an empty list only where photos are required."""
        if self.required and not value:
            raise forms.ValidationError("请先选一张照片。")


class CategoryField(forms.ModelChoiceField[Category]):
    """A leaf category in use, by its code."""

    def __init__(self, **options: Any) -> None:
        rows = Category.objects.filter(ended_at=None, parent__isnull=False).select_related("parent")
        options.setdefault(
            "error_messages",
            {"required": "请选择类别。", "invalid_choice": "没有这个类别，请从列表里重新选择。"},
        )
        super().__init__(rows, to_field_name="code", label="类别", **options)


class WordsField(forms.CharField):
    """Words of a person: blanks trimmed, length limited with a sentence."""

    def __init__(self, *, label: str, required: str = "", rows: int = 3, **options: Any) -> None:
        super().__init__(
            label=label,
            required=bool(required),
            max_length=WORDS_AT_MOST,
            widget=forms.Textarea(attrs={"rows": rows}),
            error_messages={
                "required": required,
                "max_length": f"文字太长了，请缩短到 {WORDS_AT_MOST} 字以内再提交。",
            },
            **options,
        )


def first_refusal(form: forms.BaseForm) -> InputRefused:
    """The first error of a form as a refusal that names its field, for programs."""
    name, errors = next(iter(form.errors.items()))
    return InputRefused(str(errors[0]), field="" if name == "__all__" else name)


def plain_body(form: forms.BaseForm) -> dict[str, Any]:
    """What was sent, for the digest of a request key: without tokens of the page."""
    data: Any = form.data
    keys = data.lists() if hasattr(data, "lists") else data.items()
    return {key: value for key, value in keys if key not in ("csrfmiddlewaretoken", "entry_id")}
