"""From the month's appraisal to the flag at the building: picked, checked by another, previewed, hung, read by all."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from louzhang.areas.queries import actor_for
from louzhang.areas.roles import Role
from louzhang.journal.actor import SYSTEM
from louzhang.kit import clock
from louzhang.roster.actions.appraisal import adopt_scheme
from louzhang.roster.actions.honours.kinds import PRESETS, change_kind, lay_down_honours
from louzhang.roster.models.honours import Flag, HonourKind
from louzhang.roster.presets.appraisal import SchemeDraft, Weighed
from louzhang.scenarios.months import appraise, months_before
from tests.browser.conftest import PHONE
from tests.cast import Cast, make_cast

TASKS = ("门前卫生", "邻里和睦")
SCHEME = SchemeDraft("楼长月度考核", Role.CHIEF, (Weighed("scores", 100),), commend_most=1, criteria=TASKS)


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    """Everybody has been in office for some months."""
    return make_cast(clock.now() - timedelta(days=100))


def publish(cast: Cast) -> str:
    """The last month that is over, with the chief of building 12 commended; gives it as an address has it."""
    month, office = months_before(clock.now(), 1)[0], cast.people["desk"]
    scheme = adopt_scheme(
        draft=SCHEME, area=cast.areas["community"], actor=actor_for(office, month.middle), at=month.middle,
        starts_on=month.first,
    )  # fmt: skip
    points = {cast.people["chief"].pk: (5, 5), cast.people["next_chief"].pk: (1, 1)}
    appraise(
        scheme=scheme, area=cast.areas["community"], month=month,
        appraisers=[cast.people[key] for key in ("secretary", "street", "desk")], points=points, criteria=TASKS,
        office=office,
    )  # fmt: skip
    return f"{month.first:%Y-%m}"


def test_the_building_of_a_commended_chief_gets_the_flag(live_server, cast, pages, is_readable):
    lay_down_honours(actor=SYSTEM, at=cast.at)
    kind = HonourKind.objects.get(code="flag")
    at_once = replace(next(draft for draft in PRESETS if draft.code == "flag"), notice_days=0)
    change_kind(uid=kind.uid, draft=at_once, reason="演示：不公示", actor=SYSTEM, at=cast.at)
    month = publish(cast)
    flags = f"{live_server.url}/desk/honours/flags/?area={cast.areas['community'].pk}&month={month}"

    desk = pages("desk")
    desk.goto(flags)
    is_readable(desk)
    desk.get_by_role("link", name="推荐楼栋").click()
    expect(desk.get_by_text("考核表扬的排在前面。")).to_be_visible()
    is_readable(desk)
    desk.get_by_label("12号楼").fill("楼道一直干净，没有拖着的事。")
    desk.get_by_role("button", name="推荐，等审核").click()
    expect(desk.get_by_role("link", name="12号楼")).to_be_visible()

    checker = pages("secretary")
    checker.goto(f"{live_server.url}/desk/honours/")
    is_readable(checker)
    checker.get_by_role("link", name="流动红旗").last.click()
    expect(checker.get_by_text("当月考核被表扬")).to_be_visible()
    expect(checker.get_by_role("link", name="看数字和算进去的每一件")).to_be_visible()
    is_readable(checker)
    checker.get_by_role("link", name="审核通过，开始公示").click()
    checker.get_by_label("我和被推荐人没有亲属、同住等利害关系").check()
    is_readable(checker)
    checker.get_by_role("button", name="审核通过，开始公示").click()
    expect(checker.get_by_text("按区里的规定不公示")).to_be_visible()

    desk.goto(flags)
    expect(desk.get_by_text("新挂")).to_be_visible()
    desk.get_by_role("button", name="按上面的授予").click()
    expect(desk.get_by_text("连续 1 个月").first).to_be_visible()
    is_readable(desk)
    assert Flag.objects.get().building == cast.areas["building"]

    anybody = pages("", PHONE)
    anybody.goto(f"{live_server.url}/honours/?place={cast.areas['community'].code}")
    expect(anybody.get_by_text("流动红旗现在挂在")).to_be_visible()
    expect(anybody.get_by_text("楼道一直干净，没有拖着的事。")).to_be_visible()
    is_readable(anybody)
