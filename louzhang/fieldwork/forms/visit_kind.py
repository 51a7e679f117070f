"""走访 as an entry of a phone: written with or without a signal, carried out once, every part of it or none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID, uuid5

from django.urls import reverse

from louzhang.fieldwork.actions.company import ask_company, end_company_at
from louzhang.fieldwork.actions.visiting import Care, Learnt, Problem, write_visit
from louzhang.fieldwork.forms.spoken import spoken_with_photos
from louzhang.fieldwork.forms.visits import REACH, VisitForm
from louzhang.fieldwork.models import Company, Visit
from louzhang.journal.actor import Actor
from louzhang.journal.forms import VerbForm, first_refusal
from louzhang.journal.refusals import Conflict, InputRefused
from louzhang.kit import clock
from louzhang.register.actions.entries import note_entry
from louzhang.register.doorstep import Entry, EntryKind, add_kinds
from louzhang.register.forms.door_kinds import about_row, behind_door, member_named
from louzhang.register.models import Dwelling, Household, Resident
from louzhang.register.queries.entries import changed_by_others, said_later
from louzhang.register.queries.homes import find_dwelling

KIND = "visit.write"
COMPANY = "visit.company"
# Whom one met is sent as `met_1`, `met_2` …, each the id of a resident.
MET = "met_"


def add_visit_kinds() -> None:
    """Make them known to pages, programs and the outbox."""
    add_kinds(
        EntryKind(
            name=KIND,
            label="走访",
            find=_ground,
            read=_read,
            perform=_perform,
            address=_address,
            about=_about,
            spoken=partial(spoken_with_photos, VisitForm),
        ),
        EntryKind(
            name=COMPANY,
            label="想有人一起去",
            find=lambda actor, uid, fields: find_dwelling(actor, uid),
            read=_nothing,
            perform=_ask,
            address=_address,
            about=_about,
        ),
    )


def _ground(actor: Actor, uid: UUID, fields: Mapping[str, str]) -> Household | Dwelling:
    """The household of this id; else the one behind the door of this id, or the door where nobody lives."""
    homes = Household.objects.visible_to(actor).select_related("dwelling__area")
    if (home := homes.filter(uid=uid).first()) is not None:
        return home
    door: Dwelling = find_dwelling(actor, uid)
    if not homes.filter(dwelling=door, ends_on=None).exists():
        return door
    return behind_door(actor, uid, fields)


def _read(fields: Mapping[str, str]) -> Mapping[str, Any]:
    typed = VisitForm(data=dict(fields))
    if not typed.is_valid():
        raise first_refusal(typed)
    met = [value for name, value in sorted(fields.items()) if name.startswith(MET) and value]
    return {"visit": typed.given(), "met": met}


def _nothing(fields: Mapping[str, str]) -> Mapping[str, Any]:
    form = VerbForm(data=dict(fields))
    form.is_valid()
    return {}


def _perform(entry: Entry, ground: Household | Dwelling, said: Mapping[str, Any], actor: Actor, at: datetime) -> Visit:
    """Carry out all of it. What others changed meanwhile of how to reach them is kept beside, to be settled."""
    home = ground if isinstance(ground, Household) else None
    door = home.dwelling if home is not None else ground
    given = said["visit"]
    try:
        visit = write_visit(
            dwelling_id=door.pk,
            household_id=home.pk if home is not None else None,
            outcome=given["outcome"],
            met_ids=_residents(said["met"], actor),
            minutes=given["minutes"],
            words=given["words"],
            learnt=_learnt(given, home, entry, actor),
            actor=actor,
            at=at,
            received_at=max(at, clock.now()),
            entry_id=entry.uid,
        )
    except Conflict as conflict:
        raise InputRefused(conflict.message, field=conflict.field) from None
    end_company_at(dwelling_id=door.pk, actor=actor, at=at)
    return visit


def _residents(uids: list[str], actor: Actor) -> list[int]:
    known = [uid for uid in uids if _is_uid(uid)]
    return list(Resident.objects.visible_to(actor).filter(uid__in=known).values_list("pk", flat=True)) if known else []


def _is_uid(typed: str) -> bool:
    try:
        UUID(typed)
    except ValueError:
        return False
    return True


def _learnt(given: Mapping[str, Any], home: Household | None, entry: Entry, actor: Actor) -> Learnt:
    care = None
    if given["care_who"]:
        care = Care(
            resident_id=_cared_for(home, given["care_who"], entry, actor).pk,
            kind_id=given["care_kind"].pk,
            purpose=given["care_purpose"],
            ends_on=given["care_until"],
        )
    return Learnt(
        is_unchanged=given["unchanged"],
        reach=_reach(given, home, entry, actor),
        need=given["need"],
        problem=Problem(given["category"], given["problem"], given["photos"]) if given["category"] else None,
        care=care,
    )


def _cared_for(home: Household | None, name: str, entry: Entry, actor: Actor) -> Resident:
    if home is None:
        raise InputRefused("这里还没有登记住户，请先登记搬来的住户，再记关照谁。", field="care_who")
    try:
        return member_named(lambda *_: home, actor, entry.row, {"who": name})
    except InputRefused as refusal:
        raise InputRefused(refusal.message, field="care_who") from None


def _reach(given: Mapping[str, Any], home: Household | None, entry: Entry, actor: Actor) -> dict[str, str]:
    """What was said about reaching them, but for what others said meanwhile: both are kept then."""
    said = {name: given[name] for name in REACH if given[name]}
    if home is None or not said:
        return said
    said = {name: said[name] for name in said if name not in said_later(home, set(said), entry.happened_at, actor)}
    read_then = replace(entry, base=None)  # the version a phone knows may be that of the door
    met = changed_by_others(home, read_then, set(said), actor, verb="record_reach")
    if not met:
        return said
    apart = Entry(
        uid=uuid5(entry.uid, "household.reach"), kind="household.reach", row=home.uid, fields=said,
        happened_at=entry.happened_at, base=entry.base, seen_at=entry.seen_at,
    )  # fmt: skip
    note_entry(entry=apart, row=home, columns=set(said), actor=actor, at=entry.happened_at, reason=met)
    return {}


def _ask(entry: Entry, door: Dwelling, _said: Mapping[str, Any], actor: Actor, at: datetime) -> Company:
    return ask_company(dwelling_id=door.pk, actor=actor, at=at, entry_id=entry.uid)


def _address(row: Any) -> str:
    if isinstance(row, Company):
        return reverse("fieldwork_field:visit", args=["dwelling", row.dwelling.uid])
    return reverse("fieldwork_field:today")


def _about(row: Any) -> str:
    return str(row) if isinstance(row, Visit | Company) else about_row(row)
