"""Taking answers, many at a time: one transaction a batch, one event a household, a handful of statements.

An answer is known by the id its writer made: sent again it is the same answer. The newest given holds, whoever
gave it; the others stay as versions. Somebody not met never replaces what was said.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Model

from louzhang.journal.actions import prepare_event
from louzhang.journal.actor import Actor
from louzhang.journal.models import Event, Unread
from louzhang.journal.readers import unread
from louzhang.journal.refusals import InputRefused
from louzhang.kit.sequences import reserve_ids
from louzhang.kit.writing import pour_in
from louzhang.register.queries.places import lines_of
from louzhang.surveys.actions.counting import move_counts, save_targets
from louzhang.surveys.answers import Given, Wrong, read_answers
from louzhang.surveys.lifecycle import SurveyState
from louzhang.surveys.models import Answer, FollowUpRule, Outcome, Question, Survey, Target, TargetState, Voice
from louzhang.surveys.models.targets import TargetQuerySet
from louzhang.surveys.questions import Asked, Kind, asked_in, without_photos
from louzhang.workorders.actions.photographs import claim_attachments

VERSIONS_AT_MOST = 100
UNKNOWN = "没有找到这一户，或它不在您负责的范围内。请刷新名单再看。"
OVER = "这次排查已经结束，这一份没有计入。"
NOT_BEGUN = "这次排查还没有开始，或已经撤销。"
NOT_YOURS = "这个编号已经用在别的回答上，请更新页面后再写一次。"
TOO_MANY = "这一户已经改过很多次了，请联系社区核对。"
Scope = Callable[[Actor], TargetQuerySet]


@dataclass(frozen=True, slots=True)
class Said:
    """One answer as it came: of which household, what stood in the form, when it was given."""

    uid: UUID
    target: UUID
    fields: Mapping[str, str]
    happened_at: datetime
    outcome: str = Outcome.ANSWERED.value


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of it: taken, or why not; `problems` has a sentence for each question that is wrong.

    `target` is the household where it lies in the actor's scope. One that came late may be `is_kept` for the office:
    it does not stand, and need not be sent again.
    """

    uid: UUID
    message: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)
    target: Target | None = None
    is_kept: bool = False

    @property
    def is_taken(self) -> bool:
        """Whether it stands."""
        return not self.message


def handled(actor: Actor) -> TargetQuerySet:
    """The households where the actor asks at the door, or types what stands on paper."""
    return Target.objects.handled_by(actor)


def take_answers(
    said: Sequence[Said], *, voice: str, actor: Actor, at: datetime, scope: Scope = handled, is_late: bool = False
) -> list[Taken]:
    """Take a batch; each answer stands or is refused by itself, with a sentence.

    `scope` gives the households this voice may speak of; `is_late` takes answers into a survey that has closed.
    Locks are taken in the order of ids, households before counts: batches wait for each other and never for ever.
    """
    take = partial(_take, said, scope, voice, actor, at, is_late=is_late)
    try:
        with transaction.atomic():
            return take()
    except IntegrityError:  # the same id came in another batch at the same moment: now it is known
        with transaction.atomic():
            return take()


def _take(said: Sequence[Said], scope: Scope, voice: str, actor: Actor, at: datetime, *, is_late: bool) -> list[Taken]:
    batch = _Batch(voice, actor, at, is_late=is_late)
    batch.read(said, scope)
    taken = [batch.take(each) for each in said]
    batch.store()
    return taken


class _Batch:
    """What a batch reads first, makes in memory, and stores at the end."""

    def __init__(self, voice: str, actor: Actor, at: datetime, *, is_late: bool) -> None:
        self.voice, self.actor, self.at, self.is_late = voice, actor, at, is_late
        self.answers: list[Answer] = []
        self.events: list[Event] = []
        self.moved: Counter[tuple[int, int, str]] = Counter()
        self.known: dict[UUID, tuple[int, int | None, str]] = {}
        self.posts: dict[int, int | None] = {}

    def read(self, said: Sequence[Said], scope: Scope) -> None:
        """Lock the households, then read what was known of these ids, the surveys and their places."""
        wanted = scope(self.actor).filter(uid__in=[each.target for each in said]).order_by("pk")
        self.targets = {target.uid: target for target in wanted.select_for_update(no_key=True, of=("self",))}
        standing = Answer.objects.filter(uid__in=[each.uid for each in said])
        self.known = {row[0]: row[1:] for row in standing.values_list("uid", "target_id", "user_id", "device_hash")}
        of = {target.survey_id for target in self.targets.values()}
        self.surveys = Survey.objects.in_bulk(of)
        self.asked = {key: self._askable(asked) for key, asked in asked_by(of).items()}
        rules = FollowUpRule.objects.filter(question__survey__in=of, ended_at=None)
        self.followed = set(rules.values_list("question__survey_id", flat=True))
        self.lines = lines_of(target.area_id for target in self.targets.values()) if self.targets else {}
        self.paths = {seat.area_id: seat for seat in self.actor.seats if seat.area_id is not None}

    def _askable(self, asked: list[Asked]) -> list[Asked]:
        """On paper there are no photos, and of what came late only those that arrived."""
        if self.voice == Voice.PAPER:
            return without_photos(asked)
        if not self.is_late:
            return asked
        return [replace(each, is_needed=False) if each.kind is Kind.PHOTO else each for each in asked]

    def take(self, said: Said) -> Taken:
        """One answer: known already, refused, or made."""
        target = self.targets.get(said.target)
        if said.uid in self.known:
            own = target is not None and self.known[said.uid] == (target.pk, self.actor.user_id, self.device)
            return Taken(said.uid, "" if own else NOT_YOURS, target=target)
        if target is None:
            return Taken(said.uid, UNKNOWN)
        if message := self._bar(target):
            return Taken(said.uid, message, target=target)
        try:
            given = Given()
            if said.outcome == Outcome.ANSWERED:
                asked = asked_in(self.asked[target.survey_id], self.lines[target.area_id])
                given = read_answers(asked, said.fields)
            photos = self._claim(target, given)
        except Wrong as wrong:
            return Taken(said.uid, next(iter(wrong.problems.values())), wrong.problems, target)
        self._make(target, said, given, photos)
        return Taken(said.uid, target=target)

    @property
    def device(self) -> str:
        """The phone that wrote it, where nobody is signed in."""
        return self.actor.device if self.actor.user_id is None else ""

    def _bar(self, target: Target) -> str:
        survey = self.surveys[target.survey_id]
        if not survey.is_open and not (self.is_late and survey.status == SurveyState.CLOSED):
            return OVER if survey.closed_at is not None else NOT_BEGUN
        return TOO_MANY if target.versions >= VERSIONS_AT_MOST else ""

    def _claim(self, target: Target, given: Given) -> list[dict[str, str]]:
        """Hang the photos of an answer on its household; no statement for one without. Raises `Wrong`."""
        asked = [each for each in self.asked[target.survey_id] if each.kind is Kind.PHOTO and each.key in given.said]
        if not asked:
            return []
        seq, facts = target.chain_seq + 1, []
        with transaction.atomic():  # all photos of the answer, or none
            for each in asked:
                uids = [UUID(uid) for uid in given.said[each.key]]
                try:
                    facts += claim_attachments(target, uids, actor=self.actor, seq=seq, is_photos_only=True)
                except InputRefused as refusal:
                    raise Wrong({each.key: refusal.message}) from None
        return facts

    def _make(self, target: Target, said: Said, given: Given, photos: Sequence[Mapping[str, str]]) -> None:
        happened_at = min(said.happened_at, self.at)
        target.versions += 1
        answer = Answer(
            uid=said.uid,
            target_id=target.pk,
            number=target.versions,
            voice=self.voice,
            outcome=said.outcome,
            chosen=given.chosen,
            user_id=self.actor.user_id,
            device_hash=self.device,
            happened_at=happened_at,
            received_at=self.at,
        )
        if given.said:
            answer.seal(said=json.dumps(given.said, ensure_ascii=False))
        self.answers.append(answer)
        self.known[said.uid] = (target.pk, self.actor.user_id, self.device)
        if holds_now(target, said.outcome, happened_at):
            self.moved[target.survey_id, target.area_id, target.state] -= 1
            target.state, target.current, target.current_at = said.outcome, target.versions, happened_at
            self.moved[target.survey_id, target.area_id, target.state] += 1
        event, _ = prepare_event(
            target,
            "absent" if said.outcome == Outcome.ABSENT else "answer",
            actor=self.actor,
            at=happened_at,
            payload={"number": answer.number, "voice": self.voice, **({"attachments": photos} if photos else {})},
            area_ids=self.lines[target.area_id],
            post_id=self._post_at(target.area_id),
            entry_id=said.uid,
            recorded_at=self.at,
        )
        self.events.append(event)

    def _post_at(self, area_id: int) -> int | None:
        """The seat nearest above a household; any where a part was passed on."""
        if area_id not in self.posts:
            near = [self.paths[each] for each in self.lines[area_id] if each in self.paths]
            self.posts[area_id] = near[-1].post_id if near else self.actor.post_at(None, None)
        return self.posts[area_id]

    def store(self) -> None:
        """Write answers, events, households and counts; nothing for a batch that brought nothing new."""
        if not self.answers:
            return
        everything: tuple[Sequence[Model], ...] = (self.answers, self.events)
        for rows in everything:
            for row, pk in zip(rows, reserve_ids(type(rows[0])._meta.db_table, len(rows)), strict=True):
                row.pk = pk
            pour_in(rows)
        self._tell_readers()
        changed = {answer.target_id for answer in self.answers}
        save_targets([target for target in self.targets.values() if target.pk in changed])
        move_counts(self.moved)

    def _tell_readers(self) -> None:
        """Put before the readers of the journal only what a rule could follow up: the others concern none of them."""
        surveys = {target.pk: target.survey_id for target in self.targets.values()}
        followed = [event for event in self.events if surveys[event.subject_id] in self.followed]
        waiting = [waits for event in followed if (waits := unread(event)) is not None]
        for row, pk in zip(waiting, reserve_ids(Unread._meta.db_table, len(waiting)) if waiting else (), strict=True):
            row.pk = pk
        pour_in(waiting)


def holds_now(target: Target, outcome: str, happened_at: datetime) -> bool:
    """Whether a new answer becomes the one that holds: the newest given does, nobody met replaces no answer."""
    if outcome == Outcome.ABSENT:
        return target.state in (TargetState.WAITING, TargetState.ABSENT)
    if target.state in (TargetState.WAITING, TargetState.ABSENT) or target.current_at is None:
        return True
    return happened_at >= target.current_at


def asked_by(survey_ids: Iterable[int]) -> dict[int, list[Asked]]:
    """The questions of surveys, in order."""
    asked: dict[int, list[Asked]] = {survey_id: [] for survey_id in survey_ids}
    for question in Question.objects.filter(survey_id__in=asked).order_by("survey_id", "position"):
        asked[question.survey_id].append(question.asked())
    return asked


def answer_target(
    *, target_uid: UUID, uid: UUID, fields: Mapping[str, str], outcome: str, voice: str, actor: Actor, at: datetime,
    scope: Scope = handled,
) -> Taken:  # fmt: skip
    """Take one answer written on a page."""
    said = Said(uid=uid, target=target_uid, fields=fields, happened_at=at, outcome=outcome)
    return take_answers([said], voice=voice, actor=actor, at=at, scope=scope)[0]
