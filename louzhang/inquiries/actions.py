"""Asking and answering: one public function a verb (handbook R4: residents ask their worker, a quick answer)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from louzhang.areas.models import Area
from louzhang.areas.queries import setting
from louzhang.inquiries.lifecycle import LOOP, InquiryState, Tie
from louzhang.inquiries.models import WORDS_AT_MOST, Inquiry, InquiryQuerySet
from louzhang.journal.actions import erase_subject, log_reveal, record
from louzhang.journal.actor import SYSTEM, Actor
from louzhang.journal.models import Audience
from louzhang.journal.refusals import InputRefused, NotThere, NotYours, TooLarge
from louzhang.journal.walker import Step, walk
from louzhang.workorders.actions import Draft, Filed, report_workorder
from louzhang.workorders.actions.reporting import refuse_nameless, refuse_paused

KEPT = timedelta(days=365)
LONG = f"一次最多写 {WORDS_AT_MOST} 个字。事情多的话，请走“随手拍”。"


def ask_inquiry(
    *,
    area: Area,
    words: str,
    actor: Actor,
    at: datetime,
    name: str = "",
    phone: str = "",
    entry_id: uuid.UUID | None = None,
) -> Inquiry:
    """A resident asks those who look after a place; `phone` is already normal.

    Raises `InputRefused` without words or cookie, `TooLarge`, `Conflict` while anonymous reports are paused.
    """
    if actor.is_read_only or actor.is_system:
        raise NotYours("提问由本人提出。请用自己的手机打开页面再问。")
    refuse_nameless(actor)
    refuse_paused(actor, at)
    if not words.strip():
        raise InputRefused(LOOP.missing["words"], field="words")
    if len(words) > WORDS_AT_MOST:
        raise TooLarge(LONG, field="words")
    if area.ended_at:
        raise InputRefused("这个地点已经停用，请重新选择。", field="area")
    with transaction.atomic():
        inquiry = Inquiry(
            area=area,
            asker_id=actor.user_id,
            device_hash="" if actor.user_id else actor.device,
            asked_at=at,
            waiting_since=at,
        )
        inquiry.seal(name=name, phone=phone)
        inquiry.save(force_insert=True)
        record(
            inquiry, "ask", actor=actor, at=at, audience=Audience.PUBLIC, words={"words": words.strip()},
            area_ids=inquiry.event_area_ids(), entry_id=entry_id,
        )  # fmt: skip
    return inquiry


def answer_inquiry(
    *, inquiry_id: int, answer: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> Inquiry:
    """Grid worker, chief or the community's desk answers; raises what the walker raises, `TooLarge`."""
    _refuse_long(answer, "answer")
    with _walk(inquiry_id, "answer", actor, at, {"answer": answer}, entry_id) as step:
        step.set(answered_at=at)
        step.say(words=answer.strip())
    return step.subject


def ask_more(*, inquiry_id: int, words: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> Inquiry:
    """The asker says one thing more: it waits for an answer again."""
    _refuse_long(words, "words")
    with _walk(inquiry_id, "ask_more", actor, at, {"words": words}, entry_id) as step:
        step.set(waiting_since=at)
        step.say(words=words.strip())
    return step.subject


def close_inquiry(*, inquiry_id: int, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> Inquiry:
    """The asker has understood, or the clock has run out."""
    with _walk(inquiry_id, "close", actor, at, {}, entry_id) as step:
        step.set(closed_at=at)
    return step.subject


def turn_inquiry(
    *, inquiry_id: int, draft: Draft, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> Filed:
    """Make a work order of it; both point at each other and the question ends.

    The voice stays the asker's, whoever of the two sides does it: with the asker's contact, which nobody sees
    on the way, and on the asker's phone. Raises what the walker and `report_workorder` raise.
    """
    with _walk(inquiry_id, "turn", actor, at, {"order": draft.category.code}, entry_id) as step:
        inquiry = step.subject
        is_own = Tie.ASKER in inquiry.relations_now
        named = replace(
            draft,
            area=inquiry.area,
            name=inquiry.open_field("name"),
            phone=inquiry.open_field("phone"),
            is_for_another=not is_own,
        )
        filed = report_workorder(draft=named, actor=actor, at=at, entry_id=entry_id)
        if not is_own:
            filed.report.reporter_id, filed.report.device_hash = inquiry.asker_id, inquiry.device_hash
            filed.report.save(update_fields=["reporter_id", "device_hash"])
        step.set(order_id=filed.order.pk, closed_at=at)
        step.note(order=filed.order.pk)
    return filed


def reveal_asker(*, inquiry_id: int, reason: str, actor: Actor, at: datetime) -> str:
    """The asker's phone in plain, for who may answer and while it is open; logged.

    Raises `NotThere` out of scope or without a number, `NotYours` after the end, `InputRefused` without reason.
    """
    rows: InquiryQuerySet = Inquiry.objects.all()
    inquiry = rows.tied(actor, Tie.KEEPER, Tie.DESK).filter(pk=inquiry_id).first()
    if inquiry is None or not inquiry.contact_phone_sealed:
        raise NotThere("没有找到这个提问，或它没有留电话。")
    if not inquiry.is_open:
        raise NotYours("这个提问已经结束，不能再看电话。需要联系的，请在工单里办。")
    if not reason.strip():
        raise InputRefused("请写明为什么要查看，这会留下记录。", field="reason")
    log_reveal(
        subject_kind=inquiry.subject_kind, subject_id=inquiry.pk, what="phone", reason=reason.strip()[:200],
        actor=actor, at=at,
    )  # fmt: skip
    return inquiry.open_field("phone")


def close_due_inquiries(*, at: datetime) -> int:
    """Close what was answered longer ago than the setting says; gives how many."""
    before = at - timedelta(days=int(setting("inquiry_days", at)))
    due = Inquiry.objects.filter(status=InquiryState.ANSWERED, answered_at__lt=before)
    ids = list(due.order_by("pk").values_list("pk", flat=True))
    for inquiry_id in ids:
        close_inquiry(inquiry_id=inquiry_id, actor=SYSTEM, at=at)
    return len(ids)


def erase_due_inquiries(*, at: datetime) -> int:
    """Erase words and contact of what ended more than a year ago; gives how many."""
    due = Inquiry.objects.filter(erased_at=None, closed_at__lt=at - KEPT).order_by("pk").values_list("pk", flat=True)
    return sum(_erase(inquiry_id, at) for inquiry_id in list(due))


def _erase(inquiry_id: int, at: datetime) -> bool:
    with transaction.atomic():
        rows = Inquiry.objects.filter(pk=inquiry_id, erased_at=None).select_related("area")
        inquiry = rows.select_for_update(no_key=True, of=("self",), skip_locked=True).first()
        if inquiry is None:
            return False
        inquiry.seal(name="", phone="")
        inquiry.erased_at = at
        erase_subject(
            inquiry, rule=f"保存期满 {KEPT.days} 天", actor=SYSTEM, at=at, area_ids=inquiry.event_area_ids(),
            save=("contact_name_sealed", "contact_phone_sealed", "erased_at"),
        )  # fmt: skip
    return True


def _refuse_long(words: str, field: str) -> None:
    if len(words) > WORDS_AT_MOST:
        raise TooLarge(f"一次最多写 {WORDS_AT_MOST} 个字，请缩短。", field=field)


def _walk(
    inquiry_id: int, verb: str, actor: Actor, at: datetime, given: Mapping[str, Any], entry_id: uuid.UUID | None
) -> AbstractContextManager[Step[Inquiry]]:
    rows: InquiryQuerySet = Inquiry.objects.all()
    return walk(LOOP, rows, inquiry_id, verb, actor=actor, at=at, given=given, entry_id=entry_id)
