"""Registering and appointing many people at once leaves what doing it one by one leaves."""

import pytest

from louzhang.accounts.actions import register_person
from louzhang.accounts.actions.registering import register_people
from louzhang.accounts.models import User
from louzhang.areas.actions import appoint_post
from louzhang.areas.actions.appointing import NewPost, appoint_posts
from louzhang.areas.models import Post
from louzhang.areas.roles import Role
from louzhang.journal.actor import SYSTEM
from louzhang.journal.models import Event, Words
from louzhang.journal.refusals import Conflict, InputRefused
from tests.cast import make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


def first_event(row):
    return Event.objects.get(subject_kind=row.subject_kind, subject_id=row.pk, seq=1)


def stored_alike(first, second):
    alike = ("verb", "audience", "actor_kind", "area_ids", "happened_at")
    return all(getattr(first_event(first), name) == getattr(first_event(second), name) for name in alike)


def test_many_people_sign_in_with_their_numbers_and_have_their_event_and_words(cast):
    first, second = register_people(
        people=[("甲演示", "13700000001"), ("乙演示", "137 0000 0002")], actor=SYSTEM, at=cast.at, is_demo=True
    )
    alone = register_person(name="丙演示", phone="13700000003", actor=SYSTEM, at=cast.at)
    assert User.objects.by_phone("13700000002") == second
    assert (first.open_phone(), first.is_demo, first.has_usable_password()) == ("13700000001", True, False)
    assert stored_alike(first, alone)
    assert Words.objects.get(subject_kind="user", subject_id=first.pk).spoken == {"name": "甲演示"}
    assert bytes(User.objects.get(pk=first.pk).chain_head) == bytes(first_event(first).hash)


@pytest.mark.parametrize(
    ("last", "refusal"),
    [(("丙演示", "13700000001"), Conflict), (("丙演示", "123"), InputRefused), ((" ", "13700000009"), InputRefused)],
)
def test_one_wrong_person_and_nobody_is_registered(cast, last, refusal):
    before = User.objects.count(), Event.objects.count()
    with pytest.raises(refusal):
        register_people(people=[("甲演示", "13700000001"), last], actor=SYSTEM, at=cast.at)
    assert (User.objects.count(), Event.objects.count()) == before


def test_many_posts_are_held_from_the_day_on_with_the_line_of_their_places(cast):
    resident, nobody = cast.people["resident"], cast.people["nobody"]
    many, member = appoint_posts(
        posts=[
            NewPost(resident, Role.GRID_WORKER, area=cast.areas["grid"]),
            NewPost(nobody, Role.UNIT_MEMBER, unit=cast.units["property_unit"]),
        ],
        actor=SYSTEM,
        at=cast.at,
    )
    alone = appoint_post(user=nobody, role=Role.GRID_WORKER, area=cast.areas["grid"], actor=SYSTEM, at=cast.at)
    assert cast.actor("resident").seats_with(Role.GRID_WORKER)
    assert stored_alike(many, alone)
    assert first_event(many).payload == first_event(alone).payload | {"holder": resident.pk}
    assert first_event(member).area_ids == []


def test_a_taken_seat_or_a_wrong_one_appoints_nobody(cast):
    before = Post.objects.count()
    newcomer = NewPost(cast.people["nobody"], Role.GRID_WORKER, area=cast.areas["grid"])
    taken = NewPost(cast.people["resident"], Role.CHIEF, area=cast.areas["building"])
    wrong = NewPost(cast.people["resident"], Role.CHIEF, area=cast.areas["grid"])
    for last, refusal in ((taken, Conflict), (wrong, InputRefused)):
        with pytest.raises(refusal):
            appoint_posts(posts=[newcomer, last], actor=SYSTEM, at=cast.at)
    assert Post.objects.count() == before
