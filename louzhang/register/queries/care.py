"""Who is looked after: the neutral mark 关 on homes and people, what is due for review, what waits for somebody."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.urls import reverse

from louzhang.journal.actor import Actor
from louzhang.journal.refusals import NotThere
from louzhang.kit import clock
from louzhang.register.ages import MINOR_UNTIL, is_under
from louzhang.register.beside import Ground, Mark, Marked, Section
from louzhang.register.models import CareTag, Consent, EmergencyUse, Household, Resident, Stay
from louzhang.register.queries.own import doors_of
from louzhang.shell.parts import Item

AHEAD = timedelta(days=30)
LISTED = 100


@dataclass(frozen=True, slots=True)
class DueCare:
    """Somebody of whom a mark is to be looked at again; which mark, the page does not say."""

    resident: Resident
    place: str
    review_on: date
    is_late: bool


def care_marks(dwelling_ids: Collection[int], actor: Actor, at: datetime) -> Iterable[Marked]:
    """Homes with somebody to look after, as far as the actor may know."""
    day = clock.local_date(at)
    tags = CareTag.objects.visible_to(actor).current(day).values("resident_id")
    stays = Stay.objects.as_of(day).filter(household__dwelling__in=dwelling_ids, resident_id__in=tags)
    yield Marked(Mark(is_cared=True), stays, "household__dwelling_id")


def care_section(ground: Ground, actor: Actor, at: datetime) -> Iterable[Section]:
    """关 beside a person: the way to what it stands for, which opens by a logged tap."""
    if ground.resident is None or ground.resident.died_on is not None:
        return []
    url = reverse("care:of", args=[ground.resident.uid])
    note = "点开要写为什么看，会留下记录" if has_care(ground.resident, actor, at) else "没有标记，需要时在这里记"
    return [Section("关爱", (Item(label="关", url=url, icon="eye", note=note),))]


def holds_care(resident: Resident, actor: Actor, at: datetime) -> bool:
    """Whether a look would open anything: a mark, or a consent that can be withdrawn by word."""
    return has_care(resident, actor, at) or bool(consents_of(resident, actor))


def has_care(resident: Resident, actor: Actor, at: datetime) -> bool:
    """Whether there is something to look after that the actor may know of."""
    tags = CareTag.objects.visible_to(actor).current(clock.local_date(at))
    return tags.filter(resident=resident).exists()


def due_care(actor: Actor, at: datetime) -> list[DueCare]:
    """People of whom a mark is to be looked at within a month, the longest due first."""
    day = clock.local_date(at)
    rows = CareTag.objects.kept_by(actor).due(day, day + AHEAD).select_related("resident__area")
    tags = list(rows.order_by("review_on", "pk")[:LISTED])
    places = doors_of(tag.resident for tag in tags)
    found: dict[int, DueCare] = {}
    for tag in tags:
        person = tag.resident
        line = DueCare(person, places[person.pk], tag.review_on, is_late=tag.review_on <= day)
        found.setdefault(person.pk, line)
    return list(found.values())


def asked_consents(actor: Actor) -> list[Consent]:
    """What is asked anew in the kept places, the longest waiting first."""
    rows = Consent.objects.kept_by(actor).asked().select_related("resident__area")
    return list(rows.order_by("asked_at", "pk")[:LISTED])


def untold_emergencies(actor: Actor) -> list[EmergencyUse]:
    """Uses in an emergency of which the person does not know yet."""
    rows = EmergencyUse.objects.visible_to(actor).untold().select_related("resident__area", "user")
    return list(rows.order_by("used_at", "pk")[:LISTED])


def find_tag(actor: Actor, uid: UUID) -> CareTag:
    """One tag in scope; raises `NotThere`."""
    tag = CareTag.objects.visible_to(actor).filter(uid=uid).select_related("resident").first()
    if tag is None:
        raise NotThere("没有找到这个标记，或它不在您的范围内。")
    return tag


def find_consent(actor: Actor, uid: UUID) -> Consent:
    """One consent in scope; raises `NotThere`."""
    consent = Consent.objects.visible_to(actor).filter(uid=uid, ended_at=None).select_related("resident").first()
    if consent is None:
        raise NotThere("没有找到这份同意，或它不在您的范围内。")
    return consent


def find_emergency(actor: Actor, uid: UUID) -> EmergencyUse:
    """One use in an emergency in scope; raises `NotThere`."""
    use = EmergencyUse.objects.visible_to(actor).filter(uid=uid).first()
    if use is None:
        raise NotThere("没有找到这次紧急使用，或它不在您的范围内。")
    return use


def consents_of(resident: Resident, actor: Actor) -> list[Consent]:
    """What stands or is asked of a person, as far as the actor may know."""
    rows = Consent.objects.visible_to(actor).filter(resident=resident, ended_at=None)
    return list(rows.select_related("kind", "guardian").order_by("kind__position", "pk"))


def adults_around(resident: Resident, actor: Actor, at: datetime) -> list[tuple[str, str]]:
    """Grown people of the same household, who may decide for a person: id and name."""
    day = clock.local_date(at)
    homes = Household.objects.filter(stays__resident=resident, stays__ends_on=None)
    stays = Stay.objects.visible_to(actor).as_of(day).filter(household__in=homes).exclude(resident=resident)
    people = [stay.resident for stay in stays.select_related("resident").order_by("pk")]
    return [(str(person.pk), person.name) for person in people if not is_under(person, MINOR_UNTIL, day)]
