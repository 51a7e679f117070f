"""What is typed about the tree: a new area, names and codes, position, outline, end, a file."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from louzhang.areas.forms.files import TableField
from louzhang.areas.models import AreaLevel, Estate
from louzhang.shell.widgets import ChipRadio, Words

OUTLINE_AT_MOST = 1_000_000


class NamesForm(forms.Form):
    """Name and codes of an area."""

    name = forms.CharField(label="名称", max_length=60, error_messages={"required": "请填写名称。"})
    code = forms.CharField(
        label="编码", max_length=30, help_text="本区自己的编码，不能重复。", error_messages={"required": "请填写编码。"}
    )
    official_code = forms.CharField(
        label="统计用区划代码", max_length=20, required=False, help_text="公布的代码，没有就留空。"
    )


class AddAreaForm(NamesForm):
    """A new area below another: which level, what it is called."""

    level = forms.TypedChoiceField(label="层级", coerce=int, widget=ChipRadio)
    field_order = ("level", "name", "code", "official_code")

    def __init__(self, *args: Any, levels: Iterable[AreaLevel], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["level"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [(level.pk, level.name) for level in levels]
        field.initial = field.choices[0][0] if field.choices else None


class PositionForm(forms.Form):
    """Where an area lies."""

    longitude = forms.FloatField(
        label="经度", required=False, error_messages={"invalid": "请填一个数，比如 123.7642。"}
    )
    latitude = forms.FloatField(
        label="纬度",
        required=False,
        help_text="WGS 84，小数；两个都留空就是清除位置。",
        error_messages={"invalid": "请填一个数，比如 41.2931。"},
    )


class OutlineForm(forms.Form):
    """The outline as GeoJSON, pasted or from a file; both left empty clear it."""

    outline = forms.CharField(
        label="边界（GeoJSON）",
        required=False,
        max_length=OUTLINE_AT_MOST,
        widget=Words({"rows": 10, "spellcheck": "false"}),
        help_text="Polygon 或 MultiPolygon，WGS 84，经度在前。整个留空就是清除边界。",
    )
    file = forms.FileField(
        label="或者选一个 GeoJSON 文件",
        required=False,
        widget=forms.FileInput(attrs={"accept": ".json,.geojson"}),
        error_messages={"empty": "这个文件是空的，请重新选择。"},
    )

    def clean_file(self) -> UploadedFile[Any] | None:
        """Refuse what is too large for one outline."""
        file: UploadedFile[Any] | None = self.cleaned_data["file"]
        if file is not None and (file.size or 0) > OUTLINE_AT_MOST:
            raise forms.ValidationError("文件超过 1 MB，请先把边界简化。")
        return file

    def geometry(self) -> Any:
        """The geometry typed or in the file, out of its Feature if it is in one; None clears."""
        file = self.cleaned_data.get("file")
        try:
            text = file.read().decode("utf-8-sig") if file else self.cleaned_data["outline"].strip()
            found = json.loads(text) if text else None
        except (ValueError, RecursionError):
            return {}
        if isinstance(found, dict) and found.get("type") == "FeatureCollection":
            features = found.get("features")
            found = features[0] if isinstance(features, list) and len(features) == 1 else {}
        if isinstance(found, dict) and found.get("type") == "Feature":
            found = found.get("geometry")
        return {} if found is None and text else found


class ReasonForm(forms.Form):
    """Why something ends."""

    reason = forms.CharField(
        label="原因",
        max_length=200,
        help_text="留在变更记录里，请不要写个人信息。",
        widget=Words({"rows": 2}),
        error_messages={"required": "请写明原因。"},
    )


class NameForm(forms.Form):
    """A name alone: of a level, of an estate."""

    name = forms.CharField(label="名称", max_length=60, error_messages={"required": "请填写名称。"})


class LevelForm(forms.Form):
    """The district's own name of a level."""

    name = forms.CharField(label="名称", max_length=20, error_messages={"required": "请填写层级名称。"})


class EstateForm(forms.Form):
    """The estate a building belongs to."""

    estate = forms.TypedChoiceField(label="所属小区", coerce=int, required=False, empty_value=None)

    def __init__(self, *args: Any, estates: Iterable[Estate], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["estate"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [("", "不属于小区"), *((estate.pk, estate.name) for estate in estates)]


class AreaFileForm(forms.Form):
    """A list of areas to import."""

    file = TableField(megabytes=5, more="，列为 code、name、parent_code、level")
