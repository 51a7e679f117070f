"""What a month counts: from events, from star sheets, from appraisers, and corrections; with a digest of all of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from louzhang.ballots.models import Poll
from louzhang.ballots.queries.outcomes import outcomes_of
from louzhang.journal.actions import canonical
from louzhang.roster.indicators import KINDS, Source
from louzhang.roster.models.appraisal import AppraisalMonth, Appraiser, Indicator, Score, StarSheet
from louzhang.roster.models.appraisal_rulings import Correction
from louzhang.roster.queries.appraisal.seats import Seat, people_in, seats_in
from louzhang.roster.queries.appraisal.spans import Span
from louzhang.roster.queries.appraisal.tallying import tally
from louzhang.roster.reckoning import GOOD, Count

STEPS = 4  # from one to five


@dataclass(frozen=True, slots=True)
class Inputs:
    """What one month of one community counts: who, and by kind and person how many cases and how many good."""

    people: tuple[Seat, ...]
    counts: Mapping[str, Mapping[int, Count]]

    def digest(self, month: AppraisalMonth) -> str:
        """What stands for all of it: the same inputs give the same, anything else another."""
        said = {
            "scheme": str(month.scheme.uid),
            "area": month.area_id,
            "month": month.month.isoformat(),
            "people": [[seat.user_id, seat.post_id, seat.is_staff] for seat in self.people],
            "counts": {
                kind: [[user_id, count.cases, count.good] for user_id, count in sorted(found.items())]
                for kind, found in sorted(self.counts.items())
            },
        }
        return hashlib.sha256(canonical(said)).hexdigest()


def inputs_of(months: Sequence[AppraisalMonth]) -> dict[int, Inputs]:
    """The inputs of several months, by id: those of one role and month are counted in one statement a kind."""
    found: dict[int, Inputs] = {}
    beside = _beside(months)
    for role, span, group in _grouped(months):
        seats = seats_in(role, [month.area for month in group], span)
        people = people_in(seats)
        counted = {
            (kind, hours): tally(kind, role, seats, span, hours)
            for kind, hours in sorted({_kind(each) for month in group for each in _of_events(month)}, key=str)
        }
        for month in group:
            own = tuple(people.get(month.area_id, ()))
            known = {seat.user_id for seat in own}
            counts = {each.kind: dict(counted[_kind(each)].get(month.area_id, {})) for each in _of_events(month)}
            for kind, user_id, count in beside.get(month.pk, ()):
                if user_id in known:
                    before = counts.setdefault(kind, {}).get(user_id, Count())
                    counts[kind][user_id] = before.plus(count.cases, count.good)
            found[month.pk] = Inputs(own, counts)
    return found


def _of_events(month: AppraisalMonth) -> list[Indicator]:
    return [each for each in month.scheme.indicators.all() if KINDS[each.kind].source == Source.EVENTS]


def _kind(indicator: Indicator) -> tuple[str, int | None]:
    return indicator.kind, indicator.hours


def _grouped(months: Iterable[AppraisalMonth]) -> list[tuple[str, Span, list[AppraisalMonth]]]:
    found: dict[tuple[str, Any], list[AppraisalMonth]] = {}
    for month in months:
        found.setdefault((month.scheme.role, month.month), []).append(month)
    return [(role, Span(day), group) for (role, day), group in sorted(found.items(), key=lambda pair: pair[0])]


Added = tuple[str, int, Count]


def _beside(months: Sequence[AppraisalMonth]) -> dict[int, list[Added]]:
    """Stars, scores and corrections, by month."""
    found: dict[int, list[Added]] = {month.pk: [] for month in months}
    kinds = {month.pk: {each.kind for each in month.scheme.indicators.all()} for month in months}
    for month_id, kind, user_id, count in (*_stars(list(found)), *_scores(months), *_corrections(list(found))):
        if kind in kinds[month_id]:
            found[month_id].append((kind, user_id, count))
    return found


def _stars(month_ids: list[int]) -> list[tuple[int, str, int, Count]]:
    """The means of star sheets that may be told: under five sheets there is none."""
    sheets = list(StarSheet.objects.filter(month__in=month_ids).order_by("month_id", "user_id"))
    outcomes = outcomes_of(Poll.objects.filter(pk__in=[sheet.poll_id for sheet in sheets]))
    found = []
    for sheet in sheets:
        lines = outcomes[sheet.poll_id].lines if sheet.poll_id in outcomes else ()
        told = [line for line in lines if line.mean is not None and line.rated]
        if told:
            share = sum((float(line.mean or 1) - 1) / STEPS for line in told) / len(told)
            sheets_filled = min(line.rated or 0 for line in told)
            found.append((sheet.month_id, "stars", sheet.user_id, _share(sheets_filled, share)))
    return found


def _scores(months: Sequence[AppraisalMonth]) -> list[tuple[int, str, int, Count]]:
    """What appraisers who are still named gave: each is one case, the mean of the tasks they scored."""
    tasks = {month.pk: len(month.criteria) for month in months}
    named = set(Appraiser.objects.filter(month__in=months, ended_at=None).values_list("month_id", "user_id"))
    rows = Score.objects.filter(month__in=months).order_by("month_id", "user_id", "appraiser_id")
    found = []
    for row in rows:
        given = [points for points in row.points if points]
        if given and len(row.points) == tasks[row.month_id] and (row.month_id, row.appraiser_id) in named:
            share = sum((points - 1) / STEPS for points in given) / len(given)
            found.append((row.month_id, "scores", row.user_id, _share(1, share)))
    return found


def _share(cases: int, share: float) -> Count:
    return Count(cases, round(cases * share * GOOD))


def _corrections(month_ids: list[int]) -> list[tuple[int, str, int, Count]]:
    rows = Correction.objects.filter(month__in=month_ids).order_by("pk")
    return [(row.month_id, row.kind, row.user_id, Count(row.cases, row.good)) for row in rows]
