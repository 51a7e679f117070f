import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from louzhang.kit.masking import mask_name
from louzhang.kit.pinyin import initials, sort_key
from louzhang.kit.surnames import COMPOUND, READINGS, surname_length


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("王小芳", "wang xiao fang"),
        ("单小芳", "shan xiao fang"),
        ("解晓东", "xie xiao dong"),
        ("仇英", "qiu ying"),
        ("查良镛", "zha liang yong"),
        ("区小明", "ou xiao ming"),
        ("曾国强", "zeng guo qiang"),
        ("尉迟恭", "yu chi gong"),
        ("万俟明", "mo qi ming"),
        ("长孙无忌", "zhang sun wu ji"),
        ("欧阳小芳", "ou yang xiao fang"),
    ],
)
def test_surnames_are_read_as_surnames(name: str, key: str) -> None:
    assert sort_key(name) == key


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("解放街道", "jie fang jie dao"),
        ("单元", "dan yuan"),
        ("秘书处", "mi shu chu"),
        ("能源局", "neng yuan ju"),
        ("区住房和城乡建设局", "qu zhu fang he cheng xiang jian she ju"),
    ],
)
def test_places_and_offices_are_read_as_words(name: str, key: str) -> None:
    assert sort_key(name) == key


def test_a_caller_who_knows_decides_the_reading() -> None:
    assert sort_key("区委", person=False) == "qu wei"
    assert sort_key("解放", person=True) == "xie fang"
    assert sort_key("解放", person=False) == "jie fang"


def test_numbers_sort_by_their_value() -> None:
    names = ["10号楼", "9号楼", "A座12号", "A座2号", "１号楼"]
    assert sorted(names, key=sort_key) == ["１号楼", "9号楼", "10号楼", "A座2号", "A座12号"]


def test_shorter_syllables_sort_first() -> None:
    assert sorted(["先进", "西安"], key=sort_key) == ["西安", "先进"]


@pytest.mark.parametrize(
    ("name", "letters"),
    [("单小芳", "sxf"), ("3号楼", "3hl"), ("A座12号", "az12h"), ("Ann Lee", "al"), ("", ""), ("。", "")],
)
def test_initials_pick_a_name_from_a_list(name: str, letters: str) -> None:
    assert initials(name) == letters


@hypothesis_settings(deadline=None)
@given(name=st.text(max_size=30))
def test_any_name_has_a_key(name: str) -> None:
    assert sort_key(name) == sort_key(name).strip()
    assert " " not in initials(name)


def test_every_reading_has_as_many_syllables_as_signs() -> None:
    assert all(len(surname) == len(reading) for surname, reading in READINGS.items())
    assert all(len(surname) == 2 for surname in COMPOUND)
    assert {surname for surname in READINGS if len(surname) == 2} <= COMPOUND


def test_a_compound_surname_needs_a_given_name() -> None:
    assert [surname_length(name) for name in ("", "王", "王芳", "欧阳", "欧阳芳")] == [0, 1, 1, 1, 2]
    assert mask_name("欧阳芳") == "欧阳*"
