"""空缺: places without a holder or whose term ends soon, chosen for a round, as a workbook; and starting one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from louzhang.accounts.visits import actor_of
from louzhang.areas.queries.office_places import places_of
from louzhang.areas.queries.spoken import spoken_places
from louzhang.areas.roles import Role
from louzhang.areas.views.list_files import book_file
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import InputRefused
from louzhang.kit import clock
from louzhang.kit.books import book_of
from louzhang.kit.paging import BadCursor
from louzhang.kit.typed import number_of
from louzhang.roster.actions.choosing import RoundDraft, start_round
from louzhang.roster.forms.choosing import StartForm
from louzhang.roster.lifecycle.choosing import STEP_LABELS, StepKind
from louzhang.roster.models.choosing_scope import office_paths
from louzhang.roster.queries.choosing.gaps import (
    IN_FILE_AT_MOST,
    SEATED,
    WHYS,
    GapFilter,
    count_vacancies,
    days_at,
    gaps_of,
    places_to_start,
    vacancies,
    vacant_places,
)
from louzhang.roster.queries.choosing.rules import rule_now
from louzhang.roster.views.choosing.frame import act, blank, bound, for_offices, page, with_query
from louzhang.shell.parts import Item

HEAD = ("位置", "职务", "为什么空", "现在谁担任", "任期到", "选任走到")


@require_safe
@for_offices
def gaps(request: HttpRequest) -> HttpResponse:
    """The list with its filters, at first of whom most is missing; the community picks places and starts a round."""
    actor, at = actor_of(request), clock.now()
    days = days_at(at)
    counts = count_vacancies(actor, at, days)
    wanted = _wanted(request, lacking=max(counts, key=lambda role: counts[role]))
    try:
        found, rows = vacancies(actor, wanted, at, days)
    except BadCursor as refusal:
        raise InputRefused(str(refusal)) from None
    url, asked = reverse("choosing:gaps"), _asked(wanted)
    context = {
        "rows": rows,
        "role": wanted.role,
        "role_label": Role(wanted.role).label,
        "counts": [(Role(role).label, count, with_query(url, role=role)) for role, count in counts.items()],
        "roles": [
            Item(
                label=Role(role).label,
                url=with_query(url, **asked | {"role": role, "area": wanted.area_id}),
                current=role == wanted.role,
            )
            for role in SEATED
        ],
        "whys": _whys(url, wanted),
        "places": [(area.pk, label) for area, label in places_of(actor)],
        "chosen_area": wanted.area_id or "",
        "wanted": wanted,
        "may_start": bool(office_paths(actor)) and not wanted.is_chosen_now,
        "is_all": request.GET.get("all") == "1",
        "all_url": with_query(url, **asked, cursor=wanted.cursor, all="1"),
        "none_url": with_query(url, **asked, cursor=wanted.cursor),
        "file_url": with_query(reverse("choosing:gaps_file"), **asked),
        "previous": with_query(url, **asked, cursor=found.previous_cursor) if found.has_previous else "",
        "following": with_query(url, **asked, cursor=found.next_cursor) if found.has_next else "",
    }
    return page(request, "roster/choosing/gaps.html", context)


def _wanted(request: HttpRequest, lacking: str = Role.CHIEF) -> GapFilter:
    asked = request.GET
    return GapFilter(
        role=asked.get("role", "") if asked.get("role") in SEATED else lacking,
        why=asked.get("why", "") if asked.get("why") in WHYS else "",
        area_id=number_of(asked.get("area")),
        is_chosen_now=asked.get("chosen") == "1",
        cursor=asked.get("cursor") or None,
    )


def _asked(wanted: GapFilter) -> dict[str, Any]:
    asked = {
        "role": wanted.role,
        "why": wanted.why,
        "area": wanted.area_id,
        "chosen": "1" if wanted.is_chosen_now else "",
    }
    return {name: value for name, value in asked.items() if value}


def _whys(url: str, wanted: GapFilter) -> list[Item]:
    kept = {"role": wanted.role, "area": wanted.area_id}
    choices = [("全部空缺", {}), *((label, {"why": why}) for why, label in WHYS.items()), ("正在选任", {"chosen": "1"})]
    here = {"why": wanted.why} if wanted.why else {"chosen": "1"} if wanted.is_chosen_now else {}
    return [Item(label=label, url=with_query(url, **kept, **said), current=said == here) for label, said in choices]


@require_safe
@for_offices
def gaps_file(request: HttpRequest) -> HttpResponseBase:
    """The same list as a workbook."""
    actor, at, wanted = actor_of(request), clock.now(), _wanted(request)
    areas = list(vacant_places(actor, wanted, at).order_by("path")[:IN_FILE_AT_MOST])
    lines = [
        [
            gap.place, Role(wanted.role).label, gap.why, gap.holder, str(gap.ends_on or ""),
            gap.round.status_label if gap.round else "",
        ]
        for gap in gaps_of(areas, wanted.role, at)
    ]  # fmt: skip
    return book_file(f"空缺-{clock.local_date(at)}", book_of({"空缺": [list(HEAD), *lines]}))


@require_http_methods(["GET", "HEAD", "POST"])
@for_offices
def start(request: HttpRequest) -> HttpResponse:
    """One form for all places picked: what is chosen, the steps of the rule, until when people may be named."""
    actor, at = actor_of(request), clock.now()
    given = request.POST if request.method == "POST" else request.GET
    role = given.get("role", "") if given.get("role") in SEATED else Role.CHIEF.value
    ids = [number for typed in given.getlist("area") if (number := number_of(typed)) is not None]
    areas = places_to_start(actor, role, ids)
    rule = rule_now(at)
    form = StartForm(bound(request), rule=rule, role=role, at=at, initial=blank())

    def do(said: dict[str, Any], moment: datetime) -> str:
        draft = RoundDraft(role=role, area_ids=ids, **said)
        made = start_round(draft=draft, actor=actor, at=moment, entry_id=form.cleaned_data["entry_id"])
        return reverse("choosing:round", args=[made.uid])

    names = spoken_places(areas)
    return act(
        request, form, do, label="发起选任", back=with_query(reverse("choosing:gaps"), role=role),
        said="选任公布了，住在那里的居民可以推荐、自荐。", template="roster/choosing/start.html", role=role,
        role_label=Role(role).label, areas=[(area.pk, names[area.pk]) for area in areas],
        steps=[(STEP_LABELS[StepKind(step["step"])], step["runs"], step["why"]) for step in rule["steps"]],
        may_start=_may_start(actor),
    )  # fmt: skip


def _may_start(actor: Actor) -> bool:
    return bool(office_paths(actor))
