"""准入: a department asks, the street sees what it costs and says yes, and the burden names who asked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from louzhang.fieldwork.actions.rhythms import start_rhythm
from louzhang.fieldwork.models import Admission, Rhythm, VisitDue
from louzhang.fieldwork.tests.test_bulletins import blank
from louzhang.journal.actor import SYSTEM
from louzhang.kit import clock
from louzhang.register.actions.kinds import lay_down_kinds
from louzhang.register.tests.conftest import settle_in


@pytest.fixture
def homes(cast):
    lay_down_kinds(actor=SYSTEM, at=cast.at)
    return settle_in(cast)


def test_a_task_from_above_passes_the_street(live_server, cast, homes, pages, is_readable):
    department, street, desk = pages("department_lead"), pages("street"), pages("desk")
    department.goto(f"{live_server.url}/desk/asking/admissions/")
    is_readable(department)
    department.get_by_role("link", name="布置一项").click()
    department.get_by_label("名称", exact=True).fill("燃气入户")
    department.get_by_label("为什么做").fill("冬季用气安全")
    department.get_by_label("在哪里").select_option(str(cast.areas["street"].pk))
    day = clock.local_date(cast.at)
    department.get_by_label("最后一天").fill((day + timedelta(days=6)).isoformat())
    department.get_by_label("要问什么").fill("家里几口人\n软管要不要换")
    is_readable(department)
    department.get_by_role("button", name="送街道准入").click()
    expect(department.get_by_text("等街道准入")).to_be_visible()

    desk.goto(f"{live_server.url}/desk/asking/admissions/")
    expect(desk.get_by_text("这里还没有任务")).to_be_visible()

    street.goto(f"{live_server.url}/desk/asking/admissions/")
    street.get_by_role("link", name="燃气入户").click()
    expect(street.get_by_text("登记里有：住几个人")).to_be_visible()
    expect(street.get_by_text("彩虹社区：3 户，2 人有份")).to_be_visible()
    is_readable(street)
    street.get_by_role("button", name="不同意，告诉对方原因").click()
    expect(street.get_by_text("请写明为什么不同意").first).to_be_visible()
    is_readable(street)
    street.get_by_role("button", name="同意开展", exact=True).click()
    expect(street.get_by_text("已同意开展")).to_be_visible()
    assert Admission.objects.get().answers == {"a1": "prefilled"}

    start_rhythm(rhythm_id=Rhythm.objects.get().pk, at=clock.now())
    assert VisitDue.objects.count() == 3
    desk.reload()
    expect(desk.get_by_role("link", name="燃气入户")).to_be_visible()
    desk.goto(f"{live_server.url}/desk/asking/burden/")
    expect(desk.get_by_text("演示住建局").first).to_be_visible()
    is_readable(desk)


def test_a_sheet_from_above_fills_itself(live_server, cast, homes, pages, is_readable, tmp_path):
    desk = pages("desk")
    path = tmp_path / "月报.xlsx"
    path.write_bytes(blank("3号网格"))
    desk.goto(f"{live_server.url}/desk/asking/sheets/")
    is_readable(desk)
    desk.get_by_role("link", name="上传空表").first.click()
    desk.get_by_label("报表名称").fill("人口月报")
    desk.get_by_label("空表（xlsx）").set_input_files(path)
    is_readable(desk)
    desk.get_by_role("button", name="上传，看对应").click()
    expect(desk.get_by_label("人口 60岁以上")).to_have_value("register.from60")
    is_readable(desk)
    desk.get_by_role("button", name="就这样对应").click()
    expect(desk.get_by_role("heading", name="还缺什么")).to_be_visible()
    is_readable(desk)
    desk.get_by_label("填这张表做什么").fill("报街道月报")
    with desk.expect_download() as taken:
        desk.get_by_role("button", name="下载填好的表").click()
    assert taken.value.suggested_filename.endswith(".xlsx")
    desk.reload()
    expect(desk.get_by_text("演示社区受理").first).to_be_visible()
