"""Mediations when the post of a mediator ends, in the field and in a unit: somebody goes on talking, nothing waits."""

from __future__ import annotations

from datetime import timedelta

import pytest

from louzhang.accounts.actions import register_person
from louzhang.areas.actions import appoint_post, end_post, name_stand_in
from louzhang.areas.models import Post
from louzhang.areas.roles import Role
from louzhang.fieldwork.actions.handing import hand_over_ended
from louzhang.fieldwork.actions.moving import hand_on_talks_of_units
from louzhang.fieldwork.models import Handover
from louzhang.journal.actor import SYSTEM
from louzhang.journal.models import Event
from louzhang.journal.verifying import prove_journal
from louzhang.kit import clock
from louzhang.mediation.actions import add_party, fail, hand_on, join_mediation, start_mediation
from louzhang.mediation.models import Mediation, Party
from louzhang.mediation.notices import BOOK
from louzhang.notices.models import Notice


@pytest.fixture
def talks(cast):
    """The chief begins so many; they lie with whom the chief hands them to."""

    def some(mediator, count=1):
        rows = []
        for _ in range(count):
            row = start_mediation(area=cast.areas["building"], words="吵", actor=cast.actor("chief"), at=cast.at)
            if mediator != "chief":
                hand_on(mediation_id=row.pk, mediator=cast.people[mediator].pk, actor=cast.actor("chief"), at=cast.at)
            rows.append(row)
        return rows

    return some


@pytest.fixture
def colleague(cast, later):
    """Somebody further in the team of the street, since last week unless it is said."""

    def act(role=Role.UNIT_MEMBER, name="演示调解员", phone="13800007777", at=None):
        person = register_person(name=name, phone=phone, actor=SYSTEM, at=cast.at)
        day = clock.local_date(at or later(-24 * 7))
        appoint_post(
            user=person, role=role, unit=cast.units["enforcement_unit"], actor=SYSTEM, at=cast.at, starts_on=day
        )
        return person

    return act


def has(row):
    return Mediation.objects.get(pk=row.pk).mediator


def go(cast, key, at):
    end_post(post=cast.posts[key], actor=SYSTEM, at=at)


def test_with_the_post_of_a_chief_the_talks_go_to_the_next_one(cast, talks, later):
    (row,) = talks("chief")
    go(cast, "chief", later(1))
    hand_over_ended(at=later(1))
    assert has(row) == cast.people["grid_worker"]
    assert "矛盾调解" in {each["kind"] for each in Handover.objects.get().moved}


def test_a_mediator_of_a_unit_is_followed_by_whoever_has_the_seat_now(cast, talks, colleague, later):
    ended, open_one = talks("enforcement", 2)
    act = {"mediation_id": ended.pk, "actor": cast.actor("enforcement"), "at": cast.at}
    fail(**act, reason="谈不拢", follow_up_on=later(24 * 14).date())
    colleague(name="演示老同事", phone="13800008888")
    go(cast, "enforcement", later(1))
    new = colleague(at=later(1))
    assert hand_on_talks_of_units(at=later(1)) == 2, "looking back at one that ended, too"
    assert {has(ended), has(open_one)} == {new}
    assert hand_on_talks_of_units(at=later(1)) == 0
    BOOK.read(list(Event.objects.filter(subject_kind="mediation")), news=timedelta(days=9999))
    assert Notice.objects.filter(user=new, subject_kind="mediation").exists()
    assert prove_journal().chains


def test_else_the_stand_in_then_the_head_then_a_colleague(cast, talks, colleague, later):
    rows = talks("enforcement", 1)
    colleague()
    head = colleague(Role.UNIT_LEAD, "演示队长", "13800009999")
    stand_in = colleague(name="演示替岗", phone="13800006666")
    name_stand_in(post=cast.posts["enforcement"], stand_in=stand_in, actor=SYSTEM, at=cast.at)
    go(cast, "enforcement", later(1))
    hand_on_talks_of_units(at=later(1))
    assert has(rows[0]) == stand_in
    end_post(post=Post.objects.get(user=stand_in), actor=SYSTEM, at=later(2))
    hand_on_talks_of_units(at=later(2))
    assert has(rows[0]) == head


def test_with_nobody_left_in_the_unit_it_goes_to_the_office_of_the_community(cast, talks, later):
    (row,) = talks("enforcement")
    go(cast, "enforcement", later(1))
    assert hand_on_talks_of_units(at=later(1)) == 1
    assert has(row) == cast.people["secretary"]


def test_nobody_mediates_what_they_are_a_side_of(cast, talks, later):
    (row,) = talks("enforcement")
    add_party(mediation_id=row.pk, name="甲", actor=cast.actor("enforcement"), at=cast.at)
    code = Party.objects.get().open_field("code")
    join_mediation(code=code, actor=cast.actor("secretary"), at=cast.at)
    go(cast, "enforcement", later(1))
    hand_on_talks_of_units(at=later(1))
    assert has(row) == cast.people["desk"]


def test_who_may_still_mediate_there_by_another_post_keeps_theirs(cast, talks, later):
    (row,) = talks("enforcement")
    appoint_post(
        user=cast.people["enforcement"], role=Role.OFFICE_STAFF, area=cast.areas["community"], actor=SYSTEM, at=later(1)
    )
    go(cast, "enforcement", later(1))
    assert hand_on_talks_of_units(at=later(1)) == 0
    assert has(row) == cast.people["enforcement"]


def test_a_post_that_goes_on_and_one_that_ended_long_ago_move_nothing(cast, talks, later):
    (row,) = talks("enforcement")
    assert hand_on_talks_of_units(at=later(1)) == 0
    go(cast, "enforcement", later(1))
    assert hand_on_talks_of_units(at=later(24 * 15)) == 0
    assert has(row) == cast.people["enforcement"]
