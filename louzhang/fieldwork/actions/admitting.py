"""准入: asking the streets, letting a campaign in or not, taking it back, ending it: one public function a verb."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from louzhang.areas.models import Area, LevelKind
from louzhang.fieldwork.actions.rhythms import end_rhythm
from louzhang.fieldwork.asking import DROPPED, KEPT, PREFILLED, Asking, kind_of
from louzhang.fieldwork.known import known_as
from louzhang.fieldwork.lifecycle.admissions import LOOP, AdmissionState
from louzhang.fieldwork.models import Admission, Rhythm
from louzhang.fieldwork.models.admissions import STREET_RANK
from louzhang.journal.actions import record
from louzhang.journal.actor import SYSTEM, Actor
from louzhang.journal.refusals import Conflict, InputRefused, NotThere, TransitionRefused
from louzhang.journal.walker import Step, walk
from louzhang.kit import clock

UNKNOWN = "没有找到这项准入，或它不在您的范围内。"
NOBODY = "这个范围里没有要问的住户，不用送准入。请核对范围和条件。"
NO_STREET = "这个范围里没有街道，送不了准入。请核对范围。"
AT_SOURCE = "这是一项排查，请在排查的页面上撤销或结束，准入会跟着变。"


def ask_admissions(*, asking: Asking, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> list[Admission]:
    """Send a campaign to every street in which it asks somebody; an emergency one is let in by its decision.

    The caller is in a transaction and has refused whoever may not ask. Raises `InputRefused` where nobody is asked,
    `Conflict` where a street has it already.
    """
    streets = _streets(asking.grounds)
    if not streets:
        raise InputRefused(NO_STREET, field="area_ids")
    if Admission.objects.of(asking.kind, asking.source_uid).standing().exists():
        raise Conflict("已经送过街道准入，请等街道答复；要改请先撤回。")
    day, made = clock.local_date(at), []
    for street in streets:
        paths = [area.path for area in asking.grounds if area.path.startswith(street.path)] or [street.path]
        loads = kind_of(asking.kind).loads(asking.source_uid, paths, day)
        if loads:
            made.append(_ask_one(asking, street, loads, actor, at, entry_id))
    if not made:
        raise InputRefused(NOBODY, field="area_ids")
    if asking.is_emergency:
        kind_of(asking.kind).decided(made, at)
    return made


def admit_admission(
    *, uid: uuid.UUID, answers: Mapping[str, str], actor: Actor, at: datetime, reason: str = "",
    entry_id: uuid.UUID | None = None,
) -> Admission:  # fmt: skip
    """The street lets it in; `answers` say by key which questions the register answers and which are not asked.

    Raises what the walker raises, `InputRefused` where nothing would be left to ask.
    """
    with transaction.atomic():
        together, admission_id = _locked_together(uid, actor)
        with walk(LOOP, Admission.objects.all(), admission_id, "admit", actor=actor, at=at, entry_id=entry_id) as step:
            step.set(answers=_checked(step.subject, answers), decided_at=at)
            step.note(answers=step.subject.answers)
            step.say(reason=reason.strip())
        _tell_kind(step, together, at)
    return step.subject


def decline_admission(
    *, uid: uuid.UUID, reason: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> Admission:
    """The street does not let it in and says why. Raises what the walker raises."""
    given = {"reason": reason}
    with transaction.atomic():
        together, admission_id = _locked_together(uid, actor)
        rows = Admission.objects.all()
        with walk(LOOP, rows, admission_id, "decline", actor=actor, at=at, given=given, entry_id=entry_id) as step:
            step.set(decided_at=at)
            step.say(reason=reason.strip())
        _tell_kind(step, together, at)
    return step.subject


def withdraw_admission(*, uid: uuid.UUID, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> Admission:
    """Who asked takes it back from a street: what is not done yet is due no more. Raises what the walker raises."""
    return _over(uid, "withdraw", actor, at, entry_id)


def end_admission(*, uid: uuid.UUID, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> Admission:
    """It is over at a street. Raises what the walker raises."""
    return _over(uid, "end", actor, at, entry_id)


def close_admissions(*, kind: str, source_uid: uuid.UUID, at: datetime) -> None:
    """A campaign is over or was taken back where it lives: what stands at streets ends with it."""
    for admission in Admission.objects.of(kind, source_uid).standing().order_by("pk"):
        verb = "end" if admission.is_let_in else "withdraw"
        _over(admission.uid, verb, SYSTEM, at, None)


def end_past(*, at: datetime) -> int:
    """End what was let in and whose last day is over (worker); gives how many. What ends where it lives is left."""
    rows = Admission.objects.let_in().filter(ends_on__lt=clock.local_date(at)).order_by("pk")
    past = [row for row in rows if not kind_of(row.kind).ends_at_source]
    for row in past:
        _over(row.uid, "end", SYSTEM, at, None)
    return len(past)


def _streets(grounds: Iterable[Area]) -> list[Area]:
    """The streets that hold one of these places or lie in it."""
    step, paths, above = Area.steplen, [], set()
    for area in grounds:
        if area.depth < STREET_RANK:
            paths.append(area.path)
        else:
            above.add(area.path[: STREET_RANK * step])
    rows = Area.objects.get_queryset().current().of_kind(LevelKind.STREET).defer("outline")
    found = rows.under_paths(paths) | rows.filter(path__in=above) if paths else rows.filter(path__in=above)
    return list(found.select_related("level").order_by("path"))


def _ask_one(
    asking: Asking, street: Area, loads: Mapping[int, int], actor: Actor, at: datetime, entry_id: uuid.UUID | None
) -> Admission:
    is_in = asking.is_emergency
    admission = Admission.objects.create(
        status=(AdmissionState.ADMITTED if is_in else AdmissionState.ASKED).value,
        kind=asking.kind, source_uid=asking.source_uid, source_kind=asking.subject[0], source_id=asking.subject[1],
        title=asking.title, purpose=asking.purpose,
        asker_id=asking.asker_id, author_id=asking.author_id, street=street, starts_on=asking.starts_on,
        ends_on=asking.ends_on, role=asking.role, loads={str(area): homes for area, homes in loads.items()},
        households=sum(loads.values()), pace_seconds=asking.pace_seconds, is_pace_measured=asking.is_pace_measured,
        questions=[
            {"key": each.key, "text": each.text, "known": each.known or known_as(each.text)}
            for each in asking.questions
        ],
        is_emergency=is_in, decision=asking.decision, asked_at=at, decided_at=at if is_in else None,
    )  # fmt: skip
    facts = {"households": admission.households, "kind": admission.kind}
    verb, area_ids = ("start" if is_in else "ask"), admission.event_area_ids()
    record(admission, verb, actor=actor, at=at, payload=facts, area_ids=area_ids, entry_id=entry_id)
    return admission


def _locked_together(uid: uuid.UUID, actor: Actor) -> tuple[list[int], int]:
    """All admissions of a campaign locked in one order, and the id of this one: streets decide one after another."""
    found = Admission.objects.visible_to(actor).filter(uid=uid).first()
    if found is None:
        raise NotThere(UNKNOWN)
    rows = Admission.objects.of(found.kind, found.source_uid).order_by("pk").select_for_update(no_key=True)
    return list(rows.values_list("pk", flat=True)), found.pk


def _tell_kind(step: Step[Admission], together: Iterable[int], at: datetime) -> None:
    rows = Admission.objects.filter(pk__in=list(together)).select_related("street", "asker").order_by("pk")
    kind_of(step.subject.kind).decided(list(rows), at)


def _checked(admission: Admission, answers: Mapping[str, str]) -> dict[str, str]:
    """Only what is asked, only what can be; something is left to ask."""
    known = {question["key"]: question["known"] for question in admission.questions}
    chosen = {key: said for key, said in answers.items() if key in known and said in (PREFILLED, DROPPED)}
    if any(said == PREFILLED and not known[key] for key, said in chosen.items()):
        raise InputRefused("登记里没有的问题不能从登记带出，请选照问或不问。", field="answers")
    if known and all(chosen.get(key, KEPT) == DROPPED for key in known):
        raise InputRefused("所有问题都不问，等于不同意。请留下至少一个，或选不同意并写明原因。", field="answers")
    return chosen


def _over(uid: uuid.UUID, verb: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None) -> Admission:
    with transaction.atomic():
        found = Admission.objects.visible_to(actor).filter(uid=uid).first()
        if found is None:
            raise NotThere(UNKNOWN)
        if kind_of(found.kind).ends_at_source and not actor.is_system:
            raise TransitionRefused(AT_SOURCE)
        with walk(LOOP, Admission.objects.all(), found.pk, verb, actor=actor, at=at, entry_id=entry_id) as step:
            step.set(ended_at=at)
        for rhythm in Rhythm.objects.filter(uid__in=step.subject.rhythms, ended_at=None).order_by("pk"):
            end_rhythm(uid=rhythm.uid, actor=SYSTEM, at=at)
    return step.subject
