"""A list of the settings to take away: as CSV, or as an Excel file with `format=xlsx` in the address."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import quote, urlencode

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from louzhang.areas.views.settings_frame import csv_file
from louzhang.kit import clock
from louzhang.kit.books import BOOK_TYPE, book_of
from louzhang.shell.parts import Item


def list_file(
    request: HttpRequest, name: str, head: Sequence[str], rows: Iterable[Sequence[object]]
) -> HttpResponseBase:
    """The list in the format that was asked for."""
    if request.GET.get("format") != "xlsx":
        return csv_file(name, head, rows)
    lines = [["" if cell is None else str(cell) for cell in row] for row in rows]
    return book_file(f"{name}-{clock.local_date(clock.now())}", book_of({name: [list(head), *lines]}))


def book_file(name: str, book: bytes) -> HttpResponse:
    """A workbook under a Chinese name."""
    response = HttpResponse(book, content_type=BOOK_TYPE)
    response["Content-Disposition"] = f"attachment; filename=\"list.xlsx\"; filename*=UTF-8''{quote(name)}.xlsx"
    response["Cache-Control"] = "no-store"
    return response


def export_items(view: str, **kept: object) -> list[Item]:
    """The two formats of a list, filters kept, as entries of a menu."""
    asked = {name: str(value) for name, value in kept.items() if value not in ("", None, False)}
    formats: dict[str, dict[str, str]] = {"Excel（xlsx）": {"format": "xlsx"}, "CSV": {}}
    return [
        Item(label=label, url=f"{reverse(view)}?{urlencode(asked | chosen)}" if asked | chosen else reverse(view))
        for label, chosen in formats.items()
    ]
