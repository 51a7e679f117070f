"""The pages of the working calendar and the working hours: read by offices, kept by one."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from louzhang.areas.models import WorkingDay, WorkingHours
from tests.cast import PEOPLE

HOME = "/desk/settings/calendar/"
HOURS = "/desk/settings/hours/"
READERS = {
    "desk", "secretary", "street", "commander", "stranger_desk", "stranger_street",
    "system_admin", "security_admin", "audit_admin",
}  # fmt: skip


@pytest.fixture
def keeper(browser_of):
    return browser_of("system_admin")


def text(answer):
    return answer.content.decode()


def csv_of(answer):
    return b"".join(answer.streaming_content).decode("utf-8-sig")


def typed(**more):
    said = {
        "weekdays": ["1", "2", "3", "4", "5"], "begin_1": "08:30", "end_1": "12:00", "begin_2": "13:30",
        "end_2": "17:00", "starts_on": "2026-03-02", "reason": "冬季作息",
    }  # fmt: skip
    return said | more


def test_a_year_shows_holidays_and_swapped_days_in_words(cast, keeper):
    shown = text(keeper.get(HOME))
    assert "10月1日 周四，放假，国庆节" in shown
    assert "2月14日 周六，调休上班" in shown
    assert "还没有填入" in shown
    assert "放假安排还没有公布" in text(keeper.get(f"{HOME}?year=2027"))
    assert "2028 年工作日历" in text(keeper.get(f"{HOME}?year=3000"))
    assert "2004 年工作日历" in text(keeper.get(f"{HOME}?year=1"))


def test_a_year_is_filled_by_one_tap(cast, keeper):
    answer = keeper.post(f"{HOME}fill/", {"year": "2026"})
    assert answer["Location"] == f"{HOME}?year=2026"
    assert WorkingDay.objects.count() == 365
    assert "填入 2026 年" not in text(keeper.get(HOME))
    assert keeper.post(f"{HOME}fill/", {"year": "x"}).status_code == 400
    WorkingDay.objects.filter(date__month=12).update(is_provisional=True)
    assert "按已公布的安排更新" in text(keeper.get(HOME))


def test_a_tap_on_a_day_changes_it_with_a_reason_and_the_history_says_so(cast, keeper):
    url = f"{HOME}2026/3/3/"
    assert "3月3日 周二，工作日" in text(keeper.get(url))
    refused = keeper.post(url, {"kind": "holiday", "name": "停工", "reason": ""})
    assert refused.status_code == 400
    assert "请写明原因" in text(refused)
    assert "停工" in text(refused)
    answer = keeper.post(url, {"kind": "holiday", "name": "停工", "reason": "暴雪红色预警"})
    assert answer["Location"] == f"{HOME}?year=2026#m3"
    shown = text(keeper.get(HOME))
    assert "3月3日 周二，放假，停工，暴雪红色预警" in shown
    assert "2026-03-03 工作日 → 放假 停工，暴雪红色预警" in shown
    assert "由 演示系统管理 修改" in text(keeper.get(url))
    again = keeper.post(url, {"kind": "holiday", "name": "停工", "reason": "再说一次"})
    assert again.status_code == 409
    assert keeper.post(url, {"kind": "rest", "reason": "x"}).status_code == 400


@pytest.mark.parametrize("day", ["2026/2/30", "2026/13/1", "0/1/1"])
def test_a_day_that_never_was_is_not_there(cast, keeper, day):
    assert keeper.get(f"{HOME}{day}/").status_code == 404


def file_of(*lines):
    return SimpleUploadedFile("days.csv", "\n".join(("日期,类型,名称,暂定", *lines)).encode("utf-8-sig"))


def test_what_was_exported_and_changed_is_taken_in_and_the_rest_stays_provisional(cast, keeper):
    exported = csv_of(keeper.get(f"{HOME}csv/?year=2027"))
    changed = exported.replace("2027-02-08,周一,工作日,,是", "2027-02-08,周一,放假,春节,是")
    changed = changed.replace("2027-02-09,周二,工作日,,是", "2027-02-09,周二,工作日,,")
    file = SimpleUploadedFile("days.csv", changed.encode("utf-8-sig"))
    assert keeper.post(f"{HOME}import/", {"file": file, "reason": "国办通知"}).status_code == 302
    assert WorkingDay.objects.get(date=date(2027, 2, 8)).name == "春节"
    assert set(WorkingDay.objects.filter(is_provisional=False).values_list("date", flat=True)) == {
        date(2027, 2, 8), date(2027, 2, 9),
    }  # fmt: skip
    assert "2 天，国办通知" in text(keeper.get(f"{HOME}?year=2027"))


def test_a_wrong_file_changes_nothing_and_says_every_line(cast, keeper):
    file = file_of("2027-02-08,放假,春节,", "2027年2月7日,工作日,,", "昨天,放假,,", "2027/2/8,放假,,")
    answer = keeper.post(f"{HOME}import/", {"file": file, "reason": "国办通知"})
    assert answer.status_code == 400
    shown = text(answer)
    for sentence in ("2027-02-07 是周日", "看不懂日期“昨天”", "2027-02-08 写了两次"):
        assert sentence in shown
    assert not WorkingDay.objects.exists()
    for content in (b"a,b\n1,2\n", "日期,类型,名称\n".encode(), b"\x00\x01"):
        wrong = SimpleUploadedFile("days.csv", content)
        assert keeper.post(f"{HOME}import/", {"file": wrong, "reason": "x"}).status_code == 400
    far = file_of("2040-02-08,放假,春节,")
    assert "只能填 2004 年到 2028 年" in text(keeper.post(f"{HOME}import/", {"file": far, "reason": "x"}))


def test_hours_of_the_district_are_set_with_a_break(cast, keeper):
    assert "周一至周五 09:00–12:00、13:30–17:30" in text(keeper.get(HOURS))
    assert keeper.post(f"{HOURS}district/", typed()).status_code == 302
    shown = text(keeper.get(HOURS))
    assert "周一至周五 08:30–12:00、13:30–17:00" in shown
    assert "全区，从 2026-03-02 起" in shown
    assert 'value="08:30"' in text(keeper.get(f"{HOURS}district/"))
    assert WorkingHours.objects.get().minutes == [510, 720, 810, 1020]


def test_a_unit_works_round_the_clock_and_later_as_the_district(cast, keeper):
    unit = cast.units["property_unit"]
    url = f"{HOURS}units/{unit.pk}/"
    assert unit.name in text(keeper.get(f"{HOURS}?q=安居"))
    around = {"is_round_the_clock": "on", "starts_on": "2026-03-02", "reason": "物业应急"}
    assert keeper.post(url, around).status_code == 302
    assert "每天 全天，放假也上班" in text(keeper.get(HOURS))
    assert keeper.post(f"{url}end/", {"ends_on": "2026-03-09", "reason": "合同到期"}).status_code == 302
    assert "演示安居物业，到 2026-03-09，合同到期" in text(keeper.get(HOURS))
    assert keeper.post(f"{HOURS}district/end/", {"ends_on": "2026-03-09", "reason": "x"}).status_code == 409


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"end_1": ""}, "开始和结束要一起填"),
        ({"weekdays": []}, "请至少选一天上班"),
        ({"begin_2": "11:00"}, "各段不能重叠"),
        ({"begin_1": "", "end_1": "", "begin_2": "", "end_2": ""}, "请填一到 3 段"),
        ({"starts_on": "2026-03-01"}, "已经过去"),
        ({"reason": ""}, "请写明原因"),
        ({"begin_1": "早上"}, "请填时间"),
        ({"weekdays": ["9"]}, "9"),
    ],
)
def test_half_hours_get_their_sentence_and_nothing_is_stored(cast, keeper, more, sentence):
    answer = keeper.post(f"{HOURS}district/", typed(**more))
    assert answer.status_code == 400
    assert sentence in text(answer)
    assert not WorkingHours.objects.exists()


def test_a_span_may_last_until_midnight(cast, keeper):
    night = {"begin_1": "00:00", "end_1": "06:00", "begin_2": "22:00", "end_2": "00:00"}
    assert keeper.post(f"{HOURS}district/", typed(**night)).status_code == 302
    assert WorkingHours.objects.get().minutes == [0, 360, 1320, 1440]


def test_offices_and_administrators_read_and_only_one_changes(cast, browser_of):
    unit = cast.units["property_unit"].pk
    kept = [f"{HOME}fill/", f"{HOME}import/", f"{HOME}2026/3/3/", f"{HOURS}district/", f"{HOURS}district/end/",
            f"{HOURS}units/{unit}/", f"{HOURS}units/{unit}/end/"]  # fmt: skip
    for key, *_ in PEOPLE:
        client = browser_of(key)
        for url in (HOME, f"{HOME}csv/", HOURS):
            assert client.get(url).status_code == (200 if key in READERS else 403), (key, url)
        if key == "system_admin":
            continue
        for url in kept:
            answer = client.post(url, typed(kind="holiday", year="2026", ends_on="2026-03-09"))
            assert answer.status_code == 403, (key, url)
    assert not WorkingDay.objects.exists()
    assert not WorkingHours.objects.exists()


def test_another_streets_unit_is_not_shown_to_an_office(cast, keeper, browser_of):
    keeper.post(f"{HOURS}units/{cast.units['other_property_unit'].pk}/", typed())
    assert "演示远山物业</td>" in text(browser_of("stranger_desk").get(HOURS))
    assert "演示远山物业</td>" not in text(browser_of("desk").get(HOURS))


def test_the_pages_cost_at_most_twelve_queries(cast, keeper, django_assert_max_num_queries):
    keeper.post(f"{HOME}fill/", {"year": "2026"})
    keeper.post(f"{HOURS}district/", typed())
    for url in (HOME, HOURS, f"{HOME}2026/3/3/", f"{HOME}import/", f"{HOURS}district/"):
        with django_assert_max_num_queries(12):
            assert keeper.get(url).status_code == 200
