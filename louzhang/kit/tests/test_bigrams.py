from hypothesis import given
from hypothesis import strategies as st

from louzhang.kit.bigrams import TEXT_LIMIT, bigrams, query_terms

words = st.text(st.sampled_from("三号楼水管漏 ,。ABcd12３Ａ-"), max_size=60)
spoken = st.text("三号楼水管漏ABcd12", min_size=2, max_size=20)


def test_neighbouring_characters_make_pairs() -> None:
    assert bigrams("水管漏水") == ["水管", "漏水", "管漏"]


def test_blanks_and_punctuation_separate() -> None:
    assert bigrams("三号楼，漏水 。") == sorted(["三号", "号楼", "漏水"])


def test_a_character_alone_stands_for_itself() -> None:
    assert bigrams("水！") == ["水"]
    assert bigrams("") == []
    assert bigrams("，。 \x00") == []


def test_latin_and_digits_and_chinese_run_together() -> None:
    assert bigrams("３号楼Ab") == sorted(["3号", "号楼", "楼a", "ab"])


def test_one_typed_character_asks_for_nothing() -> None:
    assert query_terms("水") == []
    assert query_terms(" 水 ") == []
    assert query_terms("水 管") == []


def test_a_lone_character_beside_words_is_left_out() -> None:
    assert query_terms("3 水管") == ["水管"]


@given(before=words, needle=spoken, after=words)
def test_a_text_is_found_by_any_words_in_it(before: str, needle: str, after: str) -> None:
    assert set(query_terms(needle)) <= set(bigrams(before + needle + after))


@given(text=st.text(max_size=80), start=st.integers(0, 80))
def test_a_text_is_found_by_any_two_characters_as_stored(text: str, start: int) -> None:
    for pair in bigrams(text)[start : start + 3]:
        assert set(query_terms(pair)) <= set(bigrams(text))


@given(text=st.text(max_size=200))
def test_pairs_are_unique_sorted_short_and_stable(text: str) -> None:
    pairs = bigrams(text)
    assert pairs == sorted(set(pairs))
    assert all(1 <= len(pair) <= 2 for pair in pairs)
    assert "\x00" not in "".join(pairs)


def test_width_and_case_do_not_matter() -> None:
    assert bigrams("ＡＢ栋") == bigrams("ab栋")


def test_only_the_beginning_of_a_very_long_text_counts() -> None:
    assert "末尾" not in bigrams("水" * TEXT_LIMIT + "末尾")
    assert len(bigrams("".join(chr(0x4E00 + place) for place in range(5000)))) == TEXT_LIMIT - 1
