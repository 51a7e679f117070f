"""`survey.answer`: what a phone writes down at a door, in batches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.urls import reverse

from louzhang.journal.actor import Actor
from louzhang.journal.refusals import InputRefused, NotThere
from louzhang.register.doorstep import DONE, REFUSED, Entry, EntryKind, Result, add_kinds
from louzhang.surveys.actions.answering import UNKNOWN, Said, Taken, take_answers
from louzhang.surveys.actions.late import keep_late
from louzhang.surveys.models import Outcome, Target, Voice

KIND = "survey.answer"
NOBODY = UUID(int=0)
NO_OUTCOME = "请选择：已回答、不愿回答，还是没遇到人。"


def add_survey_kinds() -> None:
    """Make the kind known; called once when the app is ready."""
    add_kinds(
        EntryKind(
            name=KIND, label="排查回答", find=_find, read=dict, perform=_perform, address=_address, about=_about,
            perform_many=answer_many,
        )
    )  # fmt: skip


def answer_many(entries: Sequence[Entry], actor: Actor, at: datetime) -> list[Result]:
    """Take the answers of a batch in one transaction; those that came late are kept for the office."""
    good = [entry for entry in entries if entry.fields.get("outcome", Outcome.ANSWERED) in Outcome.values]
    said = [_said(entry) for entry in good]
    taken = keep_late(said, take_answers(said, voice=Voice.DOOR, actor=actor, at=at), actor=actor, at=at)
    results = {id(entry): _result(each) for entry, each in zip(good, taken, strict=True)}
    return [results.get(id(entry)) or Result(entry.uid, REFUSED, NO_OUTCOME, "outcome") for entry in entries]


def _said(entry: Entry) -> Said:
    outcome = entry.fields.get("outcome", Outcome.ANSWERED.value)
    return Said(entry.uid, entry.row, entry.fields, entry.happened_at, outcome)


def _result(taken: Taken) -> Result:
    if taken.is_taken:
        return Result(taken.uid, DONE, address=_address(taken.target))
    if taken.is_kept:
        return Result(taken.uid, DONE, taken.message)
    field = next(iter(taken.problems), "")
    return Result(taken.uid, REFUSED, taken.message, f"q_{field}" if field else "")


def _find(actor: Actor, uid: UUID, _fields: Mapping[str, str]) -> Target:
    target = Target.objects.handled_by(actor).select_related("dwelling", "survey").filter(uid=uid).first()
    if target is None:
        raise NotThere(UNKNOWN)
    return target


def _perform(entry: Entry, _row: Target, _said: Mapping[str, Any], actor: Actor, at: datetime) -> Target:
    (result,) = answer_many([entry], actor, at)
    if result.result == REFUSED:
        raise InputRefused(result.message, field=result.field)
    return _find(actor, entry.row, entry.fields)


def _address(target: Target | None) -> str:
    """Where it goes on from a household: the next one that is still to be asked."""
    return _pattern().replace(str(NOBODY), str(target.uid)) if target is not None else ""


@cache
def _pattern() -> str:
    """The address of a household that is none: a batch has two hundred of them, alike but for the id."""
    return reverse("surveys_field:next", args=[NOBODY])


def _about(target: Target) -> str:
    return f"{target.survey.title} {target.dwelling.door}"
