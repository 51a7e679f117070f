"""What for: asked before results leave the house, or words of households are read."""

from __future__ import annotations

from django import forms


class PurposeForm(forms.Form):
    """One line that is kept."""

    purpose = forms.CharField(
        label="用来做什么",
        max_length=100,
        help_text="会留下记录：谁、什么时候、为什么。",
        error_messages={"required": "请写明用来做什么。", "max_length": "请写在 100 个字以内。"},
    )
