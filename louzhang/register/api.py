"""`/api/v1/` of the register: who keeps the place reads the same rows as on the pages, numbers masked."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from louzhang.journal.programs import REFUSALS, PageSize, actor_of, as_json
from louzhang.journal.refusals import InputRefused
from louzhang.kit import clock
from louzhang.kit.paging import BadCursor, page_of
from louzhang.kit.writable import Writable
from louzhang.register.actions import reveal_resident
from louzhang.register.models import Dwelling, Household, Resident
from louzhang.register.queries.homes import find_resident
from louzhang.register.queries.listing import dwellings_of, homes_of, households_of, people_of
from louzhang.register.scope import knows_vacancy

router = Router(tags=["register"])
AreaId = Annotated[int | None, Query(ge=1, le=2**63 - 1, description="an area, with everything below it")]
Cursor = Annotated[str | None, Query(max_length=1000)]


class DwellingOut(Schema):
    """A door. `vacant_since` is told to chiefs and above only."""

    uid: UUID
    area: int
    door: str
    floor: int | None
    kind: str
    vacant_since: date | None
    checked_on: date | None
    households: list[UUID] = Field(description="who lives there now")


class MemberOut(Schema):
    """Somebody of a household now."""

    resident: UUID
    tie: str


class HouseholdOut(Schema):
    """A household behind a door."""

    uid: UUID
    dwelling: UUID
    starts_on: date
    ends_on: date | None
    people: list[MemberOut]


class ResidentOut(Schema):
    """A resident: the name for who keeps the place, numbers masked."""

    uid: UUID
    area: int
    name: str
    sex: str
    birth_year: int | None
    phone: str = Field(description="masked")
    id_number: str = Field(description="masked")
    household: UUID | None
    checked_on: date | None


class DwellingsOut(Schema):
    """A page of doors; `next` leads to the following one."""

    rows: list[DwellingOut]
    next: str | None


class HouseholdsOut(Schema):
    """A page of households."""

    rows: list[HouseholdOut]
    next: str | None


class ResidentsOut(Schema):
    """A page of residents."""

    rows: list[ResidentOut]
    next: str | None


class RevealIn(Schema):
    """What to open, and why; the reason is kept and shown to the resident."""

    what: Writable = Field(description="phone, id_number or birth_date")
    reason: Writable = Field(max_length=200)


class RevealOut(Schema):
    """The plain value."""

    value: str


@router.get("/dwellings", response={200: DwellingsOut, **REFUSALS}, summary="Doors where the actor keeps the register")
def get_dwellings(
    request: HttpRequest, area: AreaId = None, cursor: Cursor = None, size: PageSize = 50
) -> HttpResponse:
    """Current doors, the latest first."""
    actor = actor_of(request)
    page = _page(dwellings_of(actor, area), cursor, size)
    living = households_of(page.rows, actor)
    return as_json({"rows": [_door(row, living, actor) for row in page.rows], "next": page.next_cursor})


def _door(row: Dwelling, living: dict[int, list[UUID]], actor: Any) -> dict[str, Any]:
    told = knows_vacancy(actor, row.area)
    return {
        "uid": row.uid,
        "area": row.area_id,
        "door": row.door,
        "floor": row.floor,
        "kind": row.kind.code if row.kind else "",
        "vacant_since": row.vacant_since if told else None,
        "checked_on": row.checked_on,
        "households": living.get(row.pk, []),
    }


@router.get("/households", response={200: HouseholdsOut, **REFUSALS}, summary="Households with their people")
def get_households(
    request: HttpRequest, area: AreaId = None, cursor: Cursor = None, size: PageSize = 50
) -> HttpResponse:
    """Households that live there now, the latest first."""
    actor = actor_of(request)
    rows = Household.objects.visible_to(actor).filter(ends_on=None).select_related("dwelling")
    page = _page(rows if area is None else rows.within(area), cursor, size)
    people = people_of(page.rows, actor, clock.local_date(clock.now()))
    lines = [
        {
            "uid": row.uid,
            "dwelling": row.dwelling.uid,
            "starts_on": row.starts_on,
            "ends_on": row.ends_on,
            "people": [{"resident": uid, "tie": tie} for uid, tie in people.get(row.pk, [])],
        }
        for row in page.rows
    ]
    return as_json({"rows": lines, "next": page.next_cursor})


@router.get("/residents", response={200: ResidentsOut, **REFUSALS}, summary="Residents, numbers masked")
def get_residents(
    request: HttpRequest, area: AreaId = None, cursor: Cursor = None, size: PageSize = 50
) -> HttpResponse:
    """Residents where the actor keeps the register, and oneself; the latest first."""
    actor = actor_of(request)
    rows = Resident.objects.visible_to(actor).current()
    page = _page(rows if area is None else rows.within(area), cursor, size)
    homes = homes_of(page.rows)
    return as_json({"rows": [_person(row, homes) for row in page.rows], "next": page.next_cursor})


def _person(row: Resident, homes: dict[int, UUID]) -> dict[str, Any]:
    return {
        "uid": row.uid,
        "area": row.area_id,
        "name": row.name,
        "sex": row.sex,
        "birth_year": row.birth_year,
        "phone": row.masked_phone,
        "id_number": row.masked_id_number,
        "household": homes.get(row.pk),
        "checked_on": row.checked_on,
    }


@router.post("/residents/{uid}/reveal", response={200: RevealOut, **REFUSALS}, summary="Open one sealed field")
def post_reveal(request: HttpRequest, uid: UUID, body: RevealIn) -> HttpResponse:
    """Open a field with a reason: logged, shown to the resident, limited by the hour."""
    actor = actor_of(request)
    resident = find_resident(actor, uid)
    value = reveal_resident(resident_id=resident.pk, what=body.what, reason=body.reason, actor=actor, at=clock.now())
    response = as_json({"value": value})
    response["Cache-Control"] = "no-store"
    return response


def _page(rows: Any, cursor: str | None, size: int) -> Any:
    try:
        return page_of(rows, cursor=cursor, size=size)
    except BadCursor as refusal:
        raise InputRefused(str(refusal), field="cursor") from None
