"""队伍名册: who serves below an office, since when, with education, skills, honours and trainings; counts of members.

Rows of membership are read by nobody but the member; here they are counted, and small counts are not told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from louzhang.areas.models import Area, Post
from louzhang.areas.queries.spoken import spoken_places
from louzhang.areas.rights import posts_visible_to
from louzhang.areas.roles import FIELD_ROLES, OFFICE_ROLES, Role
from louzhang.journal.actor import Actor
from louzhang.kit import clock
from louzhang.roster.lifecycle.honours import HonourState
from louzhang.roster.models.honours import Honour
from louzhang.roster.models.membership import (
    HIGH_SCHOOL_OR_ABOVE,
    Education,
    MemberKind,
    OwnEntry,
    PartyMembership,
    Skill,
)
from louzhang.roster.queries.training.dues import dues_of

LISTED_AT_MOST = 2000
SMALL = 5
EDUCATIONS, SKILLS, MEMBERS = dict(Education.choices), dict(Skill.choices), dict(MemberKind.choices)


@dataclass(frozen=True, slots=True)
class Person:
    """One post with what its holder told of themselves."""

    post: Post
    place: str
    education: str
    skills: str
    other: str
    honours: int
    training: str = ""
    membership: str = ""

    @property
    def title(self) -> str:
        """What the district calls the post."""
        return str(self.post.title or Role(self.post.role).label)


def people_below(actor: Actor, day: date, *, area: Area | None = None, role: str = "") -> list[Person]:
    """Who serves below the offices of an actor today, in the order of the tree; eight queries."""
    rows = posts_visible_to(actor).as_of(day).filter(role__in=[role] if role else FIELD_ROLES, area__isnull=False)
    if area is not None:
        rows = rows.filter(area__path__startswith=area.path)
    order = ("area__path", "role", "pk")
    posts = list(rows.select_related("user", "area__level", "title").order_by(*order)[:LISTED_AT_MOST])
    return _people(posts, actor, day)


def _people(posts: Sequence[Post], actor: Actor, day: date) -> list[Person]:
    ids = [post.user_id for post in posts]
    own = OwnEntry.objects.visible_to(actor).filter(user_id__in=ids).exclude(given_at=None)
    entries = {entry.user_id: entry for entry in own}
    given = Honour.objects.filter(holder_id__in=ids, status=HonourState.AWARDED.value)
    honours = Counter(given.values_list("holder_id", flat=True))
    places = spoken_places({post.area for post in posts if post.area}) if posts else {}
    lacking: dict[int, list[str]] = {}
    for due in dues_of(posts, clock.day_start(day)):
        lacking.setdefault(due.post.pk, []).append(f"{due.rule.course.name}（{due.due_on:%Y-%m-%d} 前）")
    return [
        _one(post, places.get(post.area_id or 0, ""), entries.get(post.user_id), honours, lacking.get(post.pk, []))
        for post in posts
    ]


def _one(post: Post, place: str, entry: OwnEntry | None, honours: Counter[int], lacking: Sequence[str]) -> Person:
    return Person(
        post,
        place,
        EDUCATIONS.get(entry.education, "") if entry else "",
        "、".join(SKILLS[code] for code in entry.skills) if entry else "",
        entry.open_field("other") if entry else "",
        honours[post.user_id],
        "；".join(lacking),
    )


def memberships_to_list(user_ids: Collection[int]) -> dict[int, str]:
    """What may stand in a list: of those who agreed to that too. For the export alone, which logs it."""
    rows = PartyMembership.objects.filter(user_id__in=list(user_ids), is_listed=True)
    return {user_id: MEMBERS[kind] for user_id, kind in rows.values_list("user_id", "kind")}


@dataclass(frozen=True, slots=True)
class Counted:
    """How many serve at a place and how many of them are members; None where that would tell who."""

    place: Area
    people: int
    members: int | None
    probationary: int | None


def count_members(actor: Actor, day: date) -> list[Counted]:
    """For each place of which the actor is secretary: one number for all below, never parts of it.

    A number below five is not told, nor one that leaves fewer than five others (handbook, R3: 48 of 152).
    """
    seats = [seat for seat in actor.seats_with(Role.SECRETARY) if seat.area_id is not None]
    places = {place.pk: place for place in Area.objects.filter(pk__in=[seat.area_id for seat in seats])}
    return [_counted(places[seat.area_id], day) for seat in seats if seat.area_id in places]


def _counted(place: Area, day: date) -> Counted:
    posts = Post.objects.as_of(day).filter(role__in=FIELD_ROLES, area__path__startswith=place.path)
    people = set(posts.values_list("user_id", flat=True))
    kinds = Counter(PartyMembership.objects.filter(user_id__in=people).values_list("kind", flat=True))
    members = kinds.total()
    new = kinds[MemberKind.PROBATIONARY]
    is_told = members >= SMALL and len(people) - members >= SMALL
    return Counted(
        place, len(people), members if is_told else None, new if is_told and _tells_none(new, members) else None
    )


def _tells_none(part: int, whole: int) -> bool:
    return part >= SMALL and whole - part >= SMALL


@dataclass(frozen=True, slots=True)
class Schooling:
    """How many of those below told their education, and how many of these finished high school."""

    people: int
    told: int
    high: int

    @property
    def percent(self) -> int:
        """Whole percent of those who told."""
        return round(100 * self.high / self.told) if self.told else 0

    @property
    def spoken(self) -> str:
        """70%."""
        return f"{self.percent}%"


def schooling(actor: Actor, day: date) -> Schooling:
    """For the plan of trainings: of all who serve below the offices of an actor."""
    if not actor.has_role(*OFFICE_ROLES):
        return Schooling(0, 0, 0)
    posts = posts_visible_to(actor).as_of(day).filter(role__in=FIELD_ROLES)
    people = set(posts.values_list("user_id", flat=True))
    told = OwnEntry.objects.visible_to(actor).filter(user_id__in=people).exclude(education="")
    return Schooling(len(people), told.count(), told.filter(education__in=HIGH_SCHOOL_OR_ABOVE).count())


def own_membership(actor: Actor) -> PartyMembership | None:
    """The own row."""
    return PartyMembership.objects.visible_to(actor).first()


def own_entry(actor: Actor) -> OwnEntry | None:
    """The own education and skills, where they were told."""
    if actor.user_id is None:
        return None
    return OwnEntry.objects.visible_to(actor).filter(user_id=actor.user_id).exclude(given_at=None).first()
