"""上班时间: who works when; the hours of the district and of one unit."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from louzhang.accounts.visits import actor_of
from louzhang.areas import actions
from louzhang.areas.forms.calendar import EndHoursForm, HoursForm
from louzhang.areas.models import Unit
from louzhang.areas.queries import calendar_lists, district, post_lists
from louzhang.areas.queries.histories import history_of
from louzhang.areas.rights import find_unit
from louzhang.areas.views.settings_frame import ask, done, for_keeper, for_readers, posted, settings_page
from louzhang.areas.working_days import STANDARD_SPANS, STANDARD_WEEKDAYS
from louzhang.kit import clock
from louzhang.shell.parts import Item

VERBS = ("set_hours", "end_hours")
WHOLE = "全区默认"
form_page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@for_readers
def hours(request: HttpRequest) -> HttpResponse:
    """The hours of the district and of the units that work otherwise; a search for the rest."""
    actor, words, root = actor_of(request), request.GET.get("q", "").strip()[:40], district()
    rows = calendar_lists.hours_shown(actor, clock.local_date(clock.now()))
    found = post_lists.search_units(actor, words)
    context = {
        "rows": rows,
        "has_district": any(row.hours.unit_id is None for row in rows),
        "standard": calendar_lists.STANDARD_WORDS,
        "words": words,
        "found": [Item(label=unit.name, url=reverse("calendar:hours_unit", args=[unit.pk])) for unit in found],
        "history": history_of(root, VERBS) if root else [],
    }
    return settings_page(request, "areas/settings/hours.html", context)


@form_page
@for_keeper
def of_district(request: HttpRequest) -> HttpResponse:
    """The hours everybody works who has none of their own."""
    return _set(request, None)


@form_page
@for_keeper
def of_unit(request: HttpRequest, unit_id: int) -> HttpResponse:
    """The hours of one unit."""
    return _set(request, find_unit(actor_of(request), unit_id))


def _set(request: HttpRequest, unit: Unit | None) -> HttpResponse:
    today = clock.local_date(clock.now())
    held = calendar_lists.hours_of_unit(unit, today)
    form = HoursForm(posted(request), initial={"starts_on": today} | _initial(held))

    def act(said: dict[str, Any]) -> HttpResponse:
        facts = {"starts_on": said["starts_on"], "reason": said["reason"]} | form.hours()
        actions.set_hours(unit=unit, actor=actor_of(request), at=clock.now(), **facts)
        return done(request, "已保存，没办完的工单按新的上班时间算时限。", "calendar:hours")

    place = f"units/{unit.pk}" if unit else "district"
    context = {
        "whose": unit.name if unit else WHOLE,
        "held": held,
        "standard": calendar_lists.STANDARD_WORDS,
        "end_url": f"{reverse('calendar:hours')}{place}/end/" if held else "",
    }
    return ask(request, form, act, context, template="areas/settings/hours_form.html")


def _initial(held: list[calendar_lists.HoursRow]) -> dict[str, Any]:
    if not held:
        return HoursForm.initial_of(STANDARD_WEEKDAYS, STANDARD_SPANS, works_on_holidays=False)
    row = held[0].hours
    return HoursForm.initial_of(row.weekdays, row.spans, works_on_holidays=row.works_on_holidays)


@form_page
@for_keeper
def end_of_district(request: HttpRequest) -> HttpResponse:
    """From a day on the standard hours hold."""
    return _end(request, None)


@form_page
@for_keeper
def end_of_unit(request: HttpRequest, unit_id: int) -> HttpResponse:
    """From a day on the unit works as the district does."""
    return _end(request, find_unit(actor_of(request), unit_id))


def _end(request: HttpRequest, unit: Unit | None) -> HttpResponse:
    form = EndHoursForm(posted(request), initial={"ends_on": clock.local_date(clock.now())})

    def act(said: dict[str, Any]) -> HttpResponse:
        actions.end_hours(unit=unit, actor=actor_of(request), at=clock.now(), **said)
        return done(request, "已结束。以前的上班时间留在记录里。", "calendar:hours")

    after = "全区默认的上班时间" if unit else f"标准的上班时间：{calendar_lists.STANDARD_WORDS}"
    about = {
        "heading": f"结束上班时间：{unit.name if unit else WHOLE}",
        "button": "结束",
        "words": f"从这一天起用{after}。",
        "back_url": reverse("calendar:hours"),
        "back_label": "上班时间",
    }
    return ask(request, form, act, about)
