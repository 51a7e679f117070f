"""What is typed about routes and rounds, and the entries a phone may write down without a signal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django import forms
from django.urls import reverse

from louzhang.areas.models import Area, LevelKind
from louzhang.areas.queries.spoken import spoken_places
from louzhang.fieldwork.actions.patrols import REASON_AT_MOST, Fault, confirm_point, find_point, report_fault
from louzhang.fieldwork.actions.routes import RouteDraft
from louzhang.fieldwork.forms.spoken import spoken_with_photos
from louzhang.fieldwork.models import Patrol, Point, Route, SceneKind, Way, overseeing_seats
from louzhang.fieldwork.models.patrols import NAME_LENGTH, RADIUS_LEAST, RADIUS_MOST
from louzhang.fieldwork.queries.patrols import sites_to_choose
from louzhang.journal.actor import Actor
from louzhang.journal.forms import VerbForm, first_refusal
from louzhang.journal.refusals import Conflict, InputRefused
from louzhang.kit import coordinates
from louzhang.register.doorstep import Entry, EntryKind, add_kinds
from louzhang.register.forms.fields import DayField
from louzhang.shell.widgets import ChipRadio, LongSelect, Words
from louzhang.workorders.forms.fields import UuidListField
from louzhang.workorders.models import WORDS_AT_MOST as ORDER_WORDS_AT_MOST
from louzhang.workorders.models import Category, Handling, WorkOrder
from louzhang.workorders.queries.choices import by_group, offered_categories

CONFIRM, FAULT = "patrol.confirm", "patrol.fault"
RHYTHM = "每几天一次和一周几次，填一个就行。"


class PlainCategoryField(forms.ChoiceField):
    """A category of a matter that anybody may see to; a complaint names somebody, which is asked elsewhere."""

    def __init__(self, **options: Any) -> None:
        said = {"required": "请选是哪类事。", "invalid_choice": "这个类别已经停用，请重新选。"}
        super().__init__(widget=LongSelect, error_messages=said, **options)

    def offer(self) -> None:
        """Read the categories in use."""
        self.leaves = [leaf for leaf in offered_categories() if leaf.handling == Handling.PLAIN]
        groups = [(group.label, [(leaf.code, leaf.name) for leaf in group.choices]) for group in by_group(self.leaves)]
        self.choices = [("", "请选择"), *groups]

    def leaf(self, code: str) -> Category:
        """The category of a code that was offered."""
        return next(leaf for leaf in self.leaves if leaf.code == code)


class RouteForm(VerbForm):
    """Where a route goes, what it is called, how often it is walked."""

    area = forms.TypedChoiceField(
        label="哪个网格", coerce=int, widget=LongSelect, error_messages={"required": "请选网格。"}
    )
    name = forms.CharField(
        label="名称", max_length=NAME_LENGTH, help_text="比如：夜间安全巡查", error_messages={"required": "请写名称。"}
    )
    every_days = forms.IntegerField(label="每几天一次", required=False, min_value=1, help_text=RHYTHM)
    times_a_week = forms.IntegerField(label="或者一周几次", required=False, min_value=1)
    radius = forms.IntegerField(
        label="定位离多少米以内算到了", initial=50, min_value=RADIUS_LEAST, max_value=RADIUS_MOST,
        help_text="手机自己比对，位置不上传。",
    )  # fmt: skip

    def __init__(self, *args: Any, places: list[tuple[str, str]] | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        if places is None:
            del self.fields["area"]
        else:
            chosen: Any = self.fields["area"]
            chosen.choices = [("", "请选择"), *places]

    def draft(self) -> RouteDraft:
        """What is said of the route."""
        said = self.cleaned_data
        return RouteDraft(said["name"], said["every_days"], said["times_a_week"], said["radius"])


def places_for_routes(actor: Actor) -> list[tuple[str, str]]:
    """Grids and communities in which the actor lays out routes."""
    seats = [*actor.seats_with("grid_worker", "grid_lead"), *overseeing_seats(actor)]
    areas = Area.objects.get_queryset().under_paths([seat.path for seat in seats if seat.path]).current()
    rows = list(areas.of_kind(LevelKind.GRID, LevelKind.COMMUNITY).select_related("level").defer("outline"))
    names = spoken_places(rows)
    return [(str(row.pk), names[row.pk]) for row in rows]


class PointForm(VerbForm):
    """A stop: one of the sites entered in the register, or a place of its own."""

    site = forms.TypedChoiceField(
        label="从登记的点位里选", required=False, widget=LongSelect, coerce=int, empty_value=None
    )
    name = forms.CharField(label="或者自己写", required=False, max_length=60, help_text="比如：自行车棚门口")
    lat = forms.FloatField(required=False, widget=forms.HiddenInput, min_value=-90, max_value=90)
    lon = forms.FloatField(required=False, widget=forms.HiddenInput, min_value=-180, max_value=180)
    datum = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, route: Route, **options: Any) -> None:
        super().__init__(*args, **options)
        self.sites = {site.pk: site for site in sites_to_choose(route)}
        places = spoken_places(site.area for site in self.sites.values())
        chosen: Any = self.fields["site"]
        chosen.choices = [
            ("", "不选，自己写"),
            *(
                (pk, f"{places[site.area_id]} {site.get_kind_display()}：{site.name}")
                for pk, site in self.sites.items()
            ),
        ]

    def given(self) -> dict[str, Any]:
        """As the action takes it; the position of a place, in WGS 84."""
        said = super().given()
        lat, lon, datum = said.pop("lat"), said.pop("lon"), said.pop("datum")
        position = (lon, lat)
        if lat is not None and lon is not None and datum == coordinates.Datum.GCJ02:
            position = coordinates.to_wgs84(lon, lat, coordinates.Datum.GCJ02)
        return {
            "site": self.sites.get(said["site"]), "name": said["name"],
            "longitude": position[0], "latitude": position[1],
        }  # fmt: skip


class ConfirmForm(VerbForm):
    """How one knows that one is there."""

    way = forms.ChoiceField(label="怎么确认", choices=Way.choices, widget=ChipRadio, initial=Way.CODE,
                            error_messages={"required": "请选是怎么确认到了的。"})  # fmt: skip
    code = forms.CharField(
        label="牌上的六位码", required=False, max_length=12,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "data-wanted": ""}),
    )  # fmt: skip
    reason = forms.CharField(
        label="为什么没有扫码", required=False, max_length=REASON_AT_MOST, help_text="比如：牌子掉了、在修路过不去。",
        widget=forms.TextInput({"data-wanted": ""}),
    )  # fmt: skip


class FaultForm(VerbForm):
    """What is wrong there."""

    category = PlainCategoryField(label="哪类事")
    words = forms.CharField(
        label="看到了什么", max_length=ORDER_WORDS_AT_MOST, widget=Words({"rows": 3, "data-grow": ""}),
        error_messages={"required": "请写一句看到了什么。"}, help_text="马上变成工单，地点已经填好。",
    )  # fmt: skip
    photos = UuidListField(label="照片", required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        kinds: Any = self.fields["category"]
        kinds.offer()
        self.kinds = kinds

    def fault(self) -> Fault:
        """As the action takes it."""
        said = self.cleaned_data
        return Fault(self.kinds.leaf(said["category"]), said["words"], said["photos"])


class BreakOffForm(VerbForm):
    """Why not further."""

    reason = forms.CharField(
        label="为什么先走到这里", max_length=REASON_AT_MOST, error_messages={"required": "请写一句原因。"},
        help_text="路线还在清单上，社区看得到哪几处没有走到。",
    )  # fmt: skip


class SceneForm(VerbForm):
    """A named scene, its document, its end."""

    kind = forms.ChoiceField(label="情形", choices=SceneKind.choices, widget=ChipRadio,
                             error_messages={"required": "请选情形。"})  # fmt: skip
    name = forms.CharField(label="哪一次任务", max_length=40, error_messages={"required": "请写是哪一次任务。"})
    document = forms.CharField(
        label="依据的文件（文号）", max_length=80, error_messages={"required": "请写依据的文件和文号。"}
    )
    starts_on = DayField(label="从哪天")
    last_day = DayField(label="到哪天（含）")

    def given(self) -> dict[str, Any]:
        """As the action takes it: the end is no longer part."""
        said = super().given()
        last = said.pop("last_day")
        return {**said, "ends_on": last + timedelta(days=1)}


def add_patrol_kinds() -> None:
    """Make them known to pages, programs and the outbox."""
    add_kinds(
        EntryKind(
            name=CONFIRM, label="到点位", find=lambda actor, uid, fields: find_point(actor, uid), read=_read_confirm,
            perform=_confirm, address=_address, about=str, spoken=_spoken_confirm,
        ),
        EntryKind(
            name=FAULT, label="巡查发现问题", find=lambda actor, uid, fields: find_point(actor, uid), read=_read_fault,
            perform=_fault, address=_address, about=str, spoken=partial(spoken_with_photos, FaultForm),
        ),
    )  # fmt: skip


def _read_confirm(fields: Mapping[str, str]) -> Mapping[str, Any]:
    form = ConfirmForm(data=dict(fields))
    if not form.is_valid():
        raise first_refusal(form)
    return form.given()


def _spoken_confirm(fields: Mapping[str, str]) -> list[tuple[str, str]]:
    way = fields.get("way", "")
    return [("怎么确认", Way(way).label if way in Way.values else "")]


def _confirm(entry: Entry, point: Point, said: Mapping[str, Any], actor: Actor, at: datetime) -> Patrol:
    try:
        return confirm_point(uid=point.uid, actor=actor, at=at, entry_id=entry.uid, **said)
    except Conflict as conflict:  # there is nothing to settle between two ticks of one point
        raise InputRefused(conflict.message) from None


def _read_fault(fields: Mapping[str, str]) -> Mapping[str, Any]:
    form = FaultForm(data=dict(fields))
    if not form.is_valid():
        raise first_refusal(form)
    return {"fault": form.fault()}


def _fault(entry: Entry, point: Point, said: Mapping[str, Any], actor: Actor, at: datetime) -> WorkOrder:
    return report_fault(uid=point.uid, fault=said["fault"], actor=actor, at=at, entry_id=entry.uid)


def _address(row: Any) -> str:
    if isinstance(row, WorkOrder):
        return reverse("field:one", args=[row.number])
    route: Any = row.route
    return reverse("patrols:route", args=[route.uid])
