"""值班表: a week of a unit, shifts added and taken back, the list by file."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST, require_safe

from louzhang.accounts.gates import for_roles
from louzhang.accounts.visits import actor_of
from louzhang.areas.models import Unit
from louzhang.areas.roles import OFFICE_ROLES, UNIT_ROLES, Role
from louzhang.areas.views.list_files import export_items, list_file
from louzhang.areas.views.sheets import ListPages
from louzhang.duty.actions import add_shift, cancel_shift
from louzhang.duty.forms import ShiftForm
from louzhang.duty.models import may_plan
from louzhang.duty.queries import (
    DAYS,
    at_work,
    find_unit,
    known_handovers,
    monday_of,
    people_of,
    shifts_of,
    units_on_duty,
    week_of,
)
from louzhang.duty.sheets import HEAD, SHIFTS, line_of
from louzhang.journal.actor import Actor
from louzhang.journal.middleware import status_of
from louzhang.journal.refusals import NotThere, NotYours, Refusal
from louzhang.kit import clock
from louzhang.kit.typed import number_of
from louzhang.shell import toasts

PAGES = ListPages(SHIFTS, home="duty:week", prefix="duty:import")
HANDOVERS_SHOWN = 10
YEARS = range(2000, 3000)

for_desk = for_roles(*OFFICE_ROLES, *UNIT_ROLES)
for_planners = for_roles(*OFFICE_ROLES, Role.UNIT_LEAD)


@for_desk
@require_GET
def week(request: HttpRequest) -> HttpResponse:
    """The list of one unit for a week, who is on duty now, the last sign-overs."""
    actor = actor_of(request)
    unit, monday = _asked(request, actor, clock.now())
    return _page(request, actor, unit, monday)


def _asked(request: HttpRequest, actor: Actor, at: datetime) -> tuple[Unit, date]:
    """The unit and week of the address; the own unit and this week without."""
    given = request.POST if request.method == "POST" else request.GET
    return find_unit(actor, number_of(given.get("unit"))), _monday(given.get("week", ""), at)


def _monday(typed: str, at: datetime) -> date:
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        day = clock.local_date(at)
    return monday_of(day if day.year in YEARS else clock.local_date(at))


def _page(
    request: HttpRequest, actor: Actor, unit: Unit, monday: date, *, form: ShiftForm | None = None, status: int = 200
) -> HttpResponse:
    at = clock.now()
    plans = may_plan(actor, unit)
    today = clock.local_date(at)
    first = {"day": max(today, monday), "begins": "08:00", "ends": "20:00"}
    context = {
        "unit": unit,
        "units": [(each.pk, each.name) for each in units_on_duty(actor)],
        "monday": monday,
        "days": [monday + timedelta(days=each) for each in range(DAYS)],
        "today": today,
        "lines": week_of(actor, unit, monday),
        "now_on_duty": at_work(unit, at),
        "plans": plans,
        "form": form or (ShiftForm(initial=first, people=people_of(unit, at)) if plans else None),
        "works_here": unit.pk in actor.unit_ids,
        "handovers": list(known_handovers(actor, unit)[:HANDOVERS_SHOWN]),
        "exports": export_items("duty:csv", unit=unit.pk, week=monday),
        "before_url": _address(unit, monday - timedelta(days=DAYS)),
        "after_url": _address(unit, monday + timedelta(days=DAYS)),
        "now": at,
    }
    return render(request, "duty/week.html", context, status=status)


def _address(unit: Unit, monday: date) -> str:
    return f"{reverse('duty:week')}?{urlencode({'unit': unit.pk, 'week': monday.isoformat()})}"


@for_desk
@require_safe
def week_csv(request: HttpRequest) -> HttpResponseBase:
    """The same as a file, in the columns that come in again."""
    actor = actor_of(request)
    unit, monday = _asked(request, actor, clock.now())
    return list_file(request, "值班表", HEAD, [line_of(shift) for shift in shifts_of(actor, unit, monday)])


@for_planners
@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """One more shift."""
    actor, at = actor_of(request), clock.now()
    unit, monday = _asked(request, actor, at)
    people = people_of(unit, at)
    form = ShiftForm(request.POST, people=people)
    if not form.is_valid():
        return _page(request, actor, unit, monday, form=form, status=400)
    starts_at, ends_at = form.span()
    facts: dict[str, Any] = {"starts_at": starts_at, "ends_at": ends_at, "position": form.cleaned_data["position"]}
    person = next(each for each in people if each.pk == form.cleaned_data["person"])
    try:
        add_shift(unit=unit, person=person, actor=actor, at=at, **facts)
    except (NotThere, NotYours):
        raise
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return _page(request, actor, unit, monday, form=form, status=status_of(refusal))
    response = redirect(_address(unit, monday_of(form.cleaned_data["day"])))
    toasts.say(request, response, "已排上班。")
    return response


@for_planners
@require_POST
def cancel(request: HttpRequest, shift_id: int) -> HttpResponse:
    """Take one back."""
    at = clock.now()
    shift = cancel_shift(shift_id=shift_id, actor=actor_of(request), at=at)
    response = redirect(_address(shift.unit, monday_of(clock.local_date(shift.starts_at))))
    toasts.say(request, response, "这个班已经取消。")
    return response
