"""我的本子: own notes, homes to look after, sites whose check is due."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta

from louzhang.areas.models import RANKS, Area, LevelKind
from louzhang.areas.queries.spoken import spoken_places
from louzhang.journal.actor import Actor
from louzhang.register.beside import marks_on
from louzhang.register.models import Dwelling, Need, Note, Site

SHOWN = 20
AHEAD = timedelta(days=7)


def own_notes(actor: Actor) -> list[Note]:
    """Notes of the posts held or stood in for: those with a day first, by day, then the latest."""
    notes = list(Note.objects.visible_to(actor).open().select_related("author"))
    return sorted(notes, key=lambda note: (note.due_on or date.max, -note.said_at.timestamp()))


def homes_to_look_after(actor: Actor, at: datetime) -> list[Dwelling]:
    """Homes of the own places that carry the one neutral mark 关, in the order of the tree.

    Who is meant and why stands behind a logged tap.
    """
    doors = Dwelling.objects.kept_by(actor).current().select_related("area").defer("area__outline")
    by_id = {door.pk: door for door in doors.order_by("area__path", "floor", "door")}
    marked: Collection[int] = {pk for pk, mark in marks_on(list(by_id), actor, at).items() if mark.is_cared}
    return [door for pk, door in by_id.items() if pk in marked]


def named_places(areas: Iterable[Area]) -> dict[int, str]:
    """Buildings and stairwells in words, by id; one query for all that stand on the page."""
    found = set(areas)
    return spoken_places(found, from_rank=RANKS[LevelKind.BUILDING]) if found else {}


def open_needs(actor: Actor) -> list[Need]:
    """Open needs of the own places, the latest first."""
    rows = Need.objects.kept_by(actor).open().select_related("area", "household__dwelling").defer("area__outline")
    return list(rows.order_by("-raised_at", "-pk")[:SHOWN])


def sites_due(actor: Actor, day: date) -> list[Site]:
    """Sites of the own places whose check is due within a week."""
    rows = Site.objects.kept_by(actor).current().due_by(day + AHEAD).select_related("area").defer("area__outline")
    return list(rows.order_by("check_due_on", "pk")[:SHOWN])
