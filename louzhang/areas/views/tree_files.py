"""区划: the names of the levels, and a list of areas to import."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from louzhang.accounts.visits import actor_of
from louzhang.areas.actions import import_areas, look_at_areas
from louzhang.areas.forms.files import SealedRowsForm
from louzhang.areas.forms.tree import AreaFileForm
from louzhang.areas.imports import COLUMNS, FileRefused, Listing, read_listing
from louzhang.areas.models import LevelKind
from louzhang.areas.queries import district, tree_lists
from louzhang.areas.sheets.sealing import seal_rows, unseal_rows
from louzhang.areas.views.settings_frame import done, for_keeper, for_readers, on_disk, settings_page
from louzhang.journal.actions import once
from louzhang.journal.refusals import Conflict, Refusal
from louzhang.kit import clock
from louzhang.kit.tables import BadTable, Row, read_table

SHOWN = 100
PURPOSE = "sheet:settings:areas_import"
HOW = {
    "code": "本区自己的编码，不能重复。已经有的编码会跳过，不改动。",
    "name": "名称。",
    "parent_code": "上级的编码，在文件里或本区里都可以；区县留空。",
    "level": "层级：district、street、community、grid、building、group、stairwell，或本区的层级名称。",
}


@require_safe
@for_readers
def levels(request: HttpRequest) -> HttpResponse:
    """What the district calls its levels."""
    rows = [{"level": level, "kind": LevelKind(level.kind).label} for level in tree_lists.all_levels()]
    return settings_page(request, "areas/settings/levels.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@for_keeper
def upload(request: HttpRequest) -> HttpResponse:
    """Look at a list: what would be added and what differs, or every wrong line with a sentence. Stores nothing."""
    if request.method != "POST":
        return _page(request, AreaFileForm())
    form = AreaFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=400)
    try:
        with on_disk(form.cleaned_data["file"]) as path:
            return _preview(request, list(read_table(path)))
    except FileRefused as refused:
        return _refused(request, form, refused)
    except (BadTable, Refusal) as refusal:
        form.add_error("file", str(refusal))
        return _page(request, form, status=400)


def _preview(request: HttpRequest, rows: list[Row]) -> HttpResponse:
    actor = actor_of(request)
    found = look_at_areas(listing=_listing(rows), root_code=_root_code(), actor=actor)
    entry_id = uuid.uuid4()
    sealed = seal_rows(rows, purpose=PURPOSE, actor=actor, entry_id=entry_id)
    return _page(
        request,
        AreaFileForm(),
        store_form=SealedRowsForm(initial={"entry_id": entry_id, "rows": sealed}),
        found=found,
        lines=[(row, LevelKind(row.kind).label) for row in found.added[:SHOWN]],
        differing=found.plan.changed[:SHOWN],
        more=max(0, len(found.added) - SHOWN),
    )


@require_POST
@for_keeper
def store(request: HttpRequest) -> HttpResponse:
    """Store every line of the preview, or none; once, however often the button is pressed."""
    form = SealedRowsForm(request.POST)
    if not form.is_valid():
        raise Conflict("这一页不完整，什么都没有导入。请重新上传文件。")
    actor, entry_id, at = actor_of(request), form.cleaned_data["entry_id"], clock.now()
    rows = unseal_rows(form.cleaned_data["rows"], purpose=PURPOSE, actor=actor, entry_id=entry_id)

    def perform() -> dict[str, Any]:
        did = import_areas(listing=_listing(rows), root_code=_root_code(), actor=actor, at=at)
        return {"added": len(did.added), "skipped": did.plan.skipped}

    try:
        did = once(actor=actor, entry_id=entry_id, body=[[row.line, row.cells] for row in rows], at=at, perform=perform)
    except FileRefused as refused:
        return _refused(request, AreaFileForm(), refused)
    return done(request, f"新增 {did['added']} 个地点，已有的 {did['skipped']} 个没有改动。", "settings:areas")


def _listing(rows: Iterable[Row]) -> Listing:
    names = {kind.label: kind.value for kind in LevelKind}
    return read_listing(rows, names | {level.name: level.kind for level in tree_lists.all_levels()})


def _root_code() -> str:
    root = district()
    return root.code if root else ""


def _refused(request: HttpRequest, form: AreaFileForm, refused: FileRefused) -> HttpResponse:
    problems = refused.problems
    return _page(request, form, 400, problems=problems[:SHOWN], more=max(0, len(problems) - SHOWN))


def _page(request: HttpRequest, form: AreaFileForm, status: int = 200, **found: Any) -> HttpResponse:
    columns = [(name, HOW[name]) for name in COLUMNS]
    return settings_page(
        request, "areas/settings/areas_import.html", {"form": form, "columns": columns, **found}, status=status
    )
