"""A file that brings a table, and the two steps of bringing one in: choosing it, storing what was shown."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

MEGABYTE = 1024 * 1024


class TableField(forms.FileField):
    """A CSV or xlsx of at most so many megabytes."""

    def __init__(self, *, megabytes: int, more: str = "", **options: Any) -> None:
        self.megabytes = megabytes
        options.setdefault("label", "文件")
        options.setdefault("help_text", f"CSV 或 xlsx，不超过 {megabytes} MB{more}。")
        options.setdefault("widget", forms.FileInput(attrs={"accept": ".csv,.xlsx"}))
        options.setdefault(
            "error_messages",
            {
                "required": "请选择一个文件。",
                "invalid": "文件没有传上来，请重新选择。",
                "empty": "这个文件是空的，请重新选择。",
                "missing": "文件没有传上来，请重新选择。",
            },
        )
        super().__init__(**options)

    def clean(self, value: Any, initial: Any = None) -> Any:
        """Refuse what is too large for one table."""
        file: UploadedFile[Any] = super().clean(value, initial)
        if (file.size or 0) > self.megabytes * MEGABYTE:
            raise forms.ValidationError(f"文件超过 {self.megabytes} MB，请拆成几个文件。")
        return file


class ListFileForm(forms.Form):
    """A list to bring in."""

    file = TableField(megabytes=2, more="，一次最多 2000 行；行数多时要等几十秒")


class SealedRowsForm(forms.Form):
    """The rows of the preview, sealed, and the id that lets them in once."""

    entry_id = forms.UUIDField(widget=forms.HiddenInput)
    rows = forms.CharField(widget=forms.HiddenInput)
