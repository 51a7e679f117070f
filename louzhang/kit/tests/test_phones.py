import pytest

from louzhang.kit.phones import InvalidPhone, looks_like_phone, normal_phone


@pytest.mark.parametrize(
    "typed",
    [
        "13800138000",
        " 138 0013 8000 ",
        "138-0013-8000",
        "+86 138 0013 8000",
        "0086-13800138000",
        "8613800138000",
        "１３８００１３８０００",
        "138—0013—8000",
        "(+86)13800138000",
    ],
)
def test_one_mobile_number_has_one_form(typed: str) -> None:
    assert normal_phone(typed) == "13800138000"


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("010-12345678", "01012345678"),
        ("（0571）8765 4321", "057187654321"),
        ("+86 10 12345678", "01012345678"),
        ("0414-4567890", "04144567890"),
        ("0086 0414 4567890", "04144567890"),
    ],
)
def test_one_landline_number_has_one_form(typed: str, normal: str) -> None:
    assert normal_phone(typed) == normal


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "请填写"),
        ("   ", "请填写"),
        ("1380013800", "11 位"),
        ("138001380001", "11 位"),
        ("12800138000", "11 位"),
        ("0571-123", "区号"),
        ("87654321", "区号"),
        ("138OO138000", "数字"),
        ("王小芳", "数字"),
        ("+1 650 555 0100", "数字"),
    ],
)
def test_what_is_no_number_is_refused_with_a_sentence(typed: str, says: str) -> None:
    with pytest.raises(InvalidPhone) as refusal:
        normal_phone(typed)
    assert says in str(refusal.value)
    assert str(refusal.value).endswith("。")
    assert not looks_like_phone(typed)


def test_a_refusal_does_not_repeat_what_was_typed() -> None:
    with pytest.raises(InvalidPhone) as refusal:
        normal_phone("1380013800")
    assert "1380013800" not in str(refusal.value)


def test_a_number_looks_like_a_phone() -> None:
    assert looks_like_phone("138 0013 8000")
