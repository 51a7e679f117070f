"""负担报告: what campaigns from above cost communities in a week or month, told by who asks, never by who is asked.

What one person entered is read by that person alone (`own_burden`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, Sum

from louzhang.areas.models import Area, Post
from louzhang.areas.queries.office_places import places_of
from louzhang.areas.rights import offices_of
from louzhang.fieldwork.asking import DROPPED, KEPT, Days, kind_of, kinds
from louzhang.fieldwork.known import label_of
from louzhang.fieldwork.models import Admission, Visit
from louzhang.fieldwork.models.admissions import COMMUNITY_RANK
from louzhang.fieldwork.queries.admissions import AGAIN
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import NotThere, NotYours
from louzhang.kit import clock
from louzhang.notices.models import Notice

WEEK, MONTH = "week", "month"


@dataclass(frozen=True, slots=True)
class Line:
    """One campaign in the days: entries and minutes of everybody together, what was asked twice, notices sent."""

    source_uid: UUID
    admission_uid: UUID
    kind: str
    title: str
    asker: str
    households: int
    entries: int
    seconds: int
    repeats: tuple[str, ...]
    notices: int
    is_emergency: bool
    url: str = ""

    @property
    def minutes(self) -> int:
        """All of it, in minutes."""
        return round(self.seconds / 60)

    @property
    def repeated(self) -> int:
        """Answers that somebody had given before."""
        return len(self.repeats) * self.entries


@dataclass(frozen=True, slots=True)
class AskerLine:
    """All campaigns of one office or department."""

    asker: str
    campaigns: int
    entries: int
    minutes: int
    repeats: int
    repeated: int
    notices: int


@dataclass(frozen=True, slots=True)
class Burden:
    """A place and days with their campaigns, the heaviest first."""

    place: str
    since: date
    until: date
    lines: tuple[Line, ...]
    places: tuple[tuple[Area, str], ...] = ()

    @property
    def askers(self) -> list[AskerLine]:
        """By who asks, the heaviest first."""
        grouped: dict[str, list[Line]] = defaultdict(list)
        for line in self.lines:
            grouped[line.asker].append(line)
        return sorted((_summed(name, lines) for name, lines in grouped.items()), key=lambda each: -each.minutes)

    @property
    def whole(self) -> AskerLine:
        """Everything together."""
        return _summed("合计", self.lines)

    @property
    def last(self) -> date:
        """The last day, counted in."""
        return self.until - timedelta(days=1)


def _summed(name: str, lines: Sequence[Line]) -> AskerLine:
    return AskerLine(
        name,
        len(lines),
        sum(line.entries for line in lines),
        sum(line.minutes for line in lines),
        sum(len(line.repeats) for line in lines),
        sum(line.repeated for line in lines),
        sum(line.notices for line in lines),
    )


def span_around(span: str, day: date) -> tuple[date, date]:
    """The week or month a day lies in, from its first day up to the first of the next."""
    if span == MONTH:
        first = day.replace(day=1)
        return first, (first + timedelta(days=31)).replace(day=1)
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=7)


def burden_of(actor: Actor, area_id: int | None, since: date, until: date) -> Burden:
    """The campaigns that ran in the days at a place of the actor's; eight queries at most.

    A department reads what it asked itself, wherever. Raises `NotThere`, `NotYours`.
    """
    places = places_of(actor) if offices_of(actor) else []
    area = _place(actor, [place for place, _ in places], area_id)
    rows = Admission.objects.visible_to(actor).filter(decided_at__isnull=False).exclude(status="declined")
    rows = rows.filter(starts_on__lt=until, ends_on__gte=since).select_related("asker", "street")
    admissions = [row for row in rows.order_by("pk") if _lies(row, area)]
    lines = sorted(_lines(admissions, area, actor, since, until), key=lambda line: (-line.seconds, line.title))
    return Burden(area.name if area is not None else "我们发起的任务", since, until, tuple(lines), tuple(places))


def _place(actor: Actor, places: Sequence[Area], area_id: int | None) -> Area | None:
    """The place asked for, else the widest; none for whoever works in no office."""
    if places:
        found = next((place for place in places if area_id in (None, place.pk)), None)
        if found is None:
            raise NotThere("没有找到这个地点，或它不在您的范围内。请重新选择地点。")
        return found
    if area_id is not None:
        raise NotThere("没有找到这个地点，或它不在您的范围内。")
    if not actor.unit_ids:
        raise NotYours("负担报告由各级办公室和发起任务的部门查看。")
    return None


def _lies(row: Admission, area: Area | None) -> bool:
    return area is None or row.street.path.startswith(area.path) or area.path.startswith(row.street.path)


def _lines(
    admissions: Sequence[Admission], area: Area | None, actor: Actor, since: date, until: date
) -> Iterable[Line]:
    grouped: dict[tuple[str, UUID], list[Admission]] = defaultdict(list)
    for row in admissions:
        grouped[row.kind, row.source_uid].append(row)
    path = area.path if area is not None else ""
    counted, told = _entries(grouped, path, since, until), _notices(grouped, area, since, until)
    repeats = _repeats(admissions)
    inside = _inside(area)
    for (kind_code, uid), rows in grouped.items():
        kind, first, entries = kind_of(kind_code), rows[0], counted.get(uid, 0)
        yield Line(
            source_uid=uid, admission_uid=first.uid, kind=kind.label, title=first.title, asker=first.asker.name,
            households=sum(_homes(row, inside) for row in rows), entries=entries, seconds=entries * first.pace_seconds,
            repeats=repeats.get(uid, ()), notices=told[uid], is_emergency=first.is_emergency,
            url=kind.url(uid, actor),
        )  # fmt: skip


def _entries(
    grouped: Mapping[tuple[str, UUID], Sequence[Admission]], path: str, since: date, until: date
) -> dict[UUID, int]:
    """What was entered, by campaign; one query a kind."""
    days: dict[str, dict[UUID, Days]] = defaultdict(dict)
    for (code, uid), rows in grouped.items():
        days[code][uid] = (min(row.starts_on for row in rows), max(row.ends_on for row in rows))
    found: dict[UUID, int] = {}
    for code, campaigns in days.items():
        found.update(kind_of(code).entries(campaigns, path, since, until))
    return found


def _notices(
    grouped: Mapping[tuple[str, UUID], Sequence[Admission]], area: Area | None, since: date, until: date
) -> Counter[UUID]:
    """Lines in people's inboxes, by campaign; below the district those of people with a post there."""
    subjects = {(Admission.subject_kind, row.pk): uid for (_, uid), rows in grouped.items() for row in rows}
    for (_, uid), admissions in grouped.items():
        subjects.update({(row.source_kind, row.source_id): uid for row in admissions if row.source_id is not None})
    rows = Notice.objects.filter(
        subject_kind__in={kind for kind, _ in subjects}, subject_id__in={pk for _, pk in subjects},
        made_at__gte=clock.day_start(since), made_at__lt=clock.day_start(until),
    )  # fmt: skip
    if area is not None and area.depth > 1:
        here = Post.objects.filter(area__path__gte=area.path, area__path__lt=area.path + "~").order_by()
        rows = rows.filter(user_id__in=here.values("user_id"))
    told: Counter[UUID] = Counter()
    for kind_name, pk, count in rows.order_by().values_list("subject_kind", "subject_id").annotate(Count("pk")):
        if (kind_name, pk) in subjects:
            told[subjects[kind_name, pk]] += count
    return told


def _repeats(admissions: Sequence[Admission]) -> dict[UUID, tuple[str, ...]]:
    """What is asked though the register knows it, or another campaign asked it at the street within a year."""
    streets = {row.street_id for row in admissions}
    earlier = Admission.objects.filter(street_id__in=streets, decided_at__isnull=False).exclude(status="declined")
    asked: dict[tuple[int, str], list[Admission]] = defaultdict(list)
    for row in earlier.defer("loads").order_by("asked_at"):
        for question in row.questions:
            if row.answers.get(question["key"]) != DROPPED:
                asked[row.street_id, question["known"] or question["text"]].append(row)
    found: dict[UUID, dict[str, None]] = defaultdict(dict)
    for row in admissions:
        for question in row.questions:
            if row.answers.get(question["key"], KEPT) != KEPT:
                continue
            topic = question["known"] or question["text"]
            before = any(_is_before(other, row) for other in asked[row.street_id, topic])
            if question["known"] or before:
                known = f"登记里已有{label_of(topic)}" if question["known"] else "一年内问过"
                found[row.source_uid][f"{question['text']}（{known}）"] = None
    return {uid: tuple(words) for uid, words in found.items()}


def _is_before(other: Admission, row: Admission) -> bool:
    return other.source_uid != row.source_uid and row.asked_at - AGAIN <= other.asked_at < row.asked_at


def _inside(area: Area | None) -> frozenset[str] | None:
    """The places of a community, for cutting homes to it; None where whole streets count."""
    if area is None or area.level.rank < COMMUNITY_RANK:
        return None
    rows = Area.objects.get_queryset().under_paths([area.path]).order_by()
    return frozenset(str(pk) for pk in rows.values_list("pk", flat=True))


def _homes(row: Admission, inside: frozenset[str] | None) -> int:
    if inside is None:
        return row.households
    return sum(count for area_id, count in row.loads.items() if area_id in inside)


@dataclass(frozen=True, slots=True)
class OwnLine:
    """What I entered for one campaign."""

    kind: str
    title: str
    entries: int
    minutes: int


@dataclass(frozen=True, slots=True)
class OwnBurden:
    """My days: entries by campaign, visits, notices. Nobody else reads it, and nothing is made of it."""

    since: date
    until: date
    lines: tuple[OwnLine, ...]
    visits: int
    visit_minutes: int
    notices: int

    @property
    def entries(self) -> int:
        """All entries."""
        return sum(line.entries for line in self.lines)

    @property
    def minutes(self) -> int:
        """About how long they took."""
        return sum(line.minutes for line in self.lines)

    @property
    def last(self) -> date:
        """The last day, counted in."""
        return self.until - timedelta(days=1)


def own_burden(actor: Actor, since: date, until: date) -> OwnBurden:
    """What the actor entered; nine queries. Raises `NotYours` for a program or nobody."""
    user_id = actor.user_id
    if user_id is None or actor.token_id is not None:
        raise NotYours("这一页只给本人看。")
    lines = []
    for kind in kinds():
        counted = kind.own(user_id, since, until)
        names = kind.named(list(counted)) if counted else {}
        for uid, entries in counted.items():
            title, seconds = names.get(uid, ("", 0))
            lines.append(OwnLine(kind.label, title, entries, round(entries * seconds / 60)))
    visits = Visit.objects.filter(visitor_id=user_id, day__gte=since, day__lt=until)
    counts = visits.aggregate(count=Count("pk"), minutes=Sum("minutes"))
    notices = Notice.objects.filter(
        user_id=user_id, made_at__gte=clock.day_start(since), made_at__lt=clock.day_start(until)
    )
    ordered = tuple(sorted(lines, key=lambda line: (-line.minutes, line.title)))
    return OwnBurden(since, until, ordered, counts["count"], counts["minutes"] or 0, notices.count())
