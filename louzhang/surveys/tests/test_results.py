"""Results: the same sums as the answers, small counts hidden outside the community, doors for who keeps them."""

from __future__ import annotations

import io

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from louzhang.journal.actor import SYSTEM
from louzhang.journal.models import Reveal
from louzhang.journal.refusals import NotThere
from louzhang.register.actions.kinds import lay_down_kinds
from louzhang.surveys.models import Answer, Survey
from louzhang.surveys.queries.results import bars_of, ground_of, places_of, results_of
from louzhang.surveys.tests.crowd import answer_all, asked_from_street, settle
from tests.cast import Cast, browser_as, cast_of_now


@pytest.fixture
def cast(db: None) -> Cast:
    return cast_of_now()


@pytest.fixture
def survey(cast: Cast) -> Survey:
    lay_down_kinds(actor=SYSTEM, at=cast.at)
    settle(cast)
    survey = asked_from_street(cast)
    answer_all(cast, survey)
    return survey


def read(cast, survey, key, area=None):
    actor = cast.actor(key)
    places = places_of(survey, actor)
    found = results_of(survey, ground_of(survey, places, cast.areas[area].pk if area else None))
    return found, {result.asked.key: result for result in found.questions}


def counts_of(result):
    return dict(zip([column.code for column in result.columns], result.whole.numbers, strict=True))


def test_the_numbers_are_those_of_the_answers(cast, survey):
    found, results = read(cast, survey, "desk")
    here = Answer.objects.current().filter(target__area__path__startswith=cast.areas["community"].path)
    said = [answer.chosen.get("lift", "-") for answer in here if answer.outcome != "absent"]
    assert counts_of(results["lift"]) == {"y": said.count("y"), "n": said.count("n"), "-": said.count("-"), "": 0}
    assert results["lift"].whole.asked == found.standing.done == len(said)
    assert results["pay"].whole.asked == said.count("y")
    wants = [answer.chosen.get("wants", []) for answer in here]
    assert counts_of(results["wants"])["b"] == sum("b" in each for each in wants)
    assert results["people"].people == 2 * sum("people" in answer.chosen for answer in here)
    assert results["pay"].median is not None
    assert not found.has_hidden
    grids = {row.area.name: row.numbers for row in results["lift"].rows}
    assert [sum(column) for column in zip(*grids.values(), strict=True)] == list(results["lift"].whole.numbers)


def test_the_street_reads_communities_and_no_small_number(cast, survey):
    found, results = read(cast, survey, "street")
    assert [area.name for area in found.ground.places] == ["彩虹社区", "春柳社区"]
    assert found.has_hidden
    for result in results.values():
        for row in (result.whole, *result.rows):
            assert all(number is None or number == 0 or number >= 5 for number in row.numbers)
    with pytest.raises(NotThere):
        read(cast, survey, "street", "grid")


def test_whoever_asks_for_whichever_place_the_same_cells_are_hidden(cast, survey):
    street, _ = read(cast, survey, "street")
    district, _ = read(cast, survey, "commander", "street")
    assert [result.rows for result in street.questions] == [result.rows for result in district.questions]
    top, _ = read(cast, survey, "commander")
    below = {row.area.pk: row for result in top.questions for row in result.rows if result.asked.key == "lift"}
    whole = next(result.whole for result in street.questions if result.asked.key == "lift")
    assert below[cast.areas["street"].pk].numbers == whole.numbers


def test_a_chief_reads_the_own_building_and_nobody_elses(cast, survey):
    found, _ = read(cast, survey, "chief")
    assert found.ground.area == cast.areas["building"]
    with pytest.raises(NotThere):
        read(cast, survey, "chief", "next_building")
    assert places_of(survey, cast.actor("stranger_desk")) == []


def test_a_number_of_a_building_leads_to_its_doors(cast, survey):
    url = reverse("survey_results:results", args=[survey.uid])
    page = browser_as(cast, "desk").get(f"{url}?area={cast.areas['grid'].pk}").content.decode()
    doors = (
        f"{reverse('survey_results:doors', args=[survey.uid, 'lift'])}?area={cast.areas['building'].pk}&amp;answer=y"
    )
    assert doors in page
    told = browser_as(cast, "desk").get(doors.replace("&amp;", "&")).content.decode()
    here = Answer.objects.current().filter(target__area=cast.areas["stairwell"], chosen__lift="y")
    assert told.count("lz-cell-words") == here.count()
    assert browser_as(cast, "next_chief").get(doors.replace("&amp;", "&")).status_code == 404


def test_bars_say_shares_of_who_said_something(cast, survey):
    _, results = read(cast, survey, "desk")
    bars = {bar.column.code: bar for bar in bars_of(results["lift"])}
    assert sum(bars[code].percent or 0 for code in "yn") == 100
    assert bars["-"].percent is None, "who would rather not answer is no share of anything"
    assert max(bar.length for bar in bars.values()) == 100


# Who opens what: (key, results, doors behind a number, words, export)
OPENS = {
    "desk": (200, 200, 200, 200), "secretary": (200, 200, 200, 200), "street": (200, 404, 404, 200),
    "commander": (200, 404, 404, 200), "chief": (200, 200, 200, 403), "grid_worker": (200, 200, 200, 403),
    "next_chief": (200, 200, 200, 403), "stranger_desk": (404,) * 4, "stranger_chief": (404,) * 4,
    "property": (403,) * 4, "resident": (403,) * 4, "system_admin": (403,) * 4,
}  # fmt: skip


@pytest.mark.parametrize("key", OPENS)
def test_who_opens_what(cast, survey, key, django_assert_max_num_queries):
    browser, args = browser_as(cast, key), [survey.uid]
    pages = [
        reverse("survey_results:results", args=args),
        reverse("survey_results:doors", args=[survey.uid, "lift"]) + "?answer=y",
        reverse("survey_results:words", args=[survey.uid, "words"]),
        reverse("survey_results:export", args=args),
    ]
    with django_assert_max_num_queries(12):
        assert browser.get(pages[0]).status_code == OPENS[key][0]
    assert tuple(browser.get(page).status_code for page in pages[1:]) == OPENS[key][1:]


def test_words_are_read_by_who_keeps_the_doors_and_it_is_written_down(cast, survey):
    url = reverse("survey_results:words", args=[survey.uid, "words"])
    assert "想说的话" not in browser_as(cast, "chief").get(url).content.decode()
    told = browser_as(cast, "chief").post(url, {"purpose": "汇总居民的意见"}).content.decode()
    assert "第0户想说的话" in told
    assert "第20户想说的话" not in told, "behind doors of the next building"
    assert Reveal.objects.filter(what="survey_words", subject_kind="survey_target").count() == told.count("户想说的话")
    assert browser_as(cast, "chief").post(url, {"purpose": "看"}).status_code == 400


def test_the_file_says_who_took_it_and_hides_what_the_page_hides(cast, survey):
    url = reverse("survey_results:export", args=[survey.uid])
    assert browser_as(cast, "street").post(url, {}).status_code == 400
    answer = browser_as(cast, "street").post(url, {"purpose": "报街道会议研究"})
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    lines = book.get_sheet_by_name("1.愿不愿意加装电梯").to_python()
    assert "演示街道" in str(lines[0][0])
    assert "报街道会议研究" in str(lines[0][0])
    assert any("＊" in map(str, line) for line in lines)
    assert Reveal.objects.get(what="survey_export").reason == "报街道会议研究"
