"""The report form: what happened, where, how to be answered; any one kind of place is enough."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS

from louzhang.accounts.forms import PhoneField
from louzhang.areas.models import RANKS, LevelKind, Post, Unit
from louzhang.areas.outlines import area_at, lies_in_district
from louzhang.areas.queries import district
from louzhang.journal.actions import once
from louzhang.journal.actor import Actor
from louzhang.journal.models import RequestKey
from louzhang.kit import clock, coordinates, crypto
from louzhang.workorders.actions import Draft, Filed, report_workorder
from louzhang.workorders.actions.reporting import Target
from louzhang.workorders.forms.fields import (
    AreaField,
    CategoryField,
    UuidListField,
    WordsField,
    first_refusal,
    plain_body,
)
from louzhang.workorders.forms.questions import read_answers
from louzhang.workorders.models import AnswerWay, Category, Channel, Handling


class ReportForm(forms.Form):
    """One voice. `area` is the id of any current area; position needs its datum named."""

    entry_id = forms.UUIDField(required=False, widget=forms.HiddenInput)
    category = CategoryField()
    words = WordsField(label="发生了什么", rows=4)
    photos = UuidListField(label="照片", required=False)
    area = AreaField(required=False)
    place_note = forms.CharField(label="地点补充", max_length=200, required=False)
    door = forms.CharField(label="门牌号", max_length=40, required=False)
    longitude = forms.FloatField(required=False, min_value=-180, max_value=180, widget=forms.HiddenInput)
    latitude = forms.FloatField(required=False, min_value=-90, max_value=90, widget=forms.HiddenInput)
    datum = forms.ChoiceField(
        choices=[(datum.value, datum.value) for datum in coordinates.Datum],
        required=False,
        widget=forms.HiddenInput,
    )
    name = forms.CharField(label="称呼", max_length=40, required=False)
    phone = PhoneField(label="电话", max_length=30, required=False)
    answer_way = forms.ChoiceField(label="怎么答复", choices=AnswerWay.choices, initial=AnswerWay.HERE, required=False)
    target = forms.CharField(label="投诉谁", max_length=40, required=False)
    answers = forms.JSONField(required=False, widget=forms.HiddenInput)
    hotline_number = forms.CharField(label="热线工单号", max_length=60, required=False)

    def clean_answer_way(self) -> str:
        """Blank means: here, on the page."""
        return self.cleaned_data["answer_way"] or AnswerWay.HERE

    def clean(self) -> dict[str, Any]:
        """Check what belongs together: words or photo, position, place, phone, target, answers."""
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("words") and not cleaned.get("photos") and "words" not in self.errors:
            self.add_error("words", "请写一句发生了什么，或者拍一张照片。")
        self._clean_position(cleaned)
        self._clean_place(cleaned)
        self._clean_way(cleaned)
        self._clean_target(cleaned)
        self._clean_answers(cleaned)
        return cleaned

    def _clean_position(self, cleaned: dict[str, Any]) -> None:
        lon, lat = cleaned.get("longitude"), cleaned.get("latitude")
        if lon is None and lat is None:
            return
        if lon is None or lat is None:
            self.add_error("area", "位置不完整，请重新点选地图或选择楼栋。")
            return
        datum = coordinates.Datum(cleaned.get("datum") or coordinates.Datum.WGS84)
        cleaned["longitude"], cleaned["latitude"] = coordinates.to_wgs84(lon, lat, datum)
        if not lies_in_district(cleaned["longitude"], cleaned["latitude"]):
            self.add_error("area", "这个位置不在本区范围内，请核对地图上的点，或改选楼栋。")

    def _clean_place(self, cleaned: dict[str, Any]) -> None:
        """A chosen area wins; else the outline that holds the pin; else the district, unplaced."""
        cleaned["is_unplaced"] = False
        if cleaned.get("area") is not None or "area" in self.errors:
            return
        if cleaned.get("longitude") is None:
            if not cleaned.get("place_note"):
                self.add_error("area", "请选择地点：选楼栋、在地图上点一下，或写下地点，任选一种。")
                return
        else:
            cleaned["area"] = area_at(cleaned["longitude"], cleaned["latitude"])
        if cleaned.get("area") is None or cleaned["area"].level.rank < RANKS[LevelKind.COMMUNITY]:
            cleaned["area"] = cleaned.get("area") or district()
            cleaned["is_unplaced"] = True

    def _clean_way(self, cleaned: dict[str, Any]) -> None:
        way = cleaned.get("answer_way")
        if way in (AnswerWay.PHONE, AnswerWay.SMS) and not cleaned.get("phone") and "phone" not in self.errors:
            self.add_error("phone", "选了电话或短信答复，请留下电话号码。")
        if way == AnswerWay.VISIT and not (cleaned.get("door") or cleaned.get("place_note")):
            self.add_error("door", "选了上门答复，请留下门牌号，方便楼长找到您。")

    def _clean_target(self, cleaned: dict[str, Any]) -> None:
        category: Category | None = cleaned.get("category")
        typed = cleaned.pop("target", "")
        cleaned["target"] = None
        if category is None or category.handling != Handling.COMPLAINT:
            return
        cleaned["target"] = read_target(typed)
        if cleaned["target"] is None:
            self.add_error("target", "请选择您要投诉的人员或单位。")

    def _clean_answers(self, cleaned: dict[str, Any]) -> None:
        category: Category | None = cleaned.get("category")
        given = cleaned.get("answers") or {}
        if not isinstance(given, dict):
            self.add_error("answers", "补充问题的回答要是一组“问题: 回答”。")
            return
        cleaned["answers"], wrong = read_answers(category.questions if category else [], self.data, given)
        for name, sentence in wrong.items():
            self.errors[name] = self.error_class([sentence], renderer=self.renderer)

    @property
    def more_errors(self) -> list[tuple[str, str]]:
        """Errors of the extra questions, which are no fields of the form: the id of each, and its sentence."""
        told = {name: errors for name, errors in self.errors.items() if name not in {*self.fields, NON_FIELD_ERRORS}}
        return [(f"id_{name}", str(errors[0])) for name, errors in told.items()]

    @property
    def lacks_only_answers(self) -> bool:
        """Whether nothing is wrong but the answers to extra questions."""
        return bool(self.errors) and len(self.more_errors) == len(self.errors)

    def draft(self, channel: Channel, *, is_for_another: bool = False) -> Draft:
        """The parsed report for the action; only for a valid form."""
        told = {column.name for column in fields(Draft)}
        facts = {name: value for name, value in self.cleaned_data.items() if name in told}
        facts["answer_way"] = AnswerWay(facts["answer_way"])
        return Draft(channel=channel, is_for_another=is_for_another, **facts)


class PageReportForm(ReportForm):
    """A report sent by a page: without an id of the request it gets one, since its receipt is found by it."""

    def clean_entry_id(self) -> UUID:
        """The page's own id, or a new one."""
        return self.cleaned_data["entry_id"] or uuid4()


def read_target(typed: str) -> Target | None:
    """`post:ID` or `unit:ID` as the one complained about; None where there is no such one."""
    kind, _, number = typed.partition(":")
    if not number.isdecimal() or len(number) > 18:
        return None
    if kind == "unit":
        unit = Unit.objects.filter(pk=int(number), ended_at=None).select_related("office_area__level").first()
        return Target(unit=unit) if unit else None
    if kind != "post":
        return None
    post = (
        Post.objects.as_of(clock.local_date(clock.now()))
        .filter(pk=int(number))
        .select_related("area__level", "unit")
        .first()
    )
    if post is None:
        return None
    return Target(user_id=post.user_id, area=post.area, role=post.role if post.area_id else "", works_in=post.unit)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is told to whoever filed a report; the same for a repeat of the same request."""

    report_id: int
    number: str
    tracking_code: str
    promised_at: datetime


def file_report(
    form: ReportForm,
    *,
    channel: Channel,
    actor: Actor,
    at: datetime,
    is_for_another: bool = False,
    file: Callable[..., Filed] = report_workorder,
) -> Receipt:
    """File a valid or invalid form once per `entry_id`; `file` is the action that does it.

    Raises the first error of an invalid form as `InputRefused`, and whatever the action raises.
    The code is kept sealed in the stored answer, so a repeat gets the same one.
    """
    if not form.is_valid():
        raise first_refusal(form)
    entry_id = form.cleaned_data["entry_id"]
    aad = receipt_aad(actor, entry_id)

    def perform() -> Mapping[str, Any]:
        filed = file(draft=form.draft(channel, is_for_another=is_for_another), actor=actor, at=at, entry_id=entry_id)
        return {
            "report": filed.report.pk,
            "number": filed.order.number,
            "code": crypto.seal(filed.tracking_code, aad=aad),
            "promised_at": filed.order.promised_at.isoformat(),
        }

    return _receipt(once(actor=actor, entry_id=entry_id, body=plain_body(form), at=at, perform=perform), aad)


def find_receipt(actor: Actor, entry_id: UUID) -> Receipt | None:
    """The receipt of what this actor filed under an entry id, for the page after it; None for anything else."""
    stored = RequestKey.objects.filter(owner_key=actor.owner_key, entry_id=entry_id).first()
    if stored is None or "code" not in stored.answer:
        return None
    return _receipt(stored.answer, receipt_aad(actor, entry_id))


def receipt_aad(actor: Actor, entry_id: UUID | None) -> str:
    """What the kept code is bound to: its owner and the request."""
    return f"receipt:{actor.owner_key}:{entry_id}"


def _receipt(answer: Mapping[str, Any], aad: str) -> Receipt:
    return Receipt(
        report_id=answer["report"],
        number=answer["number"],
        tracking_code=crypto.unseal(answer["code"], aad=aad),
        promised_at=datetime.fromisoformat(answer["promised_at"]),
    )
