"""Leave of a posted cadre: asked for, approved by the place, covered by a stand-in; no reason is asked for."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from django.db import IntegrityError, transaction

from louzhang.accounts.models import User
from louzhang.fieldwork.actions.handing import ask_leave, end_leave
from louzhang.fieldwork.queries.handing import stand_ins_of
from louzhang.journal.actions import record
from louzhang.journal.actor import SYSTEM, Actor
from louzhang.journal.models import Audience
from louzhang.journal.refusals import Conflict, InputRefused, NotThere, NotYours
from louzhang.journal.walker import walk
from louzhang.kit import clock
from louzhang.roster.lifecycle.posted import LEAVE, PostingState, Tie
from louzhang.roster.models.posted import LeaveRequest, LeaveRequestQuerySet, Posting

DAYS_AT_MOST = 90


def ask_posted_leave(
    *,
    posting_id: int,
    stand_in: User,
    starts_on: date,
    ends_on: date,
    actor: Actor,
    at: datetime,
    entry_id: uuid.UUID | None = None,
) -> LeaveRequest:
    """The person asks to be away up to, not including, a day, and names who stands in.

    Raises `NotThere` for the posting of somebody else, `InputRefused`, `Conflict` while another request waits.
    """
    if not clock.local_date(at) <= starts_on < ends_on or (ends_on - starts_on).days > DAYS_AT_MOST:
        raise InputRefused(f"请选从哪天到哪天，从今天起，最长 {DAYS_AT_MOST} 天。", field="starts_on")
    try:
        with transaction.atomic():
            rows = Posting.objects.tied(actor, Tie.PERSON).filter(status=PostingState.SERVING.value)
            posting = (
                rows.select_related("area", "post__area")
                .select_for_update(no_key=True, of=("self",))
                .filter(pk=posting_id)
            )
            row = posting.first()
            if row is None or actor.is_read_only:
                raise NotThere("没有找到您的派驻，或它现在不在岗。")
            if row.post is None or stand_in.pk not in {each.user_id for each in stand_ins_of(row.post, at)}:
                raise InputRefused("请从本社区的名单里选替岗人。", field="stand_in")
            request = LeaveRequest.objects.create(
                posting=row, stand_in=stand_in, starts_on=starts_on, ends_on=ends_on, asked_at=at
            )
            facts = {"stand_in": stand_in.pk, "starts_on": starts_on.isoformat(), "ends_on": ends_on.isoformat()}
            record(
                request, "ask", actor=actor, at=at, audience=Audience.DESK, payload=facts,
                area_ids=request.event_area_ids(), entry_id=entry_id,
            )  # fmt: skip
    except IntegrityError:
        raise Conflict("还有一张请假单在等批准，请先收回那一张。", field="starts_on") from None
    return request


def approve_leave(*, leave_id: int, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> LeaveRequest:
    """The place agrees: from that day the stand-in has the post, and gives it back by itself.

    The loan of the post follows from the approval and is the system's: a head appoints nobody to the own office.
    """
    rows: LeaveRequestQuerySet = LeaveRequest.objects.all()
    with walk(LEAVE, rows, leave_id, "approve", actor=actor, at=at, entry_id=entry_id) as step:
        request = step.subject
        if request.posting.user_id == actor.user_id:
            raise NotYours("自己的请假要由别人批准。")
        post_id = request.posting.post_id
        if post_id is None:
            raise Conflict("这个人还没有报到上岗。")
        leave = ask_leave(
            post_id=post_id, stand_in=request.stand_in, starts_on=max(request.starts_on, clock.local_date(at)),
            ends_on=request.ends_on, actor=SYSTEM, at=at,
        )  # fmt: skip
        step.set(leave=leave)
    return step.subject


def refuse_leave(
    *, leave_id: int, reason: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> LeaveRequest:
    """Not on these days; why."""
    rows: LeaveRequestQuerySet = LeaveRequest.objects.all()
    given = {"reason": reason}
    with walk(LEAVE, rows, leave_id, "refuse", actor=actor, at=at, given=given, entry_id=entry_id) as step:
        step.say(words=reason.strip()[:400])
    return step.subject


def take_back_leave(*, leave_id: int, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> LeaveRequest:
    """The person is there after all, or back again: the stand-in's access ends at once."""
    rows: LeaveRequestQuerySet = LeaveRequest.objects.all()
    with walk(LEAVE, rows, leave_id, "take_back", actor=actor, at=at, entry_id=entry_id) as step:
        leave = step.subject.leave
        if leave is not None and leave.ended_at is None:
            end_leave(uid=leave.uid, actor=SYSTEM, at=at)
    return step.subject
