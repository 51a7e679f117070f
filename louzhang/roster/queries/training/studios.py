"""Reading studios: the tree of who learns from whom, members, meetings."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import QuerySet

from louzhang.accounts.models import User
from louzhang.areas.models import Post
from louzhang.areas.roles import FIELD_ROLES, OFFICE_ROLES
from louzhang.journal.actor import Actor
from louzhang.journal.models import Words
from louzhang.journal.refusals import NotThere
from louzhang.kit import clock
from louzhang.register.scope import seat_places
from louzhang.roster.models.training import Studio, StudioMeeting, StudioMember
from louzhang.roster.queries.training.people import each_once, places_of_people

UNKNOWN = "没有找到这个工作室，或它不在您的范围内。"
NO_MEETING = "没有找到这次活动，或它不在您的范围内。"


@dataclass(frozen=True, slots=True)
class Branch:
    """A studio in the tree: its members, and the studios that some of them lead."""

    studio: Studio
    members: list[StudioMember]
    below: list[Branch] = field(default_factory=list)

    @property
    def people(self) -> int:
        """Everybody who learns here and below."""
        return len(self.members) + sum(branch.people for branch in self.below)

    @property
    def learning_only(self) -> list[StudioMember]:
        """The members who lead no studio of their own: those who do stand below with theirs."""
        leads = {branch.studio.lead_id for branch in self.below}
        return [row for row in self.members if row.user_id not in leads]


@dataclass(frozen=True, slots=True)
class TreeLine:
    """One studio of the tree laid out flat, for paper and for a workbook; `depth` is 0 for those at the top."""

    branch: Branch
    depth: int
    above: Studio | None
    lead_place: str
    members: list[tuple[StudioMember, str]]


def studio_tree(actor: Actor, day: date) -> list[Branch]:
    """The studios an actor sees, each below the studio its lead is a member of (two queries)."""
    studios = list(
        Studio.objects.visible_to(actor).current().select_related("lead", "area").order_by("started_on", "pk")
    )
    members = _members_of(studios, day)
    branches = {studio.lead_id: Branch(studio, members.get(studio.pk, [])) for studio in studios}
    learns_from = {row.user_id: row.studio.lead_id for rows in members.values() for row in rows}
    tops: list[Branch] = []
    for lead, branch in branches.items():
        above = branches.get(learns_from.get(lead, 0))
        (above.below if above is not None else tops).append(branch)
    return tops


def tree_lines(tree: Sequence[Branch], at: datetime) -> list[TreeLine]:
    """The tree from top to bottom, each studio right above those that hang on it, with where people work."""
    flat = list(_flat(tree, 0, None))
    people = {branch.studio.lead_id for branch, _, _ in flat}
    people |= {row.user_id for branch, _, _ in flat for row in branch.members}
    places = places_of_people(people, at)
    return [
        TreeLine(
            branch, depth, above, places.get(branch.studio.lead_id, ""),
            [(row, places.get(row.user_id, "")) for row in branch.members],
        )
        for branch, depth, above in flat
    ]  # fmt: skip


def _flat(tree: Sequence[Branch], depth: int, above: Studio | None) -> Iterator[tuple[Branch, int, Studio | None]]:
    for branch in tree:
        yield branch, depth, above
        yield from _flat(branch.below, depth + 1, branch.studio)


def _members_of(studios: Sequence[Studio], day: date) -> dict[int, list[StudioMember]]:
    rows = StudioMember.objects.as_of(day).filter(studio__in=studios).select_related("user", "studio")
    found: dict[int, list[StudioMember]] = {}
    for row in rows.order_by("starts_on", "pk"):
        found.setdefault(row.studio_id, []).append(row)
    return found


def find_studio(actor: Actor, uid: uuid.UUID) -> Studio:
    """One; raises `NotThere`."""
    rows = Studio.objects.visible_to(actor).current().filter(uid=uid)
    studio = rows.select_related("lead", "area__level").first()
    if studio is None:
        raise NotThere(UNKNOWN)
    return studio


def may_lead(studio: Studio, actor: Actor) -> bool:
    """Whether the actor leads it, or works in an office over it."""
    if actor.is_read_only:
        return False
    own = studio.lead_id == actor.user_id and bool(actor.seats)
    return own or any(studio.area.path.startswith(seat.path) for seat in actor.seats_with(*OFFICE_ROLES))


def members_of(studio: Studio, day: date) -> list[StudioMember]:
    """Who learns there on a day (one query)."""
    rows = StudioMember.objects.as_of(day).filter(studio=studio).select_related("user")
    return list(rows.order_by("starts_on", "pk"))


def studios_below(studio: Studio, members: Sequence[StudioMember]) -> dict[int, Studio]:
    """The studio each member leads, where they lead one (one query)."""
    rows = Studio.objects.current().filter(lead_id__in=[row.user_id for row in members])
    return {row.lead_id: row for row in rows}


def meetings_of(studio: Studio) -> list[StudioMeeting]:
    """Its meetings, the latest first (one query)."""
    return list(StudioMeeting.objects.filter(studio=studio).order_by("-starts_at", "-pk")[:50])


def find_meeting(actor: Actor, uid: uuid.UUID) -> StudioMeeting:
    """One; raises `NotThere`."""
    rows = StudioMeeting.objects.filter(studio__in=Studio.objects.visible_to(actor), uid=uid)
    found = rows.select_related("studio__area__level", "studio__lead").first()
    if found is None:
        raise NotThere(NO_MEETING)
    return found


def minutes_of(meeting: StudioMeeting) -> str:
    """What was learnt; blank before anybody told it (one query)."""
    rows = Words.objects.filter(subject_kind=StudioMeeting.subject_kind, subject_id=meeting.pk).order_by("-seq")
    return next((str(row.spoken["minutes"]) for row in rows if "minutes" in row.spoken), "")


def people_to_join(actor: Actor, studio: Studio | None, at: datetime) -> list[tuple[User, str]]:
    """Who could lead or learn: people with posts below one's offices, or below the place of a studio one leads."""
    return each_once(_joining(actor, studio, at))


def may_join(user: User, actor: Actor, studio: Studio | None, at: datetime) -> bool:
    """Whether somebody is one of them (one query)."""
    return _joining(actor, studio, at).filter(user=user).exists()


def _joining(actor: Actor, studio: Studio | None, at: datetime) -> QuerySet[Post]:
    rows = Post.objects.as_of(clock.local_date(at)).filter(role__in=(*FIELD_ROLES, *OFFICE_ROLES), user__ended_at=None)
    if studio is not None:
        return rows.filter(area__path__startswith=studio.area.path).exclude(user_id=studio.lead_id)
    return rows.filter(seat_places(actor.seats_with(*OFFICE_ROLES)))


def studios_above(user_id: int, day: date) -> list[Studio]:
    """The studio somebody learns in, the one its lead learns in, and so on up."""
    found: list[Studio] = []
    while True:
        place = StudioMember.objects.as_of(day).filter(user_id=user_id).select_related("studio").first()
        if place is None or place.studio.ended_at is not None or place.studio in found:
            return found
        found.append(place.studio)
        user_id = place.studio.lead_id


def leads_above(studio: Studio, day: date) -> set[int]:
    """Everybody from whom the lead of a studio learns, all the way up: none of them may learn here."""
    return {studio.lead_id, *(above.lead_id for above in studios_above(studio.lead_id, day))}
