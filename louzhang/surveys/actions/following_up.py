"""Answers that need somebody: rules of a survey, and what they make of each answer, once (R1).

The worker makes it, as a reader of the journal: taking answers in waits for nothing. What is made says what is to be
done and where, never what a household answered.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from louzhang.areas.models import Area
from louzhang.journal.actions import record
from louzhang.journal.actor import SYSTEM, Actor
from louzhang.journal.models import Event
from louzhang.journal.refusals import InputRefused, NotThere, NotYours, TransitionRefused
from louzhang.journal.walker import Step, walk
from louzhang.kit import clock
from louzhang.register.actions.needs import raise_need
from louzhang.register.forbidden import refuse_forbidden
from louzhang.register.models import Asking
from louzhang.surveys.actions.carrying import copied_photos
from louzhang.surveys.following import LOOP, FollowState, is_met, problem_with
from louzhang.surveys.lifecycle import AFTER, Tie
from louzhang.surveys.models import Answer, Course, FollowUp, FollowUpRule, Question, Survey, Target
from louzhang.surveys.models.follow_ups import DAYS_AT_MOST, VISITORS
from louzhang.surveys.questions import Kind
from louzhang.workorders.actions import Draft, report_workorder, withdraw_workorder
from louzhang.workorders.models import Category, Channel, Handling, WorkOrder

RULES_AT_MOST = 20
WORDS_LENGTH = 60
UNKNOWN = "没有找到这次排查，或它不在您的范围内。"
WRONG_ROW = "这一行填错了，已撤回"


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """A rule as it was written."""

    question_id: int
    course: str
    words: str
    condition: Mapping[str, Any] = field(default_factory=dict)
    category: Category | None = None
    role: str = ""
    days: int | None = None
    photos_id: int | None = None


def add_follow_up_rule(
    *, survey_id: int, draft: RuleDraft, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> FollowUpRule:
    """Say which answers of a survey need somebody, and what becomes of them; answers given before stay as they are.

    Raises `NotThere`, `NotYours` for another office, `TransitionRefused` once it is over, `InputRefused`.
    """
    with transaction.atomic():
        survey = _locked(survey_id, actor)
        question = Question.objects.filter(survey=survey, pk=draft.question_id).first()
        if question is None:
            raise InputRefused("请选择一道题。", field="question")
        if FollowUpRule.objects.filter(question__survey=survey, ended_at=None).count() >= RULES_AT_MOST:
            raise InputRefused(f"最多 {RULES_AT_MOST} 条跟进规则。", field="question")
        rule = FollowUpRule.objects.create(question=question, **_checked(draft, question))
        facts = {"rule": rule.pk, "question": question.key, "course": rule.course}
        record(survey, "rule", actor=actor, at=at, payload=facts, area_ids=survey.event_area_ids(), entry_id=entry_id)
    return rule


def end_follow_up_rule(*, rule_uid: uuid.UUID, actor: Actor, at: datetime) -> FollowUpRule:
    """Nothing more is made by a rule; what it made stays. Raises what `add_follow_up_rule` raises."""
    with transaction.atomic():
        rule = FollowUpRule.objects.select_related("question").filter(uid=rule_uid, ended_at=None).first()
        if rule is None:
            raise NotThere("没有找到这条规则，它可能已经停用。")
        survey = _locked(rule.question.survey_id, actor)
        rule.ended_at = at
        rule.save(update_fields=["ended_at"])
        facts = {"rule": rule.pk, "question": rule.question.key}
        record(survey, "end_rule", actor=actor, at=at, payload=facts, area_ids=survey.event_area_ids())
    return rule


def _locked(survey_id: int, actor: Actor) -> Survey:
    survey = Survey.objects.all().locked_for(actor, survey_id)
    if survey is None:
        raise NotThere(UNKNOWN)
    if actor.is_read_only or Tie.ASKER not in survey.relations_now:
        raise NotYours("只有发起的办公室能设跟进规则。")
    if survey.status in AFTER:
        raise TransitionRefused("这次排查已经结束，不能再改跟进规则。")
    return survey


def _checked(draft: RuleDraft, question: Question) -> dict[str, Any]:
    words = " ".join(draft.words.split())
    if not words or len(words) > WORDS_LENGTH:
        raise InputRefused("请用一句话写要做什么，最多 60 个字。", field="words")
    refuse_forbidden(words, field="words")
    if draft.course not in Course.values:
        raise InputRefused("请选怎么办。", field="course")
    if sentence := problem_with(question.asked(), draft.condition):
        raise InputRefused(sentence, field="condition")
    return {
        "words": words, "condition": dict(draft.condition), "course": draft.course, **_ways(draft),
        "photos": _photos_of(draft, question),
    }  # fmt: skip


def _photos_of(draft: RuleDraft, question: Question) -> Question | None:
    """The question of the same survey whose photos go with the order."""
    if draft.photos_id is None:
        return None
    found = Question.objects.filter(survey_id=question.survey_id, pk=draft.photos_id).first()
    if draft.course != Course.ORDER or found is None or found.asked().kind is not Kind.PHOTO:
        raise InputRefused("只有转为工单时能带上照片，请选这次排查里要照片的一题。", field="photos")
    return found


def _ways(draft: RuleDraft) -> dict[str, Any]:
    """What a course needs beside its words."""
    if draft.course == Course.ORDER:
        leaf = draft.category
        if leaf is None or leaf.ended_at or leaf.parent_id is None or leaf.handling == Handling.COMPLAINT:
            raise InputRefused("请选择工单的类别。", field="category")
        return {"category": leaf}
    if draft.course == Course.VISIT:
        if draft.role not in VISITORS:
            raise InputRefused("请选谁上门。", field="role")
        if draft.days is None or not 1 <= draft.days <= DAYS_AT_MOST:
            raise InputRefused(f"请写几天之内，1 到 {DAYS_AT_MOST} 天。", field="days")
        return {"role": draft.role, "days": draft.days}
    return {}


def follow_answers(events: Sequence[Event]) -> None:
    """The reader: make what the rules of open surveys say of the answers that hold, each once a household."""
    told = {(event.subject_id, event.payload.get("number")): event for event in events if event.verb == "answer"}
    if not told:
        return
    targets = Target.objects.filter(pk__in={target_id for target_id, _ in told}).order_by().values("survey_id")
    rules: dict[int, list[FollowUpRule]] = {}
    for rule in FollowUpRule.objects.filter(question__survey__in=targets, ended_at=None).select_related(
        "question", "category", "photos"
    ):
        rules.setdefault(rule.question.survey_id, []).append(rule)
    if not rules:
        return
    answers = Answer.objects.current().filter(target__in={key[0] for key in told}, target__survey__in=rules)
    wanted = ("target__area__level", "target__dwelling", "target__household")
    for answer in answers.select_related(*wanted).order_by("pk"):
        event = told.get((answer.target_id, answer.number))
        if event is not None:
            _follow(answer, rules[answer.target.survey_id], event.recorded_at)


def _follow(answer: Answer, rules: Iterable[FollowUpRule], at: datetime) -> None:
    for rule in rules:
        if not is_met(rule.condition, answer.chosen.get(rule.question.key)):
            continue
        if not FollowUp.objects.filter(rule=rule, target=answer.target, undone_at=None).exists():
            _make(answer, rule, at)


def _make(answer: Answer, rule: FollowUpRule, at: datetime) -> None:
    target = answer.target
    area = target.area
    follow_up = FollowUp(
        rule=rule, target=target, area=area, number=answer.number, course=rule.course, role=rule.role, made_at=at,
        **_thing(rule, answer, area, at),
    )  # fmt: skip
    follow_up.save(force_insert=True)
    facts = {"rule": rule.pk, "course": rule.course}
    record(follow_up, "make", actor=SYSTEM, at=at, payload=facts, area_ids=follow_up.event_area_ids())


def _thing(rule: FollowUpRule, answer: Answer, area: Area, at: datetime) -> dict[str, Any]:
    """The order or the need, made by the worker; of a call the day by which it is made."""
    target = answer.target
    if rule.course == Course.VISIT:
        return {"due_on": clock.local_date(at) + timedelta(days=rule.days or 1)}
    if rule.course == Course.NEED:
        home = target.household
        household_id = home.pk if home is not None and home.ends_on is None else None
        need = raise_need(
            summary=rule.words, asking=Asking.DOOR, actor=SYSTEM, at=at, area=area, household_id=household_id
        )
        return {"need": need}
    if rule.category is None:
        raise ValueError(f"{rule} makes orders and names no category")
    draft = Draft(
        channel=Channel.FIELD, category=rule.category, area=area, words=rule.words, door=target.dwelling.door,
        is_for_another=True, photos=copied_photos(answer, rule.photos, at=at),
    )  # fmt: skip
    return {"order": report_workorder(draft=draft, actor=SYSTEM, at=at).order}


def follow(
    *, follow_up_id: int, actor: Actor, at: datetime, words: str = "", entry_id: uuid.UUID | None = None
) -> FollowUp:
    """Somebody was there. Raises what the walker raises."""
    with _walked(follow_up_id, "follow", actor, at, entry_id) as step:
        step.set(ended_at=at)
        step.say(words=words.strip()[:200])
    return step.subject


def drop(*, follow_up_id: int, reason: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> FollowUp:
    """Nobody need go. Raises what the walker raises."""
    with _walked(follow_up_id, "drop", actor, at, entry_id, reason=reason) as step:
        step.set(ended_at=at)
        step.say(reason=reason.strip()[:200])
    return step.subject


def pass_call_on(*, follow_up_id: int, role: str, at: datetime) -> FollowUp:
    """Nobody of the role is there any more: somebody of another one calls."""
    with _walked(follow_up_id, "pass_on", SYSTEM, at, None, role=role) as step:
        step.note(before=step.subject.role, role=role)
        step.set(role=role)
    return step.subject


def undo_follow_ups(*, target: Target, number: int, at: datetime) -> list[FollowUp]:
    """An answer was taken back: nobody calls because of it, an order nobody has taken is withdrawn.

    Gives those that stay, since somebody is at work on them already, or the need stands on a list.
    """
    rows = FollowUp.objects.filter(target=target, number=number, undone_at=None).exclude(status=FollowState.DONE)
    return [row for row in rows.select_related("order", "need", "rule").order_by("pk") if not _undo(row, at)]


def _undo(follow_up: FollowUp, at: datetime) -> bool:
    if follow_up.course == Course.VISIT:
        drop(follow_up_id=follow_up.pk, reason=WRONG_ROW, actor=SYSTEM, at=at)
    elif follow_up.order is None or not _withdrawn(follow_up.order, at):
        return False
    FollowUp.objects.filter(pk=follow_up.pk).update(undone_at=at)
    return True


def _withdrawn(order: WorkOrder, at: datetime) -> bool:
    try:
        withdraw_workorder(order_id=order.pk, reason=WRONG_ROW, actor=SYSTEM, at=at)
    except TransitionRefused:
        return False
    return True


def _walked(
    follow_up_id: int, verb: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None, **given: Any
) -> AbstractContextManager[Step[FollowUp]]:
    rows = FollowUp.objects.all()
    return walk(LOOP, rows, follow_up_id, verb, actor=actor, at=at, given=given, entry_id=entry_id)
