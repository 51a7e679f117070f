"""The desk's page for a sheet of reports: choose, look at what would be stored, store it."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from louzhang.accounts.gates import for_roles
from louzhang.accounts.visits import actor_of, visit_of
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.areas.views.settings_frame import on_disk
from louzhang.journal.refusals import Conflict
from louzhang.kit.tables import BadTable, Row
from louzhang.shell import toasts
from louzhang.workorders.forms.sheets import FileSheetForm, SheetForm
from louzhang.workorders.imports.reports import check_rows, file_sheet, read_sheet, seal_rows, unseal_rows
from louzhang.workorders.imports.sheets import COLUMNS, empty_sheet

ERRORS_SHOWN = 100
BOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@for_roles(*OFFICE_ROLES)
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Choose a file; a POST shows what it holds, or what is wrong with which line. Stores nothing."""
    if request.method == "GET":
        return _page(request, SheetForm())
    form = SheetForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=400)
    try:
        with on_disk(form.cleaned_data["file"]) as path:
            return _preview(request, form, read_sheet(path))
    except BadTable as error:
        form.add_error("file", str(error))
        return _page(request, form, status=400)


@for_roles(*OFFICE_ROLES)
@require_POST
def store(request: HttpRequest) -> HttpResponse:
    """File every report of the preview, or none."""
    form = FileSheetForm(request.POST)
    if not form.is_valid():
        raise Conflict("这一页不完整，什么都没有登记。请重新上传文件。")
    actor, entry_id = actor_of(request), form.cleaned_data["entry_id"]
    rows = unseal_rows(form.cleaned_data["rows"], actor, entry_id)
    numbers = file_sheet(rows, actor=actor, at=visit_of(request).at, entry_id=entry_id)
    response = HttpResponseRedirect(reverse("filing:upload"))
    span = numbers[0] if len(numbers) == 1 else f"{numbers[0]} 至 {numbers[-1]}"
    toasts.say(request, response, f"已登记 {len(numbers)} 件，单号 {span}。")
    return response


@for_roles(*OFFICE_ROLES)
@require_GET
def template_book(request: HttpRequest) -> HttpResponse:
    """The empty sheet with the categories and places of one's own area."""
    response = HttpResponse(empty_sheet(actor_of(request)), content_type=BOOK_TYPE)
    response["Content-Disposition"] = "attachment; filename*=UTF-8''%E6%89%B9%E9%87%8F%E7%99%BB%E8%AE%B0.xlsx"
    return response


def _preview(request: HttpRequest, form: SheetForm, rows: list[Row]) -> HttpResponse:
    actor = actor_of(request)
    checked = check_rows(rows, actor)
    if checked.errors:
        shown = checked.errors[:ERRORS_SHOWN]
        more = len(checked.errors) - len(shown)
        return _page(request, form, status=400, errors=shown, more=more, total=len(rows), wrong=len(checked.errors))
    entry_id = uuid.uuid4()
    sealed = FileSheetForm(initial={"entry_id": entry_id, "rows": seal_rows(rows, actor, entry_id)})
    return _page(request, SheetForm(), store_form=sealed, counts=checked.counts, total=len(rows))


def _page(request: HttpRequest, form: SheetForm, *, status: int = 200, **found: object) -> HttpResponse:
    context = {"form": form, "columns": COLUMNS.items(), **found}
    return render(request, "workorders/desk/upload.html", context, status=status)
