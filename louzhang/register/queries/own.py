"""What somebody reads of themselves: who they are here, their entry, who looked at it, what they asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from louzhang.accounts.models import User
from louzhang.areas.models import Post
from louzhang.areas.roles import Role
from louzhang.journal.actor import Actor, ActorKind
from louzhang.journal.models import Reveal
from louzhang.journal.refusals import NotThere
from louzhang.journal.ties import own_term
from louzhang.kit import clock
from louzhang.register.models import (
    Binding,
    CareTag,
    Consent,
    Registration,
    Resident,
    RightsRequest,
    Stay,
    own_residents,
)
from louzhang.register.models.shelters import unsheltered
from louzhang.register.scope import kept_places

LOOKED = {
    "id_number": "证件号码", "phone": "电话", "birth_date": "出生日期", "care": "关爱标记",
    "emergency": "关爱标记（紧急）", "search": "按号码查找", "export": "导出名单",
}  # fmt: skip
SHOWN = 200
UNBOUND = "您还没有认证，这里看不到任何人的登记。请先认证本人。"


@dataclass(frozen=True, slots=True)
class Look:
    """One look at somebody's entry, as they read it."""

    at: datetime
    who: str
    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class OwnEntry:
    """Everything the register holds about a person."""

    resident: Resident
    stays: list[Stay]
    registrations: list[Registration]
    tags: list[CareTag]
    consents: list[Consent]


def own_bindings(actor: Actor) -> QuerySet[Binding]:
    """The bindings of this account or phone that have not ended, confirmed or still asked."""
    own = own_term(actor, "user_id")
    rows = Binding.objects.filter(ended_at=None)
    return rows.none() if own is None else rows.filter(own)


def bindings_to_confirm(actor: Actor) -> QuerySet[Binding]:
    """Asked in the places the actor keeps, the longest waiting first; nobody confirms their own."""
    kept = kept_places(actor, "resident__area") & unsheltered(actor, "resident_id", "resident__area")
    rows = Binding.objects.filter(kept, ended_at=None, confirmed_at=None, resident__ended_at=None)
    own = own_term(actor, "user_id")
    return (rows if own is None else rows.exclude(own)).order_by("asked_at", "pk")


def own_resident(actor: Actor) -> Resident:
    """Who the actor is in the register; raises `NotThere` before it is confirmed."""
    ids = own_residents(actor).values("resident_id")
    resident = Resident.objects.current().filter(pk__in=ids).select_related("area__level").first()
    if resident is None:
        raise NotThere(UNBOUND)
    return resident


def own_entry(resident: Resident, actor: Actor, at: datetime) -> OwnEntry:
    """The person's row with all that hangs on it; four queries."""
    day = clock.local_date(at)
    stays = Stay.objects.visible_to(actor).filter(resident=resident)
    tags = CareTag.objects.visible_to(actor).current(day).filter(resident=resident)
    return OwnEntry(
        resident=resident,
        stays=list(stays.select_related("household__dwelling__area").order_by("-starts_on", "-pk")),
        registrations=list(Registration.objects.filter(resident=resident).order_by("-starts_on", "-pk")),
        tags=list(tags.select_related("kind", "author").order_by("kind__position", "pk")),
        consents=own_consents(actor),
    )


def own_consents(actor: Actor) -> list[Consent]:
    """What one has consented to or is asked, for oneself and for whom one decides."""
    rows = Consent.objects.own_of(actor).filter(ended_at=None)
    return list(rows.select_related("kind", "resident").order_by("given_at", "asked_at", "pk"))


def own_requests(actor: Actor) -> list[RightsRequest]:
    """What one has asked, the latest first."""
    ids = own_residents(actor).values("resident_id")
    return list(RightsRequest.objects.filter(resident_id__in=ids).order_by("-asked_at", "-pk")[:SHOWN])


def looks_at(resident: Resident) -> list[Look]:
    """Who looked at a person's entry, the latest first; names of the lookers masked, their posts in full."""
    rows = Reveal.objects.filter(subject_kind=Resident.subject_kind, subject_id=resident.pk).order_by("-at", "-pk")
    looks = list(rows[:SHOWN])
    people = User.objects.in_bulk({look.user_id for look in looks if look.user_id})
    posts = Post.objects.select_related("title").in_bulk({look.post_id for look in looks if look.post_id})
    return [Look(look.at, _who(look, people, posts), LOOKED.get(look.what, look.what), look.reason) for look in looks]


def _who(look: Reveal, people: dict[int, User], posts: dict[int, Post]) -> str:
    post, person = posts.get(look.post_id or 0), people.get(look.user_id or 0)
    title = "" if post is None else (post.title.name if post.title else Role(post.role).label)
    if post is None:
        return "系统" if person is None and look.actor_kind == ActorKind.SYSTEM else "本人"
    return f"{title} {person.masked_name if person else ''}".strip()
