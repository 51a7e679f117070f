"""每日工作 at the desk: each holder's day, what does not fit, adding something, giving it to somebody else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from louzhang.accounts.gates import for_roles
from louzhang.accounts.visits import actor_of
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.fieldwork.forms.days import AddForm, MoveForm, add_once, move_once
from louzhang.fieldwork.models import DayItem, DayList, may_be_given
from louzhang.fieldwork.queries.days import (
    Day,
    as_days,
    find_overseen_day,
    find_overseen_item,
    grounds_to_choose,
    overseen_days,
    refusal_words,
)
from louzhang.fieldwork.queries.visits import company_around, visits_by_community
from louzhang.fieldwork.sources import PRESSING
from louzhang.journal.actor import Actor
from louzhang.journal.middleware import status_of
from louzhang.journal.refusals import NotThere, NotYours, Refusal
from louzhang.kit import clock
from louzhang.register.views.frame import page
from louzhang.register.views.homes import place_of
from louzhang.shell import toasts

WEEK = timedelta(days=7)
for_offices = for_roles(*OFFICE_ROLES)


@require_safe
@for_offices
def work(request: HttpRequest) -> HttpResponse:
    """Everybody's day today, who has too much on top; offices above a community see counts, no names."""
    actor, at = actor_of(request), clock.now()
    days = as_days(overseen_days(actor, clock.local_date(at)), PRESSING)
    days.sort(key=lambda day: -day.unfitting_minutes)
    context = {
        "days": days,
        "unfitting": sum(len(day.unfitting) for day in days),
        "refused": sum(len(day.refused) for day in days),
        "company": company_around(actor),
        "called": visits_by_community(actor, clock.local_date(at) - WEEK),
        "today": clock.local(at),
    }
    return page(request, "fieldwork/desk/work.html", context)


@require_safe
@for_offices
def day(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One holder's day."""
    actor = actor_of(request)
    shown = as_days([find_overseen_day(actor, uid)], PRESSING)[0]
    words = refusal_words(shown.refused)
    context = {
        "day": shown,
        "refused": [(item, words.get(item.pk, "")) for item in shown.refused],
        "is_today": shown.row.day == clock.local_date(clock.now()),
        "back_url": reverse("fieldwork_desk:work"),
    }
    return page(request, "fieldwork/desk/day.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_offices
def add(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Lay something on a day."""
    actor, at = actor_of(request), clock.now()
    row = find_overseen_day(actor, uid)
    form = AddForm(request.POST if request.method == "POST" else None)
    form.prepare(grounds_to_choose(row))
    return _act(request, form, row, lambda: add_once(form, row, actor=actor, at=at), "安排一件事", "已安排。")


@require_http_methods(["GET", "HEAD", "POST"])
@for_offices
def move(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Give a line to somebody else."""
    actor, at = actor_of(request), clock.now()
    item = find_overseen_item(actor, uid)
    form = MoveForm(request.POST if request.method == "POST" else None)
    form.prepare(_others(actor, item))
    place = f"{place_of(item.dwelling)} " if item.dwelling is not None else ""
    label, said = f"交给别人：{place}{item.title}", "已交给对方，两边的清单都改了。"
    return _act(request, form, item.day_list, lambda: move_once(form, item, actor=actor, at=at), label, said)


def _others(actor: Actor, item: DayItem) -> list[tuple[str, str]]:
    """The days of others who may do this, with how much room each has."""
    here = item.day_list
    rows = [row for row in overseen_days(actor, here.day) if row.pk != here.pk and may_be_given(item, row)]
    return [(str(day.row.uid), f"{_name_of(day)}（还能排 {day.room} 分钟）") for day in as_days(rows, PRESSING)]


def _name_of(day: Day) -> str:
    """Whose day it is, in words."""
    return f"{day.place} {day.row.post.title or day.row.post.get_role_display()} {day.row.holder.name}"


def _act(request: HttpRequest, form: Any, row: DayList, do: Any, label: str, said: str) -> HttpResponse:
    status = 200
    if request.method == "POST":
        try:
            do()
        except (NotThere, NotYours):
            raise
        except Refusal as refusal:
            status = status_of(refusal)
            if form.is_valid():
                form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            response = redirect("fieldwork_desk:day", uid=row.uid)
            toasts.say(request, response, said)
            return response
    context = {
        "form": form,
        "label": label,
        "about": _name_of(as_days([row], PRESSING)[0]),
        "entry_id": request.POST.get("entry_id") or uuid4(),
        "back_url": reverse("fieldwork_desk:day", args=[row.uid]),
    }
    return page(request, "fieldwork/desk/act.html", context, status=status)
