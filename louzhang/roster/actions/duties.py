"""Keeping the catalogue of duties: laid down once from the preset, changed and ended with its history."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from louzhang.areas.rights import refuse_keeping
from louzhang.areas.roles import FIELD_ROLES
from louzhang.journal.actions import record
from louzhang.journal.actor import Actor
from louzhang.journal.models import Audience
from louzhang.journal.refusals import Conflict, InputRefused, NotThere
from louzhang.register.forbidden import refuse_forbidden
from louzhang.roster.models.duties import NAME_LENGTH, WORDS_LENGTH, Duty, DutyClass, Proof
from louzhang.roster.presets.duties import DUTIES
from louzhang.roster.queries.duties import UNKNOWN

SAME = "已经有同名的一项，请换一个名称，或改原来那一项。"


@dataclass(frozen=True, slots=True)
class DutyDraft:
    """What a duty says; see `models.Duty`."""

    name: str
    words: str
    roles: Sequence[str]
    proof: str


def lay_down_duties(*, actor: Actor, at: datetime) -> int:
    """Lay down the preset of 3 classes and 19 duties where the catalogue is empty; gives how many duties (R3)."""
    refuse_keeping(actor)
    if Duty.objects.exists():
        return 0
    with transaction.atomic():
        for position, (name, duties) in enumerate(DUTIES, start=1):
            row = _made(DutyClass(name=name, position=position), {"name": name}, actor, at)
            for place, draft in enumerate(duties, start=1):
                facts = {"name": draft.name, "words": draft.words, "roles": list(draft.roles), "proof": draft.proof}
                _made(Duty(duty_class=row, position=place, **facts), facts, actor, at)
    return sum(len(duties) for _, duties in DUTIES)


def _made(row: Any, facts: dict[str, Any], actor: Actor, at: datetime) -> Any:
    row.save(force_insert=True)
    record(row, "add", actor=actor, at=at, audience=Audience.DESK, payload={"after": facts})
    return row


def add_class(*, name: str, actor: Actor, at: datetime) -> DutyClass:
    """A further class. Raises `NotYours`, `InputRefused` for a wrong name, `Conflict` for one that is there."""
    refuse_keeping(actor)
    named = _name(name)
    position = (DutyClass.objects.aggregate(last=Max("position"))["last"] or 0) + 1
    with _once_named():
        made: DutyClass = _made(DutyClass(name=named, position=position), {"name": named}, actor, at)
    return made


def rename_class(*, uid: uuid.UUID, name: str, actor: Actor, at: datetime) -> DutyClass:
    """Another name for a class; the old one stays in its history."""
    refuse_keeping(actor)
    named = _name(name)
    with _once_named():
        row: DutyClass = _locked(DutyClass, uid)
        _change(row, {"name": named}, actor, at)
    return row


def add_duty(*, class_uid: uuid.UUID, draft: DutyDraft, actor: Actor, at: datetime) -> Duty:
    """A further duty of a class."""
    refuse_keeping(actor)
    facts = _facts(draft)
    with _once_named():
        row = _locked(DutyClass, class_uid)
        position = (Duty.objects.filter(duty_class=row).aggregate(last=Max("position"))["last"] or 0) + 1
        made: Duty = _made(Duty(duty_class=row, position=position, **facts), facts, actor, at)
    return made


def change_duty(*, uid: uuid.UUID, draft: DutyDraft, actor: Actor, at: datetime) -> Duty:
    """Say it otherwise; what it said before stays in its history."""
    refuse_keeping(actor)
    facts = _facts(draft)
    with _once_named():
        row: Duty = _locked(Duty, uid)
        _change(row, facts, actor, at)
    return row


def end_duty(*, uid: uuid.UUID, actor: Actor, at: datetime) -> Duty:
    """It is asked of nobody any more."""
    refuse_keeping(actor)
    with transaction.atomic():
        row: Duty = _locked(Duty, uid)
        row.ended_at = at
        record(row, "end", actor=actor, at=at, audience=Audience.DESK, save=("ended_at",))
    return row


@contextmanager
def _once_named() -> Iterator[None]:
    """A transaction in which a second row of the same name is refused with a sentence."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        raise Conflict(SAME, field="name") from None


def _change(row: Any, facts: dict[str, Any], actor: Actor, at: datetime) -> None:
    before = {name: getattr(row, name) for name in facts}
    if before == facts:
        return
    for name, value in facts.items():
        setattr(row, name, value)
    payload = {"before": before, "after": facts}
    record(row, "change", actor=actor, at=at, audience=Audience.DESK, payload=payload, save=tuple(facts))


def _locked(model: Any, uid: uuid.UUID) -> Any:
    row = model.objects.select_for_update(no_key=True).filter(uid=uid, ended_at=None).first()
    if row is None:
        raise NotThere(UNKNOWN)
    return row


def _name(name: str) -> str:
    plain = " ".join(name.split())
    if not plain or len(plain) > NAME_LENGTH:
        raise InputRefused(f"请写名称，最多 {NAME_LENGTH} 个字。", field="name")
    refuse_forbidden(plain, field="name")
    return plain


def _facts(draft: DutyDraft) -> dict[str, Any]:
    said = asdict(draft) | {"name": _name(draft.name), "words": draft.words.strip(), "roles": list(draft.roles)}
    if not said["words"] or len(said["words"]) > WORDS_LENGTH:
        raise InputRefused(f"请用一两句话写做什么，最多 {WORDS_LENGTH} 个字。", field="words")
    refuse_forbidden(said["words"], field="words")
    if not said["roles"] or not set(said["roles"]) <= {role.value for role in FIELD_ROLES}:
        raise InputRefused("请选这是谁的职责。", field="roles")
    if said["proof"] not in Proof.values:
        raise InputRefused("请选这件事在哪里看得到。", field="proof")
    return said
