"""What was typed into an address is a number, an id, a word, or nothing; never a fault."""

from __future__ import annotations

import uuid

import pytest

from louzhang.kit.typed import number_of, uid_of, word_of


@pytest.mark.parametrize("typed", [None, "", "x", "-1", "1.5", " 1", "１２", "٣", "\x00", "9" * 19, "9" * 5000])
def test_what_is_no_plain_number_is_none(typed):
    assert number_of(typed) is None


def test_plain_digits_are_a_number():
    assert (number_of("0"), number_of("007"), number_of("9" * 18)) == (0, 7, 10**18 - 1)


@pytest.mark.parametrize("typed", [None, "", "x", "\x00", "9" * 5000])
def test_what_is_no_id_is_none(typed):
    assert uid_of(typed) is None


def test_an_id_is_an_id():
    uid = uuid.uuid4()
    assert uid_of(str(uid)) == uid


def test_a_word_comes_without_what_no_row_can_hold():
    assert (word_of(None), word_of(" 3\x0001 ")) == ("", "301")
