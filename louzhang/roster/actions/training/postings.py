"""挂职学习: arranged by an office, with somebody who stands in meanwhile, and told of afterwards (R3: 4 chiefs)."""

from __future__ import annotations

import uuid
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from louzhang.accounts.models import User
from louzhang.areas.models import Post
from louzhang.areas.queries import line_of
from louzhang.areas.roles import FIELD_ROLES
from louzhang.fieldwork.actions.handing import ask_leave, end_leave
from louzhang.journal.actions import record
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import Conflict, InputRefused, NotThere
from louzhang.journal.walker import Step, walk
from louzhang.kit import clock
from louzhang.roster.actions.training.telling import refuse_running
from louzhang.roster.lifecycle.training.postings import POSTINGS
from louzhang.roster.models.training import HostLevel, StudyPosting, StudyPostingQuerySet
from louzhang.roster.models.training.postings import HOST_LENGTH
from louzhang.roster.queries.training.postings import UNKNOWN

REPORT_AT_MOST = 2000


@dataclass(frozen=True, slots=True)
class PostingDraft:
    """Where to, from when up to, not including, when, and who stands in meanwhile."""

    host: str
    level: str
    starts_on: date
    ends_on: date
    stand_in: User


def arrange_posting(
    *, post_id: int, draft: PostingDraft, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> StudyPosting:
    """Send the holder of a post to learn elsewhere; from the first day somebody of the community stands in.

    Raises `NotThere`, `NotYours`, `InputRefused`, `Conflict` where they are away in those days already.
    """
    _refuse_draft(draft)
    try:
        with transaction.atomic():
            post = _post(post_id, at)
            if post.area is None:
                raise NotThere(UNKNOWN)
            refuse_running(actor, post.area)
            leave = ask_leave(
                post_id=post.pk, stand_in=draft.stand_in, starts_on=draft.starts_on, ends_on=draft.ends_on,
                actor=actor, at=at,
            )  # fmt: skip
            row = StudyPosting.objects.create(
                user=post.user, post=post, area=post.area, host=" ".join(draft.host.split()), level=draft.level,
                starts_on=draft.starts_on, ends_on=draft.ends_on, leave=leave, arranged_at=at,
            )  # fmt: skip
            facts = {
                "user": post.user_id,
                "starts_on": draft.starts_on.isoformat(),
                "ends_on": draft.ends_on.isoformat(),
            }
            record(row, "arrange", actor=actor, at=at, payload=facts, entry_id=entry_id,
                   area_ids=[node.pk for node in line_of(post.area)])  # fmt: skip
    except IntegrityError:
        raise Conflict("这个人这些天已经安排去别处学习了。", field="starts_on") from None
    return row


def report_posting(
    *, uid: uuid.UUID, words: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> StudyPosting:
    """Tell what was learnt; more can be added afterwards. Raises `Conflict` before it has begun."""
    _refuse_long(words)
    with transaction.atomic():
        found = _found(uid, actor)
        if found.starts_on > clock.local_date(at):
            raise Conflict("还没有出发，回来再写小结。", field="words")
        verb = "add" if found.reported_at is not None else "report"
        with _walk(found.pk, verb, actor, at, {"words": words}, entry_id) as step:
            step.say(words=words.strip())
            if verb == "report":
                step.set(reported_at=at)
    return step.subject


def call_off_posting(
    *, uid: uuid.UUID, reason: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> StudyPosting:
    """They do not go, or come back at once: the stand-in's access ends with it."""
    with transaction.atomic():
        found = _found(uid, actor)
        with _walk(found.pk, "call_off", actor, at, {"reason": reason}, entry_id) as step:
            step.say(words=reason.strip()[:200])
        if found.leave is not None and found.leave.ended_at is None:
            end_leave(uid=found.leave.uid, actor=actor, at=at)
    return step.subject


def _post(post_id: int, at: datetime) -> Post:
    rows = Post.objects.as_of(clock.local_date(at)).filter(pk=post_id, role__in=FIELD_ROLES, area__isnull=False)
    post: Post | None = rows.select_related("user", "area__level").first()
    if post is None:
        raise NotThere("没有找到这个任职，它可能已经结束。")
    return post


def _found(uid: uuid.UUID, actor: Actor) -> StudyPosting:
    found = StudyPosting.objects.visible_to(actor).filter(uid=uid).select_related("leave").first()
    if found is None:
        raise NotThere(UNKNOWN)
    return found


def _walk(
    posting_id: int, verb: str, actor: Actor, at: datetime, given: dict[str, Any], entry_id: uuid.UUID | None
) -> AbstractContextManager[Step[StudyPosting]]:
    rows: StudyPostingQuerySet = StudyPosting.objects.all()
    return walk(POSTINGS, rows, posting_id, verb, actor=actor, at=at, given=given, entry_id=entry_id)


def _refuse_draft(draft: PostingDraft) -> None:
    host = draft.host.strip()
    if not host or len(host) > HOST_LENGTH:
        raise InputRefused(f"请写到哪个社区，最多 {HOST_LENGTH} 个字。", field="host")
    if draft.level not in HostLevel.values:
        raise InputRefused("请选是哪一级的社区。", field="level")
    if draft.ends_on <= draft.starts_on:
        raise InputRefused("最后一天不能早于第一天。", field="ends_on")


def _refuse_long(words: str) -> None:
    if len(words) > REPORT_AT_MOST:
        raise InputRefused(f"文字太长了，请缩短到 {REPORT_AT_MOST} 字以内。", field="words")
