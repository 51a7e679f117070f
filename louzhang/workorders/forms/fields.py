"""Fields that several forms share."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar, Generic, TypeVar

from django import forms
from django.db.models import Model, QuerySet

from louzhang.areas.models import Area
from louzhang.areas.queries import area_with_line
from louzhang.journal.forms import VerbForm, first_refusal, plain_body
from louzhang.kit.compiled import compiled
from louzhang.workorders.models import PHOTOS_AT_MOST, WORDS_AT_MOST, Category

__all__ = [
    "AreaField",
    "CategoryField",
    "KeyField",
    "UuidListField",
    "VerbForm",
    "WordsField",
    "first_refusal",
    "plain_body",
]

DIGITS_AT_MOST = 18
Row = TypeVar("Row", bound=Model)


class UuidListField(forms.Field):
    """Ids of uploaded photos and files, at most nine; an entry of a phone has them in one text with commas between."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> list[uuid.UUID]:
        """Read a list of ids; raises for anything else."""
        listed = value if isinstance(value, (list, tuple)) else [value] if value else []
        given = [part for item in listed for part in (item.split(",") if isinstance(item, str) else [item])]
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


class KeyField(forms.Field, Generic[Row]):
    """One row by the key that was posted, read by a prepared statement.

    A form that allows fewer rows checks that in its `clean_…`: there is no queryset to narrow, and
    setting one is refused rather than ignored.
    """

    key: ClassVar[str]

    def find(self, typed: str) -> Row | None:
        """The row of a key; None where there is none."""
        raise NotImplementedError

    def to_python(self, value: Any) -> Row | None:
        """The row; raises for a key that leads to none."""
        if value in self.empty_values:
            return None
        if (row := self.find(str(value))) is None:
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return row

    def prepare_value(self, value: Any) -> Any:
        """The key, for a row given as the initial value."""
        return getattr(value, self.key) if isinstance(value, Model) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether another key was posted."""
        return str(self.prepare_value(initial) or "") != str(data or "")

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "queryset":
            raise TypeError("narrow the rows in clean_…; this field reads by key")
        super().__setattr__(name, value)


class CategoryField(KeyField[Category]):
    """A leaf category in use, by its code."""

    key = "code"

    def __init__(self, **options: Any) -> None:
        said = {"required": "请选择类别。", "invalid_choice": "没有这个类别，请从列表里重新选择。"}
        options["error_messages"] = said | options.get("error_messages", {})
        super().__init__(label="类别", **options)

    def find(self, typed: str) -> Category | None:
        """The leaf of a code."""
        leaf: Category | None = _leaf.first(code=typed.replace("\x00", " "))
        return leaf


class AreaField(KeyField[Area]):
    """A current area of any level, by its id, with the line down to it."""

    key = "pk"

    def __init__(self, **options: Any) -> None:
        options["error_messages"] = {"invalid_choice": "没有这个地点，请重新选择。"} | options.get("error_messages", {})
        super().__init__(label="地点", **options)

    def find(self, typed: str) -> Area | None:
        """The area of an id."""
        is_id = typed.isascii() and typed.isdecimal() and len(typed) <= DIGITS_AT_MOST
        return area_with_line(int(typed)) if is_id else None


@compiled
def _leaf(*, code: Any) -> QuerySet[Category]:
    rows = Category.objects.filter(code=code, ended_at=None, parent__isnull=False)
    return rows.select_related("parent").order_by()


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
