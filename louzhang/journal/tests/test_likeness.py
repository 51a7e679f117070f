"""Actors who are alike have one shape, and each gets the own ids back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from louzhang.journal.actor import Actor, ActorKind, Seat
from louzhang.journal.likeness import Likeness


def desk(number: int, **more: Any) -> Actor:
    seat = Seat(post_id=number, role="office_staff", area_id=10 + number, rank=3, path=f"00010002{number:04}")
    plain = Actor(kind=ActorKind.PERSON, user_id=number, seats=(seat,), unit_ids=frozenset({20 + number}))
    return replace(plain, **more)


def test_two_desks_of_one_level_have_one_shape() -> None:
    assert Likeness(desk(1)).shape == Likeness(desk(2)).shape
    assert hash(Likeness(desk(1)).shape) == hash(Likeness(desk(2)).shape)


def test_roles_levels_and_numbers_of_ties_make_another_shape() -> None:
    alike = Likeness(desk(1)).shape
    seat = desk(1).seats[0]
    others = [
        desk(1, seats=(replace(seat, role="grid_worker"),)),
        desk(1, seats=(replace(seat, rank=2, path="00010002"),)),
        desk(1, seats=(seat, replace(seat, area_id=99, path="000100020009"))),
        desk(1, unit_ids=frozenset({21, 22})),
        desk(1, unit_ids=frozenset()),
        desk(1, user_id=None),
        desk(1, device="a1b2"),
        desk(1, opened_report_ids=frozenset({5})),
        desk(1, is_read_only=True),
    ]
    assert all(Likeness(other).shape != alike for other in others)


def test_each_gets_the_own_ids_and_texts_back_cut_or_lengthened() -> None:
    for number in (1, 2):
        alike = Likeness(desk(number, device="a1b2"))
        seat = alike.shape.seats[0]
        path = desk(number).seats[0].path

        assert alike.put_back(alike.shape.user_id) == number
        assert alike.put_back(seat.area_id) == 10 + number
        assert alike.put_back(sorted(alike.shape.unit_ids)) == [20 + number]
        assert alike.put_back(seat.path) == path
        assert alike.put_back(seat.path[:4]) == path[:4]
        assert alike.put_back(seat.path + "~") == path + "~"
        assert alike.put_back(alike.shape.device) == "a1b2"


def test_what_is_no_mark_stays_as_it_is() -> None:
    alike = Likeness(desk(1))
    assert [alike.put_back(value) for value in (0, -1, 3, "", "reported", "楼", None, True, [4, "b"])] == [
        0, -1, 3, "", "reported", "楼", None, True, [4, "b"],
    ]  # fmt: skip


def test_equal_ids_of_different_kinds_do_not_make_another_shape() -> None:
    seat = Seat(post_id=1, role="office_staff", area_id=7, rank=3, path="000100020001")
    same_numbers = Actor(kind=ActorKind.PERSON, user_id=7, seats=(seat,), unit_ids=frozenset({7}))
    assert Likeness(same_numbers).shape == Likeness(desk(1)).shape
