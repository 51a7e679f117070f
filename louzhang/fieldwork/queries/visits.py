"""Reading visits: before a door, beside a home, one's own history; who would like company."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q
from django.urls import reverse

from louzhang.areas.models import RANKS, Area, LevelKind
from louzhang.areas.queries.spoken import spoken_places
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.fieldwork.models import Company, Met, Visit, VisitDue
from louzhang.journal.actor import Actor
from louzhang.journal.models import Words
from louzhang.journal.refusals import NotThere
from louzhang.kit import clock
from louzhang.register.beside import Ground, Mark, Marked, Section
from louzhang.register.models import Dwelling, Household, Resident, Stay, Tie
from louzhang.register.queries.homes import GONE, find_dwelling
from louzhang.register.scope import COMMUNITY_RANK
from louzhang.shell.parts import Item

SHOWN = 5
SHOWN_OWN = 20
HISTORY = timedelta(days=30)
HISTORY_AT_MOST = 200


@dataclass(frozen=True, slots=True)
class Told:
    """A visit with what was written about it."""

    visit: Visit
    words: str
    place: str = ""


def ground_of(actor: Actor, kind: str, uid: uuid.UUID) -> tuple[Dwelling, Household | None]:
    """The door and the household of an address; of a door the household when just one lives there."""
    homes = Household.objects.visible_to(actor).select_related("dwelling__area__level", "reach")
    if kind == "household":
        home = homes.filter(uid=uid).first()
        if home is None:
            raise NotThere(GONE)
        return home.dwelling, home
    door = find_dwelling(actor, uid)
    living = list(homes.filter(dwelling=door, ends_on=None)[:2])
    return door, living[0] if len(living) == 1 else None


def people_of(home: Household, actor: Actor, at: datetime) -> list[Resident]:
    """Who lives in a household now, the head first, as far as the actor may know of them; one query."""
    stays = Stay.objects.visible_to(actor).as_of(clock.local_date(at)).filter(household=home)
    order = list(Tie)
    found = sorted(stays.select_related("resident"), key=lambda stay: (order.index(Tie(stay.tie)), stay.resident_id))
    return [stay.resident for stay in found]


def visits_at(door: Dwelling, actor: Actor, *, at_most: int = SHOWN) -> list[Visit]:
    """The latest visits at a door, as far as the actor may know of them."""
    rows = Visit.objects.visible_to(actor).filter(dwelling=door).select_related("visitor")
    return list(rows.order_by("-happened_at", "-pk")[:at_most])


def told_visits(visits: Collection[Visit]) -> list[Told]:
    """The same with their words; one query."""
    rows = Words.objects.filter(subject_kind=Visit.subject_kind, subject_id__in=[visit.pk for visit in visits])
    said = {row.subject_id: str(row.spoken.get("words", "")) for row in rows}
    return [Told(visit, said.get(visit.pk, "")) for visit in visits]


def own_visits(actor: Actor, since: date) -> list[Told]:
    """What one did oneself since a day, the latest first; three queries."""
    rows = Visit.objects.visible_to(actor).filter(visitor_id=actor.user_id, day__gte=since)
    visits = list(
        rows.select_related("area", "dwelling").defer("area__outline").order_by("-happened_at")[:HISTORY_AT_MOST]
    )
    names = spoken_places({visit.area for visit in visits}, from_rank=RANKS[LevelKind.BUILDING]) if visits else {}
    told = told_visits(visits)
    return [Told(one.visit, one.words, f"{names[one.visit.area_id]} {one.visit.dwelling.door}") for one in told]


def visits_section(ground: Ground, actor: Actor, at: datetime) -> Iterable[Section]:
    """走访 beside a home: a button, and who was there lately."""
    if ground.dwelling is None or ground.resident is not None or ground.dwelling.ended_at is not None:
        return []
    row = ground.household or ground.dwelling
    url = reverse("fieldwork_field:visit", args=[row.subject_kind, row.uid])
    items = [Item(label="记一次走访", url=url, icon="clipboard-list")]
    for visit in visits_at(ground.dwelling, actor, at_most=3):
        note = f"{clock.speak(visit.happened_at, at)}，{visit.visitor.name}"
        items.append(Item(label=visit.get_outcome_display(), url=url, note=note))
    return [Section("走访", tuple(items))]


def own_home_visits(resident: Resident, actor: Actor, at: datetime) -> Iterable[Section]:
    """谁来走访过: when somebody was at one's home and in which post, while one lived there; nothing of what was said.

    What was written may be about somebody else of the household, and so may who was met and what came of knocking.
    """
    lived = Q(pk__in=[])
    for stay in Stay.objects.visible_to(actor).filter(resident=resident):
        until = Q(day__lt=stay.ends_on) if stay.ends_on is not None else Q()
        lived |= Q(household_id=stay.household_id, day__gte=stay.starts_on) & until
    rows = Visit.objects.filter(lived).select_related("visitor", "post__title", "post__area")
    items = [
        Item(label=_who(visit), url="", note=clock.speak(visit.happened_at, at))
        for visit in rows.order_by("-happened_at", "-pk")[:SHOWN_OWN]
    ]
    yield Section("谁来走访过", tuple(items))


def _who(visit: Visit) -> str:
    post = visit.post
    if post is None or post.area is None:
        return f"社区工作人员 {visit.visitor.masked_name}"
    return f"{post.area.name}{post.title or post.get_role_display()} {visit.visitor.masked_name}"


def due_marks(dwelling_ids: Collection[int], actor: Actor, at: datetime) -> Iterable[Marked]:
    """Homes that are due for a visit, as dots on the picture of a building."""
    rows = VisitDue.objects.visible_to(actor).standing().filter(due_on__lte=clock.local_date(at))
    yield Marked(Mark(is_due=True), rows.filter(household__dwelling__in=dwelling_ids), "household__dwelling_id")


def next_due(home: Household) -> date | None:
    """The day a household is due next by any rhythm."""
    rows = VisitDue.objects.standing().filter(household=home).exclude(due_on=None)
    return rows.order_by("due_on").values_list("due_on", flat=True).first()


def asked_company(door: Dwelling, actor: Actor) -> Company | None:
    """One's own open wish for company at a door."""
    rows = Company.objects.filter(dwelling=door, asker_id=actor.user_id, ended_at=None)
    return rows.select_related("joiner").first()


def company_around(actor: Actor) -> list[tuple[Company, str]]:
    """Where somebody would like company, with the place in words; and where one has said yes."""
    rows = Company.objects.visible_to(actor).filter(ended_at=None).exclude(asker_id=actor.user_id)
    wanted = rows.filter(Q(joiner=None) | Q(joiner_id=actor.user_id)).select_related("area", "dwelling", "asker")
    found = list(wanted.defer("area__outline").order_by("asked_at")[:SHOWN])
    names = spoken_places({row.area for row in found}) if found else {}
    return [(row, f"{names[row.area_id]} {row.dwelling.door}") for row in found]


@dataclass(frozen=True, slots=True)
class Called:
    """How often people of a community were called on: counts, no names."""

    place: str
    visits: int
    met: int
    homes: int


def visits_by_community(actor: Actor, since: date) -> list[Called]:
    """Counts of visits since a day for the offices above communities, each community a row; two queries."""
    above = [seat.path for seat in actor.seats_with(*OFFICE_ROLES) if 0 < seat.rank < COMMUNITY_RANK]
    if not above:
        return []
    below = Area.objects.get_queryset().under_paths(above)
    places = list(below.of_kind(LevelKind.COMMUNITY).current().order_by("path").values_list("path", "name"))
    rows = Visit.objects.filter(day__gte=since, area_id__in=below.order_by().values("pk"))
    counts = rows.values_list("area__path").annotate(
        visits=Count("pk"), met=Count("pk", filter=Q(outcome=Met.MET)), homes=Count("household", distinct=True)
    )
    found = list(counts.order_by("area__path"))
    return [_called(path, name, found) for path, name in places]


def _called(path: str, name: str, counts: Iterable[tuple[str, int, int, int]]) -> Called:
    own = [numbers for place, *numbers in counts if place.startswith(path)]
    visits, met, homes = (sum(column) for column in zip(*own, strict=True)) if own else (0, 0, 0)
    return Called(name, visits, met, homes)
