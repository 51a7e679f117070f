"""Answers that come too late: kept, sealed, until the office of the community takes or drops them."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from louzhang.areas.queries.formerly import former_selves
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.journal.actions import drop_set_aside, hand_over, set_aside
from louzhang.journal.actor import Actor
from louzhang.journal.models import Event
from louzhang.journal.refusals import InputRefused, NotThere, NotYours, TransitionRefused
from louzhang.register.queries.places import lines_of
from louzhang.register.scope import COMMUNITY_RANK, refuse_looking_only, seat_places
from louzhang.surveys.actions.answering import NOT_YOURS, OVER, UNKNOWN, Said, Taken, take_answers
from louzhang.surveys.answers import photos_in
from louzhang.surveys.lifecycle import SurveyState
from louzhang.surveys.models import LateAnswer, LateOutcome, Survey, Target, Voice
from louzhang.surveys.queries.finding import asked_of

NOT_TAKEN = "没有计入"
KEPT = "已经留给社区核对，您不用再发。"
POST_ENDED = "写的时候还归他负责，发到的时候任期已经结束。"


def keep_late(said: Sequence[Said], taken: Sequence[Taken], *, actor: Actor, at: datetime) -> list[Taken]:
    """Keep what was refused only because it came late; what was refused otherwise stays refused.

    An answer sent again is kept once. Gives the results with a sentence that says so.
    """
    return [_kept(each, result, actor, at) for each, result in zip(said, taken, strict=True)]


def _kept(said: Said, result: Taken, actor: Actor, at: datetime) -> Taken:
    if result.message == NOT_YOURS and LateAnswer.objects.filter(uid=said.uid, user_id=actor.user_id or 0).exists():
        return Taken(said.uid, KEPT, target=result.target, is_kept=True)
    if result.message == UNKNOWN:
        target = _of_a_former_post(said, actor)
        if target is not None and _is_kept(target):
            kept = Taken(said.uid, f"您的任期已经结束，{KEPT}", is_kept=True)
            return _keep(said, target, POST_ENDED, actor, at) or kept
    elif result.message == OVER and result.target is not None and _is_kept(result.target):
        kept = Taken(said.uid, f"{OVER}{KEPT}", target=result.target, is_kept=True)
        return _keep(said, result.target, OVER, actor, at) or kept
    return result


def held_key(uid: UUID) -> str:
    """Under which the photos of a late answer wait."""
    return f"late:{uid}"


def _keep(said: Said, target: Target, reason: str, actor: Actor, at: datetime) -> Taken | None:
    """Keep it once, its photos beside it; gives the refusal where a photo did not come."""
    if LateAnswer.objects.filter(uid=said.uid).exists():
        return None
    photos = photos_in(asked_of(target.survey, target.area.path), said.fields)
    try:
        with transaction.atomic():
            set_aside([uid for uids in photos.values() for uid in uids], key=held_key(said.uid), actor=actor)
            _store(said, target, reason, actor, at)
    except InputRefused as refusal:
        if LateAnswer.objects.filter(uid=said.uid).exists():  # another sending was faster
            return None
        return Taken(said.uid, refusal.message, dict.fromkeys(photos, refusal.message), target)
    return None


def _store(said: Said, target: Target, reason: str, actor: Actor, at: datetime) -> None:
    late = LateAnswer(
        uid=said.uid,
        target=target,
        user_id=actor.user_id,
        reason=reason,
        happened_at=min(said.happened_at, at),
        received_at=at,
    )
    late.seal(said=json.dumps({"outcome": said.outcome, "fields": dict(said.fields)}, ensure_ascii=False))
    LateAnswer.objects.bulk_create([late], ignore_conflicts=True)


def _is_kept(target: Target) -> bool:
    """Answers are kept as long as answers of the survey are."""
    return Survey.objects.filter(pk=target.survey_id, status__in=[SurveyState.OPEN, SurveyState.CLOSED]).exists()


def _of_a_former_post(said: Said, actor: Actor) -> Target | None:
    """The household, where the writer looked after it when it was written."""
    for then in former_selves(actor, said.happened_at):
        found = Target.objects.handled_by(then).filter(uid=said.target).first() or _passed_on_then(said, then)
        if found is not None:
            return found
    return None


def _passed_on_then(said: Said, then: Actor) -> Target | None:
    """The household of a part that was passed on to the writer before; it moved on when the post ended."""
    target = Target.objects.select_related("area").filter(uid=said.target).first()
    if target is None:
        return None
    passed = Event.objects.filter(
        subject_kind=Survey.subject_kind, subject_id=target.survey_id, verb="pass_on", payload__person=then.user_id,
        payload__area__in=lines_of([target.area_id])[target.area_id], happened_at__lte=said.happened_at,
    )  # fmt: skip
    return target if passed.exists() else None


def settle_late(*, late_uid: UUID, is_taken: bool, actor: Actor, at: datetime) -> LateAnswer:
    """The office takes a late answer into an open survey, or drops it; what it said is forgotten here.

    Raises `NotYours` for everybody but the office of the community, `NotThere` for one out of scope or settled, and
    what the answer itself is refused for.
    """
    refuse_looking_only(actor)
    offices = [seat for seat in actor.seats_with(*OFFICE_ROLES) if seat.rank == COMMUNITY_RANK]
    if not offices:
        raise NotYours("迟到的回答由社区办公室核对。")
    with transaction.atomic():
        waiting = LateAnswer.objects.filter(outcome=LateOutcome.WAITING).select_related("target")
        here = waiting.filter(target__in=Target.objects.filter(seat_places(offices)).order_by().values("pk"))
        late = here.filter(uid=late_uid).select_for_update(no_key=True, of=("self",)).first()
        if late is None:
            raise NotThere("没有找到这一份，它可能已经核对过了。")
        if is_taken:
            _take(late, actor, at)
        else:
            drop_set_aside(held_key(late.uid), rule=NOT_TAKEN, at=at)
        late.outcome = LateOutcome.TAKEN if is_taken else LateOutcome.DROPPED
        late.settled_by_id, late.settled_at, late.said_sealed = actor.user_id, at, ""
        late.save(update_fields=["outcome", "settled_by", "settled_at", "said_sealed"])
    return late


def _take(late: LateAnswer, actor: Actor, at: datetime) -> None:
    words = json.loads(late.open_field("said"))
    arrived = hand_over(key=held_key(late.uid), actor=actor)
    fields = {**words["fields"], **_photo_fields(late, words["fields"], arrived)}
    said = Said(late.uid, late.target.uid, fields, late.happened_at, words["outcome"])
    (taken,) = take_answers([said], voice=Voice.DOOR, actor=actor, at=at, is_late=True)
    if not taken.is_taken:
        raise TransitionRefused(taken.message)


def _photo_fields(late: LateAnswer, fields: Mapping[str, str], arrived: Collection[UUID]) -> dict[str, str]:
    """The photos that can be shown; one that turned out to be none is left out."""
    photos = photos_in(asked_of(late.target.survey, late.target.area.path), fields)
    return {f"q_{key}": ",".join(str(uid) for uid in uids if uid in arrived) for key, uids in photos.items()}
