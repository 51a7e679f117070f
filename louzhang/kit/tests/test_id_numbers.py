"""ID numbers: one form each, wrong ones refused in words, and what they say."""

from datetime import date

import pytest

from louzhang.kit.id_numbers import InvalidIdNumber, birth_date_of, is_female, normal_id_number

# The examples printed in GB 11643-1999.
LADY, LAD = "11010519491231002X", "440524188001010014"


@pytest.mark.parametrize("typed", [LADY, LADY.lower(), "１１０１０５１９４９１２３１００２Ｘ", "110105 1949-1231 002x"])
def test_a_number_has_one_form_however_it_was_typed(typed: str) -> None:
    assert normal_id_number(typed) == LADY


def test_fifteen_digits_of_the_old_form_are_lengthened() -> None:
    assert normal_id_number("110105491231002") == LADY


def test_a_number_says_the_day_of_birth_and_the_sex() -> None:
    assert (birth_date_of(LADY), is_female(LADY)) == (date(1949, 12, 31), True)
    assert (birth_date_of(LAD), is_female(LAD)) == (date(1880, 1, 1), False)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("110105194912310021", "校验"),
        ("110105194913310021", "出生日期"),
        ("1101051949123100", "18 位"),
        ("", "请填写"),
        ("1.10105E+17", "18 位"),
    ],
)
def test_a_wrong_number_is_refused_with_what_to_look_at_and_without_repeating_it(typed: str, reason: str) -> None:
    with pytest.raises(InvalidIdNumber, match=reason) as refusal:
        normal_id_number(typed)
    assert not typed or typed not in str(refusal.value)


def test_another_document_keeps_its_form_and_says_nothing() -> None:
    assert normal_id_number("e12345678") == "E12345678"
    assert birth_date_of("E12345678") is None
    assert is_female("E12345678") is None
