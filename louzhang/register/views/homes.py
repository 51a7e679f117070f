"""A dwelling, a household, a resident: what is known, and what can be done at the door."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from louzhang.accounts.visits import actor_of
from louzhang.areas.queries.spoken import spoken_places
from louzhang.kit import clock
from louzhang.register.actions import reveal_resident
from louzhang.register.beside import Ground, sections_beside
from louzhang.register.forms.acts import acts_on
from louzhang.register.models import Dwelling, Resident
from louzhang.register.queries.homes import (
    Family,
    behind_door,
    family_of,
    find_dwelling,
    find_household,
    find_resident,
    stays_of,
)
from louzhang.register.queries.places import where_is
from louzhang.register.scope import knows_vacancy
from louzhang.register.views.frame import for_keepers, page
from louzhang.shell.parts import Verb

REASONS = ("上门前联系", "核对登记", "帮忙办事", "紧急情况")
REVEALED = {"phone": "电话", "id_number": "证件号码", "birth_date": "出生日期"}


def verbs_on(kind: str, uid: UUID, *, but: Collection[str] = ()) -> list[Verb]:
    """The acts on a row as buttons but for those that cannot be now, those that end something last and red."""
    return [
        Verb(
            label=act.label,
            url=reverse("register:act", args=[kind, uid, act.verb]),
            kind="danger" if act.is_grave else "plain",
        )
        for act in acts_on(kind)
        if act.verb not in but
    ]


@require_safe
@for_keepers
def dwelling(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Behind one door: kind, who lives there, how to reach them, what they need, what was.

    To a script of the picture the same is answered as a sheet over it.
    """
    actor, at = actor_of(request), clock.now()
    home = find_dwelling(actor, uid)
    (living, apart), where = behind_door(home, actor, at), where_is(home.area)
    is_vacant = home.vacant_since is not None and knows_vacancy(actor, home.area)
    closed = ("vacate", "end") if living else ("vacate",) if is_vacant else ()
    context = {
        "dwelling": home,
        "place": f"{where.words} {home.door}",
        "is_vacant": is_vacant,
        "families": [_with_verbs(family) for family in living],
        "registered": apart,
        "verbs": [] if home.ended_at else verbs_on("dwelling", home.uid, but=closed),
        "sections": sections_beside(Ground(home.area, home), actor, at),
        "history_url": reverse("register:history", args=["dwelling", home.uid]),
        "back_url": reverse("register:house", args=[where.house_id]),
    }
    is_sheet = request.headers.get("HX-Request") == "true"
    return page(request, "register/parts/home_sheet.html" if is_sheet else "register/dwelling.html", context)


def _with_verbs(family: Family) -> dict[str, Any]:
    """A household with what can be done to it: of one who lives alone nobody else can become the head."""
    but = ("head",) if len(family.people) < 2 else ()
    return {"family": family, "verbs": verbs_on("household", family.household.uid, but=but)}


@require_safe
@for_keepers
def household(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One household: its people, reach, needs, and what happened."""
    actor, at = actor_of(request), clock.now()
    home = find_household(actor, uid)
    family = family_of(home, actor, at)
    context = {
        "dwelling": home.dwelling,
        "place": place_of(home.dwelling),
        "row": _with_verbs(family) | ({"verbs": []} if home.ends_on else {}),
        "household": home,
        "sections": sections_beside(Ground(home.dwelling.area, home.dwelling, home), actor, at),
        "history_url": reverse("register:history", args=["household", home.uid]),
        "back_url": reverse("register:dwelling", args=[home.dwelling.uid]),
    }
    return page(request, "register/household.html", context)


@require_safe
@for_keepers
def resident(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One resident: numbers masked, where they live and lived, what happened."""
    return _show(request, find_resident(actor_of(request), uid))


@sensitive_post_parameters("reason")
@require_POST
@for_keepers
def reveal(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Open a sealed field: with a reason, logged, limited by the hour."""
    actor = actor_of(request)
    row = find_resident(actor, uid)
    what = request.POST.get("what", "")
    reason = request.POST.get("reason", "")
    plain = reveal_resident(resident_id=row.pk, what=what, reason=reason, actor=actor, at=clock.now())
    return _show(request, row, revealed={"what": what, "label": REVEALED[what], "plain": plain or "没有登记"})


def _show(request: HttpRequest, row: Resident, **more: Any) -> HttpResponse:
    actor, at = actor_of(request), clock.now()
    stays = stays_of(row, actor)
    home = next((stay.household for stay in stays if stay.ends_on is None), None)
    context = {
        "resident": row,
        "stays": stays,
        "place": place_of(home.dwelling) if home else spoken_places([row.area])[row.area_id],
        "sealed": [(what, REVEALED[what]) for what in ("id_number", "birth_date") if getattr(row, f"{what}_sealed")],
        "reasons": REASONS,
        "verbs": [] if row.died_on else verbs_on("resident", row.uid),
        "sections": sections_beside(Ground(row.area, home.dwelling if home else None, home, row), actor, at),
        "history_url": reverse("register:history", args=["resident", row.uid]),
        "back_url": reverse("register:dwelling", args=[home.dwelling.uid]) if home else reverse("register:houses"),
        **more,
    }
    return page(request, "register/resident.html", context)


def place_of(home: Dwelling) -> str:
    """A dwelling in words, from the community down."""
    return f"{spoken_places([home.area])[home.area_id]} {home.door}"
