"""区划: changing the tree. Every page names one area and does one thing to it."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from louzhang.accounts.visits import actor_of
from louzhang.areas import actions
from louzhang.areas.forms import tree as forms
from louzhang.areas.models import Area
from louzhang.areas.queries import tree_lists
from louzhang.areas.rights import find_area
from louzhang.areas.views.choosing import ask_for_area
from louzhang.areas.views.settings_frame import ask, back_to, done, for_keeper, posted
from louzhang.kit import clock

form_page = require_http_methods(["GET", "HEAD", "POST"])


def _about(area: Area, heading: str, button: str, **more: Any) -> dict[str, Any]:
    return back_to(area.name, "settings:area", area.pk, heading=heading, button=button, **more)


@form_page
@for_keeper
def add(request: HttpRequest, area_id: int) -> HttpResponse:
    """A new area below this one."""
    parent = find_area(actor_of(request), area_id)
    levels = {level.pk: level for level in tree_lists.levels_below(parent)}
    form = forms.AddAreaForm(posted(request), levels=levels.values())

    def act(said: dict[str, Any]) -> HttpResponse:
        level = levels[said.pop("level")]
        new = actions.add_area(parent=parent, level=level, actor=actor_of(request), at=clock.now(), **said)
        return done(request, "已新增。", "settings:area", new.pk)

    return ask(request, form, act, _about(parent, f"在“{parent.name}”下面新增", "新增"))


@form_page
@for_keeper
def rename(request: HttpRequest, area_id: int) -> HttpResponse:
    """Another name, other codes."""
    area = find_area(actor_of(request), area_id)
    now = {"name": area.name, "code": area.code, "official_code": area.official_code}
    form = forms.NamesForm(posted(request), initial=now)

    def act(said: dict[str, Any]) -> HttpResponse:
        actions.rename_area(area=area, actor=actor_of(request), at=clock.now(), **said)
        return done(request, "已修改。以前的工单和记录里仍是当时的名称。", "settings:area", area.pk)

    return ask(request, form, act, _about(area, f"修改“{area.name}”", "保存"))


@form_page
@for_keeper
def place(request: HttpRequest, area_id: int) -> HttpResponse:
    """Where it lies."""
    area = find_area(actor_of(request), area_id)
    form = forms.PositionForm(posted(request), initial={"longitude": area.longitude, "latitude": area.latitude})

    def act(said: dict[str, Any]) -> HttpResponse:
        actions.place_area(area=area, actor=actor_of(request), at=clock.now(), **said)
        return done(request, "位置已保存。", "settings:area", area.pk)

    return ask(request, form, act, _about(area, f"“{area.name}”的位置", "保存"))


@form_page
@for_keeper
def outline(request: HttpRequest, area_id: int) -> HttpResponse:
    """The outline: pasted, from a file, or cleared."""
    area = find_area(actor_of(request), area_id)
    written = json.dumps(area.outline, ensure_ascii=False) if area.outline else ""
    files = request.FILES if request.method == "POST" else None
    form = forms.OutlineForm(posted(request), files, initial={"outline": written})

    def act(said: dict[str, Any]) -> HttpResponse:
        geometry = form.geometry()
        actions.outline_area(area=area, outline=geometry, actor=actor_of(request), at=clock.now())
        return done(request, "边界已保存。" if geometry else "边界已清除。", "settings:area", area.pk)

    return ask(request, form, act, _about(area, f"“{area.name}”的边界", "保存", has_file=True))


@form_page
@for_keeper
def end(request: HttpRequest, area_id: int) -> HttpResponse:
    """End it; refused while something below or a post is open."""
    area = find_area(actor_of(request), area_id)

    def act(said: dict[str, Any]) -> HttpResponse:
        actions.end_area(area=area, reason=said["reason"], actor=actor_of(request), at=clock.now())
        return done(request, "已停用。记录和工单都还在。", "settings:area", area.pk)

    words = "停用后不能再选它、在它下面新增或任命；以前的工单和记录不变。停用不能撤销。"
    about = _about(area, f"停用“{area.name}”", "停用", words=words, is_grave=True)
    return ask(request, forms.ReasonForm(posted(request)), act, about)


@form_page
@for_keeper
def move(request: HttpRequest, area_id: int) -> HttpResponse:
    """Hang it under another area that is searched for."""
    actor = actor_of(request)
    area = find_area(actor, area_id)

    def act(parent: Area) -> HttpResponse:
        actions.move_area(area=area, parent=parent, actor=actor, at=clock.now())
        return done(request, "已移动，下面的地点一起移了过去。", "settings:area", area.pk)

    about = _about(area, f"移动“{area.name}”", "移到这里", label="新的上级")
    about["help"] = "它和下面的所有地点一起移动；以前的工单和记录仍记在原来的上级。"
    return ask_for_area(
        request, lambda words: tree_lists.homes_for(area, actor, words), act, about, none="请选一个新的上级。"
    )


@form_page
@for_keeper
def join_estate(request: HttpRequest, area_id: int) -> HttpResponse:
    """The estate a building belongs to."""
    area = find_area(actor_of(request), area_id)
    estates = {estate.pk: estate for estate in tree_lists.estates_at(area)}
    form = forms.EstateForm(posted(request), estates=estates.values(), initial={"estate": area.estate_id})

    def act(said: dict[str, Any]) -> HttpResponse:
        chosen = estates[said["estate"]] if said["estate"] else None
        actions.join_estate(area=area, estate=chosen, actor=actor_of(request), at=clock.now())
        return done(request, "已保存。", "settings:area", area.pk)

    return ask(request, form, act, _about(area, f"“{area.name}”所属的小区", "保存"))


@form_page
@for_keeper
def add_estate(request: HttpRequest, area_id: int) -> HttpResponse:
    """A new estate of a community."""
    area = find_area(actor_of(request), area_id)

    def act(said: dict[str, Any]) -> HttpResponse:
        actions.add_estate(name=said["name"], community=area, actor=actor_of(request), at=clock.now())
        return done(request, "小区已新增。可以到楼栋里选它。", "settings:area", area.pk)

    about = _about(
        area, f"“{area.name}”新增小区", "新增", listed=tree_lists.estates_at(area), listed_label="已有的小区"
    )
    return ask(request, forms.NameForm(posted(request)), act, about)


@form_page
@for_keeper
def rename_level(request: HttpRequest, level_id: int) -> HttpResponse:
    """The district's own name of a level."""
    level = tree_lists.find_level(level_id)

    def act(said: dict[str, Any]) -> HttpResponse:
        actions.rename_level(level=level, name=said["name"], actor=actor_of(request), at=clock.now())
        return done(request, "层级名称已修改。", "settings:levels")

    about = back_to("层级名称", "settings:levels", heading=f"修改层级“{level.name}”", button="保存")
    return ask(request, forms.LevelForm(posted(request), initial={"name": level.name}), act, about)
