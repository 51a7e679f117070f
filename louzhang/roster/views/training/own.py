"""我的培训 on the phone: what is due, signing up, being there, what is to be read, what was done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from louzhang.accounts.limits import refuse_too_often
from louzhang.accounts.visits import actor_of, visit_of
from louzhang.journal import links
from louzhang.journal.actor import Actor
from louzhang.journal.models import Attachment, AttachmentKind, AttachmentStage
from louzhang.kit import clock
from louzhang.register.views.acts import act, bound, tapped
from louzhang.register.views.frame import for_keepers, page
from louzhang.roster.actions.training.enrolling import attend_by_code, enrol, withdraw
from louzhang.roster.forms.training.lessons import CodeForm
from louzhang.roster.queries.training.courses import find_course, materials_of, read_material
from louzhang.roster.queries.training.dues import due_for
from louzhang.roster.queries.training.lessons import (
    done_by,
    find_lesson,
    is_open_for_code,
    offer_of,
    offers_for,
    own_offers,
    runs,
    taught_by,
)
from louzhang.roster.queries.training.postings import own_postings
from louzhang.shell.parts import Item
from louzhang.workorders.views.telling import photos_of


@require_safe
@for_keepers
def mine(request: HttpRequest) -> HttpResponse:
    """What is due, what one is in, what one has attended. No hours anywhere."""
    actor, at = actor_of(request), clock.now()
    user: Any = visit_of(request).user
    today = clock.local_date(at)
    dues = due_for(user, at)
    context = {
        "dues": [(due, due.is_late(today)) for due in dues],
        "offers": own_offers(actor, at),
        "taught": taught_by(actor),
        "done": done_by(user),
        "postings": own_postings(actor),
        "back_url": reverse("field:today"),
    }
    return page(request, "roster/training/mine.html", context)


@require_safe
@for_keepers
def lessons(request: HttpRequest) -> HttpResponse:
    """Everything one can sign up for."""
    actor, at = actor_of(request), clock.now()
    offers = offers_for(actor, at)
    context = {
        "offers": [(offer, actor.has_role(*offer.lesson.course.roles)) for offer in offers],
        "back_url": reverse("training:mine"),
    }
    return page(request, "roster/training/lessons.html", context)


@require_safe
@for_keepers
def lesson(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One lesson: when, where, seats, one's own place in it, what to read before."""
    actor, at = actor_of(request), clock.now()
    found = find_lesson(actor, uid)
    offer = offer_of(found, actor)
    has_begun = found.starts_at <= at
    own = offer.own
    context = {
        "lesson": found,
        "offer": offer,
        "runs": runs(found) and not actor.is_read_only,
        "is_for_me": actor.has_role(*found.course.roles),
        "may_enrol": own is None and found.is_planned and not has_begun,
        "may_withdraw": own is not None and own.takes_part and found.is_planned and not has_begun,
        "may_check_in": is_open_for_code(found, at) and (has_begun if own is None else own.takes_part),
        "materials": materials_of([found.course]),
        "back_url": reverse("training:lessons"),
    }
    return page(request, "roster/training/lesson.html", context)


@require_POST
@for_keepers
def sign_up(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Take a seat, or wait for one."""
    actor = actor_of(request)
    find_lesson(actor, uid)
    address = reverse("training:lesson", args=[uid])
    return tapped(request, address, lambda: enrol(uid=uid, actor=actor, at=clock.now()), "报上了，请看下面的座位。")


@require_POST
@for_keepers
def give_back(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Give the seat back."""
    actor = actor_of(request)
    find_lesson(actor, uid)
    address = reverse("training:lesson", args=[uid])
    return tapped(
        request, address, lambda: withdraw(uid=uid, actor=actor, at=clock.now()), "已取消，座位给了候补的人。"
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def check_in(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Type the digits shown in the room; where the phone is, is not asked."""
    actor, at = actor_of(request), clock.now()
    found = find_lesson(actor, uid)
    if request.method == "POST":
        refuse_too_often({"training.person": str(actor.user_id or "")}, at)
    back = reverse("training:lesson", args=[uid])
    form = CodeForm(bound(request), initial={"entry_id": uuid4()})

    def do(said: dict[str, Any], moment: datetime) -> str:
        attend_by_code(uid=uid, code=said["code"], actor=actor, at=moment, entry_id=form.cleaned_data["entry_id"])
        return back

    about = f"{found.course.name}。数字每十分钟换一次，不用开定位。"
    return act(request, form, do, label="签到", about=about, back=back, said="签到好了。")


@require_safe
@for_keepers
def course(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What a course is about, what is to be read, when it is given next."""
    actor, at = actor_of(request), clock.now()
    found = find_course(actor, uid)
    offers = [offer for offer in offers_for(actor, at) if offer.lesson.course_id == found.pk]
    context = {
        "course": found,
        "materials": materials_of([found]),
        "offers": [(offer, actor.has_role(*found.roles)) for offer in offers],
        "back_url": reverse("training:lessons"),
    }
    return page(request, "roster/training/course.html", context)


@require_safe
@for_keepers
def material(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Something to read: the text itself, the link written out, pictures, files to take along."""
    actor, at = actor_of(request), clock.now()
    reading = read_material(actor, uid)
    context = {
        "material": reading.material,
        "photos": photos_of(reading.files, actor, at),
        "documents": _documents(reading.files, actor, at),
        "back_url": reverse("training:course", args=[reading.material.course.uid]),
    }
    return page(request, "roster/training/material.html", context)


def _documents(files: Sequence[Attachment], actor: Actor, at: datetime) -> list[Item]:
    ready = [file for file in files if file.kind != AttachmentKind.PHOTO and file.stage == AttachmentStage.READY]
    return [
        Item(label=f"文件 {number}", note=AttachmentKind(file.kind).label, icon="file-text",
             url=links.signed_link(file, actor, at=at))
        for number, file in enumerate(ready, start=1)
    ]  # fmt: skip
