"""工作日历: a year on one page, a tap on a day to change it, files in and out."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from louzhang.accounts.visits import actor_of
from louzhang.areas import actions
from louzhang.areas.actions.calendar import FIRST_YEAR, YEARS_AHEAD
from louzhang.areas.day_files import PROVISIONAL, YES, read_days
from louzhang.areas.forms.calendar import DayForm, DaysFileForm
from louzhang.areas.imports import FileRefused
from louzhang.areas.models import kinds_of
from louzhang.areas.queries import calendar_lists, district
from louzhang.areas.queries.histories import history_of
from louzhang.areas.views.settings_frame import (
    ask,
    csv_file,
    done,
    for_keeper,
    for_readers,
    on_disk,
    posted,
    settings_page,
)
from louzhang.areas.working_days import WEEKDAY_LETTERS, is_published, weekday_name
from louzhang.journal.refusals import NotThere
from louzhang.kit import clock
from louzhang.kit.tables import BadTable, read_table
from louzhang.kit.typed import number_of
from louzhang.shell.parts import Item

HEAD = ("日期", "星期", "类型", "名称", PROVISIONAL, "谁改的", "原因")
VERBS = ("fill_year", "change_day", "import_days")
PROBLEMS_SHOWN = 50
form_page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@for_readers
def year(request: HttpRequest) -> HttpResponse:
    """A year by months."""
    shown = _year_of(request)
    days, root = calendar_lists.days_shown(shown), district()
    context = {
        "year": shown,
        "years": [Item(label=f"{each} 年", url=f"?year={each}", current=each == shown) for each in _years_near(shown)],
        "months": calendar_lists.months_of(days),
        "letters": WEEKDAY_LETTERS,
        "today": clock.local_date(clock.now()),
        "is_filled": calendar_lists.is_filled(shown),
        "provisional": sum(day.is_provisional for day in days),
        "is_published": is_published(shown),
        "working": sum(not day.is_free for day in days),
        "history": history_of(root, VERBS) if root else [],
    }
    return settings_page(request, "areas/settings/calendar.html", context)


def _year_of(request: HttpRequest) -> int:
    this_year = clock.local_date(clock.now()).year
    asked = number_of(request.GET.get("year")) or this_year
    return min(max(asked, FIRST_YEAR), this_year + YEARS_AHEAD)


def _years_near(shown: int) -> range:
    last = clock.local_date(clock.now()).year + YEARS_AHEAD
    return range(max(FIRST_YEAR, min(shown - 1, last - 3)), last + 1)


@require_safe
@for_readers
def year_csv(request: HttpRequest) -> StreamingHttpResponse:
    """A year as a file that can be changed and taken in again."""
    lines = (
        (day.date, weekday_name(day.date), day.kind.label, day.name, YES if day.is_provisional else "", day.author,
         day.reason)
        for day in calendar_lists.days_shown(_year_of(request))
    )  # fmt: skip
    return csv_file("工作日历", HEAD, lines)


@require_POST
@for_keeper
def fill(request: HttpRequest) -> HttpResponse:
    """Put a year into the table, or renew what is provisional in it."""
    chosen = number_of(request.POST.get("year")) or 0
    did = actions.fill_year(year=chosen, actor=actor_of(request), at=clock.now())
    response = done(request, f"{chosen} 年已填入 {did} 天。" if did else "没有要填的了。", "calendar:year")
    response["Location"] += f"?year={chosen}"
    return response


@form_page
@for_keeper
def day(request: HttpRequest, year: int, month: int, day: int) -> HttpResponse:
    """One day: what it is, with a reason."""
    try:
        found = calendar_lists.find_day(date(year, month, day))
    except ValueError:
        raise NotThere("没有这一天。") from None
    form = DayForm(posted(request), kinds=kinds_of(found.date), initial={"kind": found.kind, "name": found.name})

    def act(said: dict[str, Any]) -> HttpResponse:
        actions.change_day(day=found.date, actor=actor_of(request), at=clock.now(), **said)
        response = done(request, "已保存，没办完的工单按新的日历算时限。", "calendar:year")
        response["Location"] += f"?year={found.date.year}#m{found.date.month}"
        return response

    words = f"现在：{found.spoken}。" + (f"由 {found.author} 修改。" if found.author else "")
    about = {"heading": f"{year} 年 {month} 月 {day} 日 {weekday_name(found.date)}", "button": "保存", "words": words}
    return ask(request, form, act, about | _back(found.date.year))


def _back(year: int) -> dict[str, str]:
    return {"back_url": f"{reverse('calendar:year')}?year={year}", "back_label": "工作日历"}


@form_page
@for_keeper
def upload(request: HttpRequest) -> HttpResponse:
    """Take in many days: all of them, or nothing and every wrong line with a sentence."""
    form = DaysFileForm(request.POST, request.FILES) if request.method == "POST" else DaysFileForm()
    about: dict[str, Any] = {"problems": [], "more": 0}

    def act(said: dict[str, Any]) -> HttpResponse:
        with on_disk(said["file"]) as path:
            days = read_days(read_table(path))
        did = actions.import_days(days=days, reason=said["reason"], actor=actor_of(request), at=clock.now())
        return done(request, f"{len(days)} 天都看过了，改了 {did} 天。", "calendar:year")

    try:
        return ask(request, form, act, about, template="areas/settings/calendar_import.html")
    except FileRefused as refused:
        about |= {"problems": refused.problems[:PROBLEMS_SHOWN], "more": len(refused.problems[PROBLEMS_SHOWN:])}
    except BadTable as refused:
        form.add_error("file", str(refused))
    return settings_page(request, "areas/settings/calendar_import.html", {"form": form} | about, status=400)
