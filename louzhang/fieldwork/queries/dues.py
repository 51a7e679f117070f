"""Households with the day they are due: which rows a rhythm needs, and the lines they make."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.urls import reverse

from louzhang.areas.roles import Role
from louzhang.fieldwork import sources
from louzhang.fieldwork.due_dates import Beat, period_of
from louzhang.fieldwork.models import DayItem, ItemEnd, ItemKind, Rhythm, VisitDue, Whom
from louzhang.fieldwork.queries.rhythms import spoken_round
from louzhang.fieldwork.sources import Draft, Field, Holder
from louzhang.register.models import CareTag, Household, Stay
from louzhang.register.models.shelters import sheltered, sheltered_homes

# Of one leaf of the tree no more lines than this are looked at for one day.
LEAF_AT_MOST = 40
# Who goes where the role of the rhythm has nobody: the next one who looks after the place.
INSTEAD = (Role.GRID_WORKER, Role.CHIEF, Role.GRID_LEAD, Role.STAIRWELL_HEAD)
# From the second time that nobody was home by day, another hour is proposed.
TRIES_BY_DAY = 2


def rhythms_on(day: date) -> list[Rhythm]:
    """The rhythms in force on a day, the one with the longest round last: a home belongs to its most pressing one."""
    rows = Rhythm.objects.current().filter(starts_on__lte=day).filter(Q(ends_on=None) | Q(ends_on__gt=day))
    found = list(rows.select_related("area").order_by("pk"))
    return sorted(found, key=lambda each: (each.whom == Whom.SOME, beat_of(each).days, each.pk))


def beat_of(rhythm: Rhythm) -> Beat:
    """Its arithmetic."""
    return Beat(rhythm.every, rhythm.span)


def wanted_households(rhythm: Rhythm, day: date) -> QuerySet[Household]:
    """The households a rhythm is about: all that live below its area, or those with somebody to look after."""
    path = rhythm.area.path
    below = Q(dwelling__area__path__gte=path, dwelling__area__path__lt=path + "~")
    homes = Household.objects.filter(below, ends_on=None, dwelling__ended_at=None).unshielded()
    if rhythm.whom != Whom.CARED:
        return homes
    tags = CareTag.objects.current(day).filter(is_child=False).exclude(resident_id__in=sheltered())
    if rhythm.care_code:
        tags = tags.filter(kind__code=rhythm.care_code)
    cared = Stay.objects.as_of(day).filter(household=OuterRef("pk"), resident_id__in=tags.values("resident_id"))
    return homes.filter(Exists(cared))


def visits_due(ground: Field) -> Iterator[Draft]:
    """Homes due by every rhythm, and those not called on the longest where some are wanted a day."""
    for rhythm in rhythms_on(ground.day):
        if rhythm.whom == Whom.PRESENCE:
            continue
        counts: dict[int, int] = {}
        for due in _dues(rhythm, ground):
            holder = ground.nearest(due.area.path, (rhythm.role, *INSTEAD), due.household_id)
            if holder is None or not ground.wants(holder):
                continue
            counts[holder.post_id] = counts.get(holder.post_id, 0) + 1
            if rhythm.whom == Whom.SOME and counts[holder.post_id] > rhythm.often:
                continue
            yield _visit(due, rhythm, holder, ground)


def _dues(rhythm: Rhythm, ground: Field) -> QuerySet[VisitDue]:
    """The rows of a rhythm that can be walked today; of each leaf the most pressing ones."""
    path, today = rhythm.area.path, ground.day
    rows = VisitDue.objects.filter(rhythm=rhythm, area__path__gte=ground.low, area__path__lt=ground.high)
    rows = rows.filter(area__path__gte=path, area__path__lt=path + "~").exclude(tried_on__gte=today)
    rows = rows.exclude(household_id__in=sheltered_homes())  # shielded since the round was planned
    at_most, order = LEAF_AT_MOST, [F("due_on").asc(nulls_last=True), F("household_id").asc()]
    if rhythm.whom == Whom.SOME:
        at_most, order = rhythm.often, [F("last_on").asc(nulls_first=True), F("household_id").asc()]
        rows = rows.filter(Q(last_on=None) | Q(last_on__lt=today))
    else:
        rows = rows.filter(due_on__lte=today)
    place = Window(RowNumber(), partition_by=[F("area_id")], order_by=order)
    return rows.annotate(place=place).filter(place__lte=at_most).select_related("area", "household").order_by(*order)


def _visit(due: VisitDue, rhythm: Rhythm, holder: Holder, ground: Field) -> Draft:
    is_some = rhythm.whom == Whom.SOME
    is_late = due.due_on is not None and due.due_on < ground.day - timedelta(days=beat_of(rhythm).days)
    return Draft(
        post_id=holder.post_id,
        kind=ItemKind.VISIT,
        source=f"home:{due.household_id}",
        title="走访",
        why=_why(due, rhythm, ground.day),
        weight=sources.SOME if is_some else sources.VISIT_LATE if is_late else sources.VISIT,
        minutes=ground.minutes[ItemKind.VISIT],
        url=reverse("fieldwork_field:visit", args=["household", due.household.uid]),
        area_id=due.area_id,
        dwelling_id=due.household.dwelling_id,
    )


def _why(due: VisitDue, rhythm: Rhythm, day: date) -> str:
    """The rule and when somebody was here last; what somebody is to be looked after for is never said."""
    rule = (
        f"每天走访 {rhythm.often} 户"
        if rhythm.whom == Whom.SOME
        else f"{spoken_round(rhythm.every, rhythm.span)}走访一次"
    )
    last = "还没有人去过" if due.last_on is None else f"上次是 {(day - due.last_on).days} 天前"
    tried = "，白天没人，试试晚饭后" if due.tries >= TRIES_BY_DAY else "，上次没人在家" if due.tries else ""
    return f"{rule}，{last}{tried}。"


def presence_due(ground: Field) -> Iterator[Draft]:
    """Being there so many times a week: a line of the day until it was so often (R5, the first secretary)."""
    holders = [holder for holder in ground.holders if ground.wants(holder)]
    for rhythm in rhythms_on(ground.day):
        if rhythm.whom != Whom.PRESENCE:
            continue
        since, until = period_of(ground.day, beat_of(rhythm))
        source = f"presence:{rhythm.pk}"
        for holder in holders:
            if holder.role != rhythm.role or not holder.path.startswith(rhythm.area.path):
                continue
            been = DayItem.objects.filter(
                day_list__post_id=holder.post_id, day_list__day__gte=since, day_list__day__lt=until, source=source,
                ended=ItemEnd.DONE,
            ).exclude(day_list__day=ground.day).count()  # fmt: skip
            if been < rhythm.often:
                yield Draft(
                    post_id=holder.post_id,
                    kind=ItemKind.PRESENCE,
                    source=source,
                    title=rhythm.name,
                    why=f"{spoken_round(rhythm.every, rhythm.span)}至少 {rhythm.often} 次，这是第 {been + 1} 次。",
                    weight=sources.VISIT,
                    minutes=ground.minutes[ItemKind.PRESENCE],
                    area_id=holder.area_id,
                )
