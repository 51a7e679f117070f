"""承办单位: the list, one unit, its names, what it serves, its end."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from louzhang.accounts.visits import actor_of
from louzhang.areas import actions
from louzhang.areas.forms.tree import ReasonForm
from louzhang.areas.forms.units import AddUnitForm, UnitForm
from louzhang.areas.models import Area, Unit, UnitKind
from louzhang.areas.queries import post_lists, tree_lists
from louzhang.areas.queries.histories import changes_at_unit
from louzhang.areas.queries.post_lists import UnitFilter
from louzhang.areas.rights import find_unit, may_keep_district, roles_to_fill
from louzhang.areas.sheets.units import HEAD
from louzhang.areas.telling import title_of
from louzhang.areas.views.choosing import ask_for_area
from louzhang.areas.views.list_files import export_items, list_file
from louzhang.areas.views.settings_frame import (
    ask,
    back_to,
    done,
    for_keeper,
    for_readers,
    posted,
    settings_page,
    turning,
)
from louzhang.journal.refusals import InputRefused
from louzhang.kit import clock
from louzhang.kit.paging import BadCursor
from louzhang.shell.parts import Fact, Item

form_page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@for_readers
def units(request: HttpRequest) -> HttpResponse:
    """The list by kind, with a search."""
    actor, wanted = actor_of(request), _wanted(request)
    try:
        page, rows = post_lists.list_units(actor, wanted, clock.now())
    except BadCursor as refusal:
        raise InputRefused(str(refusal)) from None
    kept = {"kind": wanted.kind, "q": wanted.words, "ended": "1" if wanted.is_ended else ""}
    context = {
        "rows": rows,
        "words": wanted.words,
        "kind": wanted.kind,
        "wanted": wanted,
        "filters": _filters(wanted),
        "exports": export_items("settings:units_csv", **kept),
        **turning(page, **kept),
    }
    return settings_page(request, "areas/settings/units.html", context)


def _wanted(request: HttpRequest) -> UnitFilter:
    asked = request.GET
    kind = asked.get("kind", "")
    return UnitFilter(
        kind=kind if kind in UnitKind.values else "",
        words=asked.get("q", "").strip()[:40],
        is_ended=asked.get("ended") == "1",
        cursor=asked.get("cursor") or None,
    )


def _filters(wanted: UnitFilter) -> list[Item]:
    home = reverse("settings:units")
    chips = [
        Item(label=kind.label, url=home if wanted.kind == kind else f"{home}?kind={kind}", current=wanted.kind == kind)
        for kind in UnitKind
    ]
    ended = Item(label="已停用", url=home if wanted.is_ended else f"{home}?ended=1", current=wanted.is_ended)
    return [*chips, ended]


@require_safe
@for_readers
def units_csv(request: HttpRequest) -> HttpResponseBase:
    """The filtered list as a file, in the columns an import reads."""
    actor = actor_of(request)
    found = list(post_lists.narrowed_units(actor, _wanted(request)).order_by("kind", "name_key", "pk"))
    rows = post_lists.unit_rows(found, clock.now())
    lines = (
        (
            row.unit.name,
            UnitKind(row.unit.kind).label,
            row.unit.phone,
            row.unit.duties,
            row.codes,
            row.serves,
            row.members,
            clock.local(row.unit.ended_at).date() if row.unit.ended_at else "",
        )
        for row in rows
    )
    return list_file(request, "承办单位", HEAD, lines)


@require_safe
@for_readers
def unit(request: HttpRequest, unit_id: int) -> HttpResponse:
    """One unit: what it is, who works in it, what it serves, what changed."""
    actor, at = actor_of(request), clock.now()
    found = find_unit(actor, unit_id)
    day = clock.local_date(at)
    served = [row for row in found.served_areas.all() if row.ends_on is None or row.ends_on > day]
    is_kept = may_keep_district(actor) and found.ended_at is None
    context = {
        "unit": found,
        "facts": _facts(found),
        "served": served,
        "posts": [{"post": post, "title": title_of(post)} for post in post_lists.posts_in(found, actor, at)],
        "history": changes_at_unit(found),
        "may_change": is_kept,
        "may_end": is_kept and found.kind != UnitKind.OFFICE,
        "may_appoint": found.ended_at is None and bool(roles_to_fill(actor, None, found, at)),
    }
    return settings_page(request, "areas/settings/unit.html", context)


def _facts(unit: Unit) -> list[Fact]:
    return [
        Fact(label="类型", value=UnitKind(unit.kind).label),
        Fact(label="公开电话", value=unit.phone or "没有填"),
        Fact(label="职责", value=unit.duties or "没有填"),
    ]


@form_page
@for_keeper
def add(request: HttpRequest) -> HttpResponse:
    """A new unit."""

    def act(said: dict[str, Any]) -> HttpResponse:
        new = actions.add_unit(actor=actor_of(request), at=clock.now(), **said)
        return done(request, "已新增。接下来请选它的服务范围。", "settings:unit", new.pk)

    about = back_to("承办单位", "settings:units", heading="新增单位", button="新增")
    about["words"] = "办公室随区县、街镇、社区一起建立，不在这里新增。"
    return ask(request, AddUnitForm(posted(request)), act, about)


def _about(unit: Unit, heading: str, button: str, **more: Any) -> dict[str, Any]:
    return back_to(unit.name, "settings:unit", unit.pk, heading=heading, button=button, **more)


@form_page
@for_keeper
def rename(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Another name, phone, duties."""
    unit = find_unit(actor_of(request), unit_id)
    form = UnitForm(posted(request), initial={"name": unit.name, "phone": unit.phone, "duties": unit.duties})

    def act(said: dict[str, Any]) -> HttpResponse:
        actions.rename_unit(unit=unit, actor=actor_of(request), at=clock.now(), **said)
        return done(request, "已保存。", "settings:unit", unit.pk)

    return ask(request, form, act, _about(unit, f"修改“{unit.name}”", "保存"))


@form_page
@for_keeper
def end(request: HttpRequest, unit_id: int) -> HttpResponse:
    """End it; orders it had stay readable."""
    unit = find_unit(actor_of(request), unit_id)

    def act(said: dict[str, Any]) -> HttpResponse:
        actions.end_unit(unit=unit, reason=said["reason"], actor=actor_of(request), at=clock.now())
        return done(request, "已停用。它办过的工单都还在。", "settings:unit", unit.pk)

    words = "停用后不能再交办给它；手里还没办完的工单请先收回或改派。停用不能撤销。"
    about = _about(unit, f"停用“{unit.name}”", "停用", words=words, is_grave=True)
    return ask(request, ReasonForm(posted(request)), act, about)


@form_page
@for_keeper
def serve(request: HttpRequest, unit_id: int) -> HttpResponse:
    """One more area to serve, searched for."""
    actor = actor_of(request)
    unit = find_unit(actor, unit_id)

    def act(area: Area) -> HttpResponse:
        actions.serve_area(unit=unit, area=area, actor=actor, at=clock.now())
        return done(request, "服务范围已增加。", "settings:unit", unit.pk)

    about = _about(unit, f"“{unit.name}”增加服务范围", "增加", label="服务哪里")
    about["help"] = "选一个地点，它下面的所有地点也一起服务。"
    return ask_for_area(request, lambda words: tree_lists.search_areas(actor, words), act, about, none="请选一个地点。")


@require_POST
@for_keeper
def stop_serving(request: HttpRequest, unit_id: int, served_id: int) -> HttpResponse:
    """One area less from today on."""
    actor = actor_of(request)
    unit = find_unit(actor, unit_id)
    served = post_lists.find_served(unit, served_id)
    actions.stop_serving_area(served=served, actor=actor, at=clock.now())
    return done(request, "从今天起不再服务这里。", "settings:unit", unit.pk)
