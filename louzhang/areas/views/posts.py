"""任职: the list with its filters, places without a holder, one post, ending it, its stand-in."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from louzhang.accounts.visits import actor_of
from louzhang.areas import actions
from louzhang.areas.forms.units import EndPostForm, StandInForm
from louzhang.areas.models import Area, PostKind
from louzhang.areas.queries import post_lists, tree_lists
from louzhang.areas.queries.finding_people import appointable_person
from louzhang.areas.queries.histories import history_of
from louzhang.areas.queries.people_lists import search_handle, words_of_handle
from louzhang.areas.queries.post_lists import PostFilter
from louzhang.areas.rights import areas_visible_to, find_post, may_change, roles_to_fill
from louzhang.areas.roles import Role
from louzhang.areas.sheets.posts import HEAD
from louzhang.areas.telling import places_of, title_of
from louzhang.areas.views.appointing import candidates
from louzhang.areas.views.list_files import export_items, list_file
from louzhang.areas.views.settings_frame import (
    ask,
    done,
    for_readers,
    posted,
    settings_page,
    turning,
)
from louzhang.journal.refusals import InputRefused, NotThere
from louzhang.kit import clock
from louzhang.kit.paging import BadCursor
from louzhang.kit.typed import number_of
from louzhang.shell.parts import Item

STATES = {"current": "现任", "coming": "还没开始", "ended": "已结束"}
CSV_AT_MOST = 20_000


@require_safe
@for_readers
def posts(request: HttpRequest) -> HttpResponse:
    """The list, newest first; filters in the URL."""
    actor, at, wanted = actor_of(request), clock.now(), _wanted(request, request.GET)
    try:
        page, rows = post_lists.list_posts(actor, wanted, at)
    except BadCursor as refusal:
        raise InputRefused(str(refusal)) from None
    context = {
        "rows": rows,
        "states": [
            Item(label=label, url=_address(wanted, state=state), current=wanted.state == state)
            for state, label in STATES.items()
        ],
        "filters": _chips(wanted, _area_of(request, wanted)),
        "vacancies": _vacancies(request),
        "exports": export_items("settings:posts_csv", **_kept(wanted)),
        "wanted": wanted,
        "is_narrowed": bool(wanted.role or wanted.area_id or wanted.words),
        **turning(page, **_kept(wanted)),
    }
    return settings_page(request, "areas/settings/posts.html", context)


@sensitive_post_parameters("words")
@require_POST
@for_readers
def find(request: HttpRequest) -> HttpResponse:
    """Part of a holder's name: posted, and answered by the list with a handle in its address."""
    words = request.POST.get("words", "").strip()[:40]
    handle = search_handle(actor_of(request), words) if words else ""
    return redirect(_address(_wanted(request, request.POST), found=handle))


def _wanted(request: HttpRequest, asked: QueryDict) -> PostFilter:
    role, state, found = asked.get("role", ""), asked.get("state", ""), asked.get("found", "")
    words = words_of_handle(actor_of(request), found)
    return PostFilter(
        role=role if role in Role.values else "",
        area_id=number_of(asked.get("area")),
        state=state if state in STATES else "current",
        found=found if words else "",
        words=words,
        cursor=asked.get("cursor") or None,
    )


def _address(wanted: PostFilter, **changes: str) -> str:
    asked = _kept(wanted) | changes
    kept = {key: value for key, value in asked.items() if value and value != "current"}
    return f"{reverse('settings:posts')}?{urlencode(kept)}" if kept else reverse("settings:posts")


def _kept(wanted: PostFilter) -> dict[str, Any]:
    return {"role": wanted.role, "area": wanted.area_id or "", "state": wanted.state, "found": wanted.found}


def _area_of(request: HttpRequest, wanted: PostFilter) -> Area | None:
    if wanted.area_id is None:
        return None
    found: Area | None = areas_visible_to(actor_of(request)).filter(pk=wanted.area_id).first()
    return found


def _chips(wanted: PostFilter, area: Area | None) -> list[Item]:
    chips = [Item(label=area.name, url=_address(wanted, area=""), current=True)] if area else []
    if wanted.words:
        chips.append(Item(label=f"姓名含“{wanted.words}”", url=_address(wanted, found=""), current=True))
    return chips + [
        Item(
            label=role.label,
            url=_address(wanted, role="" if wanted.role == role else role.value),
            current=wanted.role == role,
        )
        for role in Role
    ]


def _vacancies(request: HttpRequest) -> list[Item]:
    found = tree_lists.vacancies(actor_of(request), clock.now())
    return [
        Item(
            label=f"还没有{role.label}", url=f"{reverse('settings:vacant')}?role={role}", count=count, icon="user-plus"
        )
        for role, count in found.items()
        if count
    ]


@require_safe
@for_readers
def posts_csv(request: HttpRequest) -> HttpResponseBase:
    """The filtered list as a file that an import reads, without any phone."""
    found = post_lists.narrowed_posts(actor_of(request), _wanted(request, request.GET), clock.now())
    rows = list(found.order_by("-pk")[:CSV_AT_MOST])
    places = places_of(rows)
    lines = (
        (
            post.user.name,
            post.user.uid,
            title_of(post),
            Role(post.role).label,
            post.area.code if post.area else "",
            post.unit.name if post.unit else "",
            places[post.pk],
            PostKind(post.kind).label,
            post.starts_on,
            post.ends_on or "",
            post.stand_in.name if post.stand_in else "",
            post.stand_in.uid if post.stand_in else "",
        )
        for post in rows
    )
    return list_file(request, "任职", HEAD, lines)


@require_safe
@for_readers
def vacant(request: HttpRequest) -> HttpResponse:
    """Grids, buildings and groups in scope where nobody holds the role that belongs there."""
    actor, at = actor_of(request), clock.now()
    role = Role.CHIEF if request.GET.get("role") == Role.CHIEF else Role.GRID_WORKER
    try:
        page = tree_lists.vacant_areas(actor, role, at, request.GET.get("cursor") or None)
    except BadCursor as refusal:
        raise InputRefused(str(refusal)) from None
    lines = tree_lists.lines_of(page.rows)
    context = {
        "role": role,
        "tabs": [
            Item(label=f"还没有{each.label}", url=f"?role={each}", current=each == role)
            for each in (Role.GRID_WORKER, Role.CHIEF)
        ],
        "rows": [
            {"area": area, "line": lines[area.pk], "may": role in roles_to_fill(actor, area, None, at)}
            for area in page.rows
        ],
        **turning(page, role=role),
    }
    return settings_page(request, "areas/settings/vacant.html", context)


@require_safe
@for_readers
def post(request: HttpRequest, post_id: int) -> HttpResponse:
    """One post: who, where, since when, and what changed."""
    return _post_page(request, post_id, StandInForm())


def _post_page(request: HttpRequest, post_id: int, form: StandInForm, status: int = 200) -> HttpResponse:
    actor, at = actor_of(request), clock.now()
    found = find_post(actor, post_id)
    is_over = found.ends_on is not None and found.ends_on <= clock.local_date(at)
    context = {
        "post": found,
        "title": title_of(found),
        "role": Role(found.role).label,
        "kind": PostKind(found.kind).label,
        "place": places_of([found])[found.pk],
        "is_over": is_over,
        "may_change": not is_over and may_change(actor, found, at),
        "history": history_of(found),
        "form": form,
        **candidates(actor, form, at),
    }
    return settings_page(request, "areas/settings/post.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@for_readers
def end(request: HttpRequest, post_id: int) -> HttpResponse:
    """End it from a day on."""
    actor, at = actor_of(request), clock.now()
    found = find_post(actor, post_id)
    form = EndPostForm(posted(request), initial={"ends_on": clock.local_date(at)})

    def act(said: dict[str, Any]) -> HttpResponse:
        actions.end_post(post=found, actor=actor, at=at, ends_on=said["ends_on"])
        return done(request, "已结束任职。做过的事都留在原来的记录里。", "settings:post", found.pk)

    about = {
        "heading": f"结束任职：{found.user.name}，{title_of(found)}",
        "button": "结束任职",
        "is_grave": True,
        "words": "从这一天起，这个人不再看到这里的事，也不再接到新的事。位置空出来，可以任命下一个人。",
        "back_url": reverse("settings:post", args=[found.pk]),
        "back_label": "任职",
    }
    return ask(request, form, act, about)


@sensitive_post_parameters("words")
@require_POST
@for_readers
def stand_in(request: HttpRequest, post_id: int) -> HttpResponse:
    """Find who acts beside the holder, name them, or nobody any more."""
    actor, at = actor_of(request), clock.now()
    found = find_post(actor, post_id)
    form = StandInForm(request.POST)
    form.is_valid()
    if "nobody" in request.POST:
        actions.name_stand_in(post=found, stand_in=None, actor=actor, at=at)
        return done(request, "不再有替岗人。", "settings:post", found.pk)
    if "look" in request.POST or form.chosen is None:
        return _post_page(request, post_id, form, 200 if "look" in request.POST else 400)
    try:
        person = appointable_person(actor, form.chosen, at)
        actions.name_stand_in(post=found, stand_in=person, actor=actor, at=at)
    except (InputRefused, NotThere) as refusal:
        form.add_error("words", refusal.message)
        return _post_page(request, post_id, form, 400)
    return done(request, "已指定替岗人，现在就可以办这里的事。", "settings:post", found.pk)


@require_safe
@for_readers
def choose_seat(request: HttpRequest) -> HttpResponse:
    """Where to appoint: areas and units found by words."""
    actor, at = actor_of(request), clock.now()
    words = request.GET.get("q", "").strip()[:40]
    areas = tree_lists.search_areas(actor, words)
    lines = tree_lists.lines_of(areas)
    choices = [
        Item(
            label=area.name,
            note=f"{area.level.name} {lines[area.pk]}",
            url=f"{reverse('settings:appoint')}?area={area.pk}",
        )
        for area in areas
        if roles_to_fill(actor, area, None, at)
    ]
    choices += [
        Item(label=unit.name, note="承办单位", url=f"{reverse('settings:appoint')}?unit={unit.pk}")
        for unit in post_lists.search_units(actor, words)
        if roles_to_fill(actor, None, unit, at)
    ]
    context = {"words": words, "choices": choices, "is_short": 0 < len(words) < tree_lists.SHORTEST_SEARCH}
    return settings_page(request, "areas/settings/choose_seat.html", context)
