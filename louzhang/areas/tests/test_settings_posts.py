"""Appointing and ending on pages: who may fill which post, and what is refused with a sentence."""

import re
from urllib.parse import unquote

import pytest

from louzhang.accounts.models import User
from louzhang.areas.actions import add_title, appoint_post, end_post
from louzhang.areas.models import Post
from louzhang.areas.rights import may_fill
from louzhang.areas.roles import Role
from louzhang.journal.actor import SYSTEM
from louzhang.journal.refusals import NotYours
from tests.cast import MORNING, PEOPLE

POSTS = "/desk/settings/posts/"
TODAY = "2026-03-02"


def new_post(cast, **more):
    return {"kind": "paid", "starts_on": TODAY, "ends_on": "", "words": "", "name": "", "phone": ""} | more


def seat_of(cast, place):
    kind = "area" if place in cast.areas else "unit"
    return f"{POSTS}new/?{kind}={(cast.areas | cast.units)[place].pk}"


def text(answer):
    return answer.content.decode()


# Role, where → who may fill it.
FILLS = {
    (Role.CHIEF, "building"): {"desk", "secretary", "street", "commander"},
    (Role.GRID_WORKER, "other_grid"): {"stranger_desk", "stranger_street", "commander"},
    (Role.OFFICE_STAFF, "community"): {"street", "commander", "system_admin"},
    (Role.SECRETARY, "street"): {"commander", "system_admin"},
    (Role.COMMANDER, "district"): {"system_admin"},
    (Role.UNIT_MEMBER, "property_unit"): {"desk", "secretary", "street", "commander", "system_admin"},
    (Role.UNIT_LEAD, "department_unit"): {"commander", "system_admin"},
    (Role.UNIT_MEMBER, "enforcement_unit"): {"street", "commander", "system_admin"},
    (Role.SYSTEM_ADMIN, "district"): {"security_admin"},
    (Role.AUDIT_ADMIN, "district"): {"security_admin"},
}


@pytest.mark.parametrize(("role", "place"), FILLS)
def test_who_fills_which_post(cast, role, place):
    area, unit = cast.areas.get(place), cast.units.get(place)
    able = {key for key, *_ in PEOPLE if may_fill(cast.actor(key), role, area, unit, MORNING)}
    assert able == FILLS[role, place]


@pytest.mark.parametrize(("role", "place"), FILLS)
def test_the_action_itself_refuses_everybody_else(cast, role, place):
    for key in set(cast.people) - FILLS[role, place]:
        with pytest.raises(NotYours):
            appoint_post(
                user=cast.people["nobody"],
                role=role,
                area=cast.areas.get(place),
                unit=cast.units.get(place),
                actor=cast.actor(key),
                at=MORNING,
            )


def test_a_chief_is_found_by_name_and_appointed_by_the_community(cast, browser_of):
    client = browser_of("desk")
    end_post(post=cast.posts["chief"], actor=SYSTEM, at=MORNING)
    looked = client.post(seat_of(cast, "building"), new_post(cast, seat="chief:", words="邻楼", look="1"))
    assert looked.status_code == 200
    assert "演示邻楼长" in text(looked)
    assert "演示外街楼长" not in text(looked)
    said = new_post(cast, seat="chief:", person=cast.people["next_chief"].uid, kind="volunteer")
    answer = client.post(seat_of(cast, "building"), said)
    assert answer.status_code == 302
    post = Post.objects.get(user=cast.people["next_chief"], area=cast.areas["building"])
    assert answer["Location"] == f"{POSTS}{post.pk}/"
    assert "演示社区受理" in text(client.get(answer["Location"]))


def test_a_newcomer_is_registered_and_appointed_together_or_neither(cast, browser_of):
    client = browser_of("desk")
    said = new_post(cast, seat="chief:", name="新楼长", phone="13712345678")
    taken = client.post(seat_of(cast, "building"), said)
    assert taken.status_code == 409
    assert "已经有人" in text(taken)
    assert "13712345678" in text(taken)
    assert User.objects.by_phone("13712345678") is None
    end_post(post=cast.posts["chief"], actor=SYSTEM, at=MORNING)
    assert client.post(seat_of(cast, "building"), said).status_code == 302
    assert Post.objects.get(user=User.objects.by_phone("13712345678")).area == cast.areas["building"]


def test_a_number_in_use_is_told_and_nothing_is_stored(cast, browser_of):
    client = browser_of("desk")
    end_post(post=cast.posts["chief"], actor=SYSTEM, at=MORNING)
    said = new_post(cast, seat="chief:", name="重名", phone="13900000020")
    answer = client.post(seat_of(cast, "building"), said)
    assert answer.status_code == 409
    assert "已经有账号" in text(answer)


def test_a_strangers_chief_cannot_be_taken_by_number_or_by_a_forged_choice(cast, browser_of):
    client = browser_of("desk")
    end_post(post=cast.posts["chief"], actor=SYSTEM, at=MORNING)
    looked = client.post(seat_of(cast, "building"), new_post(cast, seat="chief:", words="13900000020", look="1"))
    assert "没有找到" in text(looked)
    forged = client.post(
        seat_of(cast, "building"), new_post(cast, seat="chief:", person=cast.people["stranger_chief"].uid)
    )
    assert forged.status_code == 400
    resident = client.post(seat_of(cast, "building"), new_post(cast, seat="chief:", words="13900000021", look="1"))
    assert "演示居民" not in text(resident), "the name of somebody not yet in scope is masked"
    assert str(cast.people["resident"].uid) in text(resident)


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({}, "请先查找并选一个人"),
        ({"name": "只有名"}, "请填写新人员的手机号"),
        ({"phone": "13712345678"}, "请填写新人员的姓名"),
        ({"name": "某", "phone": "12"}, "手机号"),
        ({"name": "某", "phone": "13712345678", "ends_on": "2026-03-01"}, "结束的日期要在开始的日期以后"),
        ({"name": "某", "phone": "13712345678", "seat": "secretary:"}, "重新选"),
    ],
)
def test_wrong_input_gets_its_sentence_and_changes_nothing(cast, browser_of, more, sentence):
    people, posts = User.objects.count(), Post.objects.count()
    answer = browser_of("desk").post(seat_of(cast, "building"), new_post(cast, **({"seat": "chief:"} | more)))
    assert answer.status_code == 400
    assert sentence in text(answer)
    assert (User.objects.count(), Post.objects.count()) == (people, posts)


def test_the_districts_title_is_offered_and_stands_on_the_post(cast, browser_of):
    title = add_title(name="楼栋管家", role=Role.CHIEF, actor=SYSTEM, at=MORNING)
    end_post(post=cast.posts["chief"], actor=SYSTEM, at=MORNING)
    client = browser_of("desk")
    assert "楼栋管家" in text(client.get(seat_of(cast, "building")))
    said = new_post(cast, seat=f"chief:{title.pk}", name="新人", phone="13712345678")
    assert "楼栋管家" in text(client.get(client.post(seat_of(cast, "building"), said)["Location"]))


def test_a_post_ends_from_a_day_on_and_only_once(cast, browser_of):
    client = browser_of("desk")
    url = f"{POSTS}{cast.posts['chief'].pk}/"
    assert client.post(f"{url}end/", {"ends_on": "x"}).status_code == 400
    assert client.post(f"{url}end/", {"ends_on": TODAY}).status_code == 302
    assert client.post(f"{url}end/", {"ends_on": TODAY}).status_code == 409
    assert "已结束" in text(client.get(url))
    assert "还没有楼长" in text(client.get(f"/desk/settings/areas/{cast.areas['building'].pk}/"))
    assert "还没有楼长" in text(client.get(f"/desk/settings/areas/{cast.areas['grid'].pk}/"))
    assert "演示楼长" in text(client.get(f"{POSTS}?state=ended"))
    assert "12号楼" in text(client.get(f"{POSTS}vacant/?role=chief"))


def test_a_stand_in_is_found_named_and_taken_back(cast, browser_of):
    client = browser_of("desk")
    url = f"{POSTS}{cast.posts['chief'].pk}/stand-in/"
    assert "演示网格员" in text(client.post(url, {"words": "网格员", "look": "1"}))
    assert client.post(url, {"person": cast.people["grid_worker"].uid}).status_code == 302
    cast.posts["chief"].refresh_from_db()
    assert cast.posts["chief"].stand_in == cast.people["grid_worker"]
    assert client.post(url, {"person": cast.people["stranger_chief"].uid}).status_code == 400
    assert client.post(url, {"person": cast.people["chief"].uid}).status_code == 400
    assert client.post(url, {"nobody": "1"}).status_code == 302
    cast.posts["chief"].refresh_from_db()
    assert cast.posts["chief"].stand_in is None


@pytest.mark.parametrize("key", ["stranger_desk", "stranger_street"])
def test_the_stranger_finds_no_post_of_ours_to_end(cast, browser_of, key):
    client = browser_of(key)
    url = f"{POSTS}{cast.posts['chief'].pk}/"
    assert client.get(url).status_code == 404
    assert client.post(f"{url}end/", {"ends_on": TODAY}).status_code == 404
    assert client.post(f"{url}stand-in/", {"nobody": "1"}).status_code == 404
    assert client.post(seat_of(cast, "building"), new_post(cast, seat="chief:")).status_code == 404


@pytest.mark.parametrize(
    ("key", "held"),
    [("desk", "secretary"), ("system_admin", "chief"), ("audit_admin", "chief"), ("system_admin", "audit_admin")],
)
def test_what_is_in_sight_but_not_ones_own_to_end_is_refused(cast, browser_of, key, held):
    client = browser_of(key)
    url = f"{POSTS}{cast.posts[held].pk}/"
    assert "结束任职</a>" not in text(client.get(url))
    assert client.post(f"{url}end/", {"ends_on": TODAY}).status_code == 403
    cast.posts[held].refresh_from_db()
    assert cast.posts[held].ends_on is None


def test_the_security_administrator_changes_the_other_two_and_never_the_own_post(cast, browser_of):
    client = browser_of("security_admin")
    own, other = cast.posts["security_admin"], cast.posts["audit_admin"]
    assert client.post(f"{POSTS}{own.pk}/end/", {"ends_on": TODAY}).status_code == 403
    assert client.post(f"{POSTS}{other.pk}/end/", {"ends_on": TODAY}).status_code == 302
    said = new_post(cast, seat="audit_admin:", words="13900000022", person=cast.people["nobody"].uid)
    assert client.post(seat_of(cast, "district"), said).status_code == 302
    said = new_post(cast, seat="audit_admin:", person=cast.people["desk"].uid)
    assert client.post(seat_of(cast, "district"), said).status_code == 403


def test_the_system_administrator_never_makes_an_administrator_an_official(cast, browser_of):
    client = browser_of("system_admin")
    for who in ("system_admin", "audit_admin"):
        said = new_post(cast, seat="office_staff:", person=cast.people[who].uid)
        assert client.post(seat_of(cast, "community"), said).status_code == 403
    assert client.get(seat_of(cast, "building")).status_code == 403


def test_nobody_is_named_in_an_address(cast, browser_of):
    client = browser_of("desk")
    answer = client.post(seat_of(cast, "building"), new_post(cast, seat="chief:", words="邻楼", look="1"))
    assert "邻楼" not in answer.request["QUERY_STRING"]
    shown = text(client.get(f"{POSTS}seats/?q=12号"))
    assert f"new/?area={cast.areas['building'].pk}" in shown


def test_a_holder_is_found_by_name_and_the_name_stands_in_no_address(cast, browser_of):
    client = browser_of("desk")
    sent = client.post(f"{POSTS}find/", {"words": "邻楼", "role": "chief", "state": "current"})
    assert "邻楼" not in unquote(sent["Location"])
    page = text(client.get(sent["Location"]))
    assert "演示邻楼长" in page
    assert "演示楼长" not in page
    assert "姓名含“邻楼”" in page
    assert 'value="邻楼"' in page
    addresses = [unquote(url) for url in re.findall(r'(?:href|action)="([^"]*)"', page)]
    assert [url for url in addresses if "邻楼" in url] == []
    exported = next(url for url in addresses if "/posts/csv/" in url and "format" not in url).replace("&amp;", "&")
    rows = b"".join(client.get(exported).streaming_content).decode()
    assert "演示邻楼长" in rows
    assert "演示楼长" not in rows
    assert "演示楼长" in text(browser_of("secretary").get(sent["Location"]))  # good for one person only
    assert client.post(f"{POSTS}find/", {"words": " "})["Location"] == POSTS


def test_posts_leave_as_a_file_without_a_phone(cast, browser_of):
    answer = browser_of("desk").get(f"{POSTS}csv/?role=chief")
    rows = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert "演示楼长" in rows
    assert "演示外街楼长" not in rows
    assert "1390000" not in rows
