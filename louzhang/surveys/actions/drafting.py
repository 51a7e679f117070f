"""Writing a survey before anybody is asked: what for, of whom, and which questions."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from louzhang.areas.models import Area
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.journal.actions import record
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import InputRefused, NotThere, NotYours, TransitionRefused
from louzhang.kit import clock
from louzhang.register.forbidden import refuse_forbidden
from louzhang.surveys.choosing import Choice, problem_of
from louzhang.surveys.lifecycle import SurveyState, Tie
from louzhang.surveys.models import Basis, Ground, Question, Survey, SurveyKind
from louzhang.surveys.questions import QUESTIONS_AT_MOST, Asked, problems_of

ASKED_AT_MOST = KEPT_AT_MOST = timedelta(days=366)
ONLY_DRAFTS = "已经送出或开始的不能再改题目和范围。要改请先撤销，再复制一份重新写。"


@dataclass(frozen=True, slots=True)
class SurveyDraft:
    """What is written before the questions; `area_ids` are the places that are asked."""

    kind: str
    title: str
    purpose: str
    starts_at: datetime
    ends_at: datetime
    purge_on: date
    area_ids: Sequence[int]
    basis: str = Basis.CONSENT
    basis_words: str = ""
    choice: Choice = field(default_factory=Choice)
    asker_unit_id: int | None = None


def write_survey(
    *, draft: SurveyDraft, asker_area_id: int, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> Survey:
    """Begin a survey of the office of an area, as a draft.

    Raises `NotYours` for an office one does not work in, `InputRefused` for what is missing or does not fit.
    """
    area = _office(asker_area_id, actor)
    fields = _checked(draft, area)
    with transaction.atomic():
        survey = Survey.objects.create(asker_area=area, author_id=_author(actor), written_at=at, **fields)
        _lay_ground(survey, draft)
        _tell(survey, "write", actor, at, entry_id=entry_id)
    return survey


def change_survey(
    *, survey_id: int, draft: SurveyDraft, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> Survey:
    """Write a draft anew. Raises `NotThere`, `NotYours`, `TransitionRefused` once it was sent or opened."""
    with transaction.atomic():
        survey = locked_draft(survey_id, actor)
        fields = _checked(draft, survey.asker_area)
        for name, value in fields.items():
            setattr(survey, name, value)
        survey.grounds.all().delete()
        _lay_ground(survey, draft)
        _tell(survey, "change", actor, at, *fields, entry_id=entry_id)
    return survey


def set_questions(
    *, survey_id: int, asked: Sequence[Asked], actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> Survey:
    """Say what a draft asks, in this order; a question keeps its row as long as it keeps its key.

    Raises `InputRefused` for the first question that cannot be asked, with its key as the field.
    """
    if len(asked) > QUESTIONS_AT_MOST:
        raise InputRefused(f"最多 {QUESTIONS_AT_MOST} 道题。题目越少，愿意回答的人越多。", field="questions")
    for question in asked:
        _refuse_words(question)
    for key, sentence in problems_of(asked).items():
        raise InputRefused(sentence, field=key)
    with transaction.atomic():
        survey = locked_draft(survey_id, actor)
        _store_questions(survey, asked)
        _tell(survey, "ask", actor, at, entry_id=entry_id, questions=len(asked))
    return survey


def copy_survey(*, survey_id: int, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> Survey:
    """Begin another one like it: the same words, places and questions, from now for as long as that one took.

    Raises `NotThere` for one out of scope, `NotYours` for one of another office.
    """
    old = Survey.objects.visible_to(actor).select_related("asker_area__level").filter(pk=survey_id).first()
    if old is None:
        raise NotThere("没有找到这次排查，或它不在您的范围内。")
    ends_at = at + (old.ends_at - old.starts_at)
    kept = old.purge_on - clock.local_date(old.ends_at)
    fields = ("kind", "title", "purpose", "basis", "basis_words", "household_filter", "asker_unit_id")
    _office(old.asker_area_id, actor)
    with transaction.atomic():
        new = Survey.objects.create(
            asker_area=old.asker_area, author_id=_author(actor), written_at=at, starts_at=at, ends_at=ends_at,
            purge_on=clock.local_date(ends_at) + kept, **{name: getattr(old, name) for name in fields},
        )  # fmt: skip
        Ground.objects.bulk_create([Ground(survey=new, area_id=ground.area_id) for ground in old.grounds.all()])
        _store_questions(new, [question.asked() for question in old.questions.all()])
        _tell(new, "write", actor, at, entry_id=entry_id, copied_from=old.pk)
    return new


def locked_draft(survey_id: int, actor: Actor) -> Survey:
    """A draft of the actor's office, locked; raises `NotThere`, `NotYours`, `TransitionRefused`."""
    survey = Survey.objects.all().locked_for(actor, survey_id)
    if survey is None:
        raise NotThere("没有找到这次排查，或它不在您的范围内。")
    if actor.is_read_only or Tie.ASKER not in survey.relations_now:
        raise NotYours("只有发起的办公室能改这次排查。")
    if survey.status != SurveyState.DRAFT:
        raise TransitionRefused(ONLY_DRAFTS)
    return survey


def _office(area_id: int, actor: Actor) -> Area:
    """The office the actor asks for; raises `NotYours`."""
    if actor.is_read_only or not any(seat.area_id == area_id for seat in actor.seats_with(*OFFICE_ROLES)):
        raise NotYours("排查和问卷由社区、街道或区里的办公室发起。")
    area: Area = Area.objects.select_related("level").get(pk=area_id)
    return area


def _author(actor: Actor) -> int:
    if actor.user_id is None:
        raise NotYours("请先登录，再发起排查。")
    return actor.user_id


def _checked(draft: SurveyDraft, area: Area) -> dict[str, Any]:
    """The columns of a draft; raises `InputRefused` for the first that does not do."""
    for name in ("title", "purpose", "basis_words"):
        refuse_forbidden(getattr(draft, name), field=name)
    _refuse_missing(draft)
    _refuse_days(draft)
    below = Area.objects.within(area.pk).current().filter(pk__in=draft.area_ids).count()
    if not draft.area_ids or below < len(set(draft.area_ids)):
        raise InputRefused("请选择在哪里问，而且要在本办公室的范围内。", field="area_ids")
    if sentence := problem_of(draft.choice):
        raise InputRefused(sentence, field="age_from")
    return {
        "kind": SurveyKind(draft.kind).value,
        "title": " ".join(draft.title.split()),
        "purpose": " ".join(draft.purpose.split()),
        "basis": Basis(draft.basis).value,
        "basis_words": " ".join(draft.basis_words.split()),
        "starts_at": draft.starts_at,
        "ends_at": draft.ends_at,
        "purge_on": draft.purge_on,
        "household_filter": draft.choice.as_json(),
        "asker_unit_id": draft.asker_unit_id,
    }


def _refuse_missing(draft: SurveyDraft) -> None:
    if not draft.title.strip():
        raise InputRefused("请写一个名称，居民看得懂的。", field="title")
    if not draft.purpose.strip():
        raise InputRefused("请写明为什么问、答案用来做什么。", field="purpose")
    if draft.basis != Basis.CONSENT and not draft.basis_words.strip():
        raise InputRefused("请写明依据的文件或决定，写到名称和文号。", field="basis_words")


def _refuse_days(draft: SurveyDraft) -> None:
    if draft.ends_at <= draft.starts_at:
        raise InputRefused("结束要晚于开始。", field="ends_at")
    refuse_too_long(draft.starts_at, draft.ends_at)
    last = clock.local_date(draft.ends_at)
    if not last <= draft.purge_on <= last + KEPT_AT_MOST:
        raise InputRefused("删除回答的日子不能早于结束那天，最晚一年。", field="purge_on")


def refuse_too_long(starts_at: datetime, ends_at: datetime) -> None:
    """Nobody is asked for years: what was answered first would be as old. Raises `InputRefused`."""
    if ends_at - starts_at > ASKED_AT_MOST:
        raise InputRefused("一次最多问一年，请把结束提前；以后可以复制一份再问。", field="ends_at")


def _refuse_words(question: Asked) -> None:
    for words in (question.text, question.note, *(each.words for each in (*question.options, *question.columns))):
        refuse_forbidden(words, field=question.key)
    if not question.text.strip():
        raise InputRefused("请写题目。", field=question.key)


def _lay_ground(survey: Survey, draft: SurveyDraft) -> None:
    Ground.objects.bulk_create([Ground(survey=survey, area_id=area_id) for area_id in sorted(set(draft.area_ids))])


def _store_questions(survey: Survey, asked: Sequence[Asked]) -> None:
    standing = {question.key: question for question in survey.questions.all()}
    survey.questions.exclude(key__in=[question.key for question in asked]).delete()
    for position, question in enumerate(asked, start=1):
        row = standing.get(question.key) or Question(survey=survey, key=question.key)
        row.take(question, position)
        row.save()


def _tell(
    survey: Survey, verb: str, actor: Actor, at: datetime, *save: str, entry_id: uuid.UUID | None, **facts: Any
) -> None:
    area_ids = survey.event_area_ids()
    record(survey, verb, actor=actor, at=at, payload=facts, area_ids=area_ids, entry_id=entry_id, save=save)
