"""居民提出调换: whom one may name, how many households have, what the office reads of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import F

from louzhang.areas.models import Area, Post
from louzhang.areas.queries import setting
from louzhang.areas.roles import Role
from louzhang.journal.actor import Actor
from louzhang.journal.models import Words
from louzhang.journal.refusals import NotThere
from louzhang.kit import clock
from louzhang.register.models import Household, own_households
from louzhang.roster.models.choosing_scope import home_paths
from louzhang.roster.models.replacing import ReplacementRequest, ReplacementRequestQuerySet, ReplacementVoice

HOUSEHOLDS_AT_LEAST = 3
NAMED_ROLES = (Role.CHIEF, Role.STAIRWELL_HEAD)


def posts_to_name(actor: Actor, at: datetime) -> list[Post]:
    """The chief and the unit head of one's own home; nobody names oneself."""
    homes = home_paths(actor)
    if not homes:
        return []
    rows = Post.objects.as_of(clock.local_date(at)).filter(role__in=NAMED_ROLES, area__path__in=homes)
    rows = rows.exclude(user_id=actor.user_id) if actor.user_id is not None else rows
    return list(rows.select_related("user", "title", "area").order_by("-area__depth", "pk"))


def own_household_at(actor: Actor, area: Area) -> Household:
    """The household of an actor that lives at a place; raises `NotThere`."""
    rows = own_households(actor).filter(dwelling__area__path__startswith=area.path)
    home = rows.order_by("pk").first()
    if home is None:
        raise NotThere("只有住在这里、认证过本人的居民可以提。请先认证本人。")
    return home


def own_voices(actor: Actor) -> list[ReplacementVoice]:
    """What one has said and not taken back, the newest first."""
    rows = ReplacementVoice.objects.visible_to(actor).filter(withdrawn_at=None)
    return list(rows.select_related("post__area", "post__title", "request").order_by("-pk"))


def households_at(area: Area) -> int:
    """How many households live at a place."""
    return Household.objects.within(area.pk).filter(ends_on=None).count()


def needed_of(households: int, at: datetime) -> int:
    """How many of so many households open a review, by the rule of the district; never fewer than three."""
    percent = int(setting("choosing_replace_percent", at))
    return max(HOUSEHOLDS_AT_LEAST, -(-households * percent // 100))


def requests_seen(actor: Actor) -> ReplacementRequestQuerySet:
    """Requests of the actor's places, the open ones first; never one that names the actor."""
    rows = ReplacementRequest.objects.visible_to(actor).select_related("post__user", "post__area", "post__title")
    return rows.order_by(F("closed_at").desc(nulls_first=True), "-pk")


def words_of_requests(requests: Iterable[ReplacementRequest]) -> dict[int, list[str]]:
    """What households said, by the request, without any name and in an order that tells nothing; two queries."""
    rows = ReplacementVoice.objects.filter(request__in=[request.pk for request in requests])
    asked = dict(rows.order_by("pk").values_list("pk", "request_id"))
    said = Words.objects.filter(subject_kind=ReplacementVoice.subject_kind, subject_id__in=list(asked), seq=1)
    found: dict[int, list[str]] = {}
    for voice_id, spoken in said.values_list("subject_id", "spoken"):
        if spoken:
            found.setdefault(asked[voice_id] or 0, []).append(str(spoken.get("words", "")))
    return {request_id: sorted(words) for request_id, words in found.items()}
