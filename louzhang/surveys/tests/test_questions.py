"""What is asked and what is said, without the database: conditions, bounds, 不愿回答."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from louzhang.surveys.answers import Given, Wrong, read_answers
from louzhang.surveys.forms.sheet import blocks_of, fields_of
from louzhang.surveys.questions import DECLINED, GIVEN, Asked, Kind, Only, Option, is_shown, problems_of

OPTIONS = (Option("a", "甲"), Option("b", "乙"), Option("c", "丙"))
SHEET = (
    Asked("lives", "有人住吗", Kind.YES_NO),
    Asked("heads", "几个人", Kind.NUMBER, only=Only("lives", frozenset({"yes"})), least=1, most=20),
    Asked("which", "哪一个", Kind.ONE, options=OPTIONS, only=Only("lives", frozenset({"yes"}))),
    Asked("some", "哪几个", Kind.MANY, options=OPTIONS, is_needed=False, most=2),
    Asked("more", "为什么要甲", Kind.TEXT, only=Only("some", frozenset({"a"})), is_needed=False),
    Asked("since", "哪天", Kind.DATE, is_needed=False, least="2020-01-01", most="2026-12-31"),
    Asked("family", "家里人", Kind.MEMBERS, columns=(Option("name", "称呼"), Option("age", "年龄")), is_needed=False),
)
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "q_lives": st.sampled_from(["yes", "no", "-", "", "maybe"]),
        "q_heads": st.one_of(st.integers(-5, 40).map(str), st.sampled_from(["", "二", "1e3", "3.5", "-", "nan"])),
        "q_which": st.sampled_from(["a", "b", "c", "d", "-", ""]),
        "q_some": st.sampled_from(["a", "a,b", "b,c", "a,b,c", "x", "-", ""]),
        "q_some_a": st.just("1"),
        "q_more": st.text(max_size=20),
        "n_more": st.just("1"),
        "q_since": st.sampled_from(["2026-02-29", "2024-02-29", "2019-12-31", "2027-01-01", "", "-", "gestern"]),
        "q_family_0_name": st.sampled_from(["", "外婆"]),
        "q_family_3_age": st.sampled_from(["", "70"]),
    },
)


def read(fields):
    """What was said, and what was wrong."""
    try:
        return read_answers(SHEET, fields), {}
    except Wrong as wrong:
        return Given(), wrong.problems


@given(ANSWERS)
def test_whatever_is_written_is_taken_whole_or_told_question_by_question(fields):
    said, problems = read(fields)
    assert set(problems) <= {question.key for question in SHEET}
    assert all(sentence.endswith("。") for sentence in problems.values())
    if problems:
        return
    for question in SHEET:
        if question.key in said.chosen:
            assert is_shown(question, said.chosen), "nothing that was not asked is kept"
        elif is_shown(question, said.chosen):
            assert not question.is_needed
    assert {key for key, value in said.chosen.items() if str(value).startswith(GIVEN)} == set(said.said)
    assert set(said.said) <= {"more", "family"}, "only what is sealed leaves the clear"


@given(ANSWERS)
def test_a_stored_answer_read_again_is_the_same(fields):
    first, problems = read(fields)
    if problems:
        return
    again = read_answers(SHEET, fields_of(first.chosen, first.said))
    assert (again.chosen, again.said) == (first.chosen, first.said)


@given(ANSWERS)
def test_every_question_can_be_declined(fields):
    declined = {f"n_{question.key}": "1" for question in SHEET} | {"q_lives": DECLINED, "q_which": DECLINED}
    said = read_answers(SHEET, {**fields, **declined})
    assert set(said.chosen.values()) == {DECLINED}
    assert "heads" not in said.chosen, "nobody asks how many live where whether somebody does was declined"
    assert len(blocks_of(SHEET, {**fields, **declined})) == len(SHEET)


@given(st.permutations(SHEET))
def test_a_condition_always_looks_back(order):
    places = {question.key: place for place, question in enumerate(order)}
    wrong = problems_of(order)
    for question in order:
        looks_ahead = question.only is not None and places[question.only.key] > places[question.key]
        assert looks_ahead == (question.key in wrong)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"key": "Lives"}, "代号"),
        ({"kind": Kind.ONE, "options": OPTIONS[:1]}, "选项"),
        ({"kind": Kind.MANY, "options": (OPTIONS[0], replace(OPTIONS[0], code="z"))}, "重复"),
        ({"kind": Kind.NUMBER, "least": 5, "most": 4}, "最小"),
        ({"kind": Kind.MEMBERS}, "一行一项"),
        ({"only": Only("ghost", frozenset({"yes"}))}, "前面"),
    ],
)
def test_a_question_that_cannot_be_asked_says_why(change, words):
    question = replace(SHEET[0], **change)
    assert words in problems_of([question])[question.key]
