"""案例库 and 楼长交流: writing for each other. Nobody is to be recognised, and a second pair of eyes looks first."""

from __future__ import annotations

import uuid
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from louzhang.areas.queries import line_of
from louzhang.journal.actions import erase_subject, record
from louzhang.journal.actor import Actor
from louzhang.journal.models import Event, Words
from louzhang.journal.refusals import InputRefused, NotThere, NotYours
from louzhang.journal.walker import Step, walk
from louzhang.kit.bigrams import bigrams
from louzhang.roster.lifecycle.training.writings import ASKS, CASES, AskState
from louzhang.roster.models.training import (
    Byline,
    CaseStory,
    CaseStoryQuerySet,
    CourseSubject,
    PeerAsk,
    PeerAskQuerySet,
)
from louzhang.roster.models.training.writings import ANSWER_LENGTH, CASE_LENGTH, TITLE_LENGTH
from louzhang.roster.queries.training.writings import NO_ASK, NO_CASE, SAID, home_of, text_of

REASON_AT_MOST = 200
TAKEN_BACK = "写的人或办公室撤下"
Walking = AbstractContextManager[Step[Any]]
Kinds = type[CaseStory | PeerAsk]


@dataclass(frozen=True, slots=True)
class CaseDraft:
    """Title and words, what it is about, under what it is read."""

    title: str
    words: str
    subject: str = CourseSubject.CASES
    byline: str = Byline.NAME


def write_case(*, draft: CaseDraft, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> CaseStory:
    """Begin a case; only the writer sees it until it is offered. Raises `NotYours` without a post."""
    user_id, (area, place) = _writer(actor)
    _refuse_case(draft)
    with transaction.atomic():
        case = CaseStory.objects.create(
            area=area, author_id=user_id, subject=draft.subject, byline=draft.byline, written_at=at
        )
        record(case, "write", actor=actor, at=at, payload={"as": place}, words=_spoken(draft), entry_id=entry_id,
               area_ids=[node.pk for node in line_of(area)])  # fmt: skip
    return case


def rewrite_case(
    *, uid: uuid.UUID, draft: CaseDraft, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> CaseStory:
    """Say it otherwise, while it is a draft; what was confirmed before has to be confirmed again."""
    _refuse_case(draft)
    given = {"title": draft.title, "words": draft.words}
    with _case(uid, "rewrite", actor, at, given, entry_id) as step:
        step.say(**_spoken(draft))
        step.set(words_seq=step.subject.chain_seq + 1, subject=draft.subject, byline=draft.byline, is_confirmed=False)
    return step.subject


def offer_case(
    *, uid: uuid.UUID, is_confirmed: bool, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> CaseStory:
    """The writer confirms that nobody can be recognised, and somebody else looks at it."""
    with _case(uid, "offer", actor, at, {"is_confirmed": is_confirmed or None}, entry_id) as step:
        step.set(is_confirmed=True)
    return step.subject


def fetch_back_case(*, uid: uuid.UUID, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> CaseStory:
    """The writer wants to change it after all."""
    with _case(uid, "fetch_back", actor, at, {}, entry_id) as step:
        step.set(is_confirmed=False)
    return step.subject


def publish_case(*, uid: uuid.UUID, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> CaseStory:
    """Another one has read it: everybody with a post in the district may, and finds it by its words."""
    with _case(uid, "publish", actor, at, {}, entry_id) as step:
        told = text_of(step.subject)
        step.set(reviewer_id=actor.user_id, published_at=at, terms=bigrams(f"{told.title}\n{told.words}"))
    return step.subject


def return_case(
    *, uid: uuid.UUID, reason: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> CaseStory:
    """It has to be changed first; the reason goes to the writer."""
    with _case(uid, "return", actor, at, {"reason": reason}, entry_id) as step:
        step.set(is_confirmed=False)
        step.say(reason=_short(reason))
    return step.subject


def comment_case(
    *, uid: uuid.UUID, words: str, byline: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> CaseStory:
    """Say something on a published case."""
    _, (_, place) = _writer(actor)
    _refuse_answer(words, byline)
    with _case(uid, "comment", actor, at, {"words": words}, entry_id) as step:
        step.say(words=words.strip())
        step.note(byline=byline, **{"as": place})
        step.set(comments=step.subject.comments + 1, terms=_with(step.subject.terms, words))
    return step.subject


def take_back_case(*, uid: uuid.UUID, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> CaseStory:
    """Away with it, and with its words."""
    with transaction.atomic():
        with _case(uid, "take_back", actor, at, {}, entry_id) as step:
            step.set(terms=[], is_confirmed=False)
        erase_subject(step.subject, rule=TAKEN_BACK, actor=actor, at=at, area_ids=step.subject.event_area_ids())
    return step.subject


def ask_peers(*, words: str, byline: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> PeerAsk:
    """Ask those who do the same elsewhere in the district."""
    user_id, (area, place) = _writer(actor)
    _refuse_answer(words, byline)
    with transaction.atomic():
        ask = PeerAsk.objects.create(
            area=area, asker_id=user_id, byline=byline, asked_at=at, last_at=at, terms=bigrams(words)
        )
        record(ask, "ask", actor=actor, at=at, payload={"byline": byline, "as": place}, entry_id=entry_id,
               words={"words": words.strip()}, area_ids=[node.pk for node in line_of(area)])  # fmt: skip
    return ask


def answer_peer(
    *, uid: uuid.UUID, words: str, byline: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> PeerAsk:
    """Answer, or go on; whoever asked is told."""
    _, (_, place) = _writer(actor)
    _refuse_answer(words, byline)
    with _ask(uid, "answer", actor, at, {"words": words}, entry_id) as step:
        step.say(words=words.strip())
        step.note(byline=byline, **{"as": place})
        step.set(answers=step.subject.answers + 1, last_at=at, terms=_with(step.subject.terms, words))
    return step.subject


def close_ask(*, uid: uuid.UUID, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> PeerAsk:
    """It has been answered."""
    with _ask(uid, "close", actor, at, {}, entry_id) as step:
        pass
    return step.subject


def reopen_ask(*, uid: uuid.UUID, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> PeerAsk:
    """There is more to ask."""
    with _ask(uid, "reopen", actor, at, {}, entry_id) as step:
        step.set(last_at=at)
    return step.subject


def take_back_ask(*, uid: uuid.UUID, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> PeerAsk:
    """Whoever asked wants it gone: the words with it, those of answers too."""
    with transaction.atomic():
        with _ask(uid, "take_back", actor, at, {}, entry_id) as step:
            step.set(terms=[])
        erase_subject(step.subject, rule=TAKEN_BACK, actor=actor, at=at, area_ids=step.subject.event_area_ids())
    return step.subject


def report_abuse(
    *,
    what: Kinds,
    uid: uuid.UUID,
    number: int,
    reason: str,
    actor: Actor,
    at: datetime,
    entry_id: uuid.UUID | None = None,
) -> CaseStory | PeerAsk:
    """Something should not stand there: the office over whoever asked or wrote is told which and why, not by whom."""
    with _either(what, uid, "report_abuse", actor, at, {"number": number, "reason": reason}, entry_id) as step:
        _refuse_number(step.subject, number)
        step.note(number=number)
        step.say(reason=_short(reason))
    row: CaseStory | PeerAsk = step.subject
    return row


def hide_line(
    *,
    what: Kinds,
    uid: uuid.UUID,
    number: int,
    reason: str,
    actor: Actor,
    at: datetime,
    entry_id: uuid.UUID | None = None,
) -> CaseStory | PeerAsk:
    """The office hides one thing that was said; with the question itself all of it."""
    with _either(what, uid, "hide", actor, at, {"number": number, "reason": reason}, entry_id) as step:
        row: CaseStory | PeerAsk = step.subject
        _refuse_number(row, number)
        hidden = sorted({*row.hidden, number})
        is_whole = isinstance(row, PeerAsk) and number == 1
        if isinstance(row, PeerAsk):
            step.lead_to(AskState.HIDDEN.value if is_whole else row.status)
        step.set(hidden=hidden, terms=[] if is_whole else _terms_without(row, hidden))
        step.note(number=number)
        step.say(reason=_short(reason))
    return row


def _terms_without(row: CaseStory | PeerAsk, hidden: list[int]) -> list[str]:
    """What finds it once some of it is hidden."""
    of_it = {"subject_kind": row.subject_kind, "subject_id": row.pk}
    shown = set(Event.objects.filter(**of_it, verb__in=SAID).exclude(seq__in=hidden).values_list("seq", flat=True))
    if isinstance(row, CaseStory):
        shown.add(row.words_seq)
    said = [each.spoken for each in Words.objects.filter(**of_it, seq__in=shown)]
    pairs = (bigrams(f"{spoken.get('title', '')}\n{spoken.get('words', '')}") for spoken in said)
    return sorted({term for terms in pairs for term in terms})


def _refuse_number(row: CaseStory | PeerAsk, number: int) -> None:
    of_it = {"subject_kind": row.subject_kind, "subject_id": row.pk, "seq": number, "verb__in": SAID}
    if not Event.objects.filter(**of_it).exists():
        raise InputRefused("没有找到这一条，请刷新页面后再选。", field="number")


def _with(terms: list[str], words: str) -> list[str]:
    return sorted({*terms, *bigrams(words)})


def _writer(actor: Actor) -> tuple[int, tuple[Any, str]]:
    home = home_of(actor) if actor.user_id is not None and not actor.is_read_only else None
    if home is None or actor.user_id is None:
        raise NotYours("案例和交流由现在有任职的人来写。")
    return actor.user_id, home


def _either(
    what: Kinds, uid: uuid.UUID, verb: str, actor: Actor, at: datetime, given: dict[str, Any],
    entry_id: uuid.UUID | None,
) -> Walking:  # fmt: skip
    walking: Any = _case if what is CaseStory else _ask
    opened: Walking = walking(uid, verb, actor, at, given, entry_id)
    return opened


def _case(
    uid: uuid.UUID, verb: str, actor: Actor, at: datetime, given: dict[str, Any], entry_id: uuid.UUID | None
) -> AbstractContextManager[Step[CaseStory]]:
    rows: CaseStoryQuerySet = CaseStory.objects.all()
    found = rows.visible_to(actor).filter(uid=uid).values_list("pk", flat=True).first()
    if found is None:
        raise NotThere(NO_CASE)
    return walk(CASES, rows, found, verb, actor=actor, at=at, given=given, entry_id=entry_id)


def _ask(
    uid: uuid.UUID, verb: str, actor: Actor, at: datetime, given: dict[str, Any], entry_id: uuid.UUID | None
) -> AbstractContextManager[Step[PeerAsk]]:
    rows: PeerAskQuerySet = PeerAsk.objects.all()
    found = rows.visible_to(actor).filter(uid=uid).values_list("pk", flat=True).first()
    if found is None:
        raise NotThere(NO_ASK)
    return walk(ASKS, rows, found, verb, actor=actor, at=at, given=given, entry_id=entry_id)


def _spoken(draft: CaseDraft) -> dict[str, str]:
    return {"title": " ".join(draft.title.split()), "words": draft.words.strip()}


def _refuse_case(draft: CaseDraft) -> None:
    if not draft.title.strip() or len(draft.title.strip()) > TITLE_LENGTH:
        raise InputRefused(f"请写一个题目，最多 {TITLE_LENGTH} 个字。", field="title")
    if not draft.words.strip() or len(draft.words) > CASE_LENGTH:
        raise InputRefused(f"请写经过和办法，最多 {CASE_LENGTH} 个字。", field="words")
    if draft.subject not in CourseSubject.values or draft.byline not in Byline.values:
        raise InputRefused("请选关于什么、怎么署名。", field="subject")


def _refuse_answer(words: str, byline: str) -> None:
    if not words.strip() or len(words) > ANSWER_LENGTH:
        raise InputRefused(f"请写几句话，最多 {ANSWER_LENGTH} 个字。", field="words")
    if byline not in Byline.values:
        raise InputRefused("请选怎么署名。", field="byline")


def _short(reason: str) -> str:
    return reason.strip()[:REASON_AT_MOST]
