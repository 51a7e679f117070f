"""What others ask of honours: whose they are, where flags hang and hung."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from louzhang.accounts.models import User
from louzhang.areas.models import Area
from louzhang.journal.actor import Actor
from louzhang.journal.models import Words
from louzhang.roster.lifecycle.honours import HonourState, Tie
from louzhang.roster.models.honours import Flag, Honour, Often


@dataclass(frozen=True, slots=True)
class Honoured:
    """One honour somebody has: what, of which month or year, from which place, why, when."""

    honour: Honour
    name: str
    time: str
    place: str
    words: str

    @property
    def on(self) -> Any:
        """The moment it was given."""
        return self.honour.awarded_at


def honours_of(user: User) -> list[Honoured]:
    """What somebody was given and holds, the latest first; two queries."""
    rows = Honour.objects.awarded().filter(holder=user).select_related("kind", "area").order_by("-month", "-pk")
    return told(list(rows))


def own_honours(actor: Actor) -> list[Honoured]:
    """What the reader was given, by account or as the resident they were confirmed to be; two queries."""
    rows = Honour.objects.tied(actor, Tie.NOMINEE).awarded().select_related("kind", "area").order_by("-month", "-pk")
    return told(list(rows))


def waiting_for_consent(actor: Actor) -> list[Honoured]:
    """Honours for which the reader was put forward as a resident and has not agreed to stand yet."""
    rows = Honour.objects.tied(actor, Tie.NOMINEE).filter(
        status=HonourState.PROPOSED.value, resident__isnull=False, consented_on=None
    )
    return told(list(rows.select_related("kind", "area").order_by("pk")))


def told(honours: Collection[Honour]) -> list[Honoured]:
    """Honours with the words that were said for them; one query. Read with kind and area."""
    words = cited(honours)
    return [
        Honoured(honour, honour.kind.name, spoken_time(honour), honour.area.name, words.get(honour.pk, ""))
        for honour in honours
    ]


def cited(honours: Iterable[Honour]) -> dict[int, str]:
    """The reason of each, by its id; erased ones are missing."""
    seqs = {honour.pk: honour.cited_seq for honour in honours}
    rows = Words.objects.filter(subject_kind=Honour.subject_kind, subject_id__in=list(seqs))
    found = rows.values_list("subject_id", "seq", "spoken")
    return {pk: str(spoken.get("words", "")) for pk, seq, spoken in found if seqs[pk] == seq and spoken}


def spoken_time(honour: Honour) -> str:
    """2026年3月, 2026年."""
    month = honour.month
    return f"{month.year}年" if honour.kind.often == Often.YEAR else f"{month.year}年{month.month}月"


def flags_now(community: Area) -> list[Flag]:
    """The flags that hang in a community today, with their buildings, in the order of the tree; one query."""
    rows = Flag.objects.filter(area=community, ends_on=None)
    return list(rows.select_related("building", "kind").order_by("building__path"))


def flag_history(building: Area) -> list[Flag]:
    """Every time a flag hung at a building, the latest first; one query."""
    return list(Flag.objects.filter(building=building).select_related("kind", "area").order_by("-starts_on", "-pk"))


def flags_in(community: Area, since: date) -> list[Flag]:
    """All that hung in a community since a day, the latest first."""
    rows: QuerySet[Flag] = Flag.objects.filter(area=community)
    kept = [flag for flag in rows.select_related("building", "kind") if flag.ends_on is None or flag.ends_on >= since]
    return sorted(kept, key=lambda flag: (flag.starts_on, flag.pk), reverse=True)
