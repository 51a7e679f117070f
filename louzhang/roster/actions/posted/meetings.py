"""Meetings of a team: called, held with minutes; what is decided becomes work orders."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from louzhang.areas.models import Area
from louzhang.journal.actions import record
from louzhang.journal.actor import Actor
from louzhang.journal.models import Audience
from louzhang.journal.refusals import InputRefused, NotThere
from louzhang.journal.walker import walk
from louzhang.roster.lifecycle.posted import MEETING
from louzhang.roster.models.posted import PostedTeam, Posting, TeamMeeting, TeamMeetingQuerySet
from louzhang.workorders.actions import Draft, report_workorder
from louzhang.workorders.models import Category, Channel, WorkOrder

MINUTES_AT_MOST = 8000


def call_meeting(
    *,
    team_id: int,
    subject: str,
    place: str,
    starts_at: datetime,
    actor: Actor,
    at: datetime,
    entry_id: uuid.UUID | None = None,
) -> TeamMeeting:
    """The office that runs a team calls a meeting; everybody posted hears of it. Raises `NotThere`, `InputRefused`."""
    team = PostedTeam.objects.run_by(actor).filter(pk=team_id, ended_at=None).first()
    if team is None or actor.is_read_only:
        raise NotThere("没有找到这支队伍，或它不归您管理。")
    if not subject.strip() or not place.strip():
        raise InputRefused("请写开会说什么事、在哪里开。", field="place" if subject.strip() else "subject")
    if starts_at <= at:
        raise InputRefused("开会的时间要在现在以后，请重新选。", field="starts_at")
    with transaction.atomic():
        meeting = TeamMeeting.objects.create(
            team=team, subject=subject.strip(), place=place.strip(), starts_at=starts_at
        )
        record(
            meeting, "call", actor=actor, at=at, audience=Audience.DESK, payload={"team": team.pk},
            area_ids=meeting.event_area_ids(), entry_id=entry_id,
        )  # fmt: skip
    return meeting


def hold_meeting(
    *,
    meeting_id: int,
    minutes: str,
    actor: Actor,
    at: datetime,
    present: Sequence[int] = (),
    entry_id: uuid.UUID | None = None,
) -> TeamMeeting:
    """Write down what was said and who was there; people of the team alone count as present."""
    rows: TeamMeetingQuerySet = TeamMeeting.objects.all()
    given = {"minutes": minutes}
    with walk(MEETING, rows, meeting_id, "hold", actor=actor, at=at, given=given, entry_id=entry_id) as step:
        if len(minutes) > MINUTES_AT_MOST:
            raise InputRefused(f"会议记录太长了，请缩短到 {MINUTES_AT_MOST} 字以内。", field="minutes")
        if step.subject.starts_at > at:
            raise InputRefused("会还没有开始，开完再写记录。", field="minutes")
        members = set(Posting.objects.filter(team=step.subject.team).values_list("user_id", flat=True))
        there = sorted(members & set(present))
        step.set(present_ids=there)
        step.note(present=there)
        step.say(words=minutes.strip())
    return step.subject


def give_task(
    *,
    meeting_id: int,
    category: Category,
    area: Area,
    words: str,
    actor: Actor,
    at: datetime,
    entry_id: uuid.UUID | None = None,
) -> WorkOrder:
    """Something to be done comes out of the meeting: it becomes a work order with clocks like any other."""
    rows: TeamMeetingQuerySet = TeamMeeting.objects.all()
    given = {"category": category, "area": area, "words": words}
    with walk(MEETING, rows, meeting_id, "give_task", actor=actor, at=at, given=given, entry_id=entry_id) as step:
        if not area.path.startswith(step.subject.team.area.path):
            raise InputRefused("请选这支队伍范围里的地点。", field="area")
        draft = Draft(channel=Channel.FIELD, category=category, area=area, words=words.strip(), is_for_another=True)
        order = report_workorder(draft=draft, actor=actor, at=at).order
        step.subject.orders.add(order)
        step.note(order=order.pk)
    return order


def cancel_meeting(
    *, meeting_id: int, reason: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> TeamMeeting:
    """It does not take place; why."""
    rows: TeamMeetingQuerySet = TeamMeeting.objects.all()
    given = {"reason": reason}
    with walk(MEETING, rows, meeting_id, "cancel", actor=actor, at=at, given=given, entry_id=entry_id) as step:
        step.say(words=reason.strip()[:400])
    return step.subject
