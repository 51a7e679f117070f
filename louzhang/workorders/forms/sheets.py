"""The two steps of a sheet of reports: choosing the file, and filing what the preview showed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

SHEET_BYTES_AT_MOST = 2 * 1024 * 1024


class SheetForm(forms.Form):
    """The file."""

    file = forms.FileField(
        label="文件",
        help_text="CSV 或 xlsx，不超过 2 MB，一次最多 300 件。",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        error_messages={
            "required": "请选择一个文件。",
            "invalid": "文件没有传上来，请重新选择。",
            "empty": "这个文件是空的，请重新选择。",
            "missing": "文件没有传上来，请重新选择。",
        },
    )

    def clean_file(self) -> UploadedFile[Any]:
        """Refuse what is too large for one sheet."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > SHEET_BYTES_AT_MOST:
            raise forms.ValidationError("文件超过 2 MB，请拆成几个文件。")
        return file


class FileSheetForm(forms.Form):
    """The rows of the preview, sealed, and the id that lets them in once."""

    entry_id = forms.UUIDField(widget=forms.HiddenInput)
    rows = forms.CharField(widget=forms.HiddenInput)
