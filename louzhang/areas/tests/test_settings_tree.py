"""Keeping the tree on pages: add, rename, move, end, outline, position, estates, levels, a file."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from louzhang.areas.actions import end_area
from louzhang.areas.models import Area, AreaLevel, Estate
from louzhang.areas.tests.list_files import body_of, send
from louzhang.journal.models import Event

AREAS = "/desk/settings/areas/"
SQUARE = {"type": "Polygon", "coordinates": [[[123.0, 41.0], [123.1, 41.0], [123.1, 41.1], [123.0, 41.0]]]}


def page(cast, key, verb=""):
    return f"{AREAS}{cast.areas[key].pk}/{verb}"


def text(answer):
    return answer.content.decode()


def rows_of(answer):
    return b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()


def test_an_area_is_added_below_another_and_shows_who_added_it(cast, browser_of):
    client = browser_of("system_admin")
    level = AreaLevel.objects.get(kind="building")
    said = {"level": level.pk, "name": "15号楼", "code": "B15", "official_code": ""}
    answer = client.post(page(cast, "grid", "add/"), said)
    new = Area.objects.get(code="B15")
    assert answer["Location"] == f"{AREAS}{new.pk}/"
    assert "演示系统管理" in text(client.get(answer["Location"]))
    assert "15号楼" in text(client.get(page(cast, "grid")))


def test_only_levels_that_fit_are_offered_and_what_was_typed_stays(cast, browser_of):
    client = browser_of("system_admin")
    assert "街镇" not in text(client.get(page(cast, "grid", "add/")))
    street = AreaLevel.objects.get(kind="street")
    answer = client.post(page(cast, "grid", "add/"), {"level": street.pk, "name": "错层级", "code": "X1"})
    assert answer.status_code == 400
    assert "错层级" in text(answer)
    building = AreaLevel.objects.get(kind="building")
    answer = client.post(page(cast, "grid", "add/"), {"level": building.pk, "name": "重号", "code": "B1"})
    assert answer.status_code == 409
    assert "编码 B1 已经在用" in text(answer)
    assert "重号" in text(answer)


def test_a_new_name_is_in_the_history_with_the_old_one(cast, browser_of):
    client = browser_of("system_admin")
    client.post(page(cast, "grid", "rename/"), {"name": "幸福网格", "code": "G1", "official_code": "2101"})
    shown = text(client.get(page(cast, "grid")))
    assert "3号网格 → 幸福网格" in shown
    assert "2101" in shown


def test_an_area_moves_to_a_parent_found_by_words_and_no_other(cast, browser_of):
    client = browser_of("system_admin")
    found = text(client.get(page(cast, "grid", "move/") + "?q=春柳"))
    assert "春柳社区" in found
    assert "没有找到" in text(client.get(page(cast, "grid", "move/") + "?q=12号"))
    assert client.post(page(cast, "grid", "move/"), {"area": cast.areas["building"].pk}).status_code == 400
    assert client.post(page(cast, "grid", "move/"), {}).status_code == 400
    assert client.post(page(cast, "grid", "move/"), {"area": cast.areas["next_community"].pk}).status_code == 302
    shown = text(client.get(page(cast, "grid")))
    assert "彩虹社区 → 春柳社区" in shown
    assert Event.objects.filter(subject_kind="area", verb="move").count() == 1


def test_an_area_ends_only_when_nothing_below_it_and_no_post_is_open(cast, browser_of):
    client = browser_of("system_admin")
    below = client.post(page(cast, "grid", "end/"), {"reason": "合并"})
    assert below.status_code == 409
    assert "下面还有在用的地点" in text(below)
    posted = client.post(page(cast, "stairwell", "end/"), {"reason": "合并"})
    assert "还有人任职" in text(posted)
    assert client.post(page(cast, "next_grid", "end/"), {"reason": " "}).status_code == 400
    assert client.post(page(cast, "next_grid", "end/"), {"reason": "合并到3号"}).status_code == 302
    shown = text(client.get(page(cast, "next_grid")))
    assert "已停用" in shown
    assert "合并到3号" in shown
    assert "rename/" not in shown
    assert client.post(page(cast, "next_grid", "rename/"), {"name": "再用", "code": "G2"}).status_code == 409


def test_an_outline_is_pasted_uploaded_and_cleared(cast, browser_of):
    client = browser_of("system_admin")
    url = page(cast, "grid", "outline/")
    wrong = client.post(url, {"outline": '{"type": "Point"'})
    assert wrong.status_code == 400
    assert "GeoJSON" in text(wrong)
    assert client.post(url, {"outline": json.dumps({"type": "Feature", "geometry": SQUARE})}).status_code == 302
    assert Area.objects.get(code="G1").outline == SQUARE
    assert client.post(url, {"outline": ""}).status_code == 302
    assert Area.objects.get(code="G1").outline is None
    file = SimpleUploadedFile("g.geojson", json.dumps(SQUARE).encode())
    assert client.post(url, {"outline": "", "file": file}).status_code == 302
    assert Area.objects.get(code="G1").outline == SQUARE


@pytest.mark.parametrize("typed", ["[]", "[1]", "{}", '"x"', "[" * 3000, "null1", '{"type":"FeatureCollection"}', "3"])
def test_what_is_no_outline_gets_a_sentence(cast, browser_of, typed):
    answer = browser_of("system_admin").post(page(cast, "grid", "outline/"), {"outline": typed})
    assert answer.status_code == 400
    assert "有效的 GeoJSON 面" in text(answer)


def test_a_position_is_whole_and_on_earth(cast, browser_of):
    client = browser_of("system_admin")
    url = page(cast, "building", "place/")
    assert client.post(url, {"longitude": "123.7", "latitude": ""}).status_code == 400
    assert client.post(url, {"longitude": "200", "latitude": "41"}).status_code == 400
    assert client.post(url, {"longitude": "nan", "latitude": "41"}).status_code == 400
    assert client.post(url, {"longitude": "123.7", "latitude": "41.2"}).status_code == 302
    assert Area.objects.get(code="B1").longitude == 123.7


def test_a_building_joins_an_estate_of_its_community(cast, browser_of):
    client = browser_of("system_admin")
    assert client.post(page(cast, "community", "estates/add/"), {"name": "彩虹家园"}).status_code == 302
    assert client.post(page(cast, "community", "estates/add/"), {"name": "彩虹家园"}).status_code == 409
    client.post(page(cast, "other_community", "estates/add/"), {"name": "远山居"})
    estate, other = Estate.objects.get(name="彩虹家园"), Estate.objects.get(name="远山居")
    url = page(cast, "building", "estate/")
    assert client.post(url, {"estate": other.pk}).status_code == 400
    assert client.post(url, {"estate": estate.pk}).status_code == 302
    assert "彩虹家园" in text(client.get(page(cast, "building")))


def test_the_district_names_its_levels_itself(cast, browser_of):
    client = browser_of("system_admin")
    level = AreaLevel.objects.get(kind="group")
    assert client.post(f"/desk/settings/levels/{level.pk}/", {"name": "十户长片区"}).status_code == 302
    assert "十户长片区" in text(client.get("/desk/settings/levels/"))
    assert client.get("/desk/settings/levels/99999/").status_code == 404


CHANGES = ["add/", "rename/", "move/", "end/", "place/", "outline/", "estate/", "estates/add/"]


@pytest.mark.parametrize("key", ["desk", "commander", "security_admin", "audit_admin", "chief"])
def test_nobody_but_the_system_administrator_changes_the_tree(cast, browser_of, key):
    client = browser_of(key)
    before = Event.objects.count()
    for verb in CHANGES:
        assert client.get(page(cast, "building", verb)).status_code == 403
        assert client.post(page(cast, "building", verb), {"name": "x", "code": "y"}).status_code == 403
    assert client.post(f"{AREAS}import/").status_code == 403
    assert client.post(f"{AREAS}import/store/").status_code == 403
    assert Event.objects.count() == before


def test_a_list_is_imported_whole_or_not_at_all(cast, browser_of):
    client = browser_of("system_admin")
    head = "code,name,parent_code,level\n"
    wrong = SimpleUploadedFile("a.csv", f"{head}G8,8号网格,C1,grid\nG9,,C1,grid\nG10,x,NOPE,grid\n".encode())
    answer = client.post(f"{AREAS}import/", {"file": wrong})
    assert answer.status_code == 400
    assert "没有名称" in text(answer)
    assert "NOPE" in text(answer)
    assert not Area.objects.filter(code="G8").exists()
    right = f"{head}G8,8号网格,C1,grid\n".encode()
    before = Event.objects.count()
    looked_at = send(client, f"{AREAS}import/", right)
    assert "可以新增 1 个地点" in text(looked_at)
    assert "8号网格" in text(looked_at)
    assert (Area.objects.filter(code="G8").count(), Event.objects.count()) == (0, before)
    for _ in range(2):
        assert client.post(f"{AREAS}import/store/", body_of(looked_at)).status_code == 302
    assert Area.objects.filter(code="G8").count() == 1
    assert "没有要新增的，已有的 1 个不改动" in text(send(client, f"{AREAS}import/", right))
    renamed = f"{head}G8,别名,C1,grid\n".encode()
    assert "文件里叫“别名”，没有改动" in text(send(client, f"{AREAS}import/", renamed))
    assert client.post(f"{AREAS}import/", {}).status_code == 400
    assert client.post(f"{AREAS}import/", {"file": SimpleUploadedFile("a.csv", b"\x00\x01")}).status_code == 400
    assert client.post(f"{AREAS}import/store/", {}).status_code == 409


def test_what_has_become_wrong_since_the_preview_is_told_and_nothing_stored(cast, browser_of):
    client = browser_of("system_admin")
    listed = "code,name,parent_code,level\nG8,8号网格,G9,grid\nG9,9号,C1,community\n".encode()
    assert send(client, f"{AREAS}import/", listed).status_code == 400
    looked_at = send(client, f"{AREAS}import/", "code,name,parent_code,level\nB9,9号楼,G2,building\n".encode())
    assert looked_at.status_code == 200
    end_area(area=cast.areas["next_grid"], reason="并网", actor=cast.actor("system_admin"), at=cast.at)
    answer = client.post(f"{AREAS}import/store/", body_of(looked_at))
    assert (answer.status_code, Area.objects.filter(code="B9").exists()) == (400, False)
    assert "上级编码 G2 在文件和本区里都没有" in text(answer)
    other = browser_of("desk").post(f"{AREAS}import/store/", body_of(looked_at))
    assert other.status_code == 403


def test_what_is_exported_can_be_imported_and_holds_only_the_own_subtree(cast, browser_of):
    client = browser_of("system_admin")
    rows = rows_of(client.get(f"{AREAS}csv/"))
    assert len(rows) == 1 + Area.objects.current().count()
    assert "没有要新增的" in text(send(client, f"{AREAS}import/", "\n".join(rows).encode()))
    strangers = "\n".join(rows_of(browser_of("stranger_desk").get(f"{AREAS}csv/")))
    assert "远山社区" in strangers
    assert "彩虹社区" not in strangers


def test_two_characters_find_a_place_and_one_asks_for_more(cast, browser_of):
    client = browser_of("desk")
    assert "12号楼" in text(client.get(f"{AREAS}?q=12号"))
    assert "请至少打两个字" in text(client.get(f"{AREAS}?q=楼"))
    assert "没有找到" in text(client.get(f"{AREAS}?q=远山"))
