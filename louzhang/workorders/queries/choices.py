"""What a report may be about: categories suggested by one's words, and whom a complaint may name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import QuerySet

from louzhang.areas.models import Area, Post
from louzhang.areas.queries import line_of, units_serving
from louzhang.areas.roles import FIELD_ROLES, OFFICE_ROLES
from louzhang.journal.actor import Actor
from louzhang.journal.models import Attachment
from louzhang.kit import clock
from louzhang.kit.compiled import compiled
from louzhang.workorders.models import Category, Handling
from louzhang.workorders.queries.orders import leaf_categories

T = TypeVar("T")
SUGGESTIONS_AT_MOST = 4


@dataclass(frozen=True, slots=True)
class Group:
    """Choices under one heading."""

    label: str
    choices: list[Any]


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of a select: `value` as it is posted, `label` as it is read."""

    value: int | str
    label: str


def grouped(rows: Iterable[T], label_of: Callable[[T], str]) -> list[Group]:
    """Neighbouring rows with the same heading as one group, in the order given."""
    return [Group(label, list(members)) for label, members in groupby(rows, label_of)]


def offered_categories(*, with_complaints: bool = True) -> list[Category]:
    """The leaf categories a form offers, in the district's order (one query)."""
    offered = _offered()
    return [leaf for leaf in offered if with_complaints or leaf.handling != Handling.COMPLAINT]


@compiled
def _offered() -> QuerySet[Category]:
    return leaf_categories().defer("parent__questions", "chain_head", "parent__chain_head")


def by_group(leaves: Iterable[Category]) -> list[Group]:
    """Leaf categories under the names of their groups."""
    return grouped(leaves, lambda leaf: leaf.parent.name if leaf.parent else "")


def suggested_categories(words: str, leaves: Sequence[Category]) -> list[Category]:
    """The categories whose words of everyday speech occur in what was typed, the closest first."""
    scored = [(_closeness(words, leaf), leaf) for leaf in leaves]
    found = [pair for pair in scored if pair[0]]
    return [leaf for _, leaf in sorted(found, key=lambda pair: -pair[0])[:SUGGESTIONS_AT_MOST]]


def _closeness(words: str, leaf: Category) -> int:
    """Longer words say more; the category's own name counts as they do."""
    names = leaf.name.replace("、", " ").split()
    return sum(len(word) ** 2 for word in {*leaf.keywords.split(), *names} if word in words)


def whom_to_name(chosen: Category | None, area: Area | None, typed: str, at: datetime) -> dict[str, Any]:
    """What the picker of a complaint shows: whether it is asked for, the choices, the one chosen so far."""
    asks = chosen is not None and chosen.handling == Handling.COMPLAINT
    return {"asks_target": asks, "targets": targets_at(area, at) if asks else [], "target": typed}


def targets_at(area: Area | None, at: datetime) -> list[Group]:
    """Whom a complaint at this place may name: holders on the line of the place, and units that serve it."""
    if area is None:
        return []
    posts = (
        Post.objects.as_of(clock.local_date(at))
        .filter(area__in=[above.pk for above in line_of(area)], role__in=[*FIELD_ROLES, *OFFICE_ROLES])
        .select_related("area", "title", "user")
        .order_by("-area__depth", "role", "pk")
    )
    people = [Choice(f"post:{post.pk}", _holder(post)) for post in posts]
    units = [Choice(f"unit:{unit.pk}", unit.name) for unit in units_serving(area, at)]
    return [group for group in (Group("人员", people), Group("单位", units)) if group.choices]


def _holder(post: Post) -> str:
    title = post.title.name if post.title else post.get_role_display()
    place = post.area.name if post.area else ""
    return f"{place} {title} {post.user.masked_name}"


def own_drafts(actor: Actor, uids: Iterable[str]) -> list[Attachment]:
    """The files this actor has uploaded and not yet hung on anything, in the order they were chosen."""
    wanted = [uid for uid in map(_read_uid, uids) if uid is not None]
    found = Attachment.objects.filter(uid__in=wanted, owner_key=actor.owner_key, subject_id=None)
    by_uid = {draft.uid: draft for draft in found} if wanted else {}
    return [by_uid[uid] for uid in wanted if uid in by_uid]


def _read_uid(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None
