from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from louzhang.kit import codes

digits = st.text("0123456789", min_size=1, max_size=16)


def test_tracking_codes_differ_and_read_back_as_themselves() -> None:
    made = {codes.tracking_code() for _ in range(500)}
    assert len(made) == 500
    for code in made:
        assert len(code) == 10
        assert codes.normal_tracking_code(codes.shown_tracking_code(code)) == code


@pytest.mark.parametrize(
    "typed", ["ABCDE-FGHJK", "abcde fghjk", " abcdefghjk ", "ＡＢＣＤＥ－ｆｇｈｊｋ", "ABCDE—FGHJK", "ABCDE　FGHJK"]
)
def test_a_tracking_code_is_read_however_it_was_typed(typed: str) -> None:
    assert codes.normal_tracking_code(typed) == "ABCDEFGHJK"


def test_letters_taken_for_digits_are_read_as_digits() -> None:
    assert codes.normal_tracking_code("iLoO0-1２３Xy") == "110001" + "23XY"


@pytest.mark.parametrize("typed", ["", "ABCDE", "ABCDE-FGHJK0", "ABCDE-FGHJU", "王小芳王小芳王小芳王", "ABCDE/FGHJ"])
def test_what_is_no_tracking_code_is_told_apart(typed: str) -> None:
    assert codes.normal_tracking_code(typed) is None


def test_a_tracking_code_is_shown_in_two_halves() -> None:
    assert codes.shown_tracking_code("ABCDEFGHJK") == "ABCDE-FGHJK"


def test_a_sign_in_code_has_eight_digits() -> None:
    for _ in range(200):
        code = codes.sign_in_code()
        assert len(code) == 8
        assert code.isdecimal()


def test_the_check_digit_answers_the_example_of_the_standard() -> None:
    assert codes.check_digit("0794") == "5"


@given(body=digits, place=st.integers(0, 15), other=st.integers(1, 9))
def test_the_check_digit_notices_every_wrong_digit(body: str, place: int, other: int) -> None:
    place %= len(body)
    wrong = str((int(body[place]) + other) % 10)
    assert codes.check_digit(body[:place] + wrong + body[place + 1 :]) != codes.check_digit(body)


def test_the_check_digit_misses_at_most_the_swaps_that_the_standard_misses() -> None:
    swaps = missed = 0
    for number in range(10_000):
        body = f"{number:04d}"
        for place in range(3):
            if body[place] == body[place + 1]:
                continue
            swapped = body[:place] + body[place + 1] + body[place] + body[place + 2 :]
            swaps += 1
            missed += codes.check_digit(swapped) == codes.check_digit(body)
    assert 0 < missed / swaps < 0.025


def test_an_order_number_names_district_day_and_sequence() -> None:
    number = codes.order_number("XH", date(2026, 11, 22), 123)
    assert number[:-1] == "XH261122000123"
    assert codes.is_order_number(number)


def test_the_sequence_of_an_order_number_starts_over_after_a_million() -> None:
    assert codes.order_number("XH", date(2026, 11, 22), 1_000_123) == codes.order_number("XH", date(2026, 11, 22), 123)


@given(sequence=st.integers(0, 10**7), day=st.dates(date(2000, 1, 1), date(2099, 12, 31)), place=st.integers(0, 12))
def test_an_order_number_with_one_wrong_digit_is_none(sequence: int, day: date, place: int) -> None:
    number = codes.order_number("XH", day, sequence)
    place += len("XH")
    wrong = str((int(number[place]) + 1) % 10)
    assert codes.is_order_number(number)
    assert not codes.is_order_number(number[:place] + wrong + number[place + 1 :])


@pytest.mark.parametrize("text", ["", "XH", "XH2611220001234X", "261122000123", "水管漏水", "XH261122000123", "X" * 40])
def test_what_is_no_order_number_is_told_apart(text: str) -> None:
    assert not codes.is_order_number(text)


def test_a_number_of_a_day_that_never_was_is_none() -> None:
    body = "XH269922000123"
    assert not codes.is_order_number(body + codes.check_digit(body))


def test_an_order_number_is_read_however_it_was_typed() -> None:
    assert codes.normal_order_number(" ｘｈ２６1122－000123 4 ") == "XH2611220001234"


@pytest.mark.parametrize("prefix", ["", "xh", "9X", "溪湖", "TOOLONGPREFIX"])
def test_a_prefix_that_cannot_be_read_back_is_refused(prefix: str) -> None:
    with pytest.raises(ValueError, match="prefix"):
        codes.order_number(prefix, date(2026, 11, 22), 1)
