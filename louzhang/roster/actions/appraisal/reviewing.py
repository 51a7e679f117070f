"""A review: opened by a rule or by residents, the person is heard, people decide (R3)."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from louzhang.areas.models import Area, LevelKind, Post
from louzhang.areas.queries import line_of
from louzhang.fieldwork.actions.noting import note
from louzhang.fieldwork.models import overseeing_seats
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import Conflict, InputRefused, NotThere, TooLarge
from louzhang.register.scope import refuse_looking_only
from louzhang.roster.actions.appraisal.walking import walk_review
from louzhang.roster.actions.choosing.replacing import close_request
from louzhang.roster.lifecycle.appraisal import DECISIONS, REVIEW_OPEN, ReviewState
from louzhang.roster.models.appraisal import AppraisalMonth, Standing
from louzhang.roster.models.appraisal_rulings import Ground, Review
from louzhang.roster.models.replacing import ReplacementRequest
from louzhang.roster.queries.appraisal.chances import chance_for, last_running, said

WORDS_AT_MOST = 1000
# How the person was heard: by their own hand, in a talk, or they would rather not.
WAYS = {"own": "本人在手机上写的", "talk": "当面或电话谈的，由社区记下", "silent": "本人说不想说"}


def open_review(
    *,
    post: Post,
    ground: str,
    actor: Actor,
    at: datetime,
    month: AppraisalMonth | None = None,
    facts: dict[str, Any] | None = None,
    entry_id: uuid.UUID | None = None,
) -> Review:
    """Open a review of who holds a post; one at a time. `facts` name what it rests on, such as a request of residents.

    Raises `NotThere` outside the actor's community, `Conflict` where one is open.
    """
    refuse_looking_only(actor)
    community = _community_of(post, actor)
    if ground not in Ground.values:
        raise InputRefused("请选因为什么要复核。", field="ground")
    chance = said(chance_for(month, post.user_id)) if month is not None and ground == Ground.LAST_THREE else {}
    try:
        with transaction.atomic():
            review = Review.objects.create(
                ground=ground, area=community, user_id=post.user_id, post=post, month=month, chance=chance,
                opened_at=at, status=ReviewState.OPEN.value,
            )  # fmt: skip
            known = {"ground": ground, "month": month.pk if month is not None else None, "chance": chance}
            note(
                review, "open", area_id=community.pk, actor=actor, at=at, facts=known | (facts or {}), entry_id=entry_id
            )
    except IntegrityError:
        raise Conflict("这位同志已经有一次复核在进行，先把那一次办完。") from None
    return review


def _community_of(post: Post, actor: Actor) -> Area:
    line = line_of(post.area) if post.area is not None else []
    community = next((area for area in line if area.level.kind == LevelKind.COMMUNITY), None)
    inside = actor.is_system or any(
        community is not None and community.path.startswith(seat.path) for seat in overseeing_seats(actor) if seat.path
    )
    if community is None or not inside:
        raise NotThere("没有找到这个任职，或它不在您的社区里。")
    return community


def open_reviews_of(month: AppraisalMonth, rows: Sequence[Standing], *, actor: Actor, at: datetime) -> None:
    """What a published month asks for: who was last three times running, who failed. One review a person at a time."""
    busy = set(
        Review.objects.filter(area_id=month.area_id, status__in=[s.value for s in REVIEW_OPEN]).values_list(
            "user_id", flat=True
        )
    )
    posts = Post.objects.in_bulk([row.post_id for row in rows])
    for user_id, ground in _asked_for(month, rows):
        if user_id not in busy:
            busy.add(user_id)
            post = posts[next(row.post_id for row in rows if row.user_id == user_id)]
            open_review(post=post, ground=ground, month=month, actor=actor, at=at)


def _asked_for(month: AppraisalMonth, rows: Sequence[Standing]) -> Iterator[tuple[int, str]]:
    last = last_running(month)
    if last is not None:
        yield last, Ground.LAST_THREE
    for row in rows:
        if row.is_failed:
            yield row.user_id, Ground.FAILED


def hear(
    *, review_id: int, words: str, way: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> Review:
    """What the person says, by their own hand or written down by the office; before it nothing can be decided.

    Raises what the walker raises, `InputRefused` for no words or an unknown way.
    """
    if len(words) > WORDS_AT_MOST:
        raise TooLarge(f"最多写 {WORDS_AT_MOST} 个字，请缩短。", field="words")
    with walk_review(
        review_id, "hear", actor=actor, at=at, given={"words": words, "way": way}, entry_id=entry_id
    ) as step:
        is_self = step.subject.user_id == actor.user_id
        if way not in WAYS or (way == "own") != is_self:
            raise InputRefused("请选是怎么听的：本人自己写，或社区谈了以后记下。", field="way")
        step.say(words=words.strip())
        step.note(way=way)
        step.set(heard_at=at)
    return step.subject


def decide(
    *, review_id: int, decision: str, reason: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> Review:
    """People decide: the person stays, is helped and trained, or a new round is held. The program decides nothing.

    What residents asked for about the post is settled with it, so that they may speak again later.

    Raises what the walker raises: before the person was heard there is no way here.
    """
    if len(reason) > WORDS_AT_MOST:
        raise TooLarge(f"最多写 {WORDS_AT_MOST} 个字，请缩短。", field="reason")
    given = {"decision": decision, "reason": reason}
    with walk_review(review_id, "decide", actor=actor, at=at, given=given, entry_id=entry_id) as step:
        if decision not in {state.value for state in DECISIONS}:
            raise InputRefused("请从三个决定里选一个。", field="decision")
        if step.subject.user_id == actor.user_id:
            raise InputRefused("不能决定自己的复核，请交给同事。", field="decision")
        step.lead_to(ReviewState(decision))
        step.say(reason=reason.strip())
        step.note(decision=decision)
        step.set(decided_at=at)
        wishes = ReplacementRequest.objects.filter(post_id=step.subject.post_id, closed_at=None)
        for uid in list(wishes.values_list("uid", flat=True)):
            close_request(uid=uid, actor=actor, at=at, outcome=decision)
    return step.subject
