"""The register of the demo: homes with people of nobody, in the hands of whoever keeps the place."""

from __future__ import annotations

from datetime import datetime

from louzhang.areas.models import Post
from louzhang.areas.queries import actor_for
from louzhang.areas.roles import Role
from louzhang.journal.verifying import prove_journal
from louzhang.kit.id_numbers import normal_id_number
from louzhang.register.models import (
    Card,
    CareTag,
    Consent,
    Dwelling,
    DwellingKind,
    Firm,
    Household,
    Need,
    Note,
    Reach,
    Resident,
    Site,
    Stay,
    Tie,
)
from louzhang.register.queries.care import due_care


def test_buildings_are_lived_in_and_every_household_has_a_head(demo: datetime) -> None:
    assert Dwelling.objects.count() > 50
    living = Household.objects.filter(ends_on=None).count()
    assert Stay.objects.filter(ends_on=None, tie=Tie.HEAD).count() == living > 40
    assert DwellingKind.objects.count() == 6


def test_everybody_is_marked_as_made_up_and_no_number_could_be_real(demo: datetime) -> None:
    people = list(Resident.objects.all())
    assert all(person.name.endswith("·演示") for person in people)
    numbers = [person.open_field("id_number") for person in people if person.id_number_sealed]
    assert all(number.startswith("999999") and normal_id_number(number) == number for number in numbers)
    phones = [person.open_field("phone") for person in people if person.phone_sealed]
    assert all(phone.startswith("1990000") for phone in phones)


def test_a_chief_finds_needs_wishes_and_an_empty_home(demo: datetime) -> None:
    assert (Reach.objects.count(), Need.objects.count(), Need.objects.open().count()) == (5, 6, 5)
    need = Need.objects.first()
    assert need is not None
    post = Post.objects.filter(role=Role.CHIEF, area__path__startswith=need.area.path[:-4]).first()
    assert post is not None
    chief = actor_for(post.user, demo)
    assert Dwelling.objects.visible_to(chief).filter(vacant_since__isnull=False).exists()
    assert Need.objects.visible_to(chief).count() == 6


def test_the_chains_of_the_register_hold(demo: datetime) -> None:
    prove_journal()


def test_a_chief_keeps_a_card_a_notebook_and_the_sites_of_the_building(demo: datetime) -> None:
    card = Card.objects.get()
    chief = actor_for(card.post.user, demo)
    assert Note.objects.visible_to(chief).open().count() == 3
    sites = Site.objects.visible_to(chief).current()
    assert sites.filter(check_due_on__lt=demo.date()).count() == 1
    assert Firm.objects.visible_to(chief).get().masked_phone.startswith("199")


def test_a_chief_looks_after_the_oldest_and_one_mark_is_soon_to_be_looked_at(demo: datetime) -> None:
    tag = CareTag.objects.filter(purged_at=None).first()
    assert tag is not None
    assert tag.author is not None
    chief = actor_for(tag.author, demo)
    assert CareTag.objects.visible_to(chief).current(demo.date()).count() == 3
    assert len(due_care(chief, demo)) == 1
    assert Consent.objects.in_force().count() == 1
