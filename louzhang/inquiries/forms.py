"""What is typed: a question, an answer, and the report a question becomes."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django import forms

from louzhang.accounts.forms import PhoneField
from louzhang.areas.models import Area
from louzhang.inquiries.actions import ask_inquiry, turn_inquiry
from louzhang.inquiries.lifecycle import LOOP
from louzhang.inquiries.models import WORDS_AT_MOST, Inquiry
from louzhang.journal.actions import once
from louzhang.journal.actor import Actor
from louzhang.shell.widgets import Words
from louzhang.workorders.forms.fields import VerbForm, first_refusal, plain_body
from louzhang.workorders.forms.reports import PageReportForm, Receipt, file_report
from louzhang.workorders.models import Category, Channel, Handling

TOO_LONG = f"一次最多写 {WORDS_AT_MOST} 个字，请缩短。"


def _words(label: str, missing: str, rows: int) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=WORDS_AT_MOST, widget=Words({"rows": rows}),
        error_messages={"required": LOOP.missing[missing], "max_length": TOO_LONG},
    )  # fmt: skip


class AskForm(VerbForm):
    """One question, and how to be reached if one likes."""

    words = _words("想问什么", "words", 3)
    name = forms.CharField(label="怎么称呼您", max_length=40, required=False)
    phone = PhoneField(label="电话", max_length=30, required=False)


class AnswerForm(VerbForm):
    """A short answer."""

    answer = _words("回答", "answer", 3)


class MoreForm(VerbForm):
    """One thing more."""

    words = _words("再问一句", "words", 2)


class TurnForm(PageReportForm):
    """The report that a question becomes; its place and contact are those of the question."""

    def clean_category(self) -> Category | None:
        """A complaint names somebody, which is asked elsewhere."""
        category: Category | None = self.cleaned_data["category"]
        if category is not None and category.handling == Handling.COMPLAINT:
            raise forms.ValidationError("投诉请走“随手拍”，在那里选投诉的对象。")
        return category


def ask_once(form: AskForm, *, area: Area, actor: Actor, at: datetime) -> uuid.UUID:
    """Ask once per entry id; gives the uid of the question. Raises the form's first error, and the action's."""
    if not form.is_valid():
        raise first_refusal(form)
    entry_id = form.cleaned_data["entry_id"]

    def act() -> Mapping[str, Any]:
        return {"uid": str(ask_inquiry(area=area, actor=actor, at=at, entry_id=entry_id, **form.given()).uid)}

    body = {"area": area.pk, **plain_body(form)}
    return uuid.UUID(once(actor=actor, entry_id=entry_id, body=body, at=at, perform=act)["uid"])


def act_once(form: VerbForm, action: Callable[..., Inquiry], inquiry: Inquiry, actor: Actor, at: datetime) -> None:
    """Do one verb once per entry id; raises the form's first error, and the action's."""
    if not form.is_valid():
        raise first_refusal(form)
    entry_id = form.cleaned_data["entry_id"]

    def act() -> Mapping[str, Any]:
        moved = action(inquiry_id=inquiry.pk, actor=actor, at=at, entry_id=entry_id, **form.given())
        return {"status": str(moved.status)}

    body = {"verb": action.__name__, "inquiry": inquiry.pk, **plain_body(form)}
    once(actor=actor, entry_id=entry_id, body=body, at=at, perform=act)


def turn_once(form: TurnForm, inquiry: Inquiry, channel: Channel, actor: Actor, at: datetime) -> Receipt:
    """Turn a question into an order once per entry id; raises the form's first error, and the action's."""
    file = partial(turn_inquiry, inquiry_id=inquiry.pk)
    return file_report(form, channel=channel, actor=actor, at=at, file=file)
