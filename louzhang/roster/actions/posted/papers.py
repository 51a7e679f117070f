"""Texts about somebody for the unit that sent them: written, shown to the person, and only then sent."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from louzhang.journal.actions import record
from louzhang.journal.actor import Actor
from louzhang.journal.models import Audience
from louzhang.journal.refusals import Conflict, InputRefused, NotThere, NotYours, TooLarge
from louzhang.journal.walker import Step, walk
from louzhang.roster.lifecycle.posted import PAPER, Tie
from louzhang.roster.models.posted import WORDS_AT_MOST, HomePaper, HomePaperQuerySet, PaperKind, Posting


def draft_paper(
    *, posting_id: int, kind: str, year: int, words: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> HomePaper:
    """The place or the office above begins a text; a yearly one only once a year.

    Raises `NotThere`, `NotYours` about oneself, `InputRefused` without words, `Conflict`.
    """
    if kind not in PaperKind.values:
        raise InputRefused("请选是年度工作纪实还是情况反馈。", field="kind")
    _refuse_words(words)
    try:
        with transaction.atomic():
            rows = Posting.objects.tied(actor, Tie.SITE, Tie.ABOVE).exclude(post=None).select_related("area")
            posting = rows.filter(pk=posting_id).first()
            if posting is None or actor.is_read_only:
                raise NotThere("没有找到这个派驻，或它不归您管理。")
            if posting.user_id == actor.user_id:
                raise NotYours("关于自己的材料要由别人来写。")
            paper = HomePaper.objects.create(posting=posting, kind=kind, year=year, written_at=at)
            record(
                paper, "write", actor=actor, at=at, audience=Audience.DESK, payload={"kind": kind, "year": year},
                words={"words": words.strip()}, area_ids=paper.event_area_ids(), entry_id=entry_id,
            )  # fmt: skip
    except IntegrityError:
        raise Conflict("这一年的工作纪实已经有了，请在那一份里改。", field="year") from None
    return paper


def write_paper(
    *, paper_id: int, words: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> HomePaper:
    """Write it anew; whoever has seen the old words sees the new ones again before it goes."""
    _refuse_words(words)
    with _walk(paper_id, "write", actor, at, {"words": words}, entry_id) as step:
        if step.subject.posting.user_id == actor.user_id:
            raise NotYours("关于自己的材料要由别人来写。")
        step.set(written_at=at)
        step.say(words=words.strip())
    return step.subject


def show_paper(*, paper_id: int, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> HomePaper:
    """Ask the person to read it."""
    with _walk(paper_id, "show", actor, at, {}, entry_id) as step:
        pass
    return step.subject


def see_paper(
    *, paper_id: int, actor: Actor, at: datetime, remark: str = "", entry_id: uuid.UUID | None = None
) -> HomePaper:
    """The person has read it; a remark goes with it to the home unit, as it was written."""
    with _walk(paper_id, "see", actor, at, {}, entry_id) as step:
        if len(remark) > WORDS_AT_MOST:
            raise TooLarge(f"文字太长了，请缩短到 {WORDS_AT_MOST} 字以内。", field="remark")
        step.say(words=remark.strip())
    return step.subject


def send_paper(*, paper_id: int, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> HomePaper:
    """It goes to the home unit with the person's remark; after that nothing of it changes."""
    with _walk(paper_id, "send", actor, at, {}, entry_id) as step:
        if step.subject.posting.user_id == actor.user_id:
            raise NotYours("关于自己的材料要由别人来送。")
        step.set(sent_at=at)
    return step.subject


def assess_paper(
    *, paper_id: int, words: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> HomePaper:
    """What the home unit says to it, for the person and the cadre's file; the last one stands on the sheet."""
    _refuse_words(words)
    with _walk(paper_id, "assess", actor, at, {"words": words}, entry_id) as step:
        if step.subject.posting.user_id == actor.user_id:
            raise NotYours("关于自己的意见要由别人来写。")
        step.say(words=words.strip())
    return step.subject


def _refuse_words(words: str) -> None:
    if not words.strip():
        raise InputRefused(PAPER.missing["words"], field="words")
    if len(words) > WORDS_AT_MOST:
        raise TooLarge(f"文字太长了，请缩短到 {WORDS_AT_MOST} 字以内。", field="words")


def _walk(
    paper_id: int, verb: str, actor: Actor, at: datetime, given: Mapping[str, Any], entry_id: uuid.UUID | None
) -> AbstractContextManager[Step[HomePaper]]:
    rows: HomePaperQuerySet = HomePaper.objects.all()
    return walk(PAPER, rows, paper_id, verb, actor=actor, at=at, given=given, entry_id=entry_id)
