"""A list by file, in three addresses: choose a file and look at it, store it, take the empty sheet away."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from louzhang.accounts.visits import actor_of
from louzhang.areas.forms.files import ListFileForm, SealedRowsForm
from louzhang.areas.imports import FileRefused, Problem
from louzhang.areas.sheets import Sheet, bring_in, example_book, read_sheet, store_sheet
from louzhang.areas.sheets.posts import POSTS
from louzhang.areas.sheets.sealing import seal_rows, unseal_rows
from louzhang.areas.sheets.titles import TITLES
from louzhang.areas.sheets.units import UNITS
from louzhang.areas.views.list_files import book_file
from louzhang.areas.views.settings_frame import done, on_disk, settings_page
from louzhang.journal.refusals import Conflict
from louzhang.kit import clock
from louzhang.kit.tables import BadTable, Row

SHOWN = 100
View = Callable[..., HttpResponseBase]


@dataclass(frozen=True, slots=True)
class ListPages:
    """A list by file: its sheet, the address of the list and the prefix of its own three."""

    sheet: Sheet
    home: str
    prefix: str

    def address(self, name: str = "") -> str:
        """One of the three addresses."""
        return reverse(f"{self.prefix}_{name}" if name else self.prefix)

    @property
    def purpose(self) -> str:
        """What its rows are sealed for."""
        return f"sheet:{self.prefix}"


def paths_of(folder: str, pages: ListPages, gate: Callable[[View], View]) -> list[URLPattern]:
    """The three addresses of a list, behind its gate."""
    name = pages.prefix.partition(":")[2]

    def behind(act: Callable[[HttpRequest, ListPages], HttpResponse], methods: Callable[[View], View]) -> View:
        return methods(gate(lambda request: act(request, pages)))

    return [
        path(f"{folder}import/", behind(upload, require_http_methods(["GET", "HEAD", "POST"])), name=name),
        path(f"{folder}import/store/", behind(store, require_POST), name=f"{name}_store"),
        path(f"{folder}import/example.xlsx", behind(example, require_safe), name=f"{name}_example"),
    ]


def upload(request: HttpRequest, pages: ListPages) -> HttpResponse:
    """Choose a file; a POST shows what each line would do, or what is wrong with which. Stores nothing."""
    if request.method != "POST":
        return _page(request, pages, ListFileForm())
    form = ListFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, pages, form, status=400)
    try:
        with on_disk(form.cleaned_data["file"]) as file:
            return _preview(request, pages, form, read_sheet(file, pages.sheet))
    except BadTable as refusal:
        form.add_error("file", str(refusal))
        return _page(request, pages, form, status=400)


def _preview(request: HttpRequest, pages: ListPages, form: ListFileForm, rows: list[Row]) -> HttpResponse:
    actor = actor_of(request)
    result = bring_in(rows, pages.sheet, actor=actor, at=clock.now(), keep=False)
    if result.problems:
        return _refused(request, pages, form, result.problems, len(rows))
    entry_id = uuid.uuid4()
    sealed = seal_rows(rows, purpose=pages.purpose, actor=actor, entry_id=entry_id)
    store_form = SealedRowsForm(initial={"entry_id": entry_id, "rows": sealed})
    lines, more = result.lines[:SHOWN], max(0, len(result.lines) - SHOWN)
    return _page(request, pages, ListFileForm(), store_form=store_form, result=result, lines=lines, more=more)


def _refused(
    request: HttpRequest, pages: ListPages, form: ListFileForm, problems: Sequence[Problem], total: int
) -> HttpResponse:
    more, wrong = max(0, len(problems) - SHOWN), len(problems)
    return _page(request, pages, form, status=400, problems=problems[:SHOWN], more=more, wrong=wrong, total=total)


def store(request: HttpRequest, pages: ListPages) -> HttpResponse:
    """Store every line of the preview, or none."""
    form = SealedRowsForm(request.POST)
    if not form.is_valid():
        raise Conflict("这一页不完整，什么都没有导入。请重新上传文件。")
    actor, entry_id = actor_of(request), form.cleaned_data["entry_id"]
    rows = unseal_rows(form.cleaned_data["rows"], purpose=pages.purpose, actor=actor, entry_id=entry_id)
    try:
        did = store_sheet(rows, pages.sheet, actor=actor, at=clock.now(), entry_id=entry_id)
    except FileRefused as refused:
        return _refused(request, pages, ListFileForm(), refused.problems, len(rows))
    return done(request, f"新增 {did['added']} 行，已有的 {did['skipped']} 行没有改动。", pages.home)


def example(request: HttpRequest, pages: ListPages) -> HttpResponse:
    """The empty sheet with how to fill it."""
    return book_file(f"{pages.sheet.name}样表", example_book(pages.sheet, actor_of(request)))


def _page(
    request: HttpRequest, pages: ListPages, form: ListFileForm, *, status: int = 200, **found: object
) -> HttpResponse:
    context: dict[str, object] = {
        "form": form,
        "sheet": pages.sheet,
        "columns": [column for column in pages.sheet.columns if column.is_read],
        "home_url": reverse(pages.home),
        "upload_url": pages.address(),
        "store_url": pages.address("store"),
        "example_url": pages.address("example"),
    }
    return settings_page(request, "areas/settings/list_import.html", context | found, status=status)


units = ListPages(UNITS, home="settings:units", prefix="settings:units_import")
posts = ListPages(POSTS, home="settings:posts", prefix="settings:posts_import")
titles = ListPages(TITLES, home="settings:titles", prefix="settings:titles_import")
