"""Perhaps the same matter: two orders side by side, the card of an order, what merges with one tap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from louzhang.accounts.visits import actor_of, visit_of
from louzhang.journal.actor import Actor
from louzhang.journal.models import Attachment, AttachmentKind, AttachmentStage
from louzhang.journal.refusals import NotThere
from louzhang.kit import clock
from louzhang.shell.parts import Fact, Photo
from louzhang.workorders.lifecycle import IN_PROGRESS, LOOP, Relation, State
from louzhang.workorders.models import Handling, Report, WorkOrder
from louzhang.workorders.queries import find_order, reports_of, voices_elsewhere
from louzhang.workorders.queries.duplicates import (
    Burst,
    Candidate,
    Said,
    bursts_of,
    candidates_for,
    matter_of,
    merged_here,
    number_behind,
    photo_of,
    public_line_of,
    said_of,
)
from louzhang.workorders.queries.place_lines import spoken_places
from louzhang.workorders.views.desk import desk_page, for_desk, is_swap, order_of
from louzhang.workorders.views.rows import verb_link, where_of
from louzhang.workorders.views.telling import photos_of, title_of

SHOWN = 4
VOICES_SHOWN = 20
MERGED_SHOWN = 30
BOX_ROWS = range(1, 5)


@dataclass(frozen=True, slots=True)
class Line:
    """One candidate as a line: what, why, where to compare and to merge."""

    number: str
    title: str
    why: str
    state: str
    url: str


@dataclass(frozen=True, slots=True)
class Side:
    """One of two orders side by side."""

    order: WorkOrder
    title: str
    words: str
    photos: list[Photo]
    facts: list[Fact]


def lines_of(candidates: Sequence[Candidate], number: str) -> list[Line]:
    """Candidates of an order as lines that lead to the comparison."""
    url = reverse("desk:same", args=[number])
    return [
        Line(
            number=each.order.number,
            title=title_of(each.order),
            why=each.why,
            state=each.order.status_label,
            url=f"{url}?with={each.order.number}",
        )
        for each in candidates
    ]


@require_safe
@for_desk
def around(request: HttpRequest, number: str) -> HttpResponse:
    """What the page of an order shows of duplicates, fetched after it: candidates, what went where."""
    order = order_of(request, number)
    if not is_swap(request):
        return redirect("desk:same", number)
    actor = actor_of(request)
    is_desk = Relation.DESK in order.relations_now
    found = candidates_for(matter_of(order), actor) if is_desk and order.status in IN_PROGRESS else []
    context = {
        "order": order,
        "same": lines_of(found[:SHOWN], order.number),
        "same_count": len(found),
        "merged_to": number_behind(order) if order.status == State.MERGED else "",
        "merged_here": merged_here(order, actor, MERGED_SHOWN) if is_desk and order.report_count > 1 else [],
    }
    return render(request, "workorders/desk/parts/duplicates.html", context)


@require_safe
@for_desk
def voices(request: HttpRequest, number: str) -> HttpResponse:
    """What everybody but the first said: a part of the page of an order, and a page of its own."""
    actor, at = actor_of(request), visit_of(request).at
    order = order_of(request, number)
    told = reports_of(order, actor)
    shown = told if "all" in request.GET else sorted(told, key=lambda voice: -voice.pk)[:VOICES_SHOWN]
    context = {
        "order": order,
        "title": title_of(order),
        "other_voices": _other_voices(shown, actor, at),
        "is_more": len(told) > len(shown),
        "now": at,
    }
    if is_swap(request):
        return render(request, "workorders/desk/parts/voices.html", context)
    return desk_page(request, "workorders/desk/voices.html", context)


def _other_voices(shown: Sequence[Report], actor: Actor, at: datetime) -> list[dict[str, Any]]:
    """Voices with their words, each kept where it was written; the first of the order stands on its page."""
    heard = voices_elsewhere(shown, and_joined=True)
    return [
        {
            "voice": voice,
            "words": str(heard[voice.pk].spoken.get("words", "")),
            "is_erased": heard[voice.pk].is_erased,
            "photos": photos_of(heard[voice.pk].attachments, actor, at),
        }
        for voice in shown
        if voice.pk in heard
    ]


@require_safe
@for_desk
def same(request: HttpRequest, number: str) -> HttpResponse:
    """An order and one candidate side by side, with full text and large photos; m merges, j and k go on."""
    actor, at = actor_of(request), visit_of(request).at
    order = _of_desk(actor, number)
    found = candidates_for(matter_of(order), actor) if order.status in IN_PROGRESS else []
    other = _other(request.GET.get("with", ""), found, actor, order)
    both = [each for each in (order, other) if each is not None]
    said, places = said_of(both), spoken_places([each.area for each in both])
    context: dict[str, Any] = {
        "order": order,
        "title": title_of(order),
        "other": other,
        "sides": [_side(each, said[each.pk], places.get(each.area_id, ""), actor, at) for each in both],
        "lines": lines_of(found, order.number),
        **_around(other, found, order),
        **_merging(order, other),
    }
    return desk_page(request, "workorders/desk/same.html", context)


def _of_desk(actor: Actor, number: str) -> WorkOrder:
    order = find_order(actor, number)
    if order is None or Relation.DESK not in order.relations_now:
        raise NotThere("没有找到这件事，或不由您受理。请核对单号。")
    return order


def _other(asked: str, found: Sequence[Candidate], actor: Actor, order: WorkOrder) -> WorkOrder | None:
    """The order to compare with: the one asked for, else the likeliest."""
    number = asked or (found[0].order.number if found else "")
    return _of_desk(actor, number) if number and number != order.number else None


def _side(order: WorkOrder, said: Said, place: str, actor: Actor, at: datetime) -> Side:
    facts = [
        ("类别", order.category.name),
        ("地点", where_of(order, place)),
        ("反映时间", clock.speak(order.reported_at, at)),
        ("反映人数", f"{order.report_count} 人"),
        ("谁在办", order.lead_unit.name if order.lead_unit else order.desk_area.name),
    ]
    return Side(
        order=order,
        title=title_of(order),
        words=said.words,
        photos=photos_of(said.photos, actor, at),
        facts=[Fact(label=label, value=value) for label, value in facts if value],
    )


def _around(other: WorkOrder | None, found: Sequence[Candidate], order: WorkOrder) -> dict[str, str]:
    """Where j and k lead: the candidate after and before the one shown."""
    numbers = [each.order.number for each in found]
    if other is None or other.number not in numbers:
        return {"before": "", "after": "", "why": ""}
    place = numbers.index(other.number)
    url = reverse("desk:same", args=[order.number])
    return {
        "before": f"{url}?with={numbers[place - 1]}" if place > 0 else "",
        "after": f"{url}?with={numbers[place + 1]}" if place + 1 < len(numbers) else "",
        "why": found[place].why,
    }


def _merging(order: WorkOrder, other: WorkOrder | None) -> dict[str, Any]:
    """The younger goes into the older by m; the other way round by a plain button."""
    if other is None or not {order.status, other.status} <= IN_PROGRESS:
        return {"merge": None, "turned": None}
    younger, older = (order, other) if order.pk > other.pk else (other, order)
    return {
        "merge": {"verb": verb_link(younger, LOOP["merge"]), "into": older.number, "younger": younger.number},
        "turned": {"verb": verb_link(older, LOOP["merge"]), "into": younger.number, "older": older.number},
    }


def merge_context(request: HttpRequest, order: WorkOrder, form: Any) -> dict[str, Any]:
    """The dialog of merging: the candidates to choose from, the one asked for chosen."""
    found = candidates_for(matter_of(order), actor_of(request))
    chosen = str(form["into"].value() or request.GET.get("into", ""))
    lines = lines_of(found, order.number)
    is_listed = chosen in {line.number for line in lines}
    return {"same": lines, "into": chosen, "typed": "" if is_listed else chosen}


def announce_context(request: HttpRequest, order: WorkOrder, form: Any) -> dict[str, Any]:
    """The dialog of telling neighbours: the photos that could be released, the line that stands now."""
    actor, at = actor_of(request), visit_of(request).at
    files = said_of([order], every=True)[order.pk].photos
    return {
        "choices": [{"uid": file.uid, "photo": photos_of([file], actor, at)[0]} for file in files if file.salt],
        "photo": str(form["photo"].value() or ""),
        "line": public_line_of(order),
    }


def split_context(request: HttpRequest, order: WorkOrder, form: Any) -> dict[str, Any]:
    """The dialog of taking apart: the orders that were merged into this one."""
    chosen = str(form["other"].value() or request.GET.get("other", ""))
    return {"merged_here": merged_here(order, actor_of(request), MERGED_SHOWN), "other": chosen}


def burst_lines(actor: Actor) -> list[dict[str, Any]]:
    """Many reports of one matter at one's desk, each burst a line with one tap."""
    return [_burst_line(burst) for burst in bursts_of(actor)]


def _burst_line(burst: Burst) -> dict[str, Any]:
    number = burst.head.number
    return {
        "count": burst.count,
        "category": burst.head.category.name,
        "title": title_of(burst.head),
        "number": number,
        "numbers": burst.numbers,
        "act_url": reverse("desk:act", args=[number, "gather"]),
        "url": reverse("desk:same", args=[number]),
        "entry_id": uuid4(),
    }


@require_safe
@for_desk
def photo(request: HttpRequest, number: str, uid: UUID) -> HttpResponse:
    """One photo, large, to draw over faces and plates; the numbers beside it do the same by keyboard."""
    order = order_of(request, number)
    file = photo_of(order, uid) if Relation.DESK in order.relations_now else None
    if file is None:
        raise NotThere("没有找到这张照片，它可能还在处理。请刷新工单页后再试。")
    shown = photos_of([file], actor_of(request), visit_of(request).at)[0]
    context = {
        "order": order,
        "title": title_of(order),
        "uid": uid,
        "photo": shown,
        "file": file,
        "entry_id": uuid4(),
        "rows": BOX_ROWS,
        "act_url": reverse("desk:act", args=[number, "blur"]),
    }
    return desk_page(request, "workorders/desk/photo.html", context)


def can_be_blurred(file: Attachment) -> bool:
    """Whether a file is a photo as it was taken, ready to be looked at."""
    return file.kind == AttachmentKind.PHOTO and file.stage == AttachmentStage.READY and not file.blurred


def may_announce(order: WorkOrder) -> bool:
    """Whether neighbours may be told of a matter of this kind."""
    return order.category.is_public_space and order.category.handling == Handling.PLAIN
