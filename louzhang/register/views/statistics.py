"""数字 of the register: homes, households and people by place, small counts hidden outside the community."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from louzhang.accounts.gates import for_roles
from louzhang.accounts.visits import actor_of
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.areas.views.list_files import book_file
from louzhang.areas.views.settings_frame import csv_file
from louzhang.kit import clock
from louzhang.kit.books import book_of
from louzhang.kit.typed import number_of
from louzhang.register.queries.offices import Ward, own_ward_of, own_wards
from louzhang.register.queries.statistics import Sheet, sheets_of
from louzhang.register.views.frame import page
from louzhang.register.views.tabs import register_tabs
from louzhang.shell.parts import Item

HIDDEN = "＊"


@require_safe
@for_roles(*OFFICE_ROLES)
def statistics(request: HttpRequest) -> HttpResponse:
    """The tables of one place."""
    actor = actor_of(request)
    ward = own_ward_of(actor, number_of(request.GET.get("area")))
    sheets = sheets_of(ward, clock.now())
    context = {
        "ward": ward,
        "places": [(area.pk, label) for area, label in own_wards(actor)],
        "sheets": sheets,
        "is_empty": not any(any(row[1]) for sheet in sheets for row in sheet.rows),
        "has_hidden": any(sheet.has_hidden for sheet in sheets),
        "hidden": HIDDEN,
        "files": _files(ward),
        "tabs": register_tabs(request),
    }
    return page(request, "register/desk/statistics.html", context)


def _files(ward: Ward) -> list[Item]:
    url, asked = reverse("register:statistics_file"), {"area": str(ward.area.pk)}
    return [
        Item(label="Excel（xlsx）", url=f"{url}?{urlencode(asked | {'format': 'xlsx'})}"),
        Item(label="CSV", url=f"{url}?{urlencode(asked)}"),
    ]


@require_safe
@for_roles(*OFFICE_ROLES)
def as_file(request: HttpRequest) -> HttpResponseBase:
    """The tables as a workbook with a sheet each, or as one CSV; what is hidden on the page is hidden here."""
    ward = own_ward_of(actor_of(request), number_of(request.GET.get("area")))
    at = clock.now()
    sheets, today = sheets_of(ward, at), clock.local_date(at)
    name = f"人房登记数字-{ward.area.name}"
    if request.GET.get("format") == "xlsx":
        return book_file(f"{name}-{today}", book_of({sheet.title: [_head(sheet), *_lines(sheet)] for sheet in sheets}))
    lines = [[sheet.title, row[0], column, cell] for sheet in sheets for row in _lines(sheet) for column, cell in
             zip(sheet.columns, row[1:], strict=True)]  # fmt: skip
    return csv_file(name, ["表", "地点", "项目", "数"], lines)


def _head(sheet: Sheet) -> list[str]:
    return ["地点", *sheet.columns]


def _lines(sheet: Sheet) -> list[list[str]]:
    return [[label, *(HIDDEN if count is None else str(count) for count in counts)] for label, counts in sheet.rows]
