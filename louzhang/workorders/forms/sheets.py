"""A sheet of reports: the file to choose."""

from __future__ import annotations

from django import forms

from louzhang.areas.forms.files import TableField


class SheetForm(forms.Form):
    """The file."""

    file = TableField(megabytes=2, more="，一次最多 300 件")
