import pytest
from hypothesis import given
from hypothesis import strategies as st

from louzhang.kit.masking import mask_id, mask_name, mask_phone


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("王小芳", "王*芳"),
        ("王芳", "王*"),
        ("王", "*"),
        ("", ""),
        ("欧阳小芳", "欧阳*芳"),
        ("欧阳芳", "欧阳*"),
        ("欧阳", "欧*"),
        ("王李小芳", "王**芳"),
        ("买买提·吐尔逊", "买**·***"),
        ("Ann Lee", "A** ***"),
        ("徐小芳·演示", "徐*芳·演示"),
        ("徐芳·演示", "徐*·演示"),
        ("徐·演示", "*·演示"),
        ("·演示", "·**"),
        (" 王小芳 ", "王*芳"),
    ],
)
def test_a_name_keeps_the_surname_and_the_last_sign(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@given(name=st.text("王李小芳欧阳司马明国Ann·", min_size=1, max_size=8))
def test_a_masked_name_always_hides_something(name: str) -> None:
    masked = mask_name(name)
    assert len(masked) == len(name)
    assert "*" in masked or not name[1:].strip("·")


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("13812345678", "138****5678"),
        ("01012345678", "010****5678"),
        ("057187654321", "0571****4321"),
        ("04144567890", "0414****7890"),
        ("12345", "*****"),
        ("", ""),
    ],
)
def test_a_phone_keeps_its_ends(phone: str, masked: str) -> None:
    assert mask_phone(phone) == masked


def test_an_id_number_keeps_its_last_four_signs() -> None:
    assert mask_id("11010519491231002X") == "**************002X"
    assert mask_id("1234") == "****"
    assert mask_id("") == ""
