"""What the pages about people show: a page of rows, one person's card, whom to call."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Q, QuerySet

from louzhang.accounts.models import Device, SignInCode, User, phone_index
from louzhang.areas.models import Area, Post, Unit
from louzhang.areas.queries.district import line_of, setting
from louzhang.areas.queries.people_scope import people_visible_to, standing_posts
from louzhang.areas.telling import places_of, title_of
from louzhang.journal.actor import Actor
from louzhang.kit import phones
from louzhang.kit.handles import handle_of, words_of
from louzhang.kit.paging import Page, page_of

PAGE = 50


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One line of the list."""

    person: User
    posts: Sequence[str]
    devices: int
    last_seen: date | None
    has_code: bool


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """What the list is narrowed to; `words` come out of an opaque handle, never out of the URL."""

    role: str = ""
    area_id: int | None = None
    words: str = ""
    only_never: bool = False
    cursor: str | None = None


@dataclass(slots=True)
class _Signs:
    devices: int = 0
    last_seen: date | None = None
    posts: list[str] = field(default_factory=list)
    has_code: bool = False


def list_people(actor: Actor, wanted: PeopleFilter, at: datetime) -> tuple[Page[User], list[PersonRow]]:
    """A page of the people in scope with posts, devices and open codes; five queries."""
    page = page_of(_narrowed(actor, wanted, at), cursor=wanted.cursor, size=PAGE, order=("id",))
    signs = _signs_of(page.rows, at)
    rows = [
        PersonRow(person, sign.posts, sign.devices, sign.last_seen, sign.has_code)
        for person in page.rows
        for sign in [signs[person.pk]]
    ]
    return page, rows


def _narrowed(actor: Actor, wanted: PeopleFilter, at: datetime) -> QuerySet[User]:
    people = people_visible_to(actor, at)
    posts = standing_posts(at)
    if wanted.role:
        people = people.filter(pk__in=posts.filter(role=wanted.role).values("user_id"))
    if wanted.area_id is not None:
        areas = Area.objects.within(wanted.area_id).order_by().values("pk")
        people = people.filter(pk__in=posts.filter(area_id__in=areas).values("user_id"))
    if wanted.words:
        people = people.filter(name__contains=wanted.words)
    if wanted.only_never:
        people = people.exclude(pk__in=Device.objects.order_by().values("user_id"))
    return people


def _signs_of(people: Iterable[User], at: datetime) -> dict[int, _Signs]:
    ids = [person.pk for person in people]
    signs: dict[int, _Signs] = defaultdict(_Signs)
    posts = list(standing_posts(at).filter(user_id__in=ids).select_related("title", "unit", "area").order_by("pk"))
    places = places_of(posts)
    for post in posts:
        signs[post.user_id].posts.append(f"{title_of(post)} {places[post.pk]}")
    for device in Device.objects.filter(user_id__in=ids, ended_at=None, expires_at__gt=at).order_by("seen_on"):
        signs[device.user_id].devices += 1
        signs[device.user_id].last_seen = device.seen_on
    codes = SignInCode.objects.filter(user_id__in=ids, used_at=None, ended_at=None, expires_at__gt=at)
    for user_id in codes.values_list("user_id", flat=True):
        signs[user_id].has_code = True
    return signs


def person_by_phone(actor: Actor, typed: str, at: datetime) -> User | None:
    """The person in scope with exactly this number."""
    index = phone_index(phones.normal_phone(typed))
    return people_visible_to(actor, at).filter(phone_index=index).first()


def standing_posts_of(person: User, at: datetime) -> list[Post]:
    """The posts of one person that hold today or begin later, and those stood in for."""
    rows = standing_posts(at).filter(Q(user=person) | Q(stand_in=person))
    return list(rows.select_related("title", "unit", "area", "user", "stand_in").order_by("starts_on", "pk"))


def office_to_call(person: User, at: datetime) -> tuple[str, str]:
    """The office that answers for somebody and its public number, for the printed slip."""
    post = standing_posts(at).filter(user=person, area__isnull=False).select_related("area").order_by("pk").first()
    if post is not None and post.area is not None:
        return office_near(post.area, at)
    return "", str(setting("hotline", at))


def office_near(area: Area, at: datetime) -> tuple[str, str]:
    """The nearest office above a place that has a public number, and the number; else that of the district."""
    line = [above.pk for above in line_of(area)]
    offices = Unit.objects.filter(office_area_id__in=line, ended_at=None).exclude(phone="")
    nearest = offices.select_related("office_area").order_by("-office_area__depth").first()
    return (nearest.name, nearest.phone) if nearest is not None else ("", str(setting("hotline", at)))


def search_handle(actor: Actor, words: str) -> str:
    """An opaque handle for words about people, good for this actor only: names stay out of URLs."""
    return handle_of(words, purpose=_purpose(actor))


def words_of_handle(actor: Actor, handle: str) -> str:
    """The words behind a handle; empty for one of somebody else or a made-up one."""
    return words_of(handle, purpose=_purpose(actor))


def _purpose(actor: Actor) -> str:
    return f"people-search:{actor.user_id}"
