"""Where candidates live, for the two counters: which homes vote for themselves alone, and whom they watch by eye."""

from __future__ import annotations

from dataclasses import dataclass

from louzhang.areas.queries.spoken import spoken_places
from louzhang.ballots.models import Poll
from louzhang.ballots.queries.rolls import HIDDEN
from louzhang.journal.actor import Actor
from louzhang.register.models import Binding, Stay
from louzhang.register.models.shelters import unsheltered_home


@dataclass(frozen=True, slots=True)
class Candidate:
    """One line of the ballot: the homes in which they live as the register has it; none where it does not know them."""

    label: str
    homes: tuple[str, ...] = ()


def candidates_of(poll: Poll, actor: Actor) -> list[Candidate]:
    """The options of a choice with the homes of those the register knows; four queries."""
    if poll.is_of_stars:
        return []
    items = [(item.label, item.resident_id, item.user_id) for item in poll.items.order_by("position")]
    accounts = {user_id for _, _, user_id in items if user_id is not None}
    held = Binding.objects.filter(user_id__in=accounts, ended_at=None, confirmed_at__isnull=False)
    bound = dict(held.values_list("user_id", "resident_id"))
    known = {
        label: [pk for pk in (resident_id, bound.get(user_id or 0)) if pk] for label, resident_id, user_id in items
    }
    homes = _homes({pk for each in known.values() for pk in each}, actor)
    return [
        Candidate(label, tuple(sorted({place for pk in known[label] for place in homes.get(pk, ())})))
        for label, _, _ in items
    ]


def _homes(resident_ids: set[int], actor: Actor) -> dict[int, list[str]]:
    stays = Stay.objects.filter(resident_id__in=resident_ids, ends_on=None)
    rows = list(stays.select_related("household__dwelling__area__level").order_by("pk"))
    place = "household__dwelling__area"
    shown = set(stays.filter(unsheltered_home(actor, "household_id", place)).values_list("pk", flat=True))
    places = spoken_places({stay.household.dwelling.area for stay in rows}) if rows else {}
    found: dict[int, list[str]] = {}
    for stay in rows:
        dwelling = stay.household.dwelling
        words = f"{places[dwelling.area_id]} {dwelling.door}" if stay.pk in shown else HIDDEN
        found.setdefault(stay.resident_id, []).append(words)
    return found
