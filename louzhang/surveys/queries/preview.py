"""Before a survey begins: how many households, how many for each holder, how long at last time's pace."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from django.db.models import Count

from louzhang.kit import clock
from louzhang.surveys.choosing import choice_of
from louzhang.surveys.models import Survey
from louzhang.surveys.queries.choosing import chosen_doors, chosen_households
from louzhang.surveys.queries.holders import holders_of
from louzhang.surveys.queries.pace import last_pace


@dataclass(frozen=True, slots=True)
class Preview:
    """Households that would be asked; `holders` people with `middle` and at `most` so many; `unheld` fall to nobody.

    `seconds` is what one takes, `is_measured` whether last time's or only assumed.
    """

    households: int
    holders: int
    middle: int
    most: int
    unheld: int
    seconds: int
    is_measured: bool

    @property
    def unheld_words(self) -> str:
        """How many fall to nobody."""
        return f"有 {self.unheld} 户没有人负责"

    @property
    def usual_minutes(self) -> int:
        """For a holder in the middle, all of them one after another."""
        return round(self.middle * self.seconds / 60)

    @property
    def longest_minutes(self) -> int:
        """For the one with the most."""
        return round(self.most * self.seconds / 60)

    @property
    def hours_together(self) -> int:
        """Of all holders together, rounded up."""
        return -(-self.households * self.seconds // 3600)


def preview_of(survey: Survey, at: datetime) -> Preview:
    """What it would cost if it began now; five queries."""
    areas, day = list(survey.grounds.values_list("area_id", flat=True)), clock.local_date(at)
    choice, homes = choice_of(survey.household_filter), Counter[str]()
    households = chosen_households(areas, choice, day).order_by().values_list("dwelling__area__path")
    homes.update(dict(households.annotate(count=Count("pk"))))
    if choice.with_empty:
        doors = chosen_doors(areas, choice).order_by().values_list("area__path")
        homes.update(dict(doors.annotate(count=Count("pk"))))
    falls, unheld = holders_of(homes, at)
    seconds, is_measured = last_pace(survey.asker_area, survey.kind)
    return Preview(
        households=homes.total(),
        holders=len(falls),
        middle=round(median(falls.values())) if falls else 0,
        most=max(falls.values(), default=0),
        unheld=unheld,
        seconds=seconds,
        is_measured=is_measured,
    )
