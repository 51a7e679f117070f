"""The desk's page for a sheet of reports: choose, look at what would be stored, store it."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from louzhang.accounts.gates import for_roles
from louzhang.accounts.visits import actor_of, visit_of
from louzhang.areas.forms.files import SealedRowsForm
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.areas.sheets.sealing import seal_rows, unseal_rows
from louzhang.areas.views.list_files import book_file
from louzhang.areas.views.settings_frame import on_disk
from louzhang.journal.refusals import Conflict
from louzhang.kit.tables import BadTable, Row
from louzhang.shell import toasts
from louzhang.workorders.forms.sheets import SheetForm
from louzhang.workorders.imports.reports import PURPOSE, check_rows, file_sheet, read_sheet
from louzhang.workorders.imports.sheets import COLUMNS, empty_sheet

ERRORS_SHOWN = 100


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
    form = SealedRowsForm(request.POST)
    if not form.is_valid():
        raise Conflict("这一页不完整，什么都没有登记。请重新上传文件。")
    actor, entry_id = actor_of(request), form.cleaned_data["entry_id"]
    rows = unseal_rows(form.cleaned_data["rows"], purpose=PURPOSE, actor=actor, entry_id=entry_id)
    numbers = file_sheet(rows, actor=actor, at=visit_of(request).at, entry_id=entry_id)
    response = HttpResponseRedirect(reverse("filing:upload"))
    span = numbers[0] if len(numbers) == 1 else f"{numbers[0]} 至 {numbers[-1]}"
    toasts.say(request, response, f"已登记 {len(numbers)} 件，单号 {span}。")
    return response


@for_roles(*OFFICE_ROLES)
@require_GET
def template_book(request: HttpRequest) -> HttpResponse:
    """The empty sheet with the categories and places of one's own area."""
    return book_file("批量登记", empty_sheet(actor_of(request)))


def _preview(request: HttpRequest, form: SheetForm, rows: list[Row]) -> HttpResponse:
    actor = actor_of(request)
    checked = check_rows(rows, actor)
    if checked.errors:
        shown = checked.errors[:ERRORS_SHOWN]
        more = len(checked.errors) - len(shown)
        return _page(request, form, status=400, errors=shown, more=more, total=len(rows), wrong=len(checked.errors))
    entry_id = uuid.uuid4()
    sealed = seal_rows(rows, purpose=PURPOSE, actor=actor, entry_id=entry_id)
    store_form = SealedRowsForm(initial={"entry_id": entry_id, "rows": sealed})
    return _page(request, SheetForm(), store_form=store_form, counts=checked.counts, total=len(rows))


def _page(request: HttpRequest, form: SheetForm, *, status: int = 200, **found: object) -> HttpResponse:
    context = {"form": form, "columns": COLUMNS.items(), **found}
    return render(request, "workorders/desk/upload.html", context, status=status)
