"""上级报表 at the desk: a blank once, what its headings mean, then filled for any place and days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from louzhang.accounts.visits import actor_of
from louzhang.areas.models import Area, Unit
from louzhang.areas.views.list_files import book_file
from louzhang.fieldwork.actions.bulletins import (
    fill_bulletin,
    keep_bulletin,
    map_blank,
    put_away_bulletin,
    refuse_days,
    renew_blank,
)
from louzhang.fieldwork.forms.bulletins import (
    LINES,
    BlankForm,
    BulletinForm,
    FillForm,
    choices_of,
    mapping_typed,
    slots_of,
)
from louzhang.fieldwork.models import Bulletin, BulletinBlank
from louzhang.fieldwork.queries.bulletins import (
    Filled,
    Slot,
    blank_of,
    blanks_of,
    filled_with,
    fills_of,
    find_bulletin,
    list_bulletins,
    places_to_fill,
    span_of,
)
from louzhang.fieldwork.values import values_for
from louzhang.fieldwork.views.asking_frame import for_askers, for_members, page, tried
from louzhang.journal.actor import Actor
from louzhang.journal.forms import first_refusal
from louzhang.journal.middleware import status_of
from louzhang.journal.refusals import NotThere, NotYours, Refusal
from louzhang.kit import clock
from louzhang.shell import toasts

Places = Sequence[tuple[Area, str]]
COMPUTED = "自动算"


@require_safe
@for_askers
def bulletins(request: HttpRequest) -> HttpResponse:
    """Those of the own units and those asked of the own community."""
    actor = actor_of(request)
    rows = [(row, row.owner_id in actor.unit_ids) for row in list_bulletins(actor)]
    return page(request, "fieldwork/asking/bulletins.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@for_askers
def keep(request: HttpRequest) -> HttpResponse:
    """A blank for the first time."""
    actor, at = actor_of(request), clock.now()
    units = list(Unit.objects.filter(pk__in=sorted(actor.unit_ids), ended_at=None).order_by("pk"))
    form = BulletinForm(request.POST or None, request.FILES or None)
    form.prepare(units)
    made: list[Bulletin] = []

    def act() -> None:
        if not form.is_valid():
            raise first_refusal(form)
        said = form.cleaned_data
        unit = next(unit for unit in units if str(unit.pk) == said["unit"])
        facts = {name: said[name] for name in ("name", "above", "span")}
        made.append(keep_bulletin(unit=unit, upload=form.upload(), actor=actor, at=at, **facts))

    status = tried(form, act) if request.method == "POST" else 200
    if made:
        return _to(request, "asking:mapping", made[0].uid, "空表已保存。请看一下每个表头对应的数对不对。")
    context = {"form": form, "label": "上传一张上级报表", "about": "上传一次空表，以后每期自动填。"}
    return page(request, "fieldwork/asking/keep.html", _with_back(context, "asking:bulletins"), status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def renew(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The blank has changed."""
    actor, at = actor_of(request), clock.now()
    bulletin = _own(actor, uid)
    form = BlankForm(request.POST or None, request.FILES or None)

    def act() -> None:
        if not form.is_valid():
            raise first_refusal(form)
        renew_blank(uid=uid, upload=form.upload(), actor=actor, at=at)

    status = tried(form, act) if request.method == "POST" else 0
    if status == 200:
        return _to(request, "asking:mapping", uid, "新的空表已保存，原来的对应能用的都带过来了。")
    context = {"form": form, "label": f"换新的空表：{bulletin.name}", "about": "以前的版本和填过的表都留着。"}
    return page(
        request, "fieldwork/asking/keep.html", _with_back(context, "asking:bulletin", uid), status=status or 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def mapping(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What each heading, line and cell means."""
    actor, at = actor_of(request), clock.now()
    bulletin = _own(actor, uid)
    blank = blank_of(bulletin)
    meant: Any = blank.mapping
    status, error = 200, ""
    if request.method == "POST":
        meant = mapping_typed(blank, request.POST)
        number = request.POST.get("number", "")
        try:
            map_blank(uid=uid, number=int(number) if number.isdecimal() else 0, mapping=meant, actor=actor, at=at)
        except (NotThere, NotYours):
            raise
        except Refusal as refusal:
            status, error = status_of(refusal), refusal.message
        else:
            return _to(request, "asking:bulletin", uid, "对应已保存，以后按它填。")
    context = {
        "bulletin": bulletin,
        "blank": blank,
        "sheets": slots_of(blank, meant),
        "values": choices_of(values_for(actor, at)),
        "lines": LINES,
        "error": error,
    }
    return page(request, "fieldwork/asking/mapping.html", context, status=status)


@require_safe
@for_members
def bulletin(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One: what a filled one would say, what is missing, who took one."""
    actor, at = actor_of(request), clock.now()
    found, places = find_bulletin(actor, uid), places_to_fill(actor)
    asked = {name: request.GET.get(name, "") for name in ("area", "since", "until")}
    first = _first(found, places, clock.local_date(at))
    form = FillForm(initial=first | {name: said for name, said in asked.items() if said})
    form.prepare(places)
    return _page(request, found, form, places, first | {name: said for name, said in asked.items() if said})


@require_POST
@for_members
def fill(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """Take a filled one away."""
    actor, at = actor_of(request), clock.now()
    found = find_bulletin(actor, uid)
    form, places = FillForm(request.POST), places_to_fill(actor)
    form.prepare(places)
    taken: list[HttpResponse] = []

    def act() -> None:
        if not form.is_valid():
            raise first_refusal(form)
        since, until = form.days()
        said = form.cleaned_data
        row, area, content, _ = fill_bulletin(
            uid=uid, area_id=int(said["area"]), since=since, until=until, purpose=said["purpose"], actor=actor, at=at
        )
        taken.append(book_file(f"{row.name}-{area.name}-{until:%Y%m%d}", content))

    status = tried(form, act)
    if taken:
        return taken[0]
    asked = {name: request.POST.get(name, "") for name in ("area", "since", "until")}
    return _page(request, found, form, places, asked, status=status)


@require_safe
@for_members
def blank_file(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """The newest blank as it came."""
    found = find_bulletin(actor_of(request), uid)
    return book_file(f"{found.name}-空表", bytes(blank_of(found, with_file=True).content))


@require_POST
@for_members
def put_away(request: HttpRequest, uid: UUID) -> HttpResponse:
    """It is asked for no more."""
    put_away_bulletin(uid=uid, actor=actor_of(request), at=clock.now())
    response = redirect("asking:bulletins")
    toasts.say(request, response, "已停用，以前填的记录都留着。")
    return response


def _own(actor: Actor, uid: UUID) -> Bulletin:
    found = find_bulletin(actor, uid)
    if found.owner_id not in actor.unit_ids:
        raise NotYours("这张报表由上传它的单位维护，您可以填写和下载。")
    return found


def _first(found: Bulletin, places: Places, day: date) -> dict[str, str]:
    since, until = span_of(found.span, day)
    area = str(places[0][0].pk) if places else ""
    return {"area": area, "since": since.isoformat(), "until": until.isoformat()}


def _page(
    request: HttpRequest, found: Bulletin, form: FillForm, places: Places, asked: dict[str, str], *, status: int = 200
) -> HttpResponse:
    actor, blanks = actor_of(request), blanks_of(found)
    blank, made, why = blanks[0], None, ""
    try:
        made = _preview(actor, blank, places, asked)
    except Refusal as refusal:
        why = refusal.message
        status = status if status != 200 else status_of(refusal)
    context = {
        "bulletin": found,
        "blank": blank,
        "blanks": blanks,
        "fills": fills_of(found, actor),
        "form": form,
        "made": made,
        "why": why,
        "sheets": _shown(blank.layout, made) if made is not None else [],
        "is_own": found.owner_id in actor.unit_ids,
        "entry_id": uuid4(),
    }
    return page(request, "fieldwork/asking/bulletin.html", context, status=status)


def _preview(actor: Actor, blank: BulletinBlank, places: Places, asked: dict[str, str]) -> Filled | None:
    """What would be filled in; none for whoever reads no numbers of any place."""
    areas = {str(area.pk): area for area, _ in places}
    if not areas:
        return None
    area = areas.get(asked["area"])
    if area is None:
        raise NotThere("没有找到这个地点，或它不在您的范围内。请重新选择地点。")
    try:
        since, until = date.fromisoformat(asked["since"]), date.fromisoformat(asked["until"])
    except ValueError:
        return None
    at = clock.now()
    refuse_days(since, until, at)
    return filled_with(blank, area, since, until, actor=actor, at=at)


def _shown(layout: Any, made: Filled) -> list[dict[str, Any]]:
    """The sheets as they will look: text of the blank, numbers, gaps; cells that say the same side by side are one."""
    told = made.told()
    found = []
    for sheet in layout["sheets"]:
        slots = told.get(sheet["entry"], {})
        at_spot = {(slot.row, slot.column): slot for slot in slots.values()}
        lines: dict[int, list[str]] = dict(sheet["lines"])
        for spot in sheet.get("formulas", ()):
            row, column = (int(each) for each in spot.split(":"))
            cells = lines.setdefault(row, [])
            cells += [""] * (column - len(cells))
            cells[column - 1] = COMPUTED
        width = max([*(len(cells) for cells in lines.values()), *(column for _, column in at_spot)], default=0)
        rows = [
            _joined(row, lines.get(row, []), at_spot, width) for row in sorted({*lines, *(row for row, _ in at_spot)})
        ]
        found.append({"name": sheet["name"], "rows": rows, "has_slots": bool(slots)})
    return found


def _joined(
    row: int, cells: list[str], slots: dict[tuple[int, int], Slot], width: int
) -> list[tuple[Slot | None, str, int]]:
    """The cells of a line: what is filled in, or the text and over how many columns it goes."""
    found: list[tuple[Slot | None, str, int]] = []
    for column in range(1, width + 1):
        slot, text = slots.get((row, column)), cells[column - 1] if column <= len(cells) else ""
        last = found[-1] if found else None
        if slot is None and text and text != COMPUTED and last is not None and last[0] is None and last[1] == text:
            found[-1] = (None, text, last[2] + 1)
        else:
            found.append((slot, text, 1))
    return found


def _to(request: HttpRequest, name: str, uid: UUID, said: str) -> HttpResponse:
    response = redirect(name, uid=uid)
    toasts.say(request, response, said)
    return response


def _with_back(context: dict[str, Any], name: str, *args: object) -> dict[str, Any]:
    return {**context, "back_url": reverse(name, args=args), "entry_id": uuid4()}
