"""Fields that several forms share."""

from __future__ import annotations

import uuid
from typing import Any, TypeVar

from django import forms
from django.db.models import Model, QuerySet

from louzhang.areas.models import Area
from louzhang.journal.refusals import InputRefused
from louzhang.kit.compiled import compiled
from louzhang.workorders.models import PHOTOS_AT_MOST, WORDS_AT_MOST, Category

DIGITS_AT_MOST = 18
Row = TypeVar("Row", bound=Model)


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
        options.setdefault(
            "error_messages",
            {"required": "请选择类别。", "invalid_choice": "没有这个类别，请从列表里重新选择。"},
        )
        super().__init__(_leaves(), to_field_name="code", label="类别", **options)

    def to_python(self, value: Any) -> Category | None:
        """The category of a code, by a prepared statement."""
        if value in self.empty_values:
            return None
        leaf: Category | None = _leaf.first(code=str(value).replace("\x00", " "))
        return _found(self, leaf)


class AreaField(forms.ModelChoiceField[Area]):
    """A current area of any level, by its id."""

    def __init__(self, **options: Any) -> None:
        options["error_messages"] = {"invalid_choice": "没有这个地点，请重新选择。"} | options.get("error_messages", {})
        super().__init__(Area.objects.none(), label="地点", **options)

    def to_python(self, value: Any) -> Area | None:
        """The area of an id, by a prepared statement."""
        if value in self.empty_values:
            return None
        typed = str(value)
        is_id = typed.isascii() and typed.isdecimal() and len(typed) <= DIGITS_AT_MOST
        area: Area | None = _current_area.first(area_id=int(typed)) if is_id else None
        return _found(self, area)


def _leaves() -> QuerySet[Category]:
    return Category.objects.filter(ended_at=None, parent__isnull=False).select_related("parent")


@compiled
def _leaf(*, code: Any) -> QuerySet[Category]:
    return _leaves().filter(code=code).order_by()


@compiled
def _current_area(*, area_id: Any) -> QuerySet[Area]:
    rows: QuerySet[Area] = Area.objects.current().filter(pk=area_id).select_related("level").defer("outline")
    return rows.order_by()


def _found(field: forms.ModelChoiceField[Row], row: Row | None) -> Row:
    if row is None:
        raise forms.ValidationError(field.error_messages["invalid_choice"], code="invalid_choice")
    return row


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
