"""培训 at the desk: the plan, courses with what is read in them, rules, who lacks what by when."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from louzhang.accounts.gates import for_roles
from louzhang.accounts.visits import actor_of
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.areas.views.list_files import book_file
from louzhang.journal.refusals import NotThere
from louzhang.kit import clock
from louzhang.kit.books import book_of
from louzhang.register.views.acts import act, bound, tapped
from louzhang.register.views.frame import page
from louzhang.roster.actions.training.courses import (
    add_course,
    add_material,
    change_course,
    end_course,
    end_material,
    end_rule,
    set_rule,
)
from louzhang.roster.actions.training.lessons import change_lesson, plan_lesson
from louzhang.roster.forms.training.lessons import (
    CourseForm,
    LessonForm,
    MaterialForm,
    RuleForm,
    chosen_area,
    first_of_course,
    first_of_lesson,
    usual_times,
)
from louzhang.roster.lifecycle.training.lessons import LessonTie
from louzhang.roster.queries.training.courses import (
    courses_seen,
    find_course,
    materials_of,
    may_run,
    office_places,
    rules_seen,
)
from louzhang.roster.queries.training.dues import due_list
from louzhang.roster.queries.training.lessons import find_lesson, planned_by, rounds_with_experts
from louzhang.roster.queries.training.studios import people_to_join
from louzhang.roster.views.training.parts import training_tabs
from louzhang.workorders.views.uploads import picker, with_plain_files

for_offices = for_roles(*OFFICE_ROLES)
HOME = "training:desk"


@require_safe
@for_offices
def plan(request: HttpRequest) -> HttpResponse:
    """What is planned and what was given, and how many rounds with experts."""
    actor, at = actor_of(request), clock.now()
    planned, held = rounds_with_experts(actor)
    offers = planned_by(actor, at)
    context = {
        "tabs": training_tabs(HOME),
        "to_come": [offer for offer in reversed(offers) if offer.lesson.is_planned],
        "past": [offer for offer in offers if not offer.lesson.is_planned],
        "rounds": (planned, held),
        "has_courses": courses_seen(actor).exists(),
    }
    return page(request, "roster/training/desk/plan.html", context)


@require_safe
@for_offices
def courses(request: HttpRequest) -> HttpResponse:
    """Every course that reaches the office, with what is read in it and who needs it."""
    actor = actor_of(request)
    rows = list(courses_seen(actor))
    readings = materials_of(rows)
    context = {
        "tabs": training_tabs("training:courses"),
        "rows": [(row, [m for m in readings if m.course_id == row.pk], may_run(actor, row.area)) for row in rows],
        "rules": [(rule, may_run(actor, rule.area)) for rule in rules_seen(actor)],
    }
    return page(request, "roster/training/desk/courses.html", context)


@require_safe
@for_offices
def dues(request: HttpRequest) -> HttpResponse:
    """Who lacks what by when, below the office; to be taken along as a workbook."""
    actor, at = actor_of(request), clock.now()
    today = clock.local_date(at)
    rows = due_list(actor, at)
    if request.GET.get("format") == "xlsx":
        head = ("姓名", "在哪里", "职务", "课程", "要求", "最晚", "最近一场")
        body = [
            (due.post.user.name, str(due.post.area), str(due.post.title or due.post.get_role_display()),
             due.rule.course.name, due.rule.spoken, due.due_on.isoformat(),
             clock.local(due.lesson.starts_at).strftime("%Y-%m-%d %H:%M") if due.lesson else "")
            for due in rows
        ]  # fmt: skip
        return book_file("培训到期", book_of({"培训到期": [head, *body]}))
    context = {
        "tabs": training_tabs("training:dues"),
        "rows": [(due, due.is_late(today)) for due in rows],
        "late": sum(due.is_late(today) for due in rows),
    }
    return page(request, "roster/training/desk/dues.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_offices
def course_add(request: HttpRequest) -> HttpResponse:
    """A further course."""
    actor, back = actor_of(request), reverse("training:courses")
    places = office_places(actor)
    form = CourseForm(bound(request), initial={"entry_id": uuid4()}).for_places(places)

    def do(said: dict[str, Any], at: datetime) -> str:
        add_course(area=chosen_area(places, said["area"]), draft=form.draft(), actor=actor, at=at,
                   entry_id=form.cleaned_data["entry_id"])  # fmt: skip
        return back

    about = "定下课程，再排场次、放材料、定谁要学。不记学时，培训不进考评。"
    return act(request, form, do, label="加一门课", about=about, back=back, said="课程加上了。")


@require_http_methods(["GET", "HEAD", "POST"])
@for_offices
def course_change(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Say it otherwise."""
    actor, back = actor_of(request), reverse("training:courses")
    found = find_course(actor, uid)
    form = CourseForm(bound(request), initial={"entry_id": uuid4(), **first_of_course(found)}).for_places([])

    def do(_said: dict[str, Any], at: datetime) -> str:
        change_course(uid=uid, draft=form.draft(), actor=actor, at=at, entry_id=form.cleaned_data["entry_id"])
        return back

    return act(request, form, do, label="改这门课", about=found.name, back=back, said="改好了。")


@require_POST
@for_offices
def course_end(request: HttpRequest, uid: UUID) -> HttpResponse:
    """It is given no more."""
    actor = actor_of(request)
    find_course(actor, uid)
    back = reverse("training:courses")
    return tapped(request, back, lambda: end_course(uid=uid, actor=actor, at=clock.now()), "这门课已停用。")


@require_http_methods(["GET", "HEAD", "POST"])
@for_offices
def material_add(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Something to read in a course."""
    actor, at = actor_of(request), clock.now()
    found, back = find_course(actor, uid), reverse("training:courses")
    posted = with_plain_files(request, request.POST.copy(), actor, at) if request.method == "POST" else None
    form = MaterialForm(posted, initial={"entry_id": uuid4()})

    def do(_said: dict[str, Any], moment: datetime) -> str:
        add_material(course_uid=uid, draft=form.draft(), actor=actor, at=moment,
                     entry_id=form.cleaned_data["entry_id"])  # fmt: skip
        return back

    chosen = posted.getlist("photos") if posted is not None else []
    return act(request, form, do, label="加一份材料", about=found.name, back=back, said="材料加上了，手机上马上能看。",
               template="roster/training/desk/material.html", **picker(actor, at, chosen))  # fmt: skip


@require_POST
@for_offices
def material_end(request: HttpRequest, uid: UUID) -> HttpResponse:
    """It is out of date."""
    actor, back = actor_of(request), reverse("training:courses")
    return tapped(request, back, lambda: end_material(uid=uid, actor=actor, at=clock.now()), "材料已撤下。")


@require_http_methods(["GET", "HEAD", "POST"])
@for_offices
def lesson_add(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A lesson of a course."""
    actor, at, back = actor_of(request), clock.now(), reverse(HOME)
    found = find_course(actor, uid)
    form = LessonForm(bound(request), initial={"entry_id": uuid4(), **usual_times(at)})
    form.for_people(people_to_join(actor, None, at))

    def do(_said: dict[str, Any], moment: datetime) -> str:
        lesson = plan_lesson(course_uid=uid, draft=form.draft(), actor=actor, at=moment,
                             entry_id=form.cleaned_data["entry_id"])  # fmt: skip
        return reverse("training:run", args=[lesson.uid])

    return act(request, form, do, label="排一场", about=found.name, back=back, said="排好了，手机上可以报名了。")


@require_http_methods(["GET", "HEAD", "POST"])
@for_offices
def lesson_change(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Another time, place or number of seats."""
    actor, at = actor_of(request), clock.now()
    found = find_lesson(actor, uid, LessonTie.OFFICE)
    if not found.is_planned:
        raise NotThere("这一场已经结束或取消，不能再改了。")
    back = reverse("training:run", args=[uid])
    form = LessonForm(bound(request), initial={"entry_id": uuid4(), **first_of_lesson(found)})
    form.for_people(people_to_join(actor, None, at))

    def do(_said: dict[str, Any], moment: datetime) -> str:
        change_lesson(uid=uid, draft=form.draft(), actor=actor, at=moment, entry_id=form.cleaned_data["entry_id"])
        return back

    return act(request, form, do, label="改时间地点", about=found.course.name, back=back,
               said="改好了，报了名的人会收到消息。")  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@for_offices
def rule_add(request: HttpRequest) -> HttpResponse:
    """Who needs which course by when."""
    actor, back = actor_of(request), reverse("training:courses")
    places = office_places(actor)
    form = RuleForm(bound(request), initial={"entry_id": uuid4()}).for_places(places).for_courses(courses_seen(actor))

    def do(said: dict[str, Any], at: datetime) -> str:
        set_rule(
            area=chosen_area(places, said["area"]), role=said["role"], course_uid=UUID(said["course"]),
            within_days=said["within_days"], every_months=said["every_months"], actor=actor, at=at,
            entry_id=form.cleaned_data["entry_id"],
        )  # fmt: skip
        return back

    about = "从今天起算，没有人一定下来就超期。到期前两周提醒本人一次，过了再提醒一次。"
    return act(request, form, do, label="定谁要学", about=about, back=back, said="定好了。")


@require_POST
@for_offices
def rule_end(request: HttpRequest, uid: UUID) -> HttpResponse:
    """It is asked of nobody any more."""
    actor, back = actor_of(request), reverse("training:courses")
    return tapped(request, back, lambda: end_rule(uid=uid, actor=actor, at=clock.now()), "这条要求已停用。")
