"""Forms of an import: the file, and what each of its columns is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

from django import forms

from louzhang.areas.forms.files import TableField
from louzhang.areas.models import Area
from louzhang.register.actions.importing.office import MEGABYTES
from louzhang.register.imports.columns import LABELS

UNREAD = "不读入"


class ImportFileForm(forms.Form):
    """A file for the register of a community."""

    entry_id = forms.UUIDField(required=False, widget=forms.HiddenInput)
    area = forms.ChoiceField(
        label="社区", error_messages={"required": "请选择社区。", "invalid_choice": "请选择社区。"}
    )
    file = TableField(megabytes=MEGABYTES, label="表格文件")

    def __init__(self, *args: Any, areas: Sequence[Area], **options: Any) -> None:
        super().__init__(*args, **options)
        self.areas = {str(area.pk): area for area in areas}
        field: Any = self.fields["area"]
        field.choices = [(pk, area.name) for pk, area in self.areas.items()]
        if len(self.areas) == 1:
            field.widget = forms.HiddenInput()
            field.initial = next(iter(self.areas))

    @property
    def area_chosen(self) -> Area:
        """The community; only for a valid form."""
        return self.areas[self.cleaned_data["area"]]

    @property
    def suffix(self) -> str:
        """How the name of the file ends."""
        return PurePath(self.cleaned_data["file"].name or "").suffix.lower()[:5]


class ColumnsForm(forms.Form):
    """One choice for each column of a file; headings that must not be registered have none."""

    def __init__(
        self,
        *args: Any,
        found: dict[str, Any],
        columns: Sequence[str],
        seen: Sequence[Sequence[str]] = (),
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.headings, never = found["headings"], set(found["never"])
        choices = [("", UNREAD), *LABELS.items()]
        for place, heading in enumerate(self.headings):
            if heading and heading not in never:
                values = seen[place] if place < len(seen) else ()
                self.fields[f"c{place}"] = forms.ChoiceField(
                    label=heading, choices=choices, required=False, initial=columns[place],
                    help_text=f"如：{'、'.join(values)}" if values else "前面几行是空的" if seen else "",
                )  # fmt: skip

    @property
    def chosen(self) -> list[str]:
        """What each column is; only for a valid form."""
        return [self.cleaned_data.get(f"c{place}", "") for place in range(len(self.headings))]
