"""What somebody reads of themselves: who they are here, their entry, who looked at it, what they asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from louzhang.accounts.models import User
from louzhang.areas.models import RANKS, LevelKind, Post
from louzhang.areas.queries.spoken import spoken_places
from louzhang.areas.roles import Role
from louzhang.journal.actor import Actor, ActorKind
from louzhang.journal.models import Reveal, Words
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
from louzhang.register.queries.duplicates import rows_of
from louzhang.register.scope import kept_places

LOOKED = {
    "id_number": "证件号码", "phone": "电话", "birth_date": "出生日期", "care": "关爱标记",
    "emergency": "关爱标记（紧急）", "search_id": "按证件号查找", "search_phone": "按电话查找", "export": "导出名单",
    "health": "健康情况", "met_id": "在别处登记时输入了您的证件号码",
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


def own_requests(actor: Actor) -> list[tuple[RightsRequest, str]]:
    """What one has asked, the latest first, each with the reason where it was declined; two queries."""
    ids = own_residents(actor).values("resident_id")
    rows = list(RightsRequest.objects.filter(resident_id__in=ids).order_by("-asked_at", "-pk")[:SHOWN])
    kind = RightsRequest.subject_kind
    said = Words.objects.filter(subject_kind=kind, subject_id__in=[row.pk for row in rows]).order_by("seq")
    reasons = {words.subject_id: str(words.spoken.get("reason", "")) for words in said}
    return [(row, reasons.get(row.pk, "")) for row in rows]


def find_own_request(actor: Actor, uid: UUID) -> RightsRequest:
    """One of them; raises `NotThere`."""
    ids = own_residents(actor).values("resident_id")
    row = RightsRequest.objects.filter(resident_id__in=ids, uid=uid).first()
    if row is None:
        raise NotThere("没有找到这个请求。")
    return row


def find_own_consent(actor: Actor, uid: UUID) -> Consent:
    """One consent about oneself or one's ward; raises `NotThere`."""
    consent = Consent.objects.own_of(actor).filter(uid=uid, ended_at=None).first()
    if consent is None:
        raise NotThere("没有找到这份同意，可能已经撤回。")
    return consent


def looks_at(resident: Resident) -> list[Look]:
    """Who looked at a person's entry and at rows merged into it, the latest first.

    Names of the lookers are masked, their posts in full.
    """
    rows = Reveal.objects.filter(subject_kind=Resident.subject_kind, subject_id__in=rows_of(resident))
    looks = list(rows.order_by("-at", "-pk")[:SHOWN])
    people = User.objects.in_bulk({look.user_id for look in looks if look.user_id})
    posts = Post.objects.select_related("title").in_bulk({look.post_id for look in looks if look.post_id})
    return [Look(look.at, _who(look, people, posts), LOOKED.get(look.what, look.what), look.reason) for look in looks]


def _who(look: Reveal, people: dict[int, User], posts: dict[int, Post]) -> str:
    post, person = posts.get(look.post_id or 0), people.get(look.user_id or 0)
    title = "" if post is None else (post.title.name if post.title else Role(post.role).label)
    if post is None:
        return "系统" if person is None and look.actor_kind == ActorKind.SYSTEM else "本人"
    return f"{title} {person.masked_name if person else ''}".strip()


@dataclass(frozen=True, slots=True)
class AskedBinding:
    """Somebody who says to be a resident: the name and door that the keeper knows anyway, nothing else."""

    binding: Binding
    name: str
    door: str


def doors_of(people: Iterable[Resident]) -> dict[int, str]:
    """Where people live, from the building down with the door, by their id; two queries. Their areas are at hand."""
    rows = list(people)
    places = spoken_places((person.area for person in rows), from_rank=RANKS[LevelKind.BUILDING])
    stays = Stay.objects.filter(resident__in=[person.pk for person in rows], ends_on=None)
    doors = dict(stays.values_list("resident_id", "household__dwelling__door"))
    return {person.pk: f"{places[person.area_id]} {doors.get(person.pk, '')}".strip() for person in rows}


def asked_bindings(actor: Actor) -> list[AskedBinding]:
    """Who waits for a yes in the kept places; three queries."""
    rows = list(bindings_to_confirm(actor).select_related("resident__area")[:SHOWN])
    doors = doors_of(row.resident for row in rows)
    return [AskedBinding(row, row.resident.name, doors[row.resident_id]) for row in rows]


def find_asked_binding(actor: Actor, uid: UUID) -> Binding:
    """One of them; raises `NotThere`."""
    binding = bindings_to_confirm(actor).filter(uid=uid).first()
    if binding is None:
        raise NotThere("没有找到这个认证，可能别人刚刚办过。")
    return binding
