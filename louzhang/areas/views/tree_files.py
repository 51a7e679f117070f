"""区划: the names of the levels, and a list of areas to import."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from louzhang.accounts.visits import actor_of
from louzhang.areas.actions import import_areas
from louzhang.areas.forms.tree import AreaFileForm
from louzhang.areas.imports import COLUMNS, FileRefused, read_listing
from louzhang.areas.models import LevelKind
from louzhang.areas.queries import district, tree_lists
from louzhang.areas.views.settings_frame import done, for_keeper, for_readers, on_disk, settings_page
from louzhang.journal.refusals import Refusal
from louzhang.kit import clock
from louzhang.kit.tables import BadTable, read_table

SHOWN = 100
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
    """Import a list: all of it, or nothing and every wrong line with a sentence."""
    if request.method != "POST":
        return _page(request, AreaFileForm())
    form = AreaFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=400)
    try:
        return _import(request, form)
    except FileRefused as refused:
        problems = refused.problems
        return _page(request, form, 400, problems=problems[:SHOWN], more=max(0, len(problems) - SHOWN))
    except (BadTable, Refusal) as refusal:
        form.add_error("file", str(refusal))
        return _page(request, form, status=400)


def _import(request: HttpRequest, form: AreaFileForm) -> HttpResponse:
    names = {kind.label: kind.value for kind in LevelKind}
    names |= {level.name: level.kind for level in tree_lists.all_levels()}
    root = district()
    with on_disk(form.cleaned_data["file"]) as path:
        listing = read_listing(read_table(path), names)
    did = import_areas(listing=listing, root_code=root.code if root else "", actor=actor_of(request), at=clock.now())
    if did.plan.changed:
        return _page(request, AreaFileForm(), did=did, differing=did.plan.changed[:SHOWN])
    return done(request, f"新增 {len(did.added)} 个地点，已有的 {did.plan.skipped} 个跳过。", "settings:areas")


def _page(request: HttpRequest, form: AreaFileForm, status: int = 200, **found: Any) -> HttpResponse:
    columns = [(name, HOW[name]) for name in COLUMNS]
    return settings_page(
        request, "areas/settings/areas_import.html", {"form": form, "columns": columns, **found}, status=status
    )
