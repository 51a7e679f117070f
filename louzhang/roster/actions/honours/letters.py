"""表扬信和推荐: the office writes, the person sees the text and agrees or not; it is printed only while they agree."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction

from louzhang.accounts.models import User
from louzhang.areas.models import Area, Post
from louzhang.areas.queries import line_of
from louzhang.areas.roles import FIELD_ROLES, OFFICE_ROLES
from louzhang.journal.actions import erase_subject, record
from louzhang.journal.actor import Actor
from louzhang.journal.models import Audience
from louzhang.journal.refusals import InputRefused, NotYours, TooLarge
from louzhang.journal.walker import walk
from louzhang.kit import clock
from louzhang.roster.lifecycle.honours import LETTER_LOOP
from louzhang.roster.models.honours import Honour, Letter
from louzhang.roster.models.honours.letters import ADDRESSEE_LENGTH, TEXT_AT_MOST

TAKEN_BACK = "本人收回同意"


def write_letter(
    *, subject: User, area: Area, kind: str, addressee: str, text: str, actor: Actor, at: datetime,
    honour: Honour | None = None, entry_id: uuid.UUID | None = None,
) -> Letter:  # fmt: skip
    """An office of the place writes about somebody who serves there; from now on they can read it.

    Raises `NotYours` elsewhere and about oneself, `InputRefused` for blank words or somebody without a post there.
    """
    seats = [seat for seat in actor.seats_with(*OFFICE_ROLES) if seat.area_id == area.pk]
    if not seats or actor.is_read_only or actor.user_id is None:
        raise NotYours("信由本社区或本级办公室的工作人员来写。")
    if subject.pk == actor.user_id:
        raise NotYours("不能给自己写信，请同事来写。")
    _refuse_words(addressee, text)
    serving = Post.objects.as_of(clock.local_date(at)).filter(role__in=FIELD_ROLES, user=subject)
    if not serving.filter(area__path__startswith=area.path).exists():
        raise InputRefused("这个人现在不在这里任职，请重新选。", field="subject")
    with transaction.atomic():
        letter = Letter.objects.create(
            kind=kind, subject=subject, area=area, honour=honour, author_id=actor.user_id, written_at=at
        )
        record(
            letter, "write", actor=actor, at=at, audience=Audience.PARTIES,
            words={"addressee": addressee.strip(), "text": text.strip()},
            area_ids=[each.pk for each in line_of(area)], entry_id=entry_id,
        )  # fmt: skip
    return letter


def rewrite_letter(
    *, letter_id: int, addressee: str, text: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> Letter:
    """Another text: the person sees it and agrees anew."""
    _refuse_words(addressee, text)
    rows, given = Letter.objects.all(), {"text": text}
    with walk(LETTER_LOOP, rows, letter_id, "rewrite", actor=actor, at=at, given=given, entry_id=entry_id) as step:
        step.set(agreed_at=None, text_seq=step.subject.chain_seq + 1)
        step.say(addressee=addressee.strip(), text=text.strip())
    return step.subject


def agree_to_letter(*, letter_id: int, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> Letter:
    """The person has read it and lets it go out."""
    rows = Letter.objects.all()
    with walk(LETTER_LOOP, rows, letter_id, "agree", actor=actor, at=at, entry_id=entry_id) as step:
        step.set(agreed_at=at)
        step.note(text=step.subject.text_seq)
    return step.subject


def refuse_letter(
    *, letter_id: int, actor: Actor, at: datetime, reason: str = "", entry_id: uuid.UUID | None = None
) -> Letter:
    """The person does not want it, or not so; a reason may be given and need not."""
    rows = Letter.objects.all()
    with walk(LETTER_LOOP, rows, letter_id, "refuse", actor=actor, at=at, entry_id=entry_id) as step:
        step.say(reason=reason.strip()[:TEXT_AT_MOST])
    return step.subject


def take_back_letter(*, letter_id: int, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> Letter:
    """The person agreed and does no more: nothing is printed any more, and the words are gone."""
    with transaction.atomic():
        rows = Letter.objects.all()
        with walk(LETTER_LOOP, rows, letter_id, "take_back", actor=actor, at=at, entry_id=entry_id) as step:
            step.set(agreed_at=None)
        erase_subject(step.subject, rule=TAKEN_BACK, actor=actor, at=at, area_ids=step.subject.event_area_ids())
    return step.subject


def _refuse_words(addressee: str, text: str) -> None:
    if not 0 < len(addressee.strip()) <= ADDRESSEE_LENGTH:
        raise InputRefused(f"请写明信给谁，最多 {ADDRESSEE_LENGTH} 个字。", field="addressee")
    if not text.strip():
        raise InputRefused(LETTER_LOOP.missing["text"], field="text")
    if len(text) > TEXT_AT_MOST:
        raise TooLarge(f"信太长了，请缩短到 {TEXT_AT_MOST} 字以内。", field="text")
