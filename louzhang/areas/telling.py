"""What this app tells the accounts below it: posts in words, where somebody starts, people of the demo."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Q

from louzhang.accounts import actors, demo_people
from louzhang.accounts.actors import PostLine, PostWords
from louzhang.accounts.demo_people import DemoPerson
from louzhang.accounts.models import User
from louzhang.areas.models import Area, LevelKind, Post
from louzhang.areas.queries import actor_for, posts_of, setting
from louzhang.areas.roles import FIELD_ROLES, OFFICE_ROLES, UNIT_ROLES, Role
from louzhang.journal.actor import Actor
from louzhang.kit import clock

# Where each kind of post starts, in this order; the first page that is there wins.
HOMES: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    ((Role.COMMANDER,), ("command:board", "desk:inbox")),
    ((*OFFICE_ROLES, *UNIT_ROLES), ("desk:inbox", "people:list")),
    (FIELD_ROLES, ("field:today", "phone:home")),
    ((Role.SECURITY_ADMIN,), ("keepers:security",)),
    ((Role.AUDIT_ADMIN,), ("keepers:audit",)),
    ((Role.SYSTEM_ADMIN,), ("settings:home",)),
)
# Levels that tell where somebody is at home; street and district are known to everybody there.
NAMED_KINDS = (
    LevelKind.COMMUNITY,
    LevelKind.GRID,
    LevelKind.BUILDING,
    LevelKind.GROUP,
    LevelKind.STAIRWELL,
)


def tell_accounts() -> None:
    """Register everything; called once when the app is ready."""
    actors.register(actor_for)
    actors.register_words(PostWords(lines_of=post_lines, home_of=home_names))
    demo_people.register_search(find_demo_people, is_demo)


def home_names(actor: Actor) -> Sequence[str]:
    """The pages an actor may start on: command, desk, field, or the residents' home."""
    for roles, names in HOMES:
        if actor.has_role(*roles):
            return names
    return ("phone:home",)


def post_lines(user: User, at: datetime) -> list[PostLine]:
    """The posts a person fills now, own and stood in for, with who stands in."""
    rows = list(posts_of(user.pk, at).select_related("area", "unit", "title", "user", "stand_in"))
    places = places_of(rows)
    return [_line(post, user, places[post.pk]) for post in rows]


def _line(post: Post, user: User, place: str) -> PostLine:
    note = ""
    if post.user_id != user.pk:
        note = f"替 {post.user.name} 代管"
    elif post.stand_in is not None:
        note = f"替岗人：{post.stand_in.name}"
    return PostLine(title=title_of(post), place=place, starts_on=post.starts_on, ends_on=post.ends_on, note=note)


def title_of(post: Post) -> str:
    """What the district calls the post, else the role's own word."""
    return post.title.name if post.title is not None else Role(post.role).label


def places_of(posts: Iterable[Post]) -> dict[int, str]:
    """The unit of each post, or its area within the community: 彩虹社区 3号网格 12号楼; one query for all."""
    rows = list(posts)
    step = Area.steplen
    lines = {
        post.pk: [post.area.path[:end] for end in range(step, len(post.area.path) + 1, step)]
        for post in rows
        if post.area is not None
    }
    wanted = {path for line in lines.values() for path in line}
    names = dict(
        Area.objects.filter(path__in=wanted, level__kind__in=NAMED_KINDS).order_by().values_list("path", "name")
    )
    said = {pk: " ".join(names[path] for path in line if path in names) for pk, line in lines.items()}
    return {post.pk: said.get(post.pk) or str(post.unit or post.area) for post in rows}


def is_demo(at: datetime) -> bool:
    """Whether the demo's loader has written its flag into this database."""
    return bool(setting("is_demo", at))


def find_demo_people(words: str, at: datetime) -> list[DemoPerson]:
    """Made-up people by part of a name, a role or a place."""
    roles = [role.value for role in Role if words in role.label]
    posts = list(
        Post.objects.as_of(clock.local_date(at))
        .filter(user__is_demo=True, user__ended_at=None)
        .filter(
            Q(user__name__contains=words)
            | Q(role__in=roles)
            | Q(title__name__contains=words)
            | Q(area__name__contains=words)
            | Q(unit__name__contains=words)
        )
        .select_related("user", "title", "area", "unit")
        .order_by("pk")[: demo_people.MOST_FOUND]
    )
    places = places_of(posts)
    return [
        DemoPerson(role_label=title_of(post), name=post.user.name, uid=post.user.uid, place=places[post.pk])
        for post in posts
    ]
