"""What is done about the care of a person by a form: its words, the row it is about, the action behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from louzhang.journal.actor import Actor
from louzhang.journal.forms import VerbForm
from louzhang.register.actions.caring import add_care_tag, keep_care_tag, note_health
from louzhang.register.actions.consenting import record_consent
from louzhang.register.actions.sheltering import shelter_resident
from louzhang.register.forms.care import ConsentForm, HealthForm, KeepForm, ShelterForm, TagForm, carry_out
from louzhang.register.models import CareTag, Resident
from louzhang.register.queries.care import find_tag
from louzhang.register.queries.homes import find_resident


@dataclass(frozen=True, slots=True)
class CareAct:
    """One thing that is done to a resident or to a tag of theirs; `said` is what the page says afterwards.

    `key` is the name under which the action takes the row; a kind that was chosen goes to it by its id.
    """

    label: str
    said: str
    form: type[VerbForm]
    find: Callable[[Actor, UUID], Resident | CareTag]
    key: str
    action: Callable[..., object]


_of_person = partial(CareAct, find=find_resident, key="resident_id")
_of_tag = partial(CareAct, find=find_tag, key="tag_id")
CARE_ACTS: Mapping[str, CareAct] = {
    "add": _of_person("记关爱标记", "标记已记下。", TagForm, action=add_care_tag),
    "consent": _of_person("记单独同意", "同意已记下。", ConsentForm, action=record_consent),
    "shelter": _of_person(
        "登记住址保密", "已登记，除社区负责人外没有人看得到。", ShelterForm, action=shelter_resident
    ),
    "keep": _of_tag("还需要，延到", "已延期。", KeepForm, action=keep_care_tag),
    "health": _of_tag("健康情况", "健康情况已记下。", HealthForm, action=note_health),
}  # fmt: skip


def perform(verb: str, form: VerbForm, row: Resident | CareTag, *, actor: Actor, at: datetime) -> None:
    """Carry an act out once per entry id; raises the form's first error, and the action's."""
    chosen = CARE_ACTS[verb]

    def act() -> None:
        given: dict[str, Any] = dict(form.given())
        if "kind" in given:
            given["kind_id"] = given.pop("kind").pk
        if "guardian" in given:
            given["guardian_id"] = given.pop("guardian")
        chosen.action(**{chosen.key: row.pk}, actor=actor, at=at, **given)

    carry_out(form, f"care.{verb}.{row.pk}", act, actor=actor, at=at)
