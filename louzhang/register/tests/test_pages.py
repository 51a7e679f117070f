"""The pages of the register: who opens them, what they show and leave out, and what is done on them."""

from __future__ import annotations

import gzip
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from louzhang.areas.actions import add_area
from louzhang.areas.models import AreaLevel, LevelKind
from louzhang.journal.actor import SYSTEM
from louzhang.register.actions import Batch, ResidentDraft, leave, raise_need
from louzhang.register.models import Asking, Dwelling, Household, Need, Resident, Stay, Tie
from louzhang.register.tests.conftest import SINCE, Homes
from louzhang.register.tests.lawful import put_in_use, tag_now
from louzhang.workorders.actions import Draft, report_workorder
from louzhang.workorders.models import Channel
from tests.cast import Cast, browser_as

SECRETS = ("13911110001", "13911110002", "440524198001010015")


@pytest.fixture
def chief(cast: Cast, homes: Homes) -> Client:
    return browser_as(cast, "chief")


def shown(browser: Client, name: str, *args: Any, status: int = 200) -> str:
    answer = browser.get(reverse(f"register:{name}", args=args))
    assert answer.status_code == status
    return answer.content.decode()


def pages_of(cast: Cast, homes: Homes) -> list[tuple[str, Any]]:
    return [
        ("house", cast.areas["building"].pk),
        ("dwelling", homes.dwellings["own"].uid),
        ("household", homes.households["own"].uid),
        ("resident", homes.residents["father"].uid),
    ]


@pytest.mark.parametrize("key", ["stairwell_head", "chief", "grid_worker", "desk", "secretary"])
def test_who_keeps_the_place_reads_every_page_and_no_number_in_plain(cast: Cast, homes: Homes, key: str) -> None:
    browser = browser_as(cast, key)
    for name, key_of_row in pages_of(cast, homes):
        page = shown(browser, name, key_of_row)
        assert [secret for secret in SECRETS if secret in page] == []


@pytest.mark.parametrize("key", ["next_chief", "street", "commander", "stranger_desk"])
def test_nobody_else_learns_that_there_is_such_a_page(cast: Cast, homes: Homes, key: str) -> None:
    browser = browser_as(cast, key)
    for name, key_of_row in pages_of(cast, homes):
        shown(browser, name, key_of_row, status=404)


@pytest.mark.parametrize("key", ["property", "department", "resident", "nobody", "audit_admin"])
def test_other_roles_have_no_page_of_the_register(cast: Cast, homes: Homes, key: str) -> None:
    browser = browser_as(cast, key)
    for name, key_of_row in [*pages_of(cast, homes), ("houses", None)]:
        shown(browser, name, *([key_of_row] if key_of_row else []), status=403)


@pytest.mark.parametrize("key", ["street", "commander"])
def test_streets_and_the_district_are_led_to_numbers(cast: Cast, homes: Homes, key: str) -> None:
    page = shown(browser_as(cast, key), "houses")
    assert reverse("register:statistics") in page
    assert "12号楼" not in page


def test_the_picture_has_a_cell_for_each_home_with_words_beside_the_colour(cast: Cast, chief: Client) -> None:
    page = shown(chief, "house", cast.areas["building"].pk)
    assert page.index("4层") < page.index("3层")
    assert "，长租，1 人" in page
    assert "，自住，空置" in page
    table = chief.get(reverse("register:house", args=[cast.areas["building"].pk]) + "?view=table").content.decode()
    assert table.index("2单元") < table.index("401") < table.index("302")
    assert "演示租客" in table


def test_a_unit_head_is_not_told_what_stands_empty(cast: Cast, homes: Homes) -> None:
    assert "空置" not in shown(browser_as(cast, "stairwell_head"), "house", cast.areas["building"].pk)


def test_the_picture_takes_at_most_twelve_queries(cast: Cast, chief: Client) -> None:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        shown(chief, "house", cast.areas["building"].pk)
    assert len(asked) <= 12, [query["sql"][:120] for query in asked]


@pytest.mark.parametrize("key", ["chief", "desk"])
def test_a_page_behind_a_door_takes_few_queries(cast: Cast, homes: Homes, key: str) -> None:
    browser = browser_as(cast, key)
    counts = {}
    for name, key_of_row in pages_of(cast, homes):
        shown(browser, name, key_of_row)
        with CaptureQueriesContext(connection) as asked:
            shown(browser, name, key_of_row)
        counts[name] = len(asked)
    assert max(counts.values()) <= 12, counts


def look_after_many(cast: Cast) -> None:
    """Somebody behind every fourth door, looked after by the chief and in need of something."""
    chief, kind = cast.actor("chief"), put_in_use(cast, "living_alone")["living_alone"]
    batch, people = Batch(actor=SYSTEM, at=cast.at), []
    for home in Dwelling.objects.filter(area__code__startswith="T").order_by("pk")[::4]:
        family = batch.add_household(dwelling=home, starts_on=SINCE)
        people.append(batch.add_resident(household=family, draft=ResidentDraft("演示独居", Tie.HEAD)))
    batch.store()
    for person in Resident.objects.filter(pk__in=[row.pk for row in people[:30]]):
        tag_now(person, kind, chief)
    for asking in Household.objects.filter(dwelling__area__code__startswith="T").order_by("pk")[:60]:
        raise_need(summary="装一个扶手", asking=Asking.DOOR, household_id=asking.pk, actor=chief, at=cast.at)


def test_forty_floors_and_twelve_stairwells_cost_no_more(cast: Cast, homes: Homes) -> None:
    levels = AreaLevel.objects.get(kind=LevelKind.STAIRWELL)
    batch = Batch(actor=SYSTEM, at=cast.at)
    for number in range(3, 14):
        stairs = add_area(
            parent=cast.areas["building"],
            level=levels,
            name=f"{number}单元",
            code=f"T{number}",
            actor=SYSTEM,
            at=cast.at,
        )
        for floor in range(1, 41):
            for place in (1, 2):
                batch.add_dwelling(area=stairs, door=f"{floor}{place:02d}", floor=floor, position=place)
    batch.store()
    browser = browser_as(cast, "chief")
    look_after_many(cast)
    for view in ("", "?view=table"):
        with CaptureQueriesContext(connection) as asked:
            browser.get(reverse("register:house", args=[cast.areas["building"].pk]) + view)
        assert len(asked) <= 12, [query["sql"] and query["sql"][:120] for query in asked]
    answer = browser.get(
        reverse("register:house", args=[cast.areas["building"].pk]), headers={"accept-encoding": "gzip"}
    )
    assert len(answer.content) < 60_000
    page = gzip.decompress(answer.content).decode()
    assert page.count('class="lz-home') > 880
    assert page.index("13单元") > page.index("3单元")
    assert (page.count("有要关照的"), page.count("有事要办，") + page.count("有事要办<")) >= (30, 60)


def test_a_family_moves_in_at_the_door_and_once_only(cast: Cast, homes: Homes, chief: Client) -> None:
    url = reverse("register:act", args=["dwelling", homes.dwellings["empty"].uid, "move_in"])
    form = {
        "entry_id": "11111111-2222-4333-8444-555555555555", "name": "演示新户", "tie": "head", "on": "2026-02-01",
        "id_number": "11010519491231002x", "phone": "139 1111 0099",
    }  # fmt: skip
    for _ in range(2):
        answer = chief.post(url, form)
        assert answer.status_code == 302, answer.content.decode()
    newcomer = Resident.objects.get(name="演示新户")
    assert (newcomer.birth_year, newcomer.sex, newcomer.masked_id_number[-4:]) == (1949, "f", "002X")
    assert Household.objects.filter(dwelling=homes.dwellings["empty"]).count() == 1
    assert Dwelling.objects.get(pk=homes.dwellings["empty"].pk).vacant_since is None


def test_a_wrong_number_is_said_by_the_field_and_what_was_typed_stays(homes: Homes, chief: Client) -> None:
    url = reverse("register:act", args=["household", homes.households["own"].uid, "register"])
    answer = chief.post(
        url, {"name": "演示新人", "tie": "child", "on": "2026-02-01", "id_number": "110105194912310021"}
    )
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "最后一位校验不对" in page
    assert "演示新人" in page


@pytest.mark.parametrize(
    ("kind", "key", "verb", "typed"),
    [
        ("dwelling", "own", "check", {}),
        ("dwelling", "own", "alter", {"door": "303", "floor": "3", "position": "1"}),
        ("household", "own", "reach", {"way": "through", "hour": "supper", "through": "女儿", "speech": "loud"}),
        ("household", "own", "need", {"summary": "楼道要扶手", "asking": "door"}),
        ("household", "own", "birth", {"name": "演示新生", "tie": "child", "on": "2026-01-01"}),
        ("household", "own", "out", {"on": "2026-01-01"}),
        ("resident", "father", "check", {}),
        ("resident", "mother", "correct", {"name": "演示母亲二", "birth_year": "1983"}),
        ("resident", "mother", "registration", {"address": "演示省", "on": "2026-01-01"}),
        ("resident", "mother", "leave", {"on": "2026-01-01"}),
        ("resident", "mother", "die", {"on": "2026-01-01"}),
    ],
)
def test_each_act_shows_its_form_and_is_done(
    homes: Homes, chief: Client, kind: str, key: str, verb: str, typed: dict[str, str]
) -> None:
    kinds: dict[str, Any] = {"dwelling": homes.dwellings, "household": homes.households, "resident": homes.residents}
    row = kinds[kind][key]
    url = reverse("register:act", args=[kind, row.uid, verb])
    assert chief.get(url).status_code == 200
    answer = chief.post(url, typed)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    before = row.chain_seq
    row.refresh_from_db()
    assert row.chain_seq > before or Need.objects.filter(summary="楼道要扶手").exists() or verb == "birth"


def test_a_new_head_and_a_move_are_chosen_from_who_is_there(homes: Homes, chief: Client) -> None:
    mother, own, let = homes.residents["mother"], homes.households["own"], homes.households["let"]
    head = {"resident": str(mother.pk), "former_tie": "spouse", "on": "2026-01-01"}
    assert chief.post(reverse("register:act", args=["household", own.uid, "head"]), head).status_code == 302
    url = reverse("register:act", args=["resident", mother.uid, "move"])
    assert "302 演示租客" in chief.get(url).content.decode()
    move = {"household": str(let.pk), "tie": "other", "on": "2026-02-01"}
    assert chief.post(url, move).status_code == 302
    assert Stay.objects.get(resident=mother, ends_on=None).household_id == let.pk


def test_the_community_moves_somebody_to_another_building_and_a_chief_does_not(cast: Cast, homes: Homes) -> None:
    mother, away = homes.residents["mother"], homes.households["next"]
    url = f"{reverse('register:act', args=['resident', mother.uid, 'move'])}?to={cast.areas['next_building'].pk}"
    move = {"household": str(away.pk), "tie": "other", "on": "2026-02-01"}
    assert browser_as(cast, "chief").post(url, move).status_code == 404
    desk = browser_as(cast, "desk")
    assert "101 演示邻居" in desk.get(url).content.decode()
    assert desk.post(url, move).status_code == 302
    assert Stay.objects.get(resident=mother, ends_on=None).household_id == away.pk


def test_a_number_opens_with_a_reason_and_is_not_kept_by_the_browser(homes: Homes, chief: Client) -> None:
    answer = chief.post(
        reverse("register:reveal", args=[homes.residents["father"].uid]), {"what": "phone", "reason": "上门前联系"}
    )
    assert "13911110001" in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("key", "is_seen"), [("chief", True), ("desk", True), ("next_chief", False)])
def test_open_orders_of_the_stairs_stand_on_the_pages_of_those_who_may_see_them(
    cast: Cast, homes: Homes, key: str, is_seen: bool
) -> None:
    report_leak(cast)
    where = "building" if is_seen else "next_building"
    assert ("三楼漏水" in shown(browser_as(cast, key), "house", cast.areas[where].pk)) is is_seen
    if is_seen:
        assert "三楼漏水" in shown(browser_as(cast, key), "dwelling", homes.dwellings["own"].uid)


def report_leak(cast: Cast) -> None:
    draft = Draft(
        channel=Channel.CALL, category=cast.categories["leak"], area=cast.areas["stairwell"], words="三楼漏水",
        is_for_another=True,
    )  # fmt: skip
    report_workorder(draft=draft, actor=cast.actor("desk"), at=cast.at)


def test_a_need_is_ticked_off(cast: Cast, homes: Homes, chief: Client) -> None:
    need = raise_need(
        summary="要轮椅坡道",
        asking=Asking.ONLINE,
        household_id=homes.households["own"].pk,
        actor=cast.actor("chief"),
        at=cast.at,
    )
    assert "要轮椅坡道" in shown(chief, "dwelling", homes.dwellings["own"].uid)
    assert chief.post(reverse("register:act", args=["need", need.uid, "tick"]), {}).status_code == 302
    assert "要轮椅坡道" not in shown(chief, "dwelling", homes.dwellings["own"].uid)


def test_who_is_registered_at_a_door_and_lives_elsewhere_stands_on_its_page(
    cast: Cast, homes: Homes, chief: Client
) -> None:
    tenant, own = homes.residents["tenant"], homes.dwellings["own"]
    url = reverse("register:act", args=["resident", tenant.uid, "registration"])
    assert "2单元 301" in chief.get(url).content.decode()
    neither = chief.post(url, {"on": "2026-01-01"})
    assert (neither.status_code, "二选一" in neither.content.decode()) == (400, True)
    assert chief.post(url, {"on": "2026-01-01", "door": str(own.pk)}).status_code == 302
    page = shown(chief, "dwelling", own.uid)
    assert "户籍在这里、不住这里的" in page
    assert "演示租客" in page
    assert "户籍在 2单元 301" in shown(chief, "dwelling", homes.dwellings["let"].uid)


def test_what_happened_to_a_row_and_who_lived_there_stands_on_a_page_of_its_own(
    cast: Cast, homes: Homes, chief: Client
) -> None:
    leave(resident_id=homes.residents["mother"].pk, on=date(2026, 2, 1), actor=cast.actor("chief"), at=cast.at)
    page = shown(chief, "history", "dwelling", homes.dwellings["own"].uid)
    assert "登记门牌" in page
    assert "演示母亲" in page
    assert "迁出，演示楼长" in shown(chief, "history", "resident", homes.residents["mother"].uid)
    shown(browser_as(cast, "next_chief"), "history", "resident", homes.residents["mother"].uid, status=404)


def test_a_whole_building_asks_for_something_and_the_list_is_filtered(cast: Cast, homes: Homes, chief: Client) -> None:
    url = reverse("register:house_need", args=[cast.areas["building"].pk])
    assert chief.post(url, {"summary": "楼下要一盏灯", "asking": "deliberation"}).status_code == 302
    listed = reverse("register:needs")
    assert "楼下要一盏灯" in chief.get(listed).content.decode()
    assert "楼下要一盏灯" in chief.get(f"{listed}?asking=deliberation").content.decode()
    assert "楼下要一盏灯" not in chief.get(f"{listed}?asking=online").content.decode()
    assert "楼下要一盏灯" not in browser_as(cast, "next_chief").get(listed).content.decode()
    need = Need.objects.get()
    assert chief.post(reverse("register:act", args=["need", need.uid, "tick"]), {}).status_code == 302
    assert "楼下要一盏灯" in chief.get(f"{listed}?ticked=1").content.decode()


def test_a_door_is_entered_in_the_own_building_only(cast: Cast, homes: Homes, chief: Client) -> None:
    typed = {"leaf": str(cast.areas["stairwell"].pk), "door": "501", "floor": "5", "position": "1"}
    assert chief.post(reverse("register:found", args=[cast.areas["building"].pk]), typed).status_code == 302
    assert Dwelling.objects.filter(door="501").count() == 1
    assert chief.post(reverse("register:found", args=[cast.areas["next_building"].pk]), typed).status_code == 404
