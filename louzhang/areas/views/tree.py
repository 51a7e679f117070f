"""区划: the tree to read. One area with what lies below, a search, the file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_safe

from louzhang.accounts.visits import actor_of
from louzhang.areas.models import Area, LevelKind
from louzhang.areas.queries import line_of, tree_lists
from louzhang.areas.queries.histories import history_and_last
from louzhang.areas.rights import find_area, may_keep_district, roles_to_fill, sees_area
from louzhang.areas.telling import title_of
from louzhang.areas.views.settings_frame import csv_file, for_readers, settings_page, turning
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import InputRefused
from louzhang.kit import clock
from louzhang.kit.paging import BadCursor
from louzhang.shell.parts import Fact

HEAD = ("code", "name", "parent_code", "level", "official_code", "longitude", "latitude", "estate")


@require_safe
@for_readers
def areas(request: HttpRequest) -> HttpResponse:
    """The top of the actor's part of the tree, or what a search finds in it."""
    actor, words = actor_of(request), request.GET.get("q", "").strip()[:40]
    if words:
        return _found(request, actor, words)
    top = tree_lists.top_area(actor)
    if top is None:
        return settings_page(request, "areas/settings/areas_none.html")
    return _area_page(request, top)


def _found(request: HttpRequest, actor: Actor, words: str) -> HttpResponse:
    found = tree_lists.search_areas(actor, words)
    lines = tree_lists.lines_of(found)
    holders = tree_lists.holders_at(found, clock.now())
    rows = [{"row": row, "line": lines[row.area.pk]} for row in tree_lists.area_rows(found, holders, {})]
    context = {"rows": rows, "words": words, "is_short": len(words) < tree_lists.SHORTEST_SEARCH}
    return settings_page(request, "areas/settings/areas_found.html", context | {"most": tree_lists.FOUND})


@require_safe
@for_readers
def area(request: HttpRequest, area_id: int) -> HttpResponse:
    """One area: what it is, who holds a post here, what lies below, what changed."""
    return _area_page(request, find_area(actor_of(request), area_id))


def _area_page(request: HttpRequest, found: Area) -> HttpResponse:
    actor, at = actor_of(request), clock.now()
    line = line_of(found)
    try:
        page = tree_lists.children_of(found, request.GET.get("cursor"))
    except BadCursor as refusal:
        raise InputRefused(str(refusal)) from None
    holders = tree_lists.holders_at([found, *page.rows], at)
    history, last = history_and_last(found, page.rows)
    posts = holders[found.pk]
    context = {
        "area": found,
        "line": _line(actor, line[:-1]),
        "rows": tree_lists.area_rows(page.rows, holders, last),
        "facts": _facts(found, line),
        "posts": [{"post": post, "title": title_of(post)} for post in posts],
        "lack": tree_lists.lack_of(found, posts),
        "may_appoint": found.ended_at is None and bool(roles_to_fill(actor, found, None, at)),
        "history": history,
        "outline_points": _corners(found),
        **turning(page),
        **_possible(found, actor),
    }
    return settings_page(request, "areas/settings/area.html", context)


def _line(actor: Actor, above: list[Area]) -> list[dict[str, Any]]:
    """The areas above, each with its address where the actor may open it."""
    return [
        {"name": each.name, "url": reverse("settings:area", args=[each.pk]) if sees_area(actor, each) else ""}
        for each in above
    ]


def _possible(area: Area, actor: Actor) -> dict[str, bool]:
    is_open = area.ended_at is None and may_keep_district(actor)
    return {
        "may_change": is_open,
        "may_move": is_open and area.depth > 1,
        "may_add": is_open and area.level.kind != LevelKind.STAIRWELL,
        "may_join": is_open and area.level.kind == LevelKind.BUILDING,
        "may_add_estate": is_open and area.level.kind == LevelKind.COMMUNITY,
    }


def _facts(area: Area, line: list[Area]) -> list[Fact]:
    office = getattr(area, "office", None)
    facts = [
        Fact(label="层级", value=area.level.name),
        Fact(label="编码", value=area.code),
        Fact(label="统计代码", value=area.official_code or "没有填"),
        Fact(label="上级", value=" ".join(each.name for each in line[:-1]) or "没有上级"),
        Fact(label="位置", value=_position(area)),
    ]
    if office is not None:
        facts.append(Fact(label="办公室", value=office.name, url=reverse("settings:unit", args=[office.pk])))
    if area.level.kind == LevelKind.BUILDING:
        facts.append(Fact(label="小区", value=area.estate.name if area.estate else "不属于小区"))
    return facts


def _position(area: Area) -> str:
    if area.longitude is None or area.latitude is None:
        return "没有填"
    return f"{area.longitude:.5f}，{area.latitude:.5f}"


def _corners(area: Area) -> int:
    """How many points the outline has; 0 without one."""

    def count(part: Any) -> int:
        if isinstance(part, list) and part and isinstance(part[0], int | float):
            return 1
        return sum(map(count, part)) if isinstance(part, list) else 0

    return count(area.outline["coordinates"]) if area.outline else 0


@require_GET
@for_readers
def areas_csv(request: HttpRequest) -> StreamingHttpResponse:
    """Every current area in scope, in the columns an import reads."""
    return csv_file("区划", HEAD, _csv_rows(actor_of(request)))


def _csv_rows(actor: Actor) -> Iterator[tuple[object, ...]]:
    rows = list(tree_lists.all_areas(actor))
    codes = {row.path: row.code for row in rows}
    for row in rows:
        above = codes.get(row.path[: -Area.steplen], "")
        estate = row.estate.name if row.estate else ""
        yield (row.code, row.name, above, row.level.kind, row.official_code, row.longitude, row.latitude, estate)
