"""导出住户登记: for a stated purpose, masked unless the post allows otherwise; who took what is on the page."""

from __future__ import annotations

import csv
import io
from typing import Any
from urllib.parse import quote

from django import forms
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from louzhang.accounts.visits import actor_of
from louzhang.areas.models import Area
from louzhang.areas.views.list_files import book_file
from louzhang.journal.middleware import status_of
from louzhang.journal.refusals import NotYours, Refusal
from louzhang.kit import clock
from louzhang.kit.books import book_of
from louzhang.kit.tables import safe_cell
from louzhang.register.actions.exporting import Taken, export_residents
from louzhang.register.queries.exporting import may_export_whole, recent_exports
from louzhang.register.queries.imports import importing_places
from louzhang.register.views.frame import page
from louzhang.register.views.importing import for_offices
from louzhang.register.views.tabs import register_tabs
from louzhang.shell.widgets import ChipRadio

FORMATS = (("xlsx", "Excel（xlsx）"), ("csv", "CSV"))
MASKS = (("masked", "遮盖证件号码和电话"), ("whole", "完整号码"))


class ExportForm(forms.Form):
    """Which community, what for, how much of it."""

    area = forms.ChoiceField(
        label="社区", error_messages={"required": "请选择社区。", "invalid_choice": "请选择社区。"}
    )
    purpose = forms.CharField(
        label="导出来做什么",
        max_length=100,
        help_text="会留下记录，名单里的每个人都能看到谁、什么时候、为什么导出了他的登记。",
        error_messages={"required": "请写明导出来做什么。", "max_length": "请写在 100 个字以内。"},
    )
    mask = forms.ChoiceField(label="号码", choices=MASKS, widget=ChipRadio, initial="masked")
    format = forms.ChoiceField(label="格式", choices=FORMATS, widget=ChipRadio, initial="xlsx")

    def __init__(self, *args: Any, areas: list[Area], has_whole: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.areas = {str(area.pk): area for area in areas}
        field: Any = self.fields["area"]
        field.choices = [(pk, area.name) for pk, area in self.areas.items()]
        if len(areas) == 1:
            field.widget, field.initial = forms.HiddenInput(), str(areas[0].pk)
        if not has_whole:
            self.fields["mask"].widget, self.fields["mask"].initial = forms.HiddenInput(), "masked"


@require_http_methods(["GET", "HEAD", "POST"])
@for_offices
def export(request: HttpRequest) -> HttpResponse:
    """Say what for and take the file; what was taken before stands below."""
    actor = actor_of(request)
    areas = importing_places(actor)
    if not areas:
        raise NotYours("住户登记由本社区的工作人员导出。")
    has_whole = any(may_export_whole(actor, area) for area in areas)
    form = ExportForm(request.POST if request.method == "POST" else None, areas=areas, has_whole=has_whole)
    if request.method != "POST":
        return _page(request, form)
    if not form.is_valid():
        return _page(request, form, status=400)
    said = form.cleaned_data
    try:
        taken = export_residents(
            area=form.areas[said["area"]], purpose=said["purpose"], is_whole=said["mask"] == "whole", actor=actor,
            at=clock.now(),
        )  # fmt: skip
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return _page(request, form, status=status_of(refusal))
    return _file(form.areas[said["area"]], taken, said["format"])


def _file(area: Area, taken: Taken, kind: str) -> HttpResponse:
    name = f"{area.name}住户登记-{clock.local_date(clock.now())}"
    if kind == "xlsx":
        return book_file(name, book_of({"住户登记": [taken.head, *taken.lines]}, mark=taken.mark))
    kept = io.StringIO()
    writer = csv.writer(kept)
    writer.writerow([safe_cell(taken.mark)])
    writer.writerow(taken.head)
    writer.writerows([safe_cell(cell) for cell in line] for line in taken.lines)
    response = HttpResponse(("\ufeff" + kept.getvalue()).encode(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f"attachment; filename=\"list.csv\"; filename*=UTF-8''{quote(name)}.csv"
    response["Cache-Control"] = "no-store"
    return response


def _page(request: HttpRequest, form: ExportForm, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "exports": recent_exports(actor_of(request)), "tabs": register_tabs(request)}
    return page(request, "register/imports/export.html", context, status=status)
