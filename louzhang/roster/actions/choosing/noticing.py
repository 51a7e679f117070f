"""异议: what anybody says against a notice, and its answer (R3). The name is for the community alone."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from louzhang.journal.actions import log_reveal, record
from louzhang.journal.actor import Actor, ActorKind
from louzhang.journal.models import Audience
from louzhang.journal.refusals import InputRefused, NotThere, NotYours, TransitionRefused
from louzhang.journal.walker import walk
from louzhang.kit import crypto
from louzhang.roster.actions.choosing.keeping import locked_round, number_typed, refuse_words, walk_nominee
from louzhang.roster.lifecycle.choosing import MISSING, OBJECTION_LOOP, RoundState, Tie
from louzhang.roster.models.notice_objections import NoticeObjection, NoticeObjectionQuerySet
from louzhang.roster.queries.choosing.notices import code_of, find_notice, find_objection
from louzhang.roster.queries.choosing.rounds import find_nominee

UPHELD, NOT_UPHELD = "upheld", "not_upheld"
FINDINGS = {NOT_UPHELD: "不成立", UPHELD: "成立"}
NAME_AT_MOST = 40


@dataclass(frozen=True, slots=True)
class ObjectionDraft:
    """What somebody says against a notice; name and number are theirs to give or not."""

    words: str
    vacancy: uuid.UUID | None = None
    name: str = ""
    phone: str = ""


def object_to_notice(
    *, round_uid: uuid.UUID, draft: ObjectionDraft, actor: Actor, at: datetime,
    entry_id: uuid.UUID | None = None,
) -> tuple[NoticeObjection, str]:  # fmt: skip
    """Anybody objects while the notice is up; gives the row and the code that opens the answer.

    Raises `NotThere` for a notice that is over, `InputRefused` without words.
    """
    words = refuse_words(draft.words, "words")
    if actor.is_read_only or (actor.kind is ActorKind.DEVICE and not actor.device):
        raise NotYours("浏览器没有保存 Cookie，请允许本站使用 Cookie，刷新后再提交。")
    found = find_notice(round_uid)
    with transaction.atomic():
        row = locked_round(found.pk)
        if row.status != RoundState.NOTICING or (row.notice_until is not None and at > row.notice_until):
            raise TransitionRefused("公示已经期满，不再收异议。有话要说请联系社区或上一级办公室。")
        vacancy = row.vacancies.filter(uid=draft.vacancy).first() if draft.vacancy is not None else None
        objection = NoticeObjection(
            round=row, vacancy=vacancy, user_id=actor.user_id, objected_at=at,
            device_hash=actor.device if actor.user_id is None else "",
        )  # fmt: skip
        code = code_of(objection.uid)
        objection.code_hash = crypto.token_hash(code)
        objection.seal(name=draft.name.strip()[:NAME_AT_MOST], phone=number_typed(draft.phone))
        objection.save(force_insert=True)
        record(
            objection, "object", actor=actor, at=at, audience=Audience.DESK, words={"words": words},
            payload={"round": row.pk}, area_ids=row.event_area_ids(), entry_id=entry_id,
        )  # fmt: skip
    return objection, code


def answer_objection(
    *, uid: uuid.UUID, finding: str, answer: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> NoticeObjection:
    """The office looked into it and answers whoever wrote it; what follows for the nominee is a step of its own."""
    if finding not in FINDINGS:
        raise InputRefused(MISSING["finding"], field="finding")
    said = refuse_words(answer, "answer")
    found = find_objection(actor, uid, Tie.DESK)
    rows: NoticeObjectionQuerySet = NoticeObjection.objects.all()
    given = {"finding": finding, "answer": said}
    with transaction.atomic():
        locked_round(found.round_id)
        with walk(OBJECTION_LOOP, rows, found.pk, "answer", actor=actor, at=at, given=given, entry_id=entry_id) as step:
            step.set(answered_at=at, is_upheld=finding == UPHELD)
            step.note(finding=finding)
            step.say(answer=said)
    return step.subject


def reveal_objection(*, uid: uuid.UUID, what: str, reason: str, actor: Actor, at: datetime) -> str:
    """The plain name or number of who objected, for the community alone; logged. Raises `NotThere`, `InputRefused`."""
    row = find_objection(actor, uid, Tie.DESK)
    if what not in ("name", "phone"):
        raise NotThere("没有这一项。")
    if not reason.strip():
        raise InputRefused("请写明为什么要查看，这会留下记录。", field="reason")
    log_reveal(
        subject_kind=NoticeObjection.subject_kind, subject_id=row.pk, what=what, reason=reason.strip()[:200],
        actor=actor, at=at,
    )  # fmt: skip
    return row.open_field(what)


def take_out(*, uid: uuid.UUID, reason: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> None:
    """Somebody put forward is taken out with a reason, after an objection or for another cause."""
    said = refuse_words(reason, "reason")
    nominee = find_nominee(actor, uid, Tie.DESK)
    with transaction.atomic():
        locked_round(nominee.round_id)
        with walk_nominee(
            nominee.pk, "take_out", actor=actor, at=at, given={"reason": said}, entry_id=entry_id
        ) as step:
            step.say(reason=said)
