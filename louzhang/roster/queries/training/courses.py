"""Reading courses, their materials and rules."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from louzhang.areas.models import Area
from louzhang.areas.rights import offices_of
from louzhang.journal.actor import Actor
from louzhang.journal.models import Attachment
from louzhang.journal.refusals import NotThere
from louzhang.roster.models.training import Course, CourseQuerySet, Material, TrainingRule

UNKNOWN = "没有找到这门课，它可能已经停用，或不在您的范围内。"
NO_MATERIAL = "没有找到这份材料，它可能已经撤下。"


@dataclass(frozen=True, slots=True)
class Reading:
    """One material with its files."""

    material: Material
    files: list[Attachment]


def courses_seen(actor: Actor) -> CourseQuerySet:
    """The courses in use that reach the actor."""
    return Course.objects.visible_to(actor).current().select_related("area").order_by("kind", "tier", "name", "pk")


def find_course(actor: Actor, uid: uuid.UUID) -> Course:
    """One; raises `NotThere`."""
    course = Course.objects.visible_to(actor).current().filter(uid=uid).select_related("area__level").first()
    if course is None:
        raise NotThere(UNKNOWN)
    return course


def may_run(actor: Actor, area: Area) -> bool:
    """Whether an office of the actor stands at or over an area."""
    return not actor.is_read_only and any(area.path.startswith(seat.path) for seat in offices_of(actor))


def office_places(actor: Actor) -> list[Area]:
    """The areas in whose offices the actor works, the widest first (one query)."""
    ids = [seat.area_id for seat in offices_of(actor)]
    rows = Area.objects.get_queryset().filter(pk__in=ids, ended_at=None).select_related("level").defer("outline")
    return list(rows.order_by("path"))


def materials_of(courses: Sequence[Course]) -> list[Material]:
    """What is read in these courses, the newest last (one query)."""
    rows = Material.objects.filter(course__in=courses, ended_at=None).select_related("course")
    return list(rows.order_by("course_id", "pk"))


def read_material(actor: Actor, uid: uuid.UUID) -> Reading:
    """One material of a course that reaches the actor, with its files (two queries); raises `NotThere`."""
    rows = Material.objects.filter(course__in=Course.objects.visible_to(actor), uid=uid, ended_at=None)
    material = rows.select_related("course__area").first()
    if material is None:
        raise NotThere(NO_MATERIAL)
    files = (
        Attachment.objects.filter(subject_kind=Material.subject_kind, subject_id=material.pk) if material.files else ()
    )
    return Reading(material, sorted(files, key=lambda file: file.pk))


def rules_seen(actor: Actor) -> list[TrainingRule]:
    """The rules in force that reach the actor (one query)."""
    rows = TrainingRule.objects.visible_to(actor).current().select_related("course", "area")
    return list(rows.order_by("role", "course__name", "pk"))


def find_rule(actor: Actor, uid: uuid.UUID) -> TrainingRule:
    """One; raises `NotThere`."""
    rule = TrainingRule.objects.visible_to(actor).current().filter(uid=uid).select_related("course", "area").first()
    if rule is None:
        raise NotThere("没有找到这条要求，它可能已经停用。")
    return rule
