"""One verb on a selection of orders: one form, each order its own transaction and its own event.

The entry id of each order follows from the id of the batch, so that a batch that is sent again after a lost
connection does nothing twice: what was done answers as it did, what was not is done now.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from louzhang.journal.actor import Actor
from louzhang.journal.refusals import InputRefused, NotThere, Refusal
from louzhang.workorders.forms.fields import VerbForm
from louzhang.workorders.forms.verbs import perform, verb_form

AT_MOST = 200
# The verbs a selection can take, and the fields that mean the same for every order of it.
MANY: Mapping[str, tuple[str, ...]] = {
    "settle": ("note",),
    "report_back": ("answer",),
    "dispatch": ("unit", "note"),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one order of a batch: where it stands now, or the sentence of its refusal."""

    number: str
    is_done: bool
    words: str


def many_form(verb: str, data: Any = None) -> VerbForm:
    """The form of a verb with the fields of a selection; `entry_id` is the id of the batch.

    Raises `NotThere` for a verb that is done one by one.
    """
    if verb not in MANY:
        raise NotThere("这一步要一件一件办，请打开工单再办。")
    form = verb_form(verb, data)
    for name in set(form.fields) - {*MANY[verb], "entry_id"}:
        del form.fields[name]
    return form


def chosen_numbers(given: Sequence[str]) -> list[str]:
    """The orders of a selection, each once; raises `InputRefused` for none or too many."""
    numbers = list(dict.fromkeys(number.strip() for number in given if number.strip()))
    if not numbers:
        raise InputRefused("请先在列表里勾选要办的工单。", field="orders")
    if len(numbers) > AT_MOST:
        raise InputRefused(f"一次最多办 {AT_MOST} 件，请少选一些，分几次办。", field="orders")
    return numbers


def perform_many(verb: str, numbers: Sequence[str], form: VerbForm, *, actor: Actor, at: datetime) -> list[Outcome]:
    """Do a verb on each order by itself; the refusal of one leaves the others alone.

    `form` is valid, from `many_form`; its `entry_id` names the batch.
    """
    batch = form.cleaned_data["entry_id"]
    if batch is None:
        raise InputRefused("这一页已经过期，请回到列表重新选择。")
    return [_perform_one(verb, number, form, batch, actor, at) for number in numbers]


def _perform_one(verb: str, number: str, form: VerbForm, batch: uuid.UUID, actor: Actor, at: datetime) -> Outcome:
    words = {name: form.data.get(name, "") for name in MANY[verb]}
    own = verb_form(verb, words | {"entry_id": uuid.uuid5(batch, number)})
    try:
        done = perform(verb, number=number, form=own, actor=actor, at=at)
    except Refusal as refusal:
        return Outcome(number, is_done=False, words=refusal.message)
    return Outcome(number, is_done=True, words=str(done["label"]))
