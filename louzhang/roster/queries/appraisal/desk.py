"""What the desk of a community reads of a month: everybody by group, what is missing before it is published."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count as Counted
from django.db.models import Q

from louzhang.accounts.models import User
from louzhang.areas.models import Post, PostKind
from louzhang.areas.roles import OFFICE_ROLES, Role
from louzhang.journal.actor import Actor
from louzhang.journal.models import Event, Words
from louzhang.journal.refusals import NotThere
from louzhang.kit import clock
from louzhang.roster.lifecycle.appraisal import OBJECTION_OPEN, MonthState, Tie
from louzhang.roster.models.appraisal import AppraisalMonth, Appraiser, Score, Standing, StarSheet
from louzhang.roster.models.appraisal_rulings import FigureObjection, Review
from louzhang.roster.queries.appraisal.figures import JOINED, MonthFigures, percent, spoken
from louzhang.roster.queries.appraisal.people import Named, named, people_of
from louzhang.roster.queries.appraisal.spans import shifted

GONE = "没有找到这个月的考核，或它不在您的范围内。"
LISTED = 60


@dataclass(frozen=True, slots=True)
class Line:
    """A person of a month as the desk reads it."""

    who: Named
    figures: MonthFigures
    group: int | None
    is_lowest: bool
    is_failed: bool
    is_commended: bool
    before: int | None = None  # the whole of the month before

    @property
    def before_share(self) -> str:
        """The same of a hundred."""
        return percent(self.before) if self.before is not None else ""


def months_for(actor: Actor) -> list[AppraisalMonth]:
    """The months of the own community, the newest first."""
    rows = AppraisalMonth.objects.tied(actor, Tie.DESK).select_related("area", "scheme")
    rows = rows.annotate(people=Counted("standings", distinct=True))
    return list(rows.order_by("-month", "area__path", "-pk")[:LISTED])


def find_month(actor: Actor, uid: uuid.UUID, *ties: str) -> AppraisalMonth:
    """One month with its ties; raises `NotThere`."""
    rows = AppraisalMonth.objects.tied(actor, *(ties or (Tie.DESK,))).with_ties(actor).filter(uid=uid)
    found = rows.select_related("area__level", "scheme").prefetch_related("scheme__indicators").first()
    if found is None:
        raise NotThere(GONE)
    return found


def lines_of(month: AppraisalMonth) -> list[Line]:
    """Everybody by group, within one by place: inside a group nobody is first. Those not compared come last."""
    rows = list(Standing.objects.filter(month=month).select_related(*JOINED).order_by("user_id"))
    people = named({row.user_id: row.post_id for row in rows})
    before = _before(month)
    indicators = list(month.scheme.indicators.all())
    lines = [
        Line(
            people[row.user_id], spoken(row, indicators), row.group, row.is_lowest, row.is_failed, row.is_commended,
            before.get(row.user_id),
        )
        for row in rows
    ]  # fmt: skip
    return sorted(lines, key=lambda line: (line.group or 999, line.who.place, line.who.user_id))


def _before(month: AppraisalMonth) -> dict[int, int]:
    rows = Standing.objects.filter(
        month__area_id=month.area_id, month__scheme__role=month.scheme.role, month__month=shifted(month.month, -1),
        month__status=MonthState.PUBLISHED.value,
    )  # fmt: skip
    return dict(rows.values_list("user_id", "value"))


@dataclass(frozen=True, slots=True)
class Missing:
    """What is not there yet before a month can be published with a good conscience."""

    scores: tuple[tuple[str, int], ...]  # appraiser and how many people they have not scored
    sheets: int  # star sheets whose count is not out
    objections: int

    @property
    def is_empty(self) -> bool:
        """Whether nothing is missing."""
        return not (self.scores or self.sheets or self.objections)


def missing_in(month: AppraisalMonth) -> Missing:
    """Who has not given scores, which sheets are not counted, which objections wait."""
    kinds = {each.kind for each in month.scheme.indicators.all()}
    open_objections = FigureObjection.objects.filter(
        standing__month=month, status__in=[state.value for state in OBJECTION_OPEN]
    ).count()
    sheets = StarSheet.objects.filter(month=month).count() if "stars" in kinds else 0
    scores = tuple(_unscored(month)) if "scores" in kinds else ()
    told = sum("stars" in kept and bool(kept["stars"]["cases"]) for kept in _kept(month)) if sheets else 0
    return Missing(scores, max(sheets - told, 0), open_objections)


def _kept(month: AppraisalMonth) -> list[dict[str, dict[str, int]]]:
    return list(month.standings.values_list("figures", flat=True))


def _unscored(month: AppraisalMonth) -> list[tuple[str, int]]:
    people = {seat.user_id for seat in people_of(month)}
    given = Score.objects.filter(month=month, user_id__in=people).values_list("appraiser_id", "points")
    done = Counter(who for who, points in given if any(points) and len(points) == len(month.criteria))
    found = []
    for appraiser in appraisers_of(month):
        left = len(people - {appraiser.user_id}) - done[appraiser.user_id]
        if left > 0:
            found.append((appraiser.user.name, left))
    return found


def appraisers_of(month: AppraisalMonth) -> list[Appraiser]:
    """Who is named to give scores."""
    return list(Appraiser.objects.filter(month=month, ended_at=None).select_related("user").order_by("pk"))


def may_appraise(month: AppraisalMonth, at: datetime) -> list[tuple[int, str]]:
    """Who may be named: those at work in the office of the community, and paid or posted people below it."""
    held = Q(area=month.area, role__in=(*OFFICE_ROLES,)) | Q(
        area__path__startswith=month.area.path, kind__in=(PostKind.PAID, PostKind.POSTED)
    )
    rows = Post.objects.as_of(clock.local_date(at)).filter(held).exclude(role=month.scheme.role)
    found: dict[int, str] = {}
    for user_id, name, role in rows.order_by("-role", "user_id").values_list("user_id", "user__name", "role"):
        found.setdefault(user_id, f"{name}（{Role(role).label}）")
    return sorted(found.items(), key=lambda pair: pair[1])


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one appraiser has given one person."""

    who: Named
    points: tuple[int, ...]

    @property
    def is_whole(self) -> bool:
        """Whether every task has a number."""
        return bool(self.points) and all(self.points)


def sheet_of(month: AppraisalMonth, appraiser_id: int) -> list[Sheet]:
    """The people of a month with what one appraiser gave each, by place; nobody's own row."""
    seats = [seat for seat in people_of(month) if seat.user_id != appraiser_id]
    people = named({seat.user_id: seat.post_id for seat in seats})
    given = dict(Score.objects.filter(month=month, appraiser_id=appraiser_id).values_list("user_id", "points"))
    tasks = len(month.criteria)
    blank = (0,) * tasks
    sheets = [
        Sheet(people[seat.user_id], _fitting(given.get(seat.user_id), tasks) or blank)
        for seat in seats
        if seat.user_id in people
    ]
    return sorted(sheets, key=lambda sheet: (sheet.who.place, sheet.who.user_id))


def _fitting(points: Sequence[int] | None, tasks: int) -> tuple[int, ...]:
    return tuple(points) if points and len(points) == tasks else ()


def sheets_to_fill(actor: Actor) -> list[AppraisalMonth]:
    """The months in which the actor is asked for scores."""
    rows = AppraisalMonth.objects.tied(actor, Tie.APPRAISER).exclude(status=MonthState.PUBLISHED.value)
    return list(rows.select_related("area", "scheme").order_by("-month", "pk"))


@dataclass(frozen=True, slots=True)
class Said:
    """A step of a month, an objection or a review with the words that belong to it."""

    verb: str
    at: datetime
    who: str
    words: str
    facts: dict[str, object]


def history_of(row: AppraisalMonth | FigureObjection | Review) -> list[Said]:
    """What happened to it, the oldest first (three queries)."""
    events = list(Event.objects.filter(subject_kind=row.subject_kind, subject_id=row.pk).order_by("seq"))
    words = dict(Words.objects.filter(subject_kind=row.subject_kind, subject_id=row.pk).values_list("seq", "spoken"))
    people = dict(
        User.objects.filter(pk__in={event.user_id for event in events if event.user_id}).values_list("pk", "name")
    )
    return [
        Said(
            event.verb, event.happened_at, people.get(event.user_id or 0, "系统"),
            " ".join(str(each) for each in words.get(event.seq, {}).values()), dict(event.payload),
        )
        for event in events
    ]  # fmt: skip
