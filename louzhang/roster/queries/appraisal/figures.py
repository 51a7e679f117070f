"""The figures of a person as pages say them; the own place only where the month is published; names that are public."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from louzhang.accounts.models import User
from louzhang.areas.models import Area, Post
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import NotThere
from louzhang.roster.indicators import KINDS
from louzhang.roster.lifecycle.appraisal import MonthState
from louzhang.roster.models.appraisal import AppraisalMonth, Indicator, Standing
from louzhang.roster.queries.appraisal.people import Named, named
from louzhang.roster.queries.appraisal.spans import first_of
from louzhang.roster.reckoning import GOOD

GONE = "没有找到这个月的数字，或它不是您能看的。"
LISTED = 24
JOINED = ("month__scheme", "month__area__level", "post__title", "post__area", "user")


def percent(parts: int) -> str:
    """Ten-thousandths as people read them: 83.5."""
    return f"{parts / GOOD:.1f}".removesuffix(".0")


@dataclass(frozen=True, slots=True)
class Bar:
    """An interval as a picture of a hundred units: from where, how wide, where the value stands."""

    since: str
    wide: str
    at: str
    words: str


RIGHTMOST = 98.8  # the mark is 1.2 wide and stays on the picture


def bar_of(value: int, low: int, high: int) -> Bar:
    """The picture of an interval with its words for who does not see it."""
    words = f"{percent(value)}，在 {percent(low)} 到 {percent(high)} 之间"
    return Bar(f"{low / GOOD:.1f}", f"{max(high - low, GOOD) / GOOD:.1f}", f"{min(value / GOOD, RIGHTMOST):.1f}", words)


@dataclass(frozen=True, slots=True)
class Figure:
    """One indicator of a person: what was counted, the rate with its interval where there is one."""

    kind: str
    label: str
    words: str
    unit: str
    weight: int
    is_higher_better: bool
    cases: int
    good: str
    value: int | None = None
    low: int = 0
    high: int = 0

    @property
    def share(self) -> str:
        """83.5."""
        return percent(self.value) if self.value is not None else ""

    @property
    def between(self) -> str:
        """76–90."""
        return f"{percent(self.low)}–{percent(self.high)}" if self.value is not None else ""

    @property
    def bar(self) -> Bar | None:
        """Its picture, where there is a rate."""
        return bar_of(self.value, self.low, self.high) if self.value is not None else None

    @property
    def opens(self) -> bool:
        """Whether there are rows behind it to look at; sheets and scores have none."""
        return KINDS[self.kind].source == "events" and bool(self.cases)


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """A month of a person. `group` is None before publication and where people are not compared."""

    uid: uuid.UUID
    user_id: int
    post_id: int
    month: date
    scheme: str
    is_published: bool
    computed_at: datetime | None
    figures: tuple[Figure, ...]
    value: int
    low: int
    high: int
    group: int | None
    groups: int
    is_commended: bool
    is_staff: bool

    @property
    def share(self) -> str:
        """The whole of a hundred."""
        return percent(self.value)

    @property
    def bar(self) -> Bar:
        """The picture of the whole."""
        return bar_of(self.value, self.low, self.high)

    @property
    def between(self) -> str:
        """Between which the whole lies."""
        return f"{percent(self.low)}–{percent(self.high)}"


def spoken(standing: Standing, indicators: Iterable[Indicator]) -> MonthFigures:
    """A stored row as pages say it."""
    month = standing.month
    return MonthFigures(
        uid=standing.uid,
        user_id=standing.user_id,
        post_id=standing.post_id,
        month=month.month,
        scheme=month.scheme.name,
        is_published=month.is_published,
        computed_at=month.computed_at,
        figures=tuple(_figure(each, standing) for each in indicators),
        value=standing.value,
        low=standing.low,
        high=standing.high,
        group=standing.group if month.is_published else None,
        groups=standing.groups if month.is_published else 0,
        is_commended=standing.is_commended,
        is_staff=standing.is_staff,
    )


def _figure(each: Indicator, standing: Standing) -> Figure:
    kept = standing.figures.get(each.kind, {})
    kind = KINDS[each.kind]
    good = kept.get("good", 0) / GOOD
    return Figure(
        kind=each.kind, label=each.label, words=kind.words, unit=kind.unit, weight=each.weight,
        is_higher_better=each.is_higher_better, cases=kept.get("cases", 0), good=f"{good:.1f}".removesuffix(".0"),
        value=kept.get("value"), low=kept.get("low", 0), high=kept.get("high", 0),
    )  # fmt: skip


def figures_of(post: Post, month: date) -> MonthFigures | None:
    """What stands for who held a post in a month; for a page that has asked whether its reader may see it."""
    rows = Standing.objects.filter(user_id=post.user_id, post__role=post.role, month__month=first_of(month))
    rows = rows.select_related(*JOINED).order_by("-month__pk")
    found = next((row for row in rows if post.area is None or post.area.path.startswith(row.month.area.path)), None)
    return spoken(found, found.month.scheme.indicators.all()) if found is not None else None


def months_of(user: User) -> list[MonthFigures]:
    """The months of a person, the newest first: for the person alone."""
    rows = Standing.objects.filter(user=user).select_related(*JOINED)
    rows = rows.prefetch_related("month__scheme__indicators").order_by("-month__month", "-pk")
    return [spoken(row, row.month.scheme.indicators.all()) for row in rows[:LISTED]]


def find_standing(actor: Actor, uid: uuid.UUID) -> Standing:
    """One row in scope; raises `NotThere` for everybody else's."""
    rows = Standing.objects.visible_to(actor).filter(uid=uid).select_related(*JOINED)
    found = rows.prefetch_related("month__scheme__indicators").first()
    if found is None:
        raise NotThere(GONE)
    return found


@dataclass(frozen=True, slots=True)
class Commended:
    """A name that was published."""

    user_id: int
    post_id: int
    area_id: int | None
    name: str
    place: str
    title: str
    month: date
    scheme: str


def commended(area: Area, month: date) -> list[Commended]:
    """The names published for a month in an area and below it: all that anybody else ever reads of an appraisal."""
    rows = Standing.objects.filter(
        month__month=first_of(month), month__status=MonthState.PUBLISHED.value, is_commended=True,
        month__area__path__startswith=area.path,
    )  # fmt: skip
    return _spoken_names(list(rows.select_related("month__scheme", "post").order_by("month__area__path", "post__pk")))


def commended_lately(area: Area, *, most: int = 60) -> list[Commended]:
    """The same of the last published months, the newest first."""
    rows = Standing.objects.filter(
        month__status=MonthState.PUBLISHED.value, is_commended=True, month__area__path__startswith=area.path
    )
    rows = rows.select_related("month__scheme", "post").order_by("-month__month", "month__area__path", "post__pk")
    return _spoken_names(list(rows[:most]))


def _spoken_names(rows: Sequence[Standing]) -> list[Commended]:
    people = named({row.user_id: row.post_id for row in rows})
    return [_commended(row, people[row.user_id]) for row in rows if row.user_id in people]


def _commended(row: Standing, who: Named) -> Commended:
    return Commended(
        user_id=row.user_id, post_id=row.post_id, area_id=row.post.area_id, name=who.name, place=who.place,
        title=who.title, month=row.month.month, scheme=row.month.scheme.name,
    )  # fmt: skip


def published(month: date) -> list[AppraisalMonth]:
    """The published months of all communities."""
    rows = AppraisalMonth.objects.filter(month=first_of(month), status=MonthState.PUBLISHED.value)
    return list(rows.select_related("area", "scheme").order_by("area__path", "pk"))
