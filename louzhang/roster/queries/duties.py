"""Reading the catalogue of duties: by role, with where each shows by itself; and its history."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from louzhang.areas.roles import FIELD_ROLES
from louzhang.journal.actor import Actor
from louzhang.journal.models import Event
from louzhang.journal.refusals import NotThere
from louzhang.roster.models.duties import Duty, DutyClass, Proof

UNKNOWN = "没有找到这一项，它可能已经停用。请回到列表重新选。"
# Where the own rows of each kind of proof stand.
SEEN_AT: Mapping[str, str] = {
    Proof.VISITS: "fieldwork_field:visits",
    Proof.ORDERS: "field:today",
    Proof.MEDIATION: "mediation:list",
    Proof.ERRANDS: "errands:list",
    Proof.DEEDS: "deeds:list",
    Proof.PATROLS: "patrols:list",
    Proof.INQUIRIES: "inquiries:field",
    Proof.NOTICES: "notices:building",
    Proof.SURVEYS: "surveys_field:list",
    Proof.NOTEBOOK: "register:notebook",
    Proof.LOGS: "logs:mine",
    Proof.TRAINING: "training:mine",
    Proof.GUIDES: "post_duties:guides",
}
# A unit head asks no grid worker's questions: what would be a closed door is not offered.
CLOSED_TO: Mapping[str, frozenset[str]] = {Proof.INQUIRIES: frozenset({"stairwell_head"})}


@dataclass(frozen=True, slots=True)
class Shown:
    """One duty with where it can be seen; no address where the reader has no such page."""

    duty: Duty
    url: str = ""

    @property
    def seen_in(self) -> str:
        """The name of that page."""
        return Proof(self.duty.proof).label


@dataclass(frozen=True, slots=True)
class Group:
    """A class with its duties in their order."""

    duty_class: DutyClass
    shown: list[Shown]


def duties_of(role: str) -> list[Duty]:
    """What is asked of a role, in the order of the catalogue (one query)."""
    rows = Duty.objects.filter(ended_at=None, duty_class__ended_at=None, roles__contains=[role])
    return list(rows.select_related("duty_class").order_by("duty_class__position", "position", "pk"))


def own_duties(actor: Actor) -> list[Group]:
    """The duties of one's roles in the field, each with the page that shows it."""
    held = {seat.role for seat in actor.seats_with(*FIELD_ROLES)}
    rows = Duty.objects.filter(ended_at=None, duty_class__ended_at=None, roles__overlap=sorted(held))
    ordered = rows.select_related("duty_class").order_by("duty_class__position", "position", "pk")
    return _grouped([Shown(duty, _address(duty.proof, held)) for duty in ordered] if held else [])


def _address(proof: str, held: set[str]) -> str:
    return "" if held <= CLOSED_TO.get(proof, frozenset()) else reverse(SEEN_AT[proof])


def _grouped(rows: list[Shown]) -> list[Group]:
    groups: dict[int, Group] = {}
    for shown in rows:
        groups.setdefault(shown.duty.duty_class_id, Group(shown.duty.duty_class, [])).shown.append(shown)
    return list(groups.values())


def catalogue() -> list[Group]:
    """The whole catalogue, classes without duties among them (two queries)."""
    classes = DutyClass.objects.filter(ended_at=None).order_by("position", "pk")
    rows = list(Duty.objects.filter(ended_at=None).order_by("position", "pk"))
    return [Group(each, [Shown(duty) for duty in rows if duty.duty_class_id == each.pk]) for each in classes]


def lines_on_card(role: str) -> list[str]:
    """What stands on the contact card: the classes of a role, each with its duties by name."""
    said: dict[str, list[str]] = {}
    for duty in duties_of(role):
        said.setdefault(duty.duty_class.name, []).append(duty.name)
    return [f"{name}：{'、'.join(duties)}" for name, duties in said.items()]


def find_duty(uid: uuid.UUID) -> Duty:
    """One duty in use; raises `NotThere`."""
    duty = Duty.objects.select_related("duty_class").filter(uid=uid, ended_at=None).first()
    if duty is None:
        raise NotThere(UNKNOWN)
    return duty


def find_class(uid: uuid.UUID) -> DutyClass:
    """One class in use; raises `NotThere`."""
    found = DutyClass.objects.filter(uid=uid, ended_at=None).first()
    if found is None:
        raise NotThere(UNKNOWN)
    return found


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a thing, as its history shows it."""

    verb: str
    at: Any
    before: Mapping[str, Any]
    after: Mapping[str, Any]

    @property
    def differences(self) -> list[tuple[str, str, str]]:
        """Which words changed from what to what."""
        names = [name for name in LABELS if name in self.after and self.before.get(name) != self.after[name]]
        return [(LABELS[name], _spoken(self.before.get(name)), _spoken(self.after[name])) for name in names]


LABELS: Mapping[str, str] = {
    "name": "名称", "title": "遇到什么", "words": "做什么", "steps": "怎么做", "never": "千万不要",
    "callees": "打给谁", "roles": "谁的", "proof": "在哪里看得到",
}  # fmt: skip


def _spoken(value: Any) -> str:
    return "；".join(str(each) for each in value) if isinstance(value, list) else str(value or "")


def history_of(subject_kind: str, subject_id: int) -> list[Change]:
    """What changed, the newest first (one query)."""
    rows = Event.objects.filter(subject_kind=subject_kind, subject_id=subject_id).order_by("-seq")
    return [
        Change(event.verb, event.happened_at, event.payload.get("before", {}), event.payload.get("after", {}))
        for event in rows
    ]
