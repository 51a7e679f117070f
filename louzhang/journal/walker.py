"""The walker: the only way a row changes its state.

lock → scope → relation → state → input → write → event, in one transaction. A domain action
opens a step, sets fields and words on it, and the walker assigns the status, saves the named
fields and appends the event.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, Generic, Protocol, TypeVar

from louzhang.journal.actions import prepare_event
from louzhang.journal.actor import Actor
from louzhang.journal.models import Chained
from louzhang.journal.readers import unread
from louzhang.journal.refusals import InputRefused, NotThere, NotYours, TransitionRefused
from louzhang.kit.lifecycle import Lifecycle, Transition
from louzhang.kit.writing import joined, save_together


class Walked(Chained):
    """A chained row with a status and ties to actors; the base of every lifecycle table.

    A concrete class gives `status`, `relations_now` (filled by its queryset's
    `with_relations`), and tells the event where it belongs.
    """

    status: Any

    class Meta:
        abstract = True

    @property
    def relations_now(self) -> frozenset[str]:
        """The actor's relations to this row, as its queryset annotated them."""
        raise TypeError(f"{type(self).__name__} does not tell relations")

    @property
    def status_label(self) -> str:
        """The state in the words of staff: those of the column's choices."""
        return _labels(type(self))[self.status]

    def bar_on(self, verb: str) -> str:
        """Why a verb that the table allows is closed to this very row, as a sentence; empty where it is not."""
        return ""

    def event_area_ids(self) -> list[int]:
        """The line of areas from the district down to the row's place, as it is now."""
        raise TypeError(f"{type(self).__name__} does not say where its events belong")

    def event_tie(self, actor: Actor) -> tuple[int | None, int | None]:
        """(post id, unit id) under which the actor touches this row."""
        raise TypeError(f"{type(self).__name__} does not say under which post {actor.kind} acts")


@cache
def _labels(table: type[Walked]) -> dict[str, str]:
    column = next(column for column in table._meta.concrete_fields if column.name == "status")
    return {str(state): str(label) for state, label in column.flatchoices}


Row = TypeVar("Row", bound=Walked)
Found = TypeVar("Found", bound=Walked, covariant=True)


class Rows(Protocol[Found]):
    """What the walker asks of a queryset."""

    def locked_for(self, actor: Actor, subject_id: int) -> Found | None:
        """The row locked (no key), in the actor's scope, with its relations; else None."""
        ...


class Step(Generic[Row]):
    """One step of one row: the action says what changes, the walker writes it."""

    def __init__(self, subject: Row, transition: Transition, actor: Actor, at: datetime) -> None:
        self.subject = subject
        self.transition = transition
        self.actor = actor
        self.at = at
        self.came_from: str = subject.status
        self.payload: dict[str, Any] = {}
        self.words: dict[str, Any] = {}
        self.audience = transition.audience
        self._changed: set[str] = set()
        self._target = transition.targets[0] if transition.targets else subject.status

    def set(self, **fields: Any) -> None:
        """Change named columns of the row."""
        for name, value in fields.items():
            setattr(self.subject, name, value)
        self._changed.update(fields)

    def say(self, **words: Any) -> None:
        """Words of this step; they lie beside the event and can be erased."""
        self.words.update(words)

    def note(self, **facts: Any) -> None:
        """Facts of this step that are no personal words: ids, codes, figures."""
        self.payload.update(facts)

    @property
    def target(self) -> str:
        """The state this step leads to."""
        return self._target

    def lead_to(self, target: str) -> None:
        """Choose another of the transition's targets than the usual one."""
        if target not in self.transition.targets:
            raise ValueError(f"{self.transition.verb} does not lead to {target}")
        self._target = target

    def write(self, entry_id: uuid.UUID | None) -> None:
        """Assign the status, save the named fields, append the event."""
        subject = self.subject
        post_id, unit_id = subject.event_tie(self.actor)
        moved = {"from": self.came_from, "to": self._target}
        subject.status = self._target
        event, said = prepare_event(
            subject,
            self.transition.verb,
            actor=self.actor,
            at=self.at,
            audience=self.audience,
            payload={**moved, **self.payload},
            words=self.words,
            area_ids=subject.event_area_ids(),
            post_id=post_id,
            unit_id=unit_id,
            entry_id=entry_id,
        )
        changed = ["status", "chain_seq", "chain_head", *sorted(self._changed)]
        save_together(subject, changed, *(row for row in (event, said, unread(event)) if row is not None))


def refuse_unless_open(lifecycle: Lifecycle, transition: Transition, subject: Walked) -> None:
    """Raise with a sentence when the row's relation or state does not allow the verb."""
    if not (subject.relations_now & transition.relations):
        raise NotYours(f"您不能对这件事做“{transition.label}”，请联系受理它的社区。")
    if subject.status not in transition.sources:
        now = lifecycle.labels[subject.status]
        raise TransitionRefused(f"这件事现在是“{now}”，不能再做“{transition.label}”。请刷新页面，按最新状态处理。")
    if sentence := subject.bar_on(transition.verb):
        raise TransitionRefused(sentence)


def refuse_blank(lifecycle: Lifecycle, transition: Transition, given: Mapping[str, Any]) -> None:
    """Raise for the first needed input that is missing or blank."""
    for name in transition.needs:
        value = given.get(name)
        if value is None or (isinstance(value, str) and not value.strip()):
            sentence = lifecycle.missing.get(name, "还有必填的内容没有填写，请补充后再提交。")
            raise InputRefused(sentence, field=name)


@dataclass(frozen=True, slots=True)
class Move:
    """One of several steps of one act: which row, by which verb, with which inputs."""

    subject_id: int
    verb: str
    given: Mapping[str, Any] = field(default_factory=dict)


@contextmanager
def walk(
    lifecycle: Lifecycle,
    rows: Rows[Row],
    subject_id: int,
    verb: str,
    *,
    actor: Actor,
    at: datetime,
    given: Mapping[str, Any] | None = None,
    entry_id: uuid.UUID | None = None,
) -> Iterator[Step[Row]]:
    """Move one row along one transition.

    Raises `NotThere` out of scope, `NotYours` without the relation or with a read-only token,
    `TransitionRefused` in the wrong state, `InputRefused` for a missing input. An exception
    inside the block leaves everything as it was, with whatever the transaction it joined did.
    """
    move = Move(subject_id, verb, given or {})
    with walk_together(lifecycle, rows, [move], actor=actor, at=at, entry_id=entry_id) as (step,):
        yield step


@contextmanager
def walk_together(
    lifecycle: Lifecycle,
    rows: Rows[Row],
    moves: Sequence[Move],
    *,
    actor: Actor,
    at: datetime,
    entry_id: uuid.UUID | None = None,
) -> Iterator[list[Step[Row]]]:
    """Move several rows, each along its own transition, all of them or none; the steps in the order given.

    They are locked in the order of their ids, whatever the order given, so that two acts on the same
    rows wait for each other and never for ever. Raises what `walk` raises, for the first row in that order.
    """
    steps: dict[int, Step[Row]] = {}
    with joined():
        for move in sorted(moves, key=lambda each: each.subject_id):
            steps[move.subject_id] = _opened(lifecycle, rows, move, actor, at)
        walked = [steps[move.subject_id] for move in moves]
        yield walked
        for step in walked:
            step.write(entry_id)


def _opened(lifecycle: Lifecycle, rows: Rows[Row], move: Move, actor: Actor, at: datetime) -> Step[Row]:
    """One row locked and asked for scope, relation, state and input."""
    transition = lifecycle[move.verb]
    subject = rows.locked_for(actor, move.subject_id)
    if subject is None:
        raise NotThere("没有找到这件事，或它不在您的范围内。请核对编号。")
    if actor.is_read_only:
        raise NotYours("这个访问令牌只能查看，不能办理。请换一个可以办理的令牌。")
    refuse_unless_open(lifecycle, transition, subject)
    refuse_blank(lifecycle, transition, move.given)
    return Step(subject, transition, actor, at)
