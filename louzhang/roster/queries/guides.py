"""遇到…怎么办: the words that hold at a place, and the people to call who are really there."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q

from louzhang.areas.models import Area, Post, ServedArea, UnitKind
from louzhang.areas.queries import line_of
from louzhang.areas.queries.people_lists import office_near
from louzhang.areas.roles import FIELD_ROLES, OFFICE_ROLES, Role
from louzhang.duty.queries import at_work
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import NotThere
from louzhang.kit import clock
from louzhang.kit.bigrams import bigrams, query_terms
from louzhang.register.scope import COMMUNITY_RANK
from louzhang.roster.models.duties import Callee, Guide

UNKNOWN = "没有找到这一页，它可能已经停用。请回到列表重新选。"
PROPERTIES_AT_MOST = 3
PLACES_AT_MOST = 6
OF_COMMUNITY = (Callee.COMMUNITY, Callee.ON_DUTY)
NATIONAL: Mapping[str, tuple[str, str]] = {
    Callee.FIRE: ("火警", "119"),
    Callee.MEDICAL: ("急救", "120"),
    Callee.POLICE: ("报警", "110"),
    Callee.FRAUD: ("反诈专线", "96110"),
}


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody to call: what they are, who it is, the number; `is_public` where the number is a desk's, no person's.

    `place` says where, for who works in several places and does not call the same person in all of them.
    """

    kind: str
    label: str
    name: str = ""
    phone: str = ""
    is_public: bool = True
    place: str = ""


def places_of(actor: Actor) -> list[Area]:
    """The places an actor works in, for whom to call there; the nearest to the door first (one query)."""
    ids = [seat.area_id for seat in actor.seats_with(*FIELD_ROLES, *OFFICE_ROLES) if seat.area_id]
    rows = Area.objects.get_queryset().filter(pk__in=ids, ended_at=None).select_related("level").defer("outline")
    return sorted(rows, key=lambda area: (-area.rank, area.path))


def guides_for(actor: Actor) -> list[Guide]:
    """What holds at the actor's own place: the street's words before the district's (one query)."""
    rows = Guide.objects.visible_to(actor).current().select_related("area")
    paths = [seat.path for seat in actor.seats_with(*FIELD_ROLES, *OFFICE_ROLES) if seat.path]
    deepest = max(paths, key=len, default="")
    nearest: dict[str, Guide] = {}
    for guide in sorted(rows, key=lambda row: len(row.area.path)):
        if deepest.startswith(guide.area.path):
            nearest[guide.key] = guide
    return sorted(nearest.values(), key=lambda guide: (guide.position, guide.pk))


def found_in(guides: Iterable[Guide], words: str) -> list[Guide]:
    """Those whose title or steps hold what was typed; a single character is looked for as it is."""
    typed = words.strip()
    terms = set(query_terms(typed))
    rows = list(guides)
    if not terms:
        return [guide for guide in rows if typed in _text(guide)]
    return [guide for guide in rows if terms <= set(bigrams(_text(guide)))]


def _text(guide: Guide) -> str:
    return "\n".join((guide.title, *guide.steps, guide.never))


def guide_by_key(actor: Actor, key: str) -> Guide:
    """The page of a key at the actor's own place; raises `NotThere`."""
    found = next((guide for guide in guides_for(actor) if guide.key == key), None)
    if found is None:
        raise NotThere(UNKNOWN)
    return found


def find_guide(actor: Actor, uid: uuid.UUID) -> Guide:
    """One by its id; raises `NotThere`."""
    guide = Guide.objects.visible_to(actor).current().filter(uid=uid).select_related("area__level").first()
    if guide is None:
        raise NotThere(UNKNOWN)
    return guide


def all_guides(actor: Actor) -> list[Guide]:
    """Every version an actor may see: the district's and those of streets (one query)."""
    rows = Guide.objects.visible_to(actor).current().select_related("area__level")
    return sorted(rows, key=lambda guide: (guide.position, guide.key, guide.area.path))


def contacts_for(kinds: Sequence[str], areas: Sequence[Area], at: datetime) -> list[Contact]:
    """Whom to call, in the order of the page, at each of these places; who is the same in several stands once."""
    near = list(areas[:PLACES_AT_MOST])
    return [contact for kind in kinds for contact in _contacts(kind, near, at)]


def local_contacts(areas: Sequence[Area], at: datetime) -> list[Contact]:
    """Everybody of the place, for a phone without a signal."""
    kinds = (Callee.ON_DUTY, Callee.COMMUNITY, Callee.PROPERTY, Callee.GRID_WORKER)
    return contacts_for(kinds, areas, at)


def _contacts(kind: str, areas: Sequence[Area], at: datetime) -> list[Contact]:
    if kind in NATIONAL:
        label, phone = NATIONAL[kind]
        return [Contact(kind, label, phone=phone)]
    found: dict[Contact, list[Area]] = {}
    for group in _groups(kind, areas):
        for contact in _LOCAL[kind](group[0], at):
            found.setdefault(contact, []).extend(group)
    return [
        contact if len(at_places) == len(areas) else replace(contact, place="、".join(area.name for area in at_places))
        for contact, at_places in found.items()
    ]


def _groups(kind: str, areas: Sequence[Area]) -> list[list[Area]]:
    """Places that have the same people of a kind, asked once: a community's for all that lies in it."""
    if kind not in OF_COMMUNITY:
        return [[area] for area in areas]
    groups: dict[int, list[Area]] = {}
    for area in areas:
        office_bearing = [node.pk for node in line_of(area) if node.rank <= COMMUNITY_RANK]
        groups.setdefault(office_bearing[-1], []).append(area)
    return list(groups.values())


def _properties(area: Area, at: datetime) -> list[Contact]:
    """The companies that serve the place, or parts of it; none without a number."""
    day = clock.local_date(at)
    here = Q(area_id__in=[node.pk for node in line_of(area)]) | Q(area__path__startswith=area.path)
    rows = ServedArea.objects.as_of(day).filter(here, unit__kind=UnitKind.PROPERTY, unit__ended_at=None)
    units = {row.unit_id: row.unit for row in rows.select_related("unit").order_by("-area__depth", "pk")}
    return [
        Contact(Callee.PROPERTY, "物业", unit.name, unit.phone) for unit in list(units.values())[:PROPERTIES_AT_MOST]
    ]


def _grid_workers(area: Area, at: datetime) -> list[Contact]:
    """Who looks after the grid, with the number they put on their card; else the office passes it on."""
    line = [node.pk for node in line_of(area)]
    posts = Post.objects.as_of(clock.local_date(at)).filter(
        area_id__in=line, role=Role.GRID_WORKER, user__ended_at=None
    )
    return [_worker(post) for post in posts.select_related("user", "card").order_by("pk")]


def _worker(post: Post) -> Contact:
    card = getattr(post, "card", None)
    phone = card.open_field("phone") if card is not None else ""
    return Contact(Callee.GRID_WORKER, "网格员", post.user.name, phone, is_public=False)


def _community(area: Area, at: datetime) -> list[Contact]:
    name, phone = office_near(area, at)
    return [Contact(Callee.COMMUNITY, "社区", name, phone)] if phone else []


def _on_duty(area: Area, at: datetime) -> list[Contact]:
    """The first who is to be called at the community now, on the number of its desk."""
    community = next((node for node in line_of(area) if node.rank == COMMUNITY_RANK), None)
    unit = getattr(community, "office", None) if community is not None else None
    shifts = at_work(unit, at) if unit is not None else []
    if unit is None or not shifts or not unit.phone:
        return []
    return [Contact(Callee.ON_DUTY, "今天值班", f"{unit.name} {shifts[0].person.name}", unit.phone)]


_LOCAL: Mapping[str, Callable[[Area, datetime], list[Contact]]] = {
    Callee.PROPERTY: _properties,
    Callee.GRID_WORKER: _grid_workers,
    Callee.COMMUNITY: _community,
    Callee.ON_DUTY: _on_duty,
}
