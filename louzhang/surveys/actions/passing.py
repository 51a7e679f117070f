"""分给别人: a part of a survey is passed on, beside those who look after the place (R8)."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction

from louzhang.areas.models import Area
from louzhang.journal.actions import record
from louzhang.journal.actor import SYSTEM, Actor
from louzhang.journal.refusals import InputRefused, NotThere, NotYours, TransitionRefused
from louzhang.register.scope import keeping_seats
from louzhang.surveys.models import Share, Survey
from louzhang.surveys.models.targets import passed_places
from louzhang.surveys.queries.passing import helpers_for

UNKNOWN = "没有找到这一份，或它不在您负责的范围内。"


def pass_on_share(
    *, survey_id: int, area_id: int, user_id: int, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> Share:
    """Pass a part on to somebody who works in the same community; whoever had it before gives it up.

    Raises `NotThere` for a part one does not look after, `TransitionRefused` once the survey is over, `InputRefused`
    for somebody who cannot have it.
    """
    with transaction.atomic():
        survey, share = _locked(survey_id, area_id, actor)
        if user_id not in {person.pk for person in helpers_for(share.area, actor, at)}:
            raise InputRefused("请从名单里选：同一个社区里的楼长、单元长、网格员和替岗的人。", field="person")
        share.passed_to_id, share.passed_by_id, share.passed_at = user_id, actor.user_id, at
        share.save(update_fields=["passed_to", "passed_by", "passed_at"])
        _tell(survey, share, "pass_on", actor, at, entry_id)
    return share


def take_back_share(
    *, survey_id: int, area_id: int, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> Share:
    """End what was passed on; answers given meanwhile stand. Raises as `pass_on_share` does."""
    with transaction.atomic():
        survey, share = _locked(survey_id, area_id, actor)
        if share.passed_to_id is None:
            raise TransitionRefused("这一份没有分给别人。")
        _tell(survey, share, "take_back", actor, at, entry_id)
        share.passed_to_id = share.passed_by_id = share.passed_at = None
        share.save(update_fields=["passed_to", "passed_by", "passed_at"])
    return share


def move_share(*, share_id: int, user_id: int | None, at: datetime) -> None:
    """Whoever had it has left the post: somebody else has it, or those who keep the place alone."""
    with transaction.atomic():
        share = Share.objects.select_related("area__level").select_for_update(of=("self",)).get(pk=share_id)
        survey = Survey.objects.all().locked_for(SYSTEM, share.survey_id)
        if survey is None:
            raise NotThere(UNKNOWN)
        if user_id is None:
            _tell(survey, share, "take_back", SYSTEM, at, None)
        share.passed_to_id, share.passed_by_id = user_id, None
        share.passed_at = at if user_id is not None else None
        share.save(update_fields=["passed_to", "passed_by", "passed_at"])
        if user_id is not None:
            _tell(survey, share, "pass_on", SYSTEM, at, None)


def _locked(survey_id: int, area_id: int, actor: Actor) -> tuple[Survey, Share]:
    if actor.is_read_only:
        raise NotYours("这个访问令牌只能查看，不能办理。")
    survey = Survey.objects.all().locked_for(actor, survey_id)
    share = Share.objects.filter(survey_id=survey_id, area_id=area_id).select_related("area__level").first()
    if survey is None or share is None or not has_share(actor, share.area, survey):
        raise NotThere(UNKNOWN)
    if not survey.is_open:
        raise TransitionRefused("这次排查已经结束，不用再分了。")
    return survey, Share.objects.select_related("area__level").select_for_update(of=("self",)).get(pk=share.pk)


def has_share(actor: Actor, area: Area, survey: Survey) -> bool:
    """Whether the actor answers for a place: looks after it, or got it passed on."""
    passed = passed_places(actor).filter(survey=survey).values_list("area__path", flat=True)
    return any(area.path.startswith(path) for path in [*(seat.path for seat in keeping_seats(actor)), *passed])


def _tell(survey: Survey, share: Share, verb: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None) -> None:
    facts = {"area": share.area_id, "person": share.passed_to_id}
    area_ids = survey.event_area_ids()
    record(survey, verb, actor=actor, at=at, payload=facts, area_ids=area_ids, entry_id=entry_id)
