"""工作室: founding one, who learns there, meetings (R5: ten apprentices, nine of whom lead five each)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from louzhang.accounts.models import User
from louzhang.areas.models import Area
from louzhang.journal.actions.holding import hold
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import Conflict, InputRefused, NotThere, NotYours
from louzhang.kit import clock
from louzhang.roster.actions.training.telling import refuse_running, tell
from louzhang.roster.models.training import Studio, StudioMeeting, StudioMember
from louzhang.roster.models.training.studios import ABOUT_LENGTH, NAME_LENGTH, PLACE_LENGTH
from louzhang.roster.queries.training.studios import (
    UNKNOWN,
    find_meeting,
    leads_above,
    may_join,
    may_lead,
    studios_above,
)

MEMBERS_AT_MOST = 30
MINUTES_AT_MOST = 2000
NOT_LEADING = "工作室由带头人或上级办公室来管。"


@dataclass(frozen=True, slots=True)
class StudioDraft:
    """Its name, who leads it, what is learnt there."""

    name: str
    lead: User
    about: str = ""


@dataclass(frozen=True, slots=True)
class MeetingDraft:
    """What about, where, when."""

    topic: str
    place: str
    starts_at: datetime


def found_studio(
    *, area: Area, draft: StudioDraft, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> Studio:
    """An office founds a studio for somebody experienced below it.

    Raises `NotYours`, `InputRefused`, `Conflict` for a name that stands and for who leads one already.
    """
    refuse_running(actor, area)
    name, about = " ".join(draft.name.split()), draft.about.strip()
    if not name or len(name) > NAME_LENGTH or len(about) > ABOUT_LENGTH:
        raise InputRefused(f"名称最多 {NAME_LENGTH} 个字，带什么最多 {ABOUT_LENGTH} 个字。", field="name")
    if not may_join(draft.lead, actor, None, at):
        raise InputRefused("请从名单里选带头人。", field="lead")
    try:
        with transaction.atomic():
            studio = Studio.objects.create(
                area=area, name=name, about=about, lead=draft.lead, started_on=clock.local_date(at)
            )
            tell(studio, "found", area=area, actor=actor, at=at, facts={"lead": draft.lead.pk}, entry_id=entry_id)
    except IntegrityError:
        raise Conflict("已经有同名的工作室，或这个人已经带着一个工作室。", field="name") from None
    return studio


def join_studio(
    *, uid: uuid.UUID, user: User, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> StudioMember:
    """Somebody learns there from today on, in one studio at a time.

    Raises `NotYours`, `InputRefused` for who is not to choose and for who taught the lead, so that nobody learns from
    themselves by a circle; `Conflict` for who is in a studio.
    """
    today = clock.local_date(at)
    try:
        with transaction.atomic():
            hold("studio_tree")
            studio = _locked(uid, actor)
            if user.pk in leads_above(studio, today):
                raise InputRefused("这个人正带着这个工作室的带头人，不能反过来做成员。", field="user")
            if not may_join(user, actor, studio, at):
                raise InputRefused("请从名单里选成员。", field="user")
            if StudioMember.objects.as_of(today).filter(studio=studio).count() >= MEMBERS_AT_MOST:
                raise InputRefused(f"一个工作室最多 {MEMBERS_AT_MOST} 人，可以让成员再带一个。", field="user")
            member = StudioMember.objects.create(studio=studio, user=user, starts_on=today)
            tell(studio, "join", area=studio.area, actor=actor, at=at, facts={"user": user.pk}, entry_id=entry_id)
    except IntegrityError:
        raise Conflict("这个人现在在别的工作室里，请先在那边结束。", field="user") from None
    return member


def hand_studio(*, uid: uuid.UUID, lead: User, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> Studio:
    """Somebody else leads it from today on: who led it goes elsewhere, or their post has ended. Members stay.

    A member who takes it over learns there no more. Raises `NotYours`, `InputRefused` for who is not to choose and
    for who learns below it, `Conflict` for who leads one already.
    """
    today = clock.local_date(at)
    try:
        with transaction.atomic():
            hold("studio_tree")
            studio = _locked(uid, actor)
            if not may_join(lead, actor, studio, at):
                raise InputRefused("请从名单里选带头人。", field="lead")
            above = studios_above(lead.pk, today)
            if studio in above[1:]:
                raise InputRefused("这个人正跟着这个工作室的成员学，不能反过来带。", field="lead")
            if studio in above:
                StudioMember.objects.as_of(today).filter(studio=studio, user=lead).update(ends_on=today)
            facts = {"before": studio.lead_id, "lead": lead.pk}
            studio.lead = lead
            tell(studio, "hand_on", area=studio.area, actor=actor, at=at, facts=facts, save=("lead",),
                 entry_id=entry_id)  # fmt: skip
    except IntegrityError:
        raise Conflict("这个人已经带着一个工作室。", field="lead") from None
    return studio


def leave_studio(*, uid: uuid.UUID, member_id: int, actor: Actor, at: datetime) -> StudioMember:
    """Somebody has learnt enough, or goes elsewhere; who was there when stays known."""
    with transaction.atomic():
        studio = _locked(uid, actor)
        rows = StudioMember.objects.as_of(clock.local_date(at)).filter(studio=studio, pk=member_id)
        member: StudioMember | None = rows.select_for_update(no_key=True).first()
        if member is None:
            raise NotThere("这个人现在不在这个工作室里。")
        member.ends_on = clock.local_date(at)
        member.save(update_fields=["ends_on"])
        tell(studio, "leave", area=studio.area, actor=actor, at=at, facts={"user": member.user_id})
    return member


def end_studio(*, uid: uuid.UUID, actor: Actor, at: datetime) -> Studio:
    """It meets no more: its members are free for another one."""
    with transaction.atomic():
        studio = _locked(uid, actor)
        StudioMember.objects.as_of(clock.local_date(at)).filter(studio=studio).update(ends_on=clock.local_date(at))
        studio.ended_at = at
        tell(studio, "end", area=studio.area, actor=actor, at=at, save=("ended_at",))
    return studio


def call_meeting(
    *, uid: uuid.UUID, draft: MeetingDraft, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> StudioMeeting:
    """The lead calls everybody together; all members are told."""
    topic, place = draft.topic.strip(), draft.place.strip()
    if not topic or len(topic) > ABOUT_LENGTH:
        raise InputRefused(f"请写聊什么，最多 {ABOUT_LENGTH} 个字。", field="topic")
    if not place or len(place) > PLACE_LENGTH:
        raise InputRefused(f"请写在哪里，最多 {PLACE_LENGTH} 个字。", field="place")
    if draft.starts_at <= at:
        raise InputRefused("时间要在现在以后。", field="starts_at")
    with transaction.atomic():
        studio = _locked(uid, actor)
        meeting = StudioMeeting.objects.create(studio=studio, topic=topic, place=place, starts_at=draft.starts_at)
        tell(meeting, "call", area=studio.area, actor=actor, at=at, facts={"studio": studio.pk}, entry_id=entry_id)
    return meeting


def tell_meeting(
    *,
    uid: uuid.UUID,
    came: Iterable[int],
    minutes: str,
    actor: Actor,
    at: datetime,
    entry_id: uuid.UUID | None = None,
) -> StudioMeeting:
    """Who came and what was learnt, once it has begun; telling it again replaces the list of who came."""
    if not minutes.strip() or len(minutes) > MINUTES_AT_MOST:
        raise InputRefused(f"请写聊了什么、学到什么，最多 {MINUTES_AT_MOST} 个字。", field="minutes")
    with transaction.atomic():
        meeting = _locked_meeting(uid, actor)
        if meeting.starts_at > at:
            raise Conflict("活动还没有开始，开完再记。", field="minutes")
        day = clock.local_date(meeting.starts_at)
        known = set(
            StudioMember.objects.filter(studio=meeting.studio, starts_on__lte=day).values_list("user_id", flat=True)
        )
        here = sorted(set(came))
        if set(here) - known:
            raise InputRefused("请从成员里选谁来了。", field="came")
        meeting.came, meeting.told_at = here, at
        tell(meeting, "tell", area=meeting.studio.area, actor=actor, at=at, facts={"came": len(here)},
             words={"minutes": minutes.strip()}, save=("came", "told_at"), entry_id=entry_id)  # fmt: skip
    return meeting


def call_off_meeting(*, uid: uuid.UUID, actor: Actor, at: datetime) -> StudioMeeting:
    """It does not take place; the members are told."""
    with transaction.atomic():
        meeting = _locked_meeting(uid, actor)
        if meeting.told_at is not None:
            raise Conflict("这次活动已经记过了，不能再取消。")
        meeting.called_off_at = at
        tell(meeting, "call_off", area=meeting.studio.area, actor=actor, at=at, save=("called_off_at",))
    return meeting


def _locked(uid: uuid.UUID, actor: Actor) -> Studio:
    rows = Studio.objects.visible_to(actor).current().filter(uid=uid).select_related("area__level", "lead")
    studio = rows.select_for_update(no_key=True, of=("self",)).first()
    if studio is None:
        raise NotThere(UNKNOWN)
    if not may_lead(studio, actor):
        raise NotYours(NOT_LEADING)
    return studio


def _locked_meeting(uid: uuid.UUID, actor: Actor) -> StudioMeeting:
    found = find_meeting(actor, uid)
    if not may_lead(found.studio, actor):
        raise NotYours(NOT_LEADING)
    rows = StudioMeeting.objects.select_for_update(no_key=True, of=("self",)).select_related("studio__area__level")
    meeting = rows.get(pk=found.pk)
    if meeting.called_off_at is not None:
        raise Conflict("这次活动已经取消了。")
    return meeting
