"""Keeping units, titles and the registry on pages."""

from datetime import timedelta

import pytest

from louzhang.areas.actions import change_setting
from louzhang.areas.models import ServedArea, Setting, Title, Unit
from louzhang.areas.queries import setting
from louzhang.journal.actor import SYSTEM
from louzhang.journal.refusals import InputRefused, NotYours
from tests.cast import MORNING

HOME = "/desk/settings/"


def text(answer):
    return answer.content.decode()


def test_a_unit_is_added_serves_an_area_and_stops(cast, browser_of):
    client = browser_of("system_admin")
    said = {"kind": "partner", "name": "演示小学", "phone": "024-1234567", "duties": "共建"}
    url = client.post(f"{HOME}units/add/", said)["Location"]
    unit = Unit.objects.get(name="演示小学")
    assert client.post(f"{HOME}units/add/", said).status_code == 409
    assert "彩虹社区" in text(client.get(f"{url}serve/?q=彩虹"))
    assert client.post(f"{url}serve/", {"area": cast.areas["community"].pk}).status_code == 302
    again = client.post(f"{url}serve/", {"area": cast.areas["community"].pk})
    assert again.status_code == 409
    assert "已经在服务" in text(again)
    assert client.post(f"{url}serve/", {}).status_code == 400
    served = ServedArea.objects.get(unit=unit)
    assert "增加服务范围" in text(client.get(url))
    assert client.post(f"{url}serve/{served.pk}/stop/").status_code == 302
    served.refresh_from_db()
    assert served.ends_on is not None
    other = cast.units["property_unit"].pk
    assert client.post(f"{HOME}units/{other}/serve/{served.pk}/stop/").status_code == 404


def test_a_unit_is_renamed_with_its_phone_and_the_history_says_so(cast, browser_of):
    client = browser_of("system_admin")
    url = f"{HOME}units/{cast.units['property_unit'].pk}/"
    wrong = client.post(f"{url}rename/", {"name": "安居", "phone": "打我电话", "duties": ""})
    assert wrong.status_code == 400
    assert "打我电话" in text(wrong)
    client.post(f"{url}rename/", {"name": "安居服务", "phone": "024-7654321", "duties": "电梯"})
    shown = text(client.get(url))
    assert "演示安居物业 → 安居服务" in shown
    assert "024-7654321" in shown
    taken = client.post(f"{url}rename/", {"name": "演示住建局", "phone": "", "duties": ""})
    assert taken.status_code == 409


def test_a_unit_ends_with_a_reason_and_not_while_somebody_works_in_it(cast, browser_of):
    client = browser_of("system_admin")
    busy = client.post(f"{HOME}units/{cast.units['property_unit'].pk}/end/", {"reason": "合同到期"})
    assert busy.status_code == 409
    assert "还有人任职" in text(busy)
    office = client.post(f"{HOME}units/{cast.units['community_office'].pk}/end/", {"reason": "x"})
    assert office.status_code == 409
    client.post(f"{HOME}units/add/", {"kind": "partner", "name": "短期单位"})
    url = f"{HOME}units/{Unit.objects.get(name='短期单位').pk}/"
    assert client.post(f"{url}end/", {"reason": ""}).status_code == 400
    assert client.post(f"{url}end/", {"reason": "共建结束"}).status_code == 302
    assert "共建结束" in text(client.get(url))
    assert "短期单位" in text(client.get(f"{HOME}units/?ended=1"))
    assert "短期单位" not in text(client.get(f"{HOME}units/"))


@pytest.mark.parametrize("key", ["desk", "commander", "security_admin", "audit_admin", "department_lead"])
def test_nobody_else_changes_units_titles_or_settings(cast, browser_of, key):
    client = browser_of(key)
    unit = f"{HOME}units/{cast.units['department_unit'].pk}/"
    posts = [f"{HOME}units/add/", f"{unit}rename/", f"{unit}end/", f"{unit}serve/", f"{HOME}titles/add/"]
    for url in [*posts, f"{HOME}registry/place_name/"]:
        assert client.post(url, {"name": "x", "value": "x", "reason": "x"}).status_code == 403, url
    with pytest.raises(NotYours):
        change_setting(key="place_name", value="x", actor=cast.actor(key), at=MORNING)


def test_a_title_is_added_counted_and_ended(cast, browser_of):
    client = browser_of("system_admin")
    assert client.post(f"{HOME}titles/add/", {"name": "楼门长", "role": ""}).status_code == 400
    assert client.post(f"{HOME}titles/add/", {"name": "楼门长", "role": "stairwell_head"}).status_code == 302
    assert client.post(f"{HOME}titles/add/", {"name": "楼门长", "role": "chief"}).status_code == 409
    title = Title.objects.get()
    assert "演示系统管理" in text(client.get(f"{HOME}titles/"))
    assert client.post(f"{HOME}titles/{title.pk}/end/").status_code == 302
    assert client.post(f"{HOME}titles/{title.pk}/end/").status_code == 409
    assert "已停用" in text(client.get(f"{HOME}titles/"))


@pytest.mark.parametrize(
    ("key", "typed", "kept"),
    [("place_name", "溪湖区", "溪湖区"), ("rating_days", "10", 10), ("order_prefix", "XH", "XH"), ("hotline", "", "")],
)
def test_a_setting_is_typed_and_says_who_changed_it_and_why(cast, browser_of, key, typed, kept):
    client = browser_of("system_admin")
    said = {"value": typed, "reason": "会议定的"}
    assert client.post(f"{HOME}registry/{key}/", said).status_code == 302
    assert setting(key, MORNING) == kept
    shown = text(client.get(f"{HOME}registry/"))
    assert "会议定的" in shown
    assert "演示系统管理" in shown
    assert "会议定的" in text(client.get(f"{HOME}registry/{key}/"))


@pytest.mark.parametrize(
    ("key", "typed"),
    [("rating_days", "0"), ("rating_days", "abc"), ("rating_days", "999"), ("order_prefix", "lz1"), ("place_name", " "),
     ("map_tiles", "javascript:x")],
)  # fmt: skip
def test_a_wrong_value_is_refused_and_kept_in_the_form(cast, browser_of, key, typed):
    answer = browser_of("system_admin").post(f"{HOME}registry/{key}/", {"value": typed, "reason": "我写的理由"})
    assert answer.status_code == 400
    assert "我写的理由" in text(answer)
    assert not Setting.objects.exists()


def test_a_switch_asks_for_reason_and_end_and_goes_back_by_itself(cast, browser_of):
    client = browser_of("system_admin")
    url = f"{HOME}registry/anonymous_paused/"
    assert client.post(url, {"value": "1", "reason": "", "ends_on": "2026-03-05"}).status_code == 400
    assert client.post(url, {"value": "1", "reason": "演示文号", "ends_on": ""}).status_code == 400
    past = client.post(url, {"value": "1", "reason": "演示文号", "ends_on": "2026-03-01"})
    assert past.status_code == 400
    assert "截止日期要在" in text(past)
    assert client.post(url, {"value": "1", "reason": "演示文号", "ends_on": "2026-03-05"}).status_code == 302
    assert setting("anonymous_paused", MORNING) is True
    assert setting("anonymous_paused", MORNING + timedelta(days=5)) is False
    assert client.post(url, {"value": "0", "reason": "提前结束", "ends_on": "2026-03-05"}).status_code == 302
    assert setting("anonymous_paused", MORNING) is False


def test_what_is_hidden_or_unknown_is_not_there(cast, browser_of):
    client = browser_of("system_admin")
    assert client.get(f"{HOME}registry/is_demo/").status_code == 404
    assert client.get(f"{HOME}registry/nothing/").status_code == 404
    with pytest.raises(InputRefused):
        change_setting(key="nothing", value=1, actor=SYSTEM, at=MORNING)
