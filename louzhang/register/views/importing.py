"""导入住户登记: bring a file, agree on its columns, see what would become of it, carry it in, take it back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from itertools import islice
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from louzhang.accounts.gates import for_roles
from louzhang.accounts.visits import actor_of
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.areas.views.list_files import book_file
from louzhang.journal.middleware import status_of
from louzhang.journal.refusals import NotThere, NotYours, Refusal
from louzhang.kit import clock
from louzhang.kit.books import book_of
from louzhang.register.actions.importing import confirm_import, drop_import, map_import, return_import, upload_import
from louzhang.register.actions.importing.pieces import rows_of
from louzhang.register.actions.importing.purging import DAYS_WRONG_KEPT, HOURS_KEPT
from louzhang.register.forms.importing import ColumnsForm, ImportFileForm
from louzhang.register.import_course import LOOP, WORKING, ImportState
from louzhang.register.imports.columns import LABELS, WORDS, Column
from louzhang.register.models import ImportBatch, PieceKind
from louzhang.register.models.imports import importing_areas
from louzhang.register.queries.assessments import is_switched_on
from louzhang.register.queries.imports import find_import, importing_places, recent_imports
from louzhang.register.views.frame import page
from louzhang.register.views.tabs import register_tabs
from louzhang.shell import toasts

SHOWN_WRONG, SHOWN_LINES = 50, 100
MOST_HANDED_BACK = 20_000
EXAMPLE = (
    "阳光小区", "12号楼", "2单元", "501", "", "自住", "户主", "王演示", "女", "1949-12-31", "", "13900000000",
    "演示省演示县", "2020-05-01",
)  # fmt: skip
EXAMPLE_COLUMNS = (
    Column.ESTATE, Column.BUILDING, Column.STAIRWELL, Column.DOOR, Column.FLOOR, Column.KIND, Column.TIE, Column.NAME,
    Column.SEX, Column.BIRTH, Column.ID_NUMBER, Column.PHONE, Column.REGISTERED, Column.SINCE,
)  # fmt: skip
HOW = (
    ("楼栋、单元、门牌", "楼栋写 12号楼、12栋、12 都可以；也可以只用一列写“12号楼2单元501”或“12-2-501”。"),
    ("一家几口", "第一行写全楼栋门牌，下面的人可以空着或合并单元格；户主写在最前面。"),
    ("证件号码", "这一列先设为文本格式再填，不然 Excel 会改掉后几位。没有就空着。"),
    ("没有住人的房屋", "只填楼栋、单元、门牌，姓名空着；空置的在房屋类型里写“空置”。"),
    ("日期", "2020-05-01、2020/5/1、2020.5.1、2020年5月1日、20200501 都可以。"),
)
SAID = {"confirm": "已开始导入。", "return": "已开始撤销。", "drop": "已放弃这次导入。"}
ACTS: Mapping[str, Callable[..., ImportBatch]] = {
    "confirm": confirm_import, "return": return_import, "drop": drop_import,
}  # fmt: skip

for_offices = for_roles(*OFFICE_ROLES)


@require_http_methods(["GET", "HEAD", "POST"])
@for_offices
def imports(request: HttpRequest) -> HttpResponse:
    """The imports of the own community, and a file to bring."""
    actor = actor_of(request)
    areas = importing_places(actor)
    if not areas:
        raise NotYours("人房登记由社区导入，请由本社区的工作人员来做。")
    if request.method != "POST":
        return _list(request, ImportFileForm(areas=areas, initial={"entry_id": uuid4()}))
    form = ImportFileForm(request.POST, request.FILES, areas=areas)
    if not form.is_valid():
        return _list(request, form, status=400)
    file = form.cleaned_data["file"]
    try:
        batch = upload_import(
            area=form.area_chosen, stream=file, suffix=form.suffix, size=file.size, actor=actor, at=clock.now(),
            uid=form.cleaned_data["entry_id"],
        )  # fmt: skip
    except Refusal as refusal:
        form.add_error("file", refusal.message)
        return _list(request, form, status=status_of(refusal))
    return redirect("register:import", batch.uid)


def _list(request: HttpRequest, form: ImportFileForm, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "batches": recent_imports(actor_of(request)),
        "is_on": is_switched_on("import_type", "residents"),
        "how": HOW,
        "hours": HOURS_KEPT,
        "tabs": register_tabs(request),
    }
    return page(request, "register/imports/list.html", context, status=status)


@require_safe
@for_offices
def one(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One import as it stands: a bar, its columns, the preview or the result."""
    return _show(request, find_import(actor_of(request), uid))


def _show(
    request: HttpRequest, batch: ImportBatch, form: ColumnsForm | None = None, *, status: int = 200
) -> HttpResponse:
    verbs = {transition.verb for transition in LOOP.allowed(batch.status, batch.relations_now)}
    if "map" in verbs and form is None:
        form = ColumnsForm(found=batch.found, columns=batch.columns, seen=_seen_of(batch))
    wrong, wrong_counts = _wrong_of(batch)
    context = {
        "batch": batch,
        "verbs": verbs,
        "form": form,
        "is_working": batch.status in WORKING,
        "progress": _progress(batch),
        "states": ImportState,
        "wrong": wrong,
        "wrong_counts": wrong_counts,
        "shown": _shown_of(batch),
        "shown_at_most": SHOWN_LINES,
        "labels": [LABELS[column] for column in batch.columns if column],
        "hours": HOURS_KEPT,
        "days": DAYS_WRONG_KEPT,
        "back_url": reverse("register:imports"),
    }
    return page(request, "register/imports/batch.html", context, status=status)


def _wrong_of(batch: ImportBatch) -> tuple[list[tuple[str, int, str]], list[tuple[str, int]]]:
    """The first wrong lines with their reason, and how often each reason comes among them."""
    if batch.status not in (ImportState.PREVIEWED, ImportState.STORED) or not batch.counts.get("wrong"):
        return [], []
    names = {sheet["place"]: sheet["name"] for sheet in batch.found["sheets"]}
    first = list(islice(rows_of(batch, PieceKind.WRONG), 2_000))
    counted = Counter(reason for _, _, reason, _ in first).most_common(8)
    shown = [(names.get(sheet, ""), line, reason) for sheet, line, reason, _ in first[:SHOWN_WRONG]]
    return shown, [(reason, count) for reason, count in counted]


def _seen_of(batch: ImportBatch) -> list[list[str]]:
    """A few values of each column; masked, and nothing of those that are not read."""
    return list(rows_of(batch, PieceKind.SEEN))


def _shown_of(batch: ImportBatch) -> list[tuple[str, int, str, str]]:
    """The first lines by which somebody moves or something that stands is changed, in words; gone once carried in."""
    if batch.status != ImportState.PREVIEWED:
        return []
    names = {sheet["place"]: sheet["name"] for sheet in batch.found["sheets"]}
    rows = islice(rows_of(batch, PieceKind.SHOWN), SHOWN_LINES)
    return [(names.get(sheet, ""), line, name, words) for sheet, line, name, words in rows]


def _progress(batch: ImportBatch) -> dict[str, Any]:
    told = batch.progress
    seconds = (clock.now() - told.started_at).total_seconds()
    left = ""
    if told.total and told.done:
        rest = max(1, round(seconds / told.done * (told.total - told.done)))
        left = f"大约还要 {rest} 秒" if rest < 90 else f"大约还要 {rest // 60} 分钟"
    return {"done": min(told.done, told.total) if told.total else told.done, "total": told.total, "left": left}


@require_safe
@for_offices
def progress(request: HttpRequest, uid: UUID) -> HttpResponse:
    """How far the worker is; the page is loaded anew once it is done."""
    batch = find_import(actor_of(request), uid)
    context = {"batch": batch, "progress": _progress(batch)}
    response = page(request, "register/imports/progress.html", context)
    if batch.status not in WORKING:
        response["HX-Refresh"] = "true"
    return response


@require_POST
@for_offices
def agree(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What each column is; the worker holds every line against the register."""
    actor = actor_of(request)
    batch = find_import(actor, uid)
    found = batch.found or {"headings": [], "never": []}
    form = ColumnsForm(request.POST, found=found, columns=batch.columns, seen=_seen_of(batch))
    if not form.is_valid():
        return _show(request, batch, form, status=400)
    try:
        map_import(batch_id=batch.pk, columns=form.chosen, actor=actor, at=clock.now())
    except (NotThere, NotYours):
        raise
    except Refusal as refusal:
        form.add_error(None, refusal.message)
        return _show(request, find_import(actor, uid), form, status=status_of(refusal))
    return redirect("register:import", uid)


@require_POST
@for_offices
def act(request: HttpRequest, uid: UUID, verb: str) -> HttpResponse:
    """Carry in, take back or give up."""
    actor = actor_of(request)
    batch = find_import(actor, uid)
    if verb not in ACTS:
        raise NotThere("没有这个操作，请回到上一页重新选。")
    ACTS[verb](batch_id=batch.pk, actor=actor, at=clock.now())
    response = redirect("register:imports") if verb == "drop" else redirect("register:import", uid)
    toasts.say(request, response, SAID[verb])
    return response


@require_safe
@for_offices
def wrong_lines(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The lines that cannot be carried in, as they stood in the file, each with its reason in the last column."""
    batch = find_import(actor_of(request), uid)
    rows = list(islice(rows_of(batch, PieceKind.WRONG), MOST_HANDED_BACK))
    if not rows:
        raise NotThere("没有要改的行，或已经过了保存的时间。请重新上传文件。")
    head = batch.found["headings"]
    lines = [[*_padded(cells, len(head)), str(line), reason] for _, line, reason, cells in rows]
    return book_file("要改的行", book_of({"要改的行": [[*head, "原来的行号", "原因"], *lines]}))


def _padded(cells: list[str], width: int) -> list[str]:
    return [*cells[:width], *[""] * (width - len(cells))]


@require_safe
@for_offices
def example(request: HttpRequest) -> HttpResponse:
    """The empty table with how to fill it."""
    if not importing_areas(actor_of(request)):
        raise NotYours("人房登记由社区导入，请由本社区的工作人员来做。")
    head = [WORDS[column][0] for column in EXAMPLE_COLUMNS]
    how = [["列", "怎么填"], *HOW, ["例子", ""], *zip(head, EXAMPLE, strict=True)]
    return book_file("住户登记样表", book_of({"住户登记": [head], "填写说明": how}))
