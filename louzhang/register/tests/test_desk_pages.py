"""Pages of the register at the desk: search, duplicates, quality, coverage, numbers; who opens them, what they say."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from louzhang.areas.actions import appoint_post
from louzhang.areas.models import PostKind
from louzhang.areas.roles import Role
from louzhang.journal.actor import SYSTEM
from louzhang.journal.models import Reveal
from louzhang.kit import clock
from louzhang.register.actions import Batch, ResidentDraft, register_resident
from louzhang.register.models import Dwelling, DwellingKind, Merge, Resident, Stay, Tie
from louzhang.register.queries.coverage import coverage_of
from louzhang.register.queries.searching import search_register
from louzhang.register.tests.conftest import Homes
from tests.cast import Cast, browser_as

TODAY = date(2026, 3, 2)
PAGES = ("search", "duplicates", "quality", "coverage", "statistics")
MOST_QUERIES = 12


def names(cast: Cast, key: str, typed: str) -> list[str]:
    return [known.resident.name for known in search_register(cast.actor(key), typed).people]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("父亲", ["演示父亲"]),
        ("ysfq", ["演示父亲"]),
        ("YSFQ", ["演示父亲"]),
        ("演示", ["演示父亲", "演示邻居", "演示母亲", "演示租客"]),
        ("12号楼", ["演示父亲", "演示母亲", "演示租客"]),
        ("１２号楼2单元 301", ["演示父亲", "演示母亲"]),
        ("12-2-302", ["演示租客"]),
        ("13号楼101", ["演示邻居"]),
        ("3号楼", []),
        ("12号楼 母亲", ["演示母亲"]),
        ("彩虹社区 邻居", ["演示邻居"]),
        ("302", ["演示租客"]),
        ("远山社区", []),
        ("外人", []),
        ("没有这个人", []),
        ("亲", []),
    ],
)
def test_a_desk_finds_by_two_characters_initials_address_or_both(
    cast: Cast, homes: Homes, typed: str, found: list[str]
) -> None:
    assert sorted(names(cast, "desk", typed)) == sorted(found)


def test_doors_and_buildings_of_an_address_are_found_without_anybody_living_there(cast: Cast, homes: Homes) -> None:
    door = search_register(cast.actor("desk"), "12号楼2单元401")
    assert [label for _, label in door.homes] == ["彩虹社区 12号楼 2单元 401"]
    assert [house.name for house, _ in search_register(cast.actor("desk"), "13号楼").houses] == ["13号楼"]


@pytest.mark.parametrize(
    ("key", "found"),
    [
        ("chief", ["演示父亲"]), ("next_chief", []), ("stairwell_head", ["演示父亲"]), ("stranger_desk", []),
        ("street", []), ("commander", []), ("property", []), ("resident", []), ("audit_admin", []),
    ],
)  # fmt: skip
def test_nobody_finds_people_of_places_they_do_not_keep(cast: Cast, homes: Homes, key: str, found: list[str]) -> None:
    assert names(cast, key, "父亲") == names(cast, key, "ysfq") == found
    assert ("演示父亲" in names(cast, key, "12号楼2单元301")) is bool(found)


def searched(browser: Client, typed: str) -> tuple[str, str]:
    """The address a search leads to, and its page."""
    answer = browser.post(reverse("register:search"), {"q": typed})
    assert answer.status_code == 302
    return answer["Location"], browser.get(answer["Location"]).content.decode()


def test_words_of_a_search_stand_on_the_page_and_never_in_its_address(cast: Cast, homes: Homes) -> None:
    address, page = searched(browser_as(cast, "desk"), "父亲")
    assert "演示父亲" in page
    assert 'value="父亲"' in page
    assert "%E7%88%B6" not in address


@pytest.mark.parametrize(("typed", "what"), [("139 1111 0001", "search_phone"), ("11010519491231002x", "search_id")])
def test_a_search_by_number_is_logged_and_its_address_is_good_for_one_person(
    cast: Cast, homes: Homes, typed: str, what: str
) -> None:
    father = homes.residents["father"]
    father.seal(id_number="11010519491231002X")
    father.save()
    address, page = searched(browser_as(cast, "desk"), typed)
    assert "演示父亲" in page
    assert typed not in page
    assert typed not in address
    looked = Reveal.objects.get()
    assert (looked.subject_id, looked.what) == (father.pk, what)
    assert "演示父亲" not in browser_as(cast, "secretary").get(address).content.decode()


def test_a_number_of_nobody_is_logged_too_and_a_stranger_learns_nothing(cast: Cast, homes: Homes) -> None:
    for number, row in [("13911110001", homes.residents["father"].pk), ("13988887777", 0)]:
        _, page = searched(browser_as(cast, "stranger_desk"), number)
        assert "没有找到" in page
        assert Reveal.objects.latest("pk").subject_id == row, "whose it is reads it all the same"


def test_too_many_searches_by_number_are_refused(cast: Cast, homes: Homes) -> None:
    browser = browser_as(cast, "desk")
    for number in range(60):
        browser.post(reverse("register:search"), {"q": f"1391111{number:04d}"})
    assert browser.post(reverse("register:search"), {"q": "13911110001"}).status_code == 429
    assert browser.post(reverse("register:search"), {"q": "父亲"}).status_code == 302


def test_a_wrong_id_number_is_told_beside_the_field_and_kept(cast: Cast, homes: Homes) -> None:
    answer = browser_as(cast, "desk").post(reverse("register:search"), {"q": "440524198001010016"})
    assert answer.status_code == 400
    assert 'value="440524198001010016"' in answer.content.decode()
    assert not Reveal.objects.exists()


@pytest.mark.parametrize("key", ["property", "department", "resident", "nobody", "audit_admin"])
@pytest.mark.parametrize("name", PAGES)
def test_other_roles_have_none_of_these_pages(cast: Cast, homes: Homes, key: str, name: str) -> None:
    assert browser_as(cast, key).get(reverse(f"register:{name}")).status_code == 403


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("key", ["desk", "street", "commander"])
def test_each_page_takes_at_most_twelve_queries(cast: Cast, homes: Homes, key: str, name: str) -> None:
    browser = browser_as(cast, key)
    address = reverse(f"register:{name}")
    if name == "search":
        address = browser.post(address, {"q": "彩虹社区 父亲"})["Location"]
    browser.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(address).status_code == 200
    assert len(asked) <= MOST_QUERIES, [query["sql"][:100] for query in asked]


@pytest.mark.parametrize(
    "key", ["no_year", "no_phone", "no_head", "no_people", "no_kind", "unknown", "stale_people", "stale_homes",
            "too_old", "not_born", "young_head"]
)  # fmt: skip
def test_every_figure_of_quality_opens_exactly_the_rows_it_counts(cast: Cast, homes: Homes, key: str) -> None:
    batch = Batch(actor=SYSTEM, at=cast.at)
    bare = batch.add_dwelling(area=cast.areas["stairwell"], door="501", floor=5)
    batch.add_dwelling(area=cast.areas["stairwell"], door="502", floor=5)
    for door, draft in (
        ("601", ResidentDraft("演示老人", Tie.OTHER, birth_year=1895)),
        ("602", ResidentDraft("演示未来", Tie.OTHER, birth_year=2199)),
        ("603", ResidentDraft("演示小孩", Tie.HEAD, birth_year=clock.now().year - 9)),
    ):
        home = batch.add_dwelling(area=cast.areas["stairwell"], door=door, floor=6, kind=DwellingKind.objects.first())
        batch.add_resident(household=batch.add_household(dwelling=home, starts_on=TODAY), draft=draft)
    batch.add_household(dwelling=bare, starts_on=TODAY)
    batch.store()
    Resident.objects.filter(pk=homes.residents["tenant"].pk).update(checked_on=date(2024, 1, 1))
    Dwelling.objects.filter(pk=bare.pk).update(checked_on=date(2024, 1, 1))
    browser = browser_as(cast, "desk")
    page = browser.get(reverse("register:quality"))
    behind = browser.get(reverse("register:quality_list", args=[key]))
    counted = page.context["counts"][key]
    assert counted > 0
    assert len(behind.context["lines"]) == counted
    assert all(browser.get(line.url).status_code == 200 for line in behind.context["lines"])
    assert not browser_as(cast, "street").get(reverse("register:quality_list", args=[key])).context["lines"]


def test_two_rows_are_compared_merged_and_taken_apart_from_the_page(cast: Cast, homes: Homes) -> None:
    father, browser = homes.residents["father"], browser_as(cast, "desk")
    twin = register_resident(
        household_id=homes.households["let"].pk,
        draft=ResidentDraft("演示父亲", phone="13911110001"),
        on=TODAY,
        actor=cast.actor("desk"),
        at=cast.at,
    )
    assert "同名、同一个电话" in browser.get(reverse("register:duplicates")).content.decode()
    pair = [father.uid, twin.uid]
    page = browser.get(reverse("register:compare", args=pair)).content.decode()
    assert "139****0001" in page
    assert "13911110001" not in page
    entry = "6f1f7f0e-6f65-4f6f-9a2e-0e2b4d1f3a55"
    for _ in range(2):
        done = browser.post(reverse("register:merge", args=pair), {"stays": str(father.uid), "entry_id": entry})
        assert (done.status_code, done["Location"]) == (302, reverse("register:resident", args=[father.uid]))
    merge = Merge.objects.get()
    assert browser.get(reverse("register:compare", args=pair)).status_code == 404
    assert browser_as(cast, "next_chief").post(reverse("register:unmerge", args=[merge.uid])).status_code == 404
    assert browser.post(reverse("register:unmerge", args=[merge.uid])).status_code == 302
    assert browser.get(reverse("register:resident", args=[twin.uid])).status_code == 200
    browser.post(reverse("register:apart", args=pair))
    assert "同名、同一个电话" not in browser.get(reverse("register:duplicates")).content.decode()


def test_merging_needs_a_choice_and_both_rows_in_reach(cast: Cast, homes: Homes) -> None:
    pair = [homes.residents["father"].uid, homes.residents["tenant"].uid]
    assert browser_as(cast, "desk").post(reverse("register:merge", args=pair), {}).status_code == 400
    for key in ("next_chief", "stranger_desk", "street"):
        assert browser_as(cast, key).get(reverse("register:compare", args=pair)).status_code == 404


def test_coverage_counts_holders_and_people_on_two_days(cast: Cast, homes: Homes) -> None:
    later = date(2026, 6, 1)
    found = coverage_of(cast.areas["community"], date(2021, 1, 1), later)
    grid, building, stairwell = found.lines
    assert (grid.places, grid.without, building.places, building.without, stairwell.without) == (2, 1, 2, 0, 0)
    assert (grid.without_stand_in, building.without_stand_in) == (2, 2)
    assert (found.people_before, found.people_now) == (4, 4)
    assert (grid.now.holders, grid.now.density, building.now.density, stairwell.now.density) == (2, 2, 2, 3)
    assert found.finest_before is None
    assert found.finest_now is building, "the next building has no unit head, so that net leaves somebody out"


def test_a_new_holder_closes_a_gap_and_a_stranger_opens_no_other_place(cast: Cast, homes: Homes) -> None:
    browser = browser_as(cast, "desk")
    address = reverse("register:coverage") + "?net=grid&lack=holder"
    assert browser.get(address).context["gaps"] == [("彩虹社区 4号网格", "")]
    appoint_post(
        user=cast.people["nobody"], role=Role.GRID_WORKER, area=cast.areas["next_grid"], kind=PostKind.PAID,
        actor=SYSTEM, at=clock.now(),
    )  # fmt: skip
    assert browser.get(address).context["gaps"] == []
    beyond = f"?area={cast.areas['other_community'].pk}"
    assert browser.get(reverse("register:coverage") + beyond).status_code == 404
    assert browser.get(reverse("register:coverage") + "?area=abc&since=never&net=x&lack=y&cursor=z").status_code == 200


def test_the_community_reads_whole_numbers_and_the_street_none_under_five(cast: Cast, homes: Homes) -> None:
    for key, hidden in (("desk", False), ("street", True), ("commander", True)):
        answer = browser_as(cast, key).get(reverse("register:statistics"))
        assert answer.context["has_hidden"] is hidden, key
        counts = [count for sheet in answer.context["sheets"] for _, row in sheet.rows for count in row]
        assert any(0 < (count or 0) < 5 for count in counts) is not hidden, key
    below = f"?area={cast.areas['community'].pk}"
    assert browser_as(cast, "street").get(reverse("register:statistics") + below).status_code == 404
    assert browser_as(cast, "street").get(reverse("register:statistics_file") + below).status_code == 404


def test_the_files_say_what_the_page_says(cast: Cast, homes: Homes) -> None:
    address = reverse("register:statistics_file")
    for key, cell in (("desk", "1"), ("street", "＊")):
        browser = browser_as(cast, key)
        book = CalamineWorkbook.from_filelike(BytesIO(browser.get(address + "?format=xlsx").content))
        assert book.sheet_names == ["房屋，按类型", "居民，按年龄", "住户"]
        cells = {str(value) for row in book.get_sheet_by_name("房屋，按类型").to_python() for value in row}
        assert cell in cells
        assert ("1" in cells) is (key == "desk")
        lines = b"".join(browser.get(address)).decode()
        assert f",{cell}\r\n" in lines


def test_ages_fall_into_the_group_of_the_year(cast: Cast, homes: Homes) -> None:
    year = clock.local_date(clock.now()).year
    Resident.objects.filter(pk__in=Stay.objects.values("resident_id")).update(birth_year=year - 80)
    rows: list[Any] = browser_as(cast, "desk").get(reverse("register:statistics")).context["sheets"][1].rows
    assert rows[-1] == ("合计", (0, 0, 0, 0, 4, 0, 4))
