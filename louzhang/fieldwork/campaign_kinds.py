"""The sorts of campaigns of this app: visits and rhythms that plan days once let in, sheets that communities fill."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from math import ceil

from django.db.models import Count
from django.db.models.functions import Left
from django.urls import reverse

from louzhang.areas.models import RANKS, Area, LevelKind, Post
from louzhang.fieldwork.actions.rhythms import RhythmDraft, set_rhythm
from louzhang.fieldwork.asking import Counted, Days, Kind, Places, add_kind
from louzhang.fieldwork.models import Admission, BulletinFill, Campaign, CampaignKind, Span, Visit, Whom
from louzhang.fieldwork.models.rhythms import EVERY_AT_MOST
from louzhang.journal.actor import SYSTEM, Actor
from louzhang.kit import clock, queue
from louzhang.register.models import CareTag, Household
from louzhang.register.models.shelters import sheltered
from louzhang.register.suppressing import SHOWN_FROM

GRID_RANK = RANKS[LevelKind.GRID]
CALLING = (CampaignKind.VISIT, CampaignKind.RHYTHM)
SPAN_DAYS = {Span.DAY: 1, Span.WEEK: 7, Span.MONTH: 30}


def _homes(source_uid: uuid.UUID, paths: Places, day: date) -> Mapping[int, int]:
    """Homes with somebody living there, by the place of their door."""
    areas = Area.objects.get_queryset().under_paths(paths).order_by().values("pk")
    rows = Household.objects.as_of(day).filter(ends_on=None, dwelling__ended_at=None, dwelling__area_id__in=areas)
    rows = rows.unshielded()
    counted = rows.order_by().values_list("dwelling__area_id").annotate(count=Count("pk"))
    return dict(counted)


def _communities(source_uid: uuid.UUID, paths: Places, day: date) -> Mapping[int, int]:
    """One sheet a community."""
    rows = Area.objects.get_queryset().under_paths(paths).current().of_kind(LevelKind.COMMUNITY)
    return dict.fromkeys(rows.values_list("pk", flat=True), 1)


def _visits_decided(admissions: Sequence[Admission], at: datetime) -> None:
    """Each street by itself: what it lets in becomes a rhythm until the last day, and so stands on the day's lists."""
    for admission in admissions:
        if admission.is_let_in and not admission.rhythms:
            campaign = Campaign.objects.get(uid=admission.source_uid)
            admission.rhythms = [_begin(campaign, area, at) for area in _places_in(campaign, admission.street)]
            admission.save(update_fields=["rhythms"])


def _places_in(campaign: Campaign, street: Area) -> list[Area]:
    grounds = list(campaign.grounds.defer("outline"))
    return [area for area in grounds if area.path.startswith(street.path)] or [street]


def _rounds(campaign: Campaign) -> int:
    """How often a home is called on in the days of a rhythm."""
    days = (campaign.ends_on - campaign.starts_on).days + 1
    draft = RhythmDraft(**campaign.rhythm)
    return max(1, days // (draft.every * SPAN_DAYS[Span(draft.span)]))


def _calls(source_uid: uuid.UUID, paths: Places, day: date) -> Mapping[int, int]:
    """Calls that a rhythm asks for in its days: of every home, of those with care (told by grids, never exactly), of
    so many a day at each post, or of being there so often. It holds for who comes later too, so a place with nobody
    now is asked as well.
    """
    campaign = Campaign.objects.get(uid=source_uid)
    draft, rounds = RhythmDraft(**campaign.rhythm), _rounds(campaign)
    if draft.whom in {Whom.SOME, Whom.PRESENCE}:
        areas = Area.objects.get_queryset().under_paths(paths).order_by().values("pk")
        posts = Post.objects.as_of(day).filter(role=draft.role, area_id__in=areas, user__ended_at=None)
        found = dict.fromkeys(posts.values_list("area_id", flat=True), draft.often * rounds)
        return found or _nobody_now(paths)
    homes = _homes(source_uid, paths, day) if draft.whom == Whom.EACH else _cared(draft.care_code, paths, day)
    return {area_id: count * rounds for area_id, count in homes.items()} or _nobody_now(paths)


def _nobody_now(paths: Places) -> Mapping[int, int]:
    return dict.fromkeys(Area.objects.filter(path__in=list(paths)).order_by().values_list("pk", flat=True), 0)


def _cared(care_code: str, paths: Places, day: date) -> Mapping[int, int]:
    """Homes with a care mark by grid, rounded up: which building has one is nothing for a street."""
    areas = Area.objects.get_queryset().under_paths(paths).order_by().values("pk")
    tags = CareTag.objects.current(day).filter(resident__area__in=areas, resident__ended_at=None)
    tags = tags.exclude(resident__in=sheltered())
    tags = tags.filter(kind__code=care_code) if care_code else tags
    grid = Left("resident__area__path", GRID_RANK * Area.steplen)
    counts = dict(tags.order_by().annotate(grid=grid).values_list("grid").annotate(count=Count("resident")))
    found = Area.objects.filter(path__in=counts).order_by().values_list("pk", "path")
    return {pk: ceil(counts[path] / SHOWN_FROM) * SHOWN_FROM for pk, path in found}


def _rhythms_decided(admissions: Sequence[Admission], at: datetime) -> None:
    """Each street by itself: the rhythm holds there from its first day to its last, then the street is asked again."""
    for admission in admissions:
        if admission.is_let_in and not admission.rhythms:
            campaign = Campaign.objects.get(uid=admission.source_uid)
            draft, ends_on = RhythmDraft(**campaign.rhythm), campaign.ends_on + timedelta(days=1)
            admission.rhythms = [
                _set(draft, area, campaign.starts_on, ends_on, at) for area in _places_in(campaign, admission.street)
            ]
            admission.save(update_fields=["rhythms"])


def _begin(campaign: Campaign, area: Area, at: datetime) -> uuid.UUID:
    """Every home once from the first day to the last: one round of so many days, or weeks."""
    days = (campaign.ends_on - campaign.starts_on).days + 1
    every, span = (days, Span.DAY) if days <= EVERY_AT_MOST else (ceil(days / 7), Span.WEEK)
    draft = RhythmDraft(
        f"{campaign.title[:30]}（{campaign.pk}）", Whom.EACH, campaign.role, span, every=min(every, EVERY_AT_MOST)
    )
    return _set(draft, area, campaign.starts_on, campaign.ends_on + timedelta(days=1), at)


def _set(draft: RhythmDraft, area: Area, begins_on: date, ends_on: date, at: datetime) -> uuid.UUID:
    starts_on = max(begins_on, clock.local_date(at))
    rhythm = set_rhythm(
        draft=draft, area=area, starts_on=starts_on, ends_on=max(ends_on, starts_on), actor=SYSTEM, at=at
    )
    queue.defer("louzhang.fieldwork.tasks.begin_rhythm", key=f"rhythm:{rhythm.pk}", rhythm_id=rhythm.pk)
    return rhythm.uid


def _nothing_decided(admissions: Sequence[Admission], at: datetime) -> None:
    """A sheet that was let in is seen by the communities; nothing else follows."""


def _visits(campaigns: Mapping[uuid.UUID, Days], path: str, since: date, until: date) -> Counted:
    """Visits below a path in the days of each campaign; one query."""
    rows = Visit.objects.filter(area__path__gte=path, area__path__lt=path + "~", day__gte=since, day__lt=until)
    by_day = dict(rows.order_by().values_list("day").annotate(count=Count("pk")))
    return {
        uid: sum(count for day, count in by_day.items() if first <= day <= last)
        for uid, (first, last) in campaigns.items()
    }


def _own_visits(user_id: int, since: date, until: date) -> Counted:
    """One's own visits in the days of a campaign, or of a rhythm from above, that asked for them there."""
    visits = list(
        Visit.objects.filter(visitor_id=user_id, day__gte=since, day__lt=until).values_list("area__path", "day")
    )
    if not visits:
        return {}
    rows = Admission.objects.filter(kind__in=CALLING, decided_at__isnull=False, starts_on__lt=until)
    rows = rows.filter(ends_on__gte=since).exclude(status="declined").select_related("street")
    found: dict[uuid.UUID, int] = {}
    for row in rows:
        inside = sum(path.startswith(row.street.path) and row.starts_on <= day <= row.ends_on for path, day in visits)
        if inside:
            found[row.source_uid] = found.get(row.source_uid, 0) + inside
    return found


def _told_with_visits(user_id: int, since: date, until: date) -> Counted:
    """`_own_visits` counts for both sorts that ask for calls."""
    return {}


def _fills(campaigns: Mapping[uuid.UUID, Days], path: str, since: date, until: date) -> Counted:
    rows = BulletinFill.objects.filter(
        blank__bulletin__campaigns__uid__in=list(campaigns), area__path__gte=path, area__path__lt=path + "~",
        at__gte=clock.day_start(since), at__lt=clock.day_start(until),
    )  # fmt: skip
    return dict(rows.order_by().values_list("blank__bulletin__campaigns__uid").annotate(count=Count("pk")))


def _own_fills(user_id: int, since: date, until: date) -> Counted:
    rows = BulletinFill.objects.filter(
        user_id=user_id, at__gte=clock.day_start(since), at__lt=clock.day_start(until),
        blank__bulletin__campaigns__isnull=False,
    )  # fmt: skip
    return dict(rows.order_by().values_list("blank__bulletin__campaigns__uid").annotate(count=Count("pk")))


def _named(source_uids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, tuple[str, int]]:
    rows = Campaign.objects.filter(uid__in=source_uids).values_list("uid", "title", "minutes")
    return {uid: (title, minutes * 60) for uid, title, minutes in rows}


def _url(source_uid: uuid.UUID, actor: Actor) -> str:
    return reverse("asking:campaign", args=[source_uid])


def add_kinds() -> None:
    """Register the sorts of this app."""
    visit, sheet, rhythm = (kind.value for kind in (CampaignKind.VISIT, CampaignKind.SHEET, CampaignKind.RHYTHM))
    add_kind(Kind(visit, "集中走访", _homes, _visits_decided, _visits, _own_visits, _named, _url))
    add_kind(Kind(rhythm, "走访节奏", _calls, _rhythms_decided, _visits, _told_with_visits, _named, _url))
    add_kind(Kind(sheet, "填报表", _communities, _nothing_decided, _fills, _own_fills, _named, _url))
