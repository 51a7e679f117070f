"""What became of a need elsewhere comes back to it: done, taken up again, or not done; its chief is told each time."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.urls import reverse

from louzhang.areas.roles import Role
from louzhang.journal.actor import SYSTEM
from louzhang.register.actions.needs import reopen_need, tick_off_need
from louzhang.register.actions.telling import tell_sitting
from louzhang.register.models import Need
from louzhang.register.models.shelters import sheltered_homes
from louzhang.register.queries.places import lines_of

DONE, AGAIN, NOT_DONE = "done", "again", "not_done"
TITLES = {
    DONE: "一条需求办好了，请回头问一声",
    AGAIN: "一条需求要重新办理",
    NOT_DONE: "一条需求转出去没有办成，请再看一下",
}
NOTE = "{reference} 已办结，自动销号。"


def follow_course(*, course: str, references: Collection[str], became: str, at: datetime) -> int:
    """The things that needs became are done, taken up again or will not be done; gives how many needs heard of it.

    A need that is done is ticked off with a note and can be reopened by who keeps the place.
    """
    rows = Need.objects.filter(course=course, reference__in=list(references)).exclude(reference="")
    needs = list(rows.select_related("household").order_by("pk"))
    for need in needs:
        with transaction.atomic():
            if became == DONE and need.ticked_at is None:
                tick_off_need(need_id=need.pk, actor=SYSTEM, at=at, words=NOTE.format(reference=need.reference))
            elif became == AGAIN and need.ticked_at is not None:
                reopen_need(need_id=need.pk, actor=SYSTEM, at=at)
            _tell_chief(need, TITLES[became], at)
    return len(needs)


def _tell_chief(need: Need, title: str, at: datetime) -> None:
    """The chief, where there is none the grid worker; of a home only shielded people live in the secretary."""
    line = lines_of([need.area_id])[need.area_id]
    url = reverse("register:needs")
    if need.household is not None:
        url = reverse("register:household", args=[need.household.uid])
    hidden = sheltered_homes().filter(household_id=need.household_id).exists()
    for role in [Role.SECRETARY] if hidden else [Role.CHIEF, Role.GRID_WORKER]:
        if tell_sitting(line, [role], need, title=title, url=url, at=at):
            return
