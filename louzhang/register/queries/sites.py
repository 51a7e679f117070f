"""Sites and firms of the places an actor looks after, and the points of a map."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from louzhang.areas.models import Area, Unit
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import NotThere
from louzhang.kit.paging import Page, page_of
from louzhang.register.models import Firm, Site, SiteQuerySet
from louzhang.register.scope import keeping_seats

PAGE, POINTS_AT_MOST = 50, 500


def _sites(actor: Actor, kind: str, due: date | None) -> SiteQuerySet:
    rows = Site.objects.visible_to(actor).current().select_related("area", "keeper_unit", "keeper_firm")
    rows = rows.filter(kind=kind) if kind else rows
    return (rows.due_by(due) if due else rows).defer("area__outline")


def list_sites(actor: Actor, *, kind: str = "", due: date | None = None, cursor: str | None = None) -> Page[Site]:
    """Sites in scope, of a kind or due by a day; raises `BadCursor`."""
    return page_of(_sites(actor, kind, due), cursor=cursor, size=PAGE)


def points_of_sites(actor: Actor, *, kind: str = "", due: date | None = None) -> list[Site]:
    """Those with a position, for the map."""
    rows = _sites(actor, kind, due).filter(longitude__isnull=False)
    return list(rows.order_by("-pk")[:POINTS_AT_MOST])


def find_site(actor: Actor, uid: uuid.UUID) -> Site:
    """One site in scope; raises `NotThere`."""
    rows = Site.objects.visible_to(actor).select_related("area__level", "keeper_unit", "keeper_firm")
    site = rows.filter(uid=uid).first()
    if site is None:
        raise NotThere("没有找到这个点位，或它不在您的范围内。")
    return site


def list_firms(actor: Actor, *, cursor: str | None = None) -> Page[Firm]:
    """Firms in scope; raises `BadCursor`."""
    rows = Firm.objects.visible_to(actor).current().select_related("area").defer("area__outline")
    return page_of(rows, cursor=cursor, size=PAGE)


def find_firm(actor: Actor, uid: uuid.UUID) -> Firm:
    """One firm in scope; raises `NotThere`."""
    firm = Firm.objects.visible_to(actor).select_related("area__level").filter(uid=uid).first()
    if firm is None:
        raise NotThere("没有找到这个单位商户，或它不在您负责的范围内。")
    return firm


def places_to_choose(actor: Actor) -> list[tuple[str, str]]:
    """The areas where an actor keeps the register, as choices, in the order of the tree."""
    paths = [seat.path for seat in keeping_seats(actor)]
    rows: Any = Area.objects.get_queryset().under_paths(paths).current().order_by("path")
    named = list(rows.values_list("pk", "path", "name"))
    names = {path: name for _, path, name in named}
    return [(str(pk), f"{names.get(path[: -Area.steplen], '')} {name}".strip()) for pk, path, name in named]


def keepers_to_choose(actor: Actor) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Units in use and firms in scope, as choices."""
    units = Unit.objects.filter(ended_at=None).order_by("kind", "name_key", "pk").values_list("pk", "name")
    firms = Firm.objects.visible_to(actor).current().order_by("name", "pk").values_list("pk", "name")
    return [(str(pk), name) for pk, name in units], [(str(pk), name) for pk, name in firms[:500]]
