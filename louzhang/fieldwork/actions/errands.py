"""代办帮办: asked by or for a resident, taken, papers against a slip, handed back, confirmed (R3, R14)."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from louzhang.areas.models import Area, Post
from louzhang.fieldwork.lifecycle.errands import LOOP, ErrandState, Tie
from louzhang.fieldwork.models import Errand, ErrandKind, ErrandQuerySet
from louzhang.fieldwork.models.errands import WORDS_AT_MOST
from louzhang.fieldwork.queries.errands import GONE, agents_for
from louzhang.journal.actions import erase_subject, log_reveal, record
from louzhang.journal.actor import SYSTEM, Actor, ActorKind
from louzhang.journal.models import Audience
from louzhang.journal.refusals import InputRefused, NotThere, NotYours, TooLarge
from louzhang.journal.walker import Step, walk
from louzhang.kit import clock
from louzhang.register.scope import keeps_area, refuse_looking_only
from louzhang.register.visit_codes import normal_code
from louzhang.workorders.actions.photographs import claim_attachments
from louzhang.workorders.actions.reporting import refuse_nameless

KEPT_FOR = timedelta(days=365)
DIGITS = 6
# How whoever runs it knows that it is well: the digits of the asker, or their word.
BY_TAP, BY_CODE, BY_WORD = "tap", "code", "word"


@dataclass(frozen=True, slots=True)
class ErrandDraft:
    """What is asked; `phone` is normal already."""

    kind: str
    area: Area
    words: str
    name: str = ""
    phone: str = ""
    door: str = ""
    wanted_on: date | None = None
    is_for_another: bool = False


def ask_errand(*, draft: ErrandDraft, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> Errand:
    """Somebody asks to have something done; whoever looks after the place may write it down for them.

    Raises `InputRefused` without kind or words, `NotYours` for a place that is not one's own to write for.
    """
    _refuse_draft(draft, actor, at)
    own = not draft.is_for_another
    with transaction.atomic():
        errand = Errand(
            kind=draft.kind, area=draft.area, asker_id=actor.user_id if own else None, asked_at=at,
            device_hash=actor.device if own and actor.user_id is None else "", wanted_on=draft.wanted_on,
        )  # fmt: skip
        code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}" if own else ""
        errand.seal(name=draft.name.strip(), phone=draft.phone, door=draft.door.strip(), code=code)
        errand.save(force_insert=True)
        record(
            errand, "ask", actor=actor, at=at, audience=Audience.PUBLIC, words={"words": draft.words.strip()},
            payload={"kind": draft.kind, "for_another": not own}, area_ids=errand.event_area_ids(), entry_id=entry_id,
        )  # fmt: skip
    return errand


def take_errand(*, errand_id: int, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> Errand:
    """我来办: in the nearest of one's posts, so that a stand-in sees it too."""
    with _walk(errand_id, "take", actor, at, {}, entry_id) as step:
        post_id = _post_at(step.subject.area, actor)
        if post_id is None:
            raise NotYours("接代办要有这里的任职。")
        step.set(agent_id=post_id, taken_at=at)
        step.note(agent=post_id)
    return step.subject


def collect_papers(
    *, errand_id: int, papers: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> Errand:
    """Papers were taken: each stands on a line of its own, and so on the slip."""
    _refuse_long(papers, "papers")
    lines = [" ".join(line.split()) for line in papers.splitlines() if line.strip()]
    with _walk(errand_id, "collect", actor, at, {"papers": papers}, entry_id) as step:
        step.note(papers=len(lines))
        step.say(words="\n".join(lines))
    return step.subject


def hand_over(
    *,
    errand_id: int,
    words: str,
    actor: Actor,
    at: datetime,
    photos: Sequence[uuid.UUID] = (),
    entry_id: uuid.UUID | None = None,
) -> Errand:
    """Done, and handed back; a photo goes with it where somebody is away."""
    _refuse_long(words, "words")
    with _walk(errand_id, "hand_over", actor, at, {"words": words}, entry_id) as step:
        files = claim_attachments(step.subject, photos, actor=actor, seq=step.subject.chain_seq + 1)
        step.set(handed_at=at)
        step.say(words=words.strip())
        step.note(**({"attachments": files} if files else {}))
    return step.subject


def confirm_errand(
    *, errand_id: int, way: str, actor: Actor, at: datetime, code: str = "", entry_id: uuid.UUID | None = None
) -> Errand:
    """It is well: the asker taps, or whoever ran it types the asker's digits or notes their word.

    Raises `InputRefused` for wrong digits, and for a tap that is not the asker's.
    """
    with _walk(errand_id, "confirm", actor, at, {"way": way}, entry_id) as step:
        _refuse_way(step.subject, way, code)
        step.set(ended_at=at)
        step.note(way=way)
    return step.subject


def not_yet(*, errand_id: int, reason: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> Errand:
    """The asker says that it is not done."""
    _refuse_long(reason, "reason")
    with _walk(errand_id, "not_yet", actor, at, {"reason": reason}, entry_id) as step:
        step.set(handed_at=None)
        step.say(words=reason.strip())
    return step.subject


def pass_on(*, errand_id: int, post: int, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> Errand:
    """Somebody else of the place runs it."""
    with _walk(errand_id, "pass_on", actor, at, {"post": post}, entry_id) as step:
        errand = step.subject
        if post not in {row.pk for row in agents_for(errand.area, at)} or post == errand.agent_id:
            raise InputRefused("请从名单里选另一个人。", field="post")
        if errand.status == ErrandState.COLLECTED:
            step.note(papers_go_along=True)
        step.note(before=errand.agent_id, agent=post)
        step.set(agent_id=post, taken_at=at)
    return step.subject


def decline_errand(
    *, errand_id: int, reason: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> Errand:
    """It cannot be done; the reason says where to turn instead."""
    _refuse_long(reason, "reason")
    with _walk(errand_id, "decline", actor, at, {"reason": reason}, entry_id) as step:
        step.set(ended_at=at)
        step.say(words=reason.strip())
    return step.subject


def withdraw_errand(*, errand_id: int, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> Errand:
    """Nobody needs it any more."""
    with _walk(errand_id, "withdraw", actor, at, {}, entry_id) as step:
        step.set(ended_at=at)
    return step.subject


def move_errand(*, errand_id: int, to: Post | None, at: datetime) -> None:
    """The post that ran it has ended: the next one has it, or it waits for somebody again."""
    verb = "pass_on" if to is not None else "put_back"
    with _walk(errand_id, verb, SYSTEM, at, {"post": to}, None) as step:
        step.note(before=step.subject.agent_id, agent=to.pk if to is not None else None)
        step.set(agent_id=to.pk if to is not None else None, taken_at=at if to is not None else None)
        if to is not None:
            step.lead_to(ErrandState.TAKEN)


def reveal_errand(*, uid: uuid.UUID, what: str, reason: str, actor: Actor, at: datetime) -> str:
    """Name, number or door in plain for who runs it and the office, with a reason that is logged."""
    errand = Errand.objects.tied(actor, Tie.AGENT, Tie.DESK).filter(uid=uid).first()
    if errand is None or what not in ("name", "phone", "door") or actor.is_system:
        raise NotThere(GONE)
    if not reason.strip():
        raise InputRefused("请写明为什么要查看，这会留下记录。", field="reason")
    log_reveal(
        subject_kind=Errand.subject_kind, subject_id=errand.pk, what=what, reason=reason.strip()[:200], actor=actor,
        at=at,
    )  # fmt: skip
    return errand.open_field(what)


def erase_old_errands(*, at: datetime) -> int:
    """Erase words, photos and contacts of what ended more than a year ago; gives how many."""
    due = Errand.objects.filter(erased_at=None, ended_at__lt=at - KEPT_FOR).order_by("pk")
    return sum(_erase(pk, at) for pk in list(due.values_list("pk", flat=True)))


def _erase(pk: int, at: datetime) -> bool:
    with transaction.atomic():
        rows = Errand.objects.filter(pk=pk, erased_at=None).select_related("area")
        errand = rows.select_for_update(no_key=True, of=("self",), skip_locked=True).first()
        if errand is None:
            return False
        errand.seal(name="", phone="", door="", code="")
        errand.erased_at = at
        blank = ("erased_at", "name_sealed", "phone_sealed", "door_sealed", "code_sealed", "code_hash")
        erase_subject(
            errand, rule=f"保存期满 {KEPT_FOR.days} 天", actor=SYSTEM, at=at, save=blank,
            area_ids=errand.event_area_ids(),
        )  # fmt: skip
    return True


def _refuse_draft(draft: ErrandDraft, actor: Actor, at: datetime) -> None:
    refuse_looking_only(actor)
    refuse_nameless(actor)
    if draft.kind not in ErrandKind.values:
        raise InputRefused("请选是哪一种。", field="kind")
    if not draft.words.strip():
        raise InputRefused("请写一句要办什么。", field="words")
    _refuse_long(draft.words, "words")
    if draft.area.ended_at:
        raise InputRefused("这个地点已经停用，请重新选择。", field="area")
    if draft.wanted_on is not None and draft.wanted_on < clock.local_date(at):
        raise InputRefused("希望办好的日子已经过了，请重新选。", field="wanted_on")
    if draft.is_for_another and not keeps_area(actor, draft.area):
        raise NotYours("这个地方不归您负责，请让负责那里的人来记。")
    if not draft.is_for_another and actor.kind not in (ActorKind.PERSON, ActorKind.DEVICE):
        raise NotYours("代办由本人提出，或由楼长、网格员代记。")


def _refuse_way(errand: Errand, way: str, code: str) -> None:
    is_asker = Tie.ASKER in errand.relations_now
    if way == BY_TAP and not is_asker:
        raise InputRefused("请让本人在手机上点确认，或者填本人的六位数。", field="way")
    if way == BY_CODE and not errand.is_code(normal_code(code)):
        raise InputRefused("六位数对不上，请本人打开手机上的“代办帮办”再念一遍。", field="code")
    if way not in (BY_TAP, BY_CODE, BY_WORD):
        raise InputRefused(LOOP.missing["way"], field="way")


def _post_at(area: Area, actor: Actor) -> int | None:
    near = [seat for seat in actor.seats if seat.path and area.path.startswith(seat.path)]
    best = max(near, key=lambda seat: (seat.rank, not seat.is_stand_in), default=None)
    return best.post_id if best is not None else None


def _refuse_long(words: str, field: str) -> None:
    if len(words) > WORDS_AT_MOST:
        raise TooLarge(f"最多写 {WORDS_AT_MOST} 个字，请缩短。", field=field)


def _walk(
    errand_id: int, verb: str, actor: Actor, at: datetime, given: Mapping[str, Any], entry_id: uuid.UUID | None
) -> AbstractContextManager[Step[Errand]]:
    rows: ErrandQuerySet = Errand.objects.all()
    return walk(LOOP, rows, errand_id, verb, actor=actor, at=at, given=given, entry_id=entry_id)


VERBS = {
    "take": take_errand,
    "collect": collect_papers,
    "hand_over": hand_over,
    "confirm": confirm_errand,
    "not_yet": not_yet,
    "pass_on": pass_on,
    "decline": decline_errand,
    "withdraw": withdraw_errand,
}
