"""Requests about own data as the office reads them: which are open, how long is left, what is wished for."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from louzhang.journal.actor import Actor
from louzhang.journal.refusals import NotThere
from louzhang.kit import masking
from louzhang.register.lifecycle import REQUESTS, RightsTie
from louzhang.register.models import About, RightsRequest

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
        return Wished(str(person.birth_year or ""), wish)
    return Wished(person.name if about == About.NAME else "", wish)
