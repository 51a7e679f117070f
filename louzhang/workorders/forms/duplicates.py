"""Forms of the verbs on duplicates: which orders, what neighbours may read, which parts of a photo to blur."""

from __future__ import annotations

from typing import Any

from django import forms

from louzhang.journal.actions import BOXES_AT_MOST
from louzhang.kit.images import Box
from louzhang.workorders.forms.fields import VerbForm, WordsField
from louzhang.workorders.lifecycle import MISSING
from louzhang.workorders.models.public_lines import LINE_LENGTH

NUMBER_LENGTH = 40
NUMBERS_LENGTH = 20_000
PARTS = ("left", "top", "width", "height")
SHOWN_BOXES = 4


class NumbersField(forms.CharField):
    """Numbers of orders: a list, or one text with commas, as a single button can carry it."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> Any:
        """The numbers, each once."""
        given = value if isinstance(value, (list, tuple)) else [value] if value else []
        text = ",".join(str(item) for item in given)[:NUMBERS_LENGTH].replace("，", ",").replace("\x00", "")
        return list(dict.fromkeys(number.strip() for number in text.split(",") if number.strip()))


class BoxesField(forms.JSONField):
    """Parts of a photo: a list of [left, top, width, height] in shares of the picture."""

    def clean(self, value: Any) -> list[Box]:
        """Raises for anything that is no such list."""
        read = super().clean(value) or []
        is_list = isinstance(read, list) and len(read) <= BOXES_AT_MOST and all(_is_box(box) for box in read)
        if not is_list:
            raise forms.ValidationError("要遮挡的地方没有写全，请重新画。")
        return [tuple(float(share) for share in box) for box in read]  # type: ignore[misc]  # four of them, as asked


def _is_box(box: Any) -> bool:
    is_four = isinstance(box, list) and len(box) == len(PARTS)
    return is_four and all(isinstance(share, (int, float)) and not isinstance(share, bool) for share in box)


class MergeForm(VerbForm):
    """Merge: into which order, by its number."""

    into = forms.CharField(label="并入哪一件", max_length=NUMBER_LENGTH, required=False)
    typed = forms.CharField(label="其他单号", max_length=NUMBER_LENGTH, required=False)
    reason = WordsField(label="说明", rows=2)

    def clean(self) -> dict[str, Any]:
        """A typed number wins over a chosen one."""
        cleaned = super().clean() or self.cleaned_data
        cleaned["into"] = cleaned.pop("typed", "") or cleaned.get("into", "")
        if not cleaned["into"]:
            self.add_error("into", MISSING["into"])
        return cleaned


class GatherForm(VerbForm):
    """Gather: which orders, by their numbers."""

    others = NumbersField(label="要合并的工单", error_messages={"required": MISSING["others"]})
    reason = WordsField(label="说明", rows=2)


class SplitOffForm(VerbForm):
    """Split off: which of the merged orders."""

    other = forms.CharField(label="拆出哪一件", max_length=NUMBER_LENGTH, error_messages={"required": MISSING["other"]})
    reason = WordsField(label="说明", rows=2)


class WhyForm(VerbForm):
    """Undo: why, if one likes to say."""

    reason = WordsField(label="说明", rows=2)


class AnnounceForm(VerbForm):
    """Announce: one line, and a photo that may be shown."""

    words = forms.CharField(
        label="给邻居看的一句话",
        max_length=LINE_LENGTH,
        error_messages={"required": "请写一句给邻居看的说明。"},
        help_text="写清是什么、在哪里就够了，不写人。例如：2 单元门口井盖松动，已交物业。",
    )
    photo = forms.UUIDField(label="照片", required=False, error_messages={"invalid": MISSING["photo"]})


class BlurForm(VerbForm):
    """Blur: a photo and its parts, drawn (`boxes`) or typed in percent (`left1`, `top1` …)."""

    photo = forms.UUIDField(label="照片", error_messages={"required": MISSING["photo"], "invalid": MISSING["photo"]})
    boxes = BoxesField(label="要遮挡的地方", required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """What was typed joins what was drawn; one part at least."""
        cleaned = super().clean() or self.cleaned_data
        if "boxes" in self.errors:
            return cleaned
        cleaned["boxes"] = [*cleaned.get("boxes", []), *self._typed()]
        if not cleaned["boxes"] and "boxes" not in self.errors:
            self.add_error("boxes", MISSING["boxes"])
        return cleaned

    def _typed(self) -> list[Box]:
        found = []
        for number in range(1, SHOWN_BOXES + 1):
            typed = [str(self.data.get(f"{part}{number}", "")).strip() for part in PARTS]
            if not any(typed):
                continue
            try:
                left, top, width, height = (float(share) / 100 for share in typed)
            except ValueError:
                self.add_error("boxes", "要遮挡的地方请把四个数都填上，从 0 到 100。")
                return []
            found.append((left, top, width, height))
        return found


DUPLICATE_FORMS: dict[str, type[VerbForm]] = {
    "merge": MergeForm,
    "gather": GatherForm,
    "unmerge": WhyForm,
    "split_off": SplitOffForm,
    "announce": AnnounceForm,
    "unannounce": WhyForm,
    "blur": BlurForm,
}
