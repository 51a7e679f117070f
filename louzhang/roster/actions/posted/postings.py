"""One posting from the proposal to its end: two managers confirm, a hearing stands before every recall (R10)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from louzhang.accounts.models import User
from louzhang.areas.actions import appoint_post, end_post
from louzhang.areas.models import Area, PostKind, Title, Unit
from louzhang.areas.queries import line_of
from louzhang.areas.roles import Role
from louzhang.journal.actions import record
from louzhang.journal.actor import SYSTEM, Actor
from louzhang.journal.models import Audience
from louzhang.journal.refusals import Conflict, InputRefused, NotThere, NotYours, TooLarge
from louzhang.journal.walker import Step, walk
from louzhang.kit import clock
from louzhang.register.scope import COMMUNITY_RANK
from louzhang.roster.lifecycle.posted import COMING, POSTING, Ground, PostingState, Tie
from louzhang.roster.models.posted import (
    POSTED_ROLES,
    WORDS_AT_MOST,
    PostedTeam,
    Posting,
    PostingQuerySet,
    Strength,
)


def propose_posting(
    *,
    team_id: int,
    user: User,
    home_unit: Unit,
    area: Area,
    role: str,
    actor: Actor,
    at: datetime,
    strengths: Sequence[str] = (),
    starts_on: date | None = None,
    ends_on: date | None = None,
    title: Title | None = None,
    entry_id: uuid.UUID | None = None,
) -> Posting:
    """The office that runs the team proposes somebody for a place; unit and place both confirm, or it does not happen.

    Raises `NotThere` for a team of others, `NotYours` for the own posting, `InputRefused` for a place outside the
    team's area or a term outside the team's, `Conflict` where the person is posted already.
    """
    team = PostedTeam.objects.run_by(actor).filter(pk=team_id, ended_at=None).select_related("area").first()
    if team is None or actor.is_read_only:
        raise NotThere("没有找到这支队伍，或它不归您管理。")
    if user.pk == actor.user_id:
        raise NotYours("自己的派驻不能由自己提，请由同事来办。")
    first, last = starts_on or clock.local_date(at), ends_on or team.ends_on
    site = _managing_area(area)
    _refuse_senseless(team, area, site, role, strengths, first, last)
    try:
        with transaction.atomic():
            posting = Posting.objects.create(
                team=team, user=user, home_unit=home_unit, area=area, site=site, role=role, title=title,
                strengths=list(strengths), starts_on=first, ends_on=last,
            )  # fmt: skip
            facts = {
                "user": user.pk, "unit": home_unit.pk, "area": area.pk, "role": role,
                "starts_on": first.isoformat(), "ends_on": last.isoformat(),
            }  # fmt: skip
            record(
                posting, "propose", actor=actor, at=at, audience=Audience.DESK, payload=facts,
                area_ids=posting.event_area_ids(), entry_id=entry_id,
            )  # fmt: skip
    except IntegrityError:
        raise Conflict("这段时间这个人已经有派驻了，请先办完原来的。", field="user") from None
    return posting


def _managing_area(area: Area) -> Area:
    """The nearest office at or above a place: the community of a building, the place itself otherwise."""
    return next((node for node in reversed(line_of(area)) if node.rank <= COMMUNITY_RANK), area)


def _refuse_senseless(
    team: PostedTeam, area: Area, site: Area, role: str, strengths: Sequence[str], first: date, last: date
) -> None:
    if role not in POSTED_ROLES:
        raise InputRefused("派驻的岗位是社区工作人员、网格长、网格员、楼长或单元长，请重新选。", field="role")
    if not area.path.startswith(team.area.path) or site.path == team.area.path:
        raise InputRefused(f"请选“{team.area.name}”下面的地点。", field="area")
    if not team.starts_on <= first < last <= team.ends_on:
        raise InputRefused(
            f"这支队伍的任期是 {team.starts_on:%Y-%m-%d} 到 {team.ends_on:%Y-%m-%d}，请在这中间选。", field="ends_on"
        )
    if unknown := [each for each in strengths if each not in Strength.values]:
        raise InputRefused(f"没有“{unknown[0]}”这一项，请从列表里选。", field="strengths")


def confirm_home(*, posting_id: int, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> Posting:
    """The sending unit agrees."""
    return _confirm(posting_id, "confirm_home", "home_confirmed_at", actor, at, entry_id)


def confirm_site(*, posting_id: int, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> Posting:
    """The place agrees."""
    return _confirm(posting_id, "confirm_site", "site_confirmed_at", actor, at, entry_id)


def _confirm(
    posting_id: int, verb: str, column: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None
) -> Posting:
    with _walk(posting_id, verb, actor, at, {}, entry_id) as step:
        if step.subject.user_id == actor.user_id:
            raise NotYours("自己的派驻要由别人确认，请由本单位另一位负责人来办。")
        if getattr(step.subject, column) is not None:
            raise Conflict("这一方已经确认过了，等另一方。")
        step.set(**{column: at})
        if step.subject.home_confirmed_at is not None and step.subject.site_confirmed_at is not None:
            step.lead_to(PostingState.CONFIRMED)
    return step.subject


def decline_posting(
    *, posting_id: int, reason: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> Posting:
    """One of the sides, or the person, does not agree; it ends here."""
    with _walk(posting_id, "decline", actor, at, {"reason": reason}, entry_id) as step:
        step.set(ended_at=at)
        step.say(words=_fitting(reason, "reason"))
    return step.subject


def take_back_posting(
    *, posting_id: int, reason: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> Posting:
    """The office that proposed it thinks better of it, before the person has reported."""
    with _walk(posting_id, "take_back", actor, at, {"reason": reason}, entry_id) as step:
        step.set(ended_at=at)
        step.say(words=_fitting(reason, "reason"))
    return step.subject


def take_up(*, posting_id: int, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> Posting:
    """The person has reported at the place: the post begins. Raises what `appoint_post` raises."""
    with _walk(posting_id, "take_up", actor, at, {}, entry_id) as step:
        row = step.subject
        post = appoint_post(
            user=row.user, role=Role(row.role), area=row.area, kind=PostKind.POSTED, title=row.title, actor=actor,
            at=at, starts_on=max(row.starts_on, clock.local_date(at)), ends_on=row.ends_on,
        )  # fmt: skip
        step.set(post=post)
        step.note(post=post.pk)
    return step.subject


def question_posting(
    *, posting_id: int, ground: str, reason: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> Posting:
    """Somebody proposes that the person comes back; the person is heard before anything is decided."""
    with _walk(posting_id, "question", actor, at, {"ground": ground, "reason": reason}, entry_id) as step:
        if ground not in {each.value for each in Ground}:
            raise InputRefused(POSTING.missing["ground"], field="ground")
        if Tie.PERSON in step.subject.relations_now and ground != Ground.WITHDRAW:
            raise InputRefused("自己提出的是撤回，请选“撤回”。", field="ground")
        step.note(ground=ground)
        step.say(words=_fitting(reason, "reason"))
    return step.subject


def be_heard(*, posting_id: int, words: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> Posting:
    """What the person says to it."""
    return _say(posting_id, "be_heard", words, actor, at, entry_id)


def note_silence(
    *, posting_id: int, words: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> Posting:
    """The person was asked and wants to say nothing: when and how they were asked. Not for the own posting."""
    return _say(posting_id, "note_silence", words, actor, at, entry_id)


def keep_posting(
    *, posting_id: int, words: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> Posting:
    """The person stays; why."""
    return _say(posting_id, "keep", words, actor, at, entry_id)


def _say(posting_id: int, verb: str, words: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None) -> Posting:
    with _walk(posting_id, verb, actor, at, {"words": words}, entry_id) as step:
        if verb != "be_heard":
            _refuse_own(step.subject, actor)
        step.say(words=_fitting(words, "words"))
    return step.subject


def call_back(*, posting_id: int, words: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> Posting:
    """The posting ends by decision; the post ends with the day, what was due moves on by itself (`fieldwork`)."""
    with _walk(posting_id, "call_back", actor, at, {"words": words}, entry_id) as step:
        _refuse_own(step.subject, actor)
        step.say(words=_fitting(words, "words"))
        _end(step, actor, at)
    return step.subject


def expire_posting(*, posting_id: int, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> Posting:
    """The term is over. Raises `Conflict` before its last day."""
    with _walk(posting_id, "expire", actor, at, {}, entry_id) as step:
        if step.subject.ends_on > clock.local_date(at):
            raise Conflict("还没有到期。要提前结束，请用“提出召回或撤回”。")
        _end(step, actor, at)
    return step.subject


def expire_postings(*, at: datetime) -> int:
    """End the postings whose term is over, those that never came about too; gives how many. Safe to repeat."""
    due = Posting.objects.all().standing().filter(ends_on__lte=clock.local_date(at)).order_by("pk")
    rows = list(due.values_list("pk", "status"))
    for posting_id, status in rows:
        if status in COMING:
            _lapse(posting_id, at)
        else:
            expire_posting(posting_id=posting_id, actor=SYSTEM, at=at)
    return len(rows)


def _lapse(posting_id: int, at: datetime) -> None:
    """Nobody took it up while its term lasted."""
    with _walk(posting_id, "lapse", SYSTEM, at, {}, None) as step:
        step.set(ended_at=at)


def _end(step: Step[Posting], actor: Actor, at: datetime) -> None:
    row = step.subject
    step.set(ended_at=at)
    post = row.post
    if post is not None and (post.ends_on is None or post.ends_on > clock.local_date(at)):
        end_post(post=post, actor=actor, at=at)


def _refuse_own(posting: Posting, actor: Actor) -> None:
    if posting.user_id == actor.user_id:
        raise NotYours("自己的事不能由自己决定，请由别的负责人来办。")


def _fitting(words: str, field: str) -> str:
    """The words, or `TooLarge`."""
    if len(words) > WORDS_AT_MOST:
        raise TooLarge(f"文字太长了，请缩短到 {WORDS_AT_MOST} 字以内。", field=field)
    return words.strip()


def _walk(
    posting_id: int, verb: str, actor: Actor, at: datetime, given: Mapping[str, Any], entry_id: uuid.UUID | None
) -> AbstractContextManager[Step[Posting]]:
    rows: PostingQuerySet = Posting.objects.all()
    return walk(POSTING, rows, posting_id, verb, actor=actor, at=at, given=given, entry_id=entry_id)
