"""Requests about own data as the office reads them: which are open, how long is left, what is wished for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from louzhang.areas.queries.working_time import working_time
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import NotThere
from louzhang.kit import clock, masking
from louzhang.register.lifecycle import REQUESTS, RightsTie
from louzhang.register.models import WORKING_DAYS, About, RightsRequest

LISTED = 100
GONE = "没有找到这个请求，或它不在您的范围内。"


@dataclass(frozen=True, slots=True)
class Wished:
    """What stands now and what is to stand there, numbers masked: to carry it out nobody needs to read them."""

    now: str
    wish: str


def office_requests(actor: Actor, *, answered: bool = False) -> list[RightsRequest]:
    """Open requests of the own community, the next due first; or those answered, the latest first."""
    rows = RightsRequest.objects.tied(actor, RightsTie.OFFICE).select_related("resident__area")
    if answered:
        return list(rows.filter(answered_at__isnull=False).order_by("-answered_at", "-pk")[:LISTED])
    return list(rows.open().order_by("due_at", "pk")[:LISTED])


def working_days_left(request: RightsRequest, at: datetime) -> int:
    """How many working days are left after today; none on the day it is due and afterwards."""
    if clock.local_date(at) >= clock.local_date(request.due_at):
        return 0
    time = working_time()
    return next((days for days in range(1, WORKING_DAYS) if time.closing(at, days) >= request.due_at), WORKING_DAYS)


def spoken_left(request: RightsRequest, at: datetime) -> str:
    """The same in words."""
    if at > request.due_at:
        return "已经过了时限"
    days = working_days_left(request, at)
    return f"还剩 {days} 个工作日" if days else "今天到期"


def find_request(actor: Actor, uid: UUID) -> RightsRequest:
    """One request of the own community with what may be done; raises `NotThere`."""
    rows = RightsRequest.objects.tied(actor, RightsTie.OFFICE).with_ties(actor).select_related("resident__area__level")
    row = rows.filter(uid=uid).first()
    if row is None:
        raise NotThere(GONE)
    return row


def verbs_now(request: RightsRequest) -> set[str]:
    """What the office may do with a request now."""
    return {transition.verb for transition in REQUESTS.allowed(request.status, request.relations_now)}


def wished_of(request: RightsRequest) -> Wished:
    """What is to be corrected."""
    wish, about = request.open_field("wish"), request.about
    person = request.resident
    if about == About.PHONE:
        return Wished(person.masked_phone, masking.mask_phone(wish) if wish else "")
    if about == About.ID_NUMBER:
        return Wished(person.masked_id_number, masking.mask_id(wish) if wish else "")
    if about == About.BIRTH_DATE:
        return Wished(str(person.birth_year or ""), f"{wish[:4]}-**-**" if wish else "")
    return Wished(person.name if about == About.NAME else "", wish)
