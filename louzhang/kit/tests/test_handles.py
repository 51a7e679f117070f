"""A handle gives its words back for its purpose, and nothing otherwise."""

from urllib.parse import quote

import pytest

from louzhang.kit.handles import handle_of, words_of

NAME = "王小芳"


def test_a_handle_gives_the_words_back_and_shows_none_of_them():
    handle = handle_of(NAME, purpose="order-search")
    assert words_of(handle, purpose="order-search") == NAME
    assert NAME not in handle
    assert quote(handle) == handle


def test_a_handle_of_another_purpose_is_empty():
    assert words_of(handle_of(NAME, purpose="order-search"), purpose="people-search:7") == ""


@pytest.mark.parametrize("made_up", ["", "k1", "k1.", "k1.AAAA", f"k9.{'A' * 60}", "k1.&&&&", NAME, f"k1.{'A' * 80}"])
def test_a_made_up_handle_is_empty(made_up):
    assert words_of(made_up, purpose="order-search") == ""
