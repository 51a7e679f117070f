"""Reading rhythms: the list with how many homes each has, and how many are due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q

from louzhang.areas.roles import Role
from louzhang.fieldwork.lifecycle.admissions import AdmissionState
from louzhang.fieldwork.models import Admission, CampaignKind, Rhythm, Span, Whom
from louzhang.journal.actor import Actor

EVERY = {Span.DAY: "天", Span.WEEK: "周", Span.MONTH: "个月"}


def spoken_round(every: int, span: str) -> str:
    """One round in words: 每天, 每周, 每 2 周, 每月, 每 3 个月."""
    if every == 1:
        return f"每{'月' if span == Span.MONTH else EVERY[Span(span)]}"
    return f"每 {every} {EVERY[Span(span)]}"


def spoken_often(whom: str, often: int, every: int, span: str) -> str:
    """How often, in words: 每天 10 户, 每月一次, 每周 2 次."""
    if whom == Whom.SOME:
        return f"每天 {often} 户"
    return f"{spoken_round(every, span)}{f' {often} 次' if whom == Whom.PRESENCE else '一次'}"


def waiting_rhythms(actor: Actor) -> list[Admission]:
    """Those from above that wait for a street the actor may know of."""
    rows = Admission.objects.visible_to(actor).filter(kind=CampaignKind.RHYTHM, status=AdmissionState.ASKED.value)
    return list(rows.select_related("street", "asker").defer("loads").order_by("street__path", "pk"))


@dataclass(frozen=True, slots=True)
class RhythmLine:
    """A rhythm with its homes."""

    rhythm: Rhythm
    homes: int
    due: int

    @property
    def words(self) -> str:
        """How often, in words."""
        row = self.rhythm
        return spoken_often(row.whom, row.often, row.every, row.span)

    @property
    def who(self) -> str:
        """Who does it."""
        return "第一书记等下派的负责人" if self.rhythm.role == Role.SECRETARY else self.rhythm.get_role_display()


def list_rhythms(actor: Actor, day: date) -> list[RhythmLine]:
    """The rhythms in force or to come that the actor may know of; one query."""
    rows = Rhythm.objects.visible_to(actor).current().filter(Q(ends_on=None) | Q(ends_on__gt=day))
    due = Count("dues", filter=Q(dues__due_on__lte=day))
    found: Any = rows.select_related("area").annotate(homes=Count("dues"), due=due).order_by("area__path", "pk")
    return [RhythmLine(row, row.homes, row.due) for row in found]
