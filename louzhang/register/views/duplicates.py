"""重复: rows that are likely one person, compared side by side, merged by hand and undone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from louzhang.accounts.visits import actor_of
from louzhang.journal.actions import once
from louzhang.journal.refusals import InputRefused
from louzhang.kit import clock
from louzhang.register.actions.merging import merge_residents, tell_apart, undo_merge
from louzhang.register.queries.duplicates import MOST, find_merge, find_pair, last_merges, likely_duplicates
from louzhang.register.views.frame import for_keepers, page
from louzhang.register.views.tabs import register_tabs
from louzhang.shell import toasts


@require_safe
@for_keepers
def duplicates(request: HttpRequest) -> HttpResponse:
    """The proposals with their reasons, and what was merged of late."""
    actor = actor_of(request)
    pairs = likely_duplicates(actor)
    context = {
        "pairs": pairs,
        "is_cut": len(pairs) >= MOST,
        "merges": last_merges(actor),
        "tabs": register_tabs(request),
        "back_url": reverse("register:houses"),
    }
    return page(request, "register/desk/duplicates.html", context)


@require_safe
@for_keepers
def compare(request: HttpRequest, first: UUID, second: UUID) -> HttpResponse:
    """Two rows side by side; one of them is chosen to stay."""
    one, other = find_pair(actor_of(request), first, second)
    facts = [
        ("姓名", one.resident.name, other.resident.name),
        ("性别", one.resident.get_sex_display(), other.resident.get_sex_display()),
        ("出生年", one.resident.birth_year, other.resident.birth_year),
        ("证件号码", one.resident.masked_id_number, other.resident.masked_id_number),
        ("电话", one.resident.masked_phone, other.resident.masked_phone),
        ("住处", one.where, other.where),
        ("与户主关系", one.tie, other.tie),
        ("登记", clock.local_date(one.resident.registered_at), clock.local_date(other.resident.registered_at)),
    ]
    context = {
        "one": one,
        "other": other,
        "facts": [(label, left, right, left != right) for label, left, right in facts],
        "back_url": reverse("register:duplicates"),
    }
    return page(request, "register/desk/compare.html", context)


@require_POST
@for_keepers
def merge(request: HttpRequest, first: UUID, second: UUID) -> HttpResponse:
    """Merge the two: the one that is chosen stays."""
    actor, at = actor_of(request), clock.now()
    stays, goes = (second, first) if request.POST.get("stays") == str(second) else (first, second)
    if request.POST.get("stays") not in {str(first), str(second)}:
        raise InputRefused("请选留下哪一条，再合并。", field="stays")

    def act() -> dict[str, Any]:
        ids = {side.resident.uid: side.resident.pk for side in find_pair(actor, first, second)}
        done = merge_residents(resident_id=ids[goes], into_id=ids[stays], actor=actor, at=at)
        return {"merge": str(done.uid)}

    answer = _once(request, {"act": "merge", "stays": str(stays), "goes": str(goes)}, act)
    response = redirect("register:resident", stays)
    undo = reverse("register:unmerge", args=[answer["merge"]])
    toasts.say(request, response, "已合并成一条。", undo_url=undo)
    return response


@require_POST
@for_keepers
def apart(request: HttpRequest, first: UUID, second: UUID) -> HttpResponse:
    """Note that they are two people."""
    actor, at = actor_of(request), clock.now()

    def act() -> dict[str, Any]:
        one, other = (side.resident.pk for side in find_pair(actor, first, second))
        tell_apart(first_id=one, second_id=other, actor=actor, at=at)
        return {}

    _once(request, {"act": "apart", "pair": sorted((str(first), str(second)))}, act)
    response = redirect("register:duplicates")
    toasts.say(request, response, "已记下不是同一个人，不再提示。")
    return response


@require_POST
@for_keepers
def unmerge(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Bring both rows back."""
    actor, at = actor_of(request), clock.now()
    found = find_merge(actor, uid)

    def act() -> dict[str, Any]:
        undo_merge(merge_id=found.pk, actor=actor, at=at)
        return {}

    _once(request, {"act": "unmerge", "merge": found.pk}, act)
    response = redirect("register:resident", found.resident.uid)
    toasts.say(request, response, "已撤销合并，两条登记都回来了。")
    return response


def _once(request: HttpRequest, body: dict[str, Any], perform: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Carry out what was posted once per entry id; the undoing of a toast has none."""
    try:
        entry_id = UUID(request.POST["entry_id"]) if request.POST.get("entry_id") else None
    except ValueError:
        raise InputRefused("这一页放得太久了，请刷新后再试。", field="entry_id") from None
    return dict(once(actor=actor_of(request), entry_id=entry_id, body=body, at=clock.now(), perform=perform))
