"""What is typed about sites and firms."""

from __future__ import annotations

from typing import Any

from django import forms

from louzhang.accounts.forms import PhoneField
from louzhang.journal.actor import Actor
from louzhang.journal.forms import VerbForm
from louzhang.kit import coordinates
from louzhang.register.models import Site, SiteKind
from louzhang.register.models.sites import LONGEST_ROUND
from louzhang.register.queries.sites import keepers_to_choose, places_to_choose
from louzhang.shell.widgets import ChipRadio, LongSelect, Words

NOBODY = ("", "还不知道")


def _number(value: str) -> int | None:
    return int(value) if value else None


class PlacedForm(VerbForm):
    """A place of one's own, chosen once: what is entered there stays there."""

    area = forms.TypedChoiceField(
        label="在哪里", coerce=int, widget=LongSelect, error_messages={"required": "请选在哪里。"}
    )

    def __init__(self, *args: Any, actor: Actor, is_new: bool = True, **options: Any) -> None:
        super().__init__(*args, **options)
        if not is_new:
            del self.fields["area"]
            return
        chosen: Any = self.fields["area"]
        chosen.choices = [("", "请选择"), *places_to_choose(actor)]


class SiteForm(PlacedForm):
    """Kind, name, keeper, round; the position comes from the map or this phone, in any datum."""

    kind = forms.ChoiceField(label="类型", choices=SiteKind.choices, widget=ChipRadio)
    name = forms.CharField(
        label="名称", max_length=60, help_text="比如：12号楼东侧消火栓", error_messages={"required": "请写名称。"}
    )
    keeper_unit = forms.TypedChoiceField(
        label="哪个单位负责", coerce=_number, empty_value=None, required=False, widget=LongSelect
    )
    keeper_firm = forms.TypedChoiceField(
        label="或哪家单位商户负责", coerce=_number, empty_value=None, required=False, widget=LongSelect
    )
    check_days = forms.IntegerField(
        label="多少天检查一次", required=False, min_value=1, max_value=LONGEST_ROUND, help_text="不用检查就不填。"
    )
    lat = forms.FloatField(required=False, widget=forms.HiddenInput, min_value=-90, max_value=90)
    lon = forms.FloatField(required=False, widget=forms.HiddenInput, min_value=-180, max_value=180)
    datum = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*args, actor=actor, **options)
        units, firms = keepers_to_choose(actor)
        for name, choices in (("keeper_unit", units), ("keeper_firm", firms)):
            chosen: Any = self.fields[name]
            chosen.choices = [NOBODY, *choices]

    def given(self) -> dict[str, Any]:
        """As the actions take it."""
        said = super().given()
        lat, lon, datum = said.pop("lat"), said.pop("lon"), said.pop("datum")
        position = (lon, lat)
        if lat is not None and lon is not None and datum == coordinates.Datum.GCJ02:
            position = coordinates.to_wgs84(lon, lat, coordinates.Datum.GCJ02)
        keepers = {f"{name}_id": said.pop(name) for name in ("keeper_unit", "keeper_firm")}
        return {**said, **keepers, "longitude": position[0], "latitude": position[1]}


def standing(site: Site) -> dict[str, Any]:
    """What a form of a site shows first."""
    return {
        "kind": site.kind,
        "name": site.name,
        "keeper_unit": site.keeper_unit_id or "",
        "keeper_firm": site.keeper_firm_id or "",
        "check_days": site.check_days,
        "lat": site.latitude,
        "lon": site.longitude,
        "datum": "wgs84",
    }


class CheckSiteForm(VerbForm):
    """What was seen."""

    words = forms.CharField(label="看到什么", max_length=200, required=False, widget=Words)


class FirmForm(PlacedForm):
    """A firm and whom to ask for there; contact and phone are sealed."""

    name = forms.CharField(label="名称", max_length=60, error_messages={"required": "请写名称。"})
    trade = forms.CharField(label="做什么", max_length=40, required=False, help_text="比如：理发、药店、物流。")
    contact = forms.CharField(
        label="联系人",
        max_length=40,
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "data-private": ""}),
    )
    phone = PhoneField(label="电话", required=False)
