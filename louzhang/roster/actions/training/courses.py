"""Courses, what is read in them, and by when whom they are for has to have been there (R3, R8)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from louzhang.areas.models import Area
from louzhang.areas.roles import Role
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import Conflict, InputRefused, NotThere
from louzhang.kit import clock
from louzhang.register.forbidden import refuse_forbidden
from louzhang.roster.actions.training.telling import refuse_running, tell
from louzhang.roster.models.training import (
    Course,
    CourseKind,
    CourseSubject,
    Lesson,
    Material,
    Tier,
    TrainingRule,
)
from louzhang.roster.models.training.courses import (
    DAYS_AT_MOST,
    LINK_LENGTH,
    MONTHS_AT_MOST,
    NAME_LENGTH,
    TEXT_LENGTH,
    WORDS_LENGTH,
)
from louzhang.roster.models.training.reach import READER_ROLES
from louzhang.roster.queries.training.courses import NO_MATERIAL, UNKNOWN, find_rule
from louzhang.workorders.actions.photographs import claim_attachments

SAME = "这里已经有同名的课，请换一个名称，或改原来那一门。"


@dataclass(frozen=True, slots=True)
class CourseDraft:
    """What a course is; see `models.training.Course`."""

    name: str
    kind: str
    subject: str
    roles: Sequence[str]
    tier: int | None = None
    about: str = ""


@dataclass(frozen=True, slots=True)
class MaterialDraft:
    """What is to be read: a text, a link written out, or files that were uploaded."""

    title: str
    text: str = ""
    link: str = ""
    photos: Sequence[uuid.UUID] = ()


def add_course(
    *, area: Area, draft: CourseDraft, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> Course:
    """An office lays down a course for whoever works below it.

    Raises `NotYours`, `InputRefused` for what makes no sense, `Conflict` for a name that stands there.
    """
    refuse_running(actor, area)
    facts = _facts(draft)
    try:
        with transaction.atomic():
            course = Course.objects.create(area=area, **facts)
            tell(course, "add", area=area, actor=actor, at=at, facts=facts, entry_id=entry_id)
    except IntegrityError:
        raise Conflict(SAME, field="name") from None
    return course


def change_course(
    *, uid: uuid.UUID, draft: CourseDraft, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> Course:
    """Say it otherwise; what was attended stays."""
    facts = _facts(draft)
    try:
        with transaction.atomic():
            course = _course(uid, actor)
            for name, value in facts.items():
                setattr(course, name, value)
            tell(course, "change", area=course.area, actor=actor, at=at, facts=facts, save=tuple(facts),
                 entry_id=entry_id)  # fmt: skip
    except IntegrityError:
        raise Conflict(SAME, field="name") from None
    return course


def end_course(*, uid: uuid.UUID, actor: Actor, at: datetime) -> Course:
    """It is given no more: its rules end with it, what was attended stays.

    Raises `Conflict` while a lesson is planned: people have signed up, and are told when it is called off.
    """
    with transaction.atomic():
        course = _course(uid, actor)
        if Lesson.objects.all().planned().filter(course=course).exists():
            raise Conflict("这门课还有排好没上的场次，请先取消或登记，再停用。")
        course.ended_at = at
        tell(course, "end", area=course.area, actor=actor, at=at, save=("ended_at",))
        for rule in TrainingRule.objects.current().filter(course=course).select_related("area"):
            rule.ended_at = at
            tell(rule, "end", area=rule.area, actor=actor, at=at, save=("ended_at",))
    return course


def add_material(
    *, course_uid: uuid.UUID, draft: MaterialDraft, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> Material:
    """Something to read, at once on the phone of everybody the course is for; files hang on its event."""
    said = _material(draft)
    with transaction.atomic():
        course = _course(course_uid, actor)
        material = Material(course=course, added_at=at, **said)
        # The row is made before its files can be hung on it: a placeholder stands for them until then.
        material.files = [str(uid) for uid in draft.photos]
        material.save(force_insert=True)
        files = claim_attachments(material, draft.photos, actor=actor, seq=1)
        material.files = [each["uid"] for each in files]
        tell(material, "add", area=course.area, actor=actor, at=at, save=("files",), entry_id=entry_id,
             facts={"course": course.pk} | ({"attachments": files} if files else {}))  # fmt: skip
    return material


def end_material(*, uid: uuid.UUID, actor: Actor, at: datetime) -> Material:
    """It is out of date; raises `NotThere`, `NotYours`."""
    with transaction.atomic():
        rows = Material.objects.filter(course__in=Course.objects.visible_to(actor), uid=uid, ended_at=None)
        material = rows.select_for_update(no_key=True, of=("self",)).select_related("course__area").first()
        if material is None:
            raise NotThere(NO_MATERIAL)
        refuse_running(actor, material.course.area)
        material.ended_at = at
        tell(material, "end", area=material.course.area, actor=actor, at=at, save=("ended_at",))
    return material


def set_rule(
    *,
    area: Area,
    role: str,
    course_uid: uuid.UUID,
    actor: Actor,
    at: datetime,
    within_days: int | None = None,
    every_months: int | None = None,
    entry_id: uuid.UUID | None = None,
) -> TrainingRule:
    """Whoever holds a role below an area needs a course: once within days after appointment, or every so many months.

    It counts from today. Raises `NotYours`, `InputRefused`, `Conflict` for the same rule twice.
    """
    refuse_running(actor, area)
    _refuse_spans(within_days, every_months)
    try:
        with transaction.atomic():
            course = Course.objects.visible_to(actor).current().filter(uid=course_uid).select_related("area").first()
            if course is None or not area.path.startswith(course.area.path):
                raise NotThere(UNKNOWN)
            if role not in course.roles:
                raise InputRefused("这门课不是给这个职务讲的，请换一个职务或课程。", field="role")
            rule = TrainingRule.objects.create(
                area=area, role=role, course=course, within_days=within_days, every_months=every_months,
                since=clock.local_date(at),
            )  # fmt: skip
            facts = {"role": role, "course": course.pk, "within_days": within_days, "every_months": every_months}
            tell(rule, "set", area=area, actor=actor, at=at, facts=facts, entry_id=entry_id)
    except IntegrityError:
        raise Conflict("这里已经有同样的要求，请先停用原来的。", field="course") from None
    return rule


def end_rule(*, uid: uuid.UUID, actor: Actor, at: datetime) -> TrainingRule:
    """It is asked of nobody any more."""
    rule = find_rule(actor, uid)
    refuse_running(actor, rule.area)
    with transaction.atomic():
        locked = (
            TrainingRule.objects.select_for_update(no_key=True, of=("self",)).select_related("area").get(pk=rule.pk)
        )
        if locked.ended_at is not None:
            raise Conflict("这条要求已经停用了。")
        locked.ended_at = at
        tell(locked, "end", area=locked.area, actor=actor, at=at, save=("ended_at",))
    return locked


def _course(uid: uuid.UUID, actor: Actor) -> Course:
    rows = Course.objects.visible_to(actor).current().filter(uid=uid).select_related("area__level")
    course = rows.select_for_update(no_key=True, of=("self",)).first()
    if course is None:
        raise NotThere(UNKNOWN)
    refuse_running(actor, course.area)
    return course


def _facts(draft: CourseDraft) -> dict[str, Any]:
    said = asdict(draft) | {"name": " ".join(draft.name.split()), "about": draft.about.strip()}
    said["roles"] = list(dict.fromkeys(draft.roles))
    if not said["name"] or len(said["name"]) > NAME_LENGTH:
        raise InputRefused(f"请写课程名称，最多 {NAME_LENGTH} 个字。", field="name")
    refuse_forbidden(said["name"], field="name")
    if draft.kind not in CourseKind.values or draft.subject not in CourseSubject.values:
        raise InputRefused("请选什么时候学、学什么。", field="kind")
    if (draft.kind == CourseKind.TIERED) != (draft.tier in Tier.values):
        raise InputRefused("分级的课请选级别，别的课不用选。", field="tier")
    if not said["roles"] or not set(said["roles"]) <= {Role(role).value for role in READER_ROLES}:
        raise InputRefused("请选这门课给谁讲。", field="roles")
    if len(said["about"]) > WORDS_LENGTH:
        raise InputRefused(f"讲什么最多 {WORDS_LENGTH} 个字。", field="about")
    return said


def _material(draft: MaterialDraft) -> dict[str, Any]:
    said = {"title": " ".join(draft.title.split()), "text": draft.text.strip(), "link": draft.link.strip()}
    if not said["title"] or len(said["title"]) > NAME_LENGTH:
        raise InputRefused(f"请写题目，最多 {NAME_LENGTH} 个字。", field="title")
    if len(said["text"]) > TEXT_LENGTH:
        raise InputRefused(f"正文最多 {TEXT_LENGTH} 个字，长的请分成几份。", field="text")
    if said["link"] and (len(said["link"]) > LINK_LENGTH or not said["link"].startswith(("https://", "http://"))):
        raise InputRefused("网址要以 https:// 开头。", field="link")
    if not said["text"] and not said["link"] and not draft.photos:
        raise InputRefused("请写正文、填网址，或上传文件，至少一样。", field="text")
    return said


def _refuse_spans(within_days: int | None, every_months: int | None) -> None:
    if (within_days is None) == (every_months is None):
        raise InputRefused("请填“任命后几天内”或“每几个月一次”，两样填一样。", field="within_days")
    if within_days is not None and not 1 <= within_days <= DAYS_AT_MOST:
        raise InputRefused(f"请填 1 到 {DAYS_AT_MOST} 天。", field="within_days")
    if every_months is not None and not 1 <= every_months <= MONTHS_AT_MOST:
        raise InputRefused(f"请填 1 到 {MONTHS_AT_MOST} 个月。", field="every_months")
