"""The settings pages of rules and clauses: lists, order, trial, proposals, files."""

from __future__ import annotations

from datetime import date, time

import pytest
import time_machine

from louzhang.areas.tests.list_files import send, sheet_of, stored, taken
from louzhang.journal.models import Event
from louzhang.workorders.actions import (
    accept_workorder,
    add_clause,
    add_rule,
    dispatch_workorder,
    end_rule,
    propose_rule,
)
from louzhang.workorders.models import DutyClause, RoutingRule
from louzhang.workorders.queries.rule_trials import try_rule
from tests.cast import MORNING, browser_as

RULES, DUTIES = "/desk/settings/routing/", "/desk/settings/duties/"


@pytest.fixture
def browser_of(cast):
    with time_machine.travel(MORNING, tick=False):

        def sign_in(key):
            return browser_as(cast, key, at=MORNING)

        yield sign_in


@pytest.fixture
def keeper(browser_of):
    return browser_of("system_admin")


@pytest.fixture
def add(cast):
    actor = cast.actor("system_admin")
    return lambda unit="property_unit", **more: add_rule(unit=cast.units[unit], actor=actor, at=MORNING, **more)


@pytest.fixture
def dispatched(cast, report):
    """Dispatch a leak of the stairwell to a unit, as the desk does."""
    desk = cast.actor("desk")

    def give(unit, **changes):
        order = report(**changes).order
        accept_workorder(order_id=order.pk, actor=desk, at=MORNING)
        return dispatch_workorder(order_id=order.pk, unit=cast.units[unit], actor=desk, at=MORNING)

    return give


def text(answer):
    return answer.content.decode()


def typed(cast, **more):
    said = {"category": "", "area": "", "unit": cast.units["property_unit"].pk, "seat_role": "", "opens": ""}
    return said | {"closes": "", "starts_on": "", "ends_on": "", "clause": "", "note": "", "number": ""} | more


def numbers():
    return list(RoutingRule.objects.in_force().values_list("pk", flat=True))


def test_a_rule_is_added_shown_changed_and_ended(cast, keeper):
    leak, community = cast.categories["leak"], cast.areas["community"]
    assert "还没有规则" in text(keeper.get(RULES))
    said = typed(cast, category=leak.pk, area=community.pk, weekdays=["1", "2", "3"], opens="08:30", closes="17:30")
    assert keeper.post(f"{RULES}add/", said).status_code == 302
    (rule,) = RoutingRule.objects.all()
    page = text(keeper.get(RULES))
    for words in ("设施 › 漏水", "彩虹社区", "周一至周三，08:30 至 17:30", "演示安居物业", "演示系统管理"):
        assert words in page
    assert keeper.post(f"{RULES}{rule.pk}/", said | {"area": ""}).status_code == 302
    page = text(keeper.get(f"{RULES}{rule.pk}/"))
    assert "原来是“设施 › 漏水”在彩虹社区（周一至周三，08:30 至 17:30）交给演示安居物业" in page
    assert keeper.post(f"{RULES}{rule.pk}/end/", {"reason": ""}).status_code == 400
    assert keeper.post(f"{RULES}{rule.pk}/end/", {"reason": "改由街道派"}).status_code == 302
    assert "设施 › 漏水" not in text(keeper.get(RULES))
    assert "设施 › 漏水" in text(keeper.get(f"{RULES}?ended=1"))


def test_what_is_wrong_stands_by_its_field_and_nothing_is_lost(cast, keeper):
    answer = keeper.post(f"{RULES}add/", typed(cast, opens="08:30", note="雨季"))
    assert answer.status_code == 400
    assert "几点起、几点止要么都填" in text(answer)
    assert "雨季" in text(answer)


def test_rules_are_moved_by_buttons_and_a_stale_page_is_refused(keeper, add):
    first, second = add(), add("owners_unit")
    answer = keeper.post(f"{RULES}move/", {"move": f"{second.pk}:2:1"})
    assert answer["Location"] == f"{RULES}?moved={second.pk}&way=up"
    assert numbers() == [second.pk, first.pk]
    assert "lz-row-moved" in text(keeper.get(answer["Location"]))
    stale = keeper.post(f"{RULES}move/", {"move": f"{first.pk}:1:2"})
    assert stale.status_code == 409
    assert "刚刚调整了规则的顺序" in text(stale)
    for nonsense in ("", "1:2", "a:b:c", "1:2:3:4"):
        assert keeper.post(f"{RULES}move/", {"move": nonsense}).status_code == 400


def test_a_rule_that_can_no_longer_match_says_so_in_the_list(cast, keeper, add):
    add()
    add("owners_unit", category=cast.categories["leak"])
    assert "第 1 条已经管了这些，轮不到这一条。" in text(keeper.get(RULES))


def test_the_list_costs_few_queries_however_long(keeper, add, django_assert_max_num_queries):
    keeper.get(RULES)
    for _ in range(8):
        add()
    with django_assert_max_num_queries(12):
        keeper.get(RULES)


def test_the_form_costs_few_queries(keeper, add, django_assert_max_num_queries):
    rule = add()
    keeper.get(f"{RULES}{rule.pk}/")
    with django_assert_max_num_queries(12):
        keeper.get(f"{RULES}{rule.pk}/")


@pytest.mark.parametrize("key", ["desk", "audit_admin", "security_admin"])
def test_readers_read_and_change_nothing(cast, browser_of, add, key):
    rule, browser = add(), browser_of(key)
    page = text(browser.get(RULES))
    assert "演示安居物业" in page
    assert "上移" not in page
    assert browser.get(f"{RULES}{rule.pk}/").status_code == 200
    assert browser.post(f"{RULES}{rule.pk}/", typed(cast)).status_code == 403
    assert browser.post(f"{RULES}move/", {"move": f"{rule.pk}:1:1"}).status_code == 403
    for page in ("end", "accept", "decline"):
        assert browser.post(f"{RULES}{rule.pk}/{page}/", {"reason": "x"}).status_code == 403


# Proposed rules.


def test_an_office_proposes_and_the_keeper_accepts_at_a_number(cast, browser_of, keeper, add):
    first = add("owners_unit")
    assert "提出规则" in text(browser_of("street").get(RULES))
    assert browser_of("street").post(f"{RULES}add/", typed(cast)).status_code == 302
    rule = RoutingRule.objects.get(accepted_at=None)
    assert "等系统管理员采用" in text(keeper.get(RULES))
    assert keeper.post(f"{RULES}{rule.pk}/accept/", {"number": "1"}).status_code == 302
    assert numbers() == [rule.pk, first.pk]
    assert keeper.post(f"{RULES}{rule.pk}/accept/", {"number": ""}).status_code == 409


def test_a_declined_proposal_stays_to_be_read_with_its_reason(cast, keeper, browser_of, report):
    order = report().order
    unit = cast.units["owners_unit"]
    rule = propose_rule(clause=None, order=order, unit=unit, actor=cast.actor("desk"), at=MORNING)
    assert order.number in text(keeper.get(RULES))
    assert keeper.post(f"{RULES}{rule.pk}/decline/", {"reason": "业委会没有维修队"}).status_code == 302
    page = text(browser_of("desk").get(f"{RULES}{rule.pk}/"))
    assert "业委会没有维修队" in page


# The trial.


def test_a_trial_tells_what_would_go_elsewhere_and_stores_nothing(cast, browser_of, dispatched):
    done = [dispatched("property_unit"), dispatched("property_unit"), dispatched("owners_unit")]
    dispatched("department_unit", category=cast.categories["lamp"])
    browser = browser_of("desk")
    events = Event.objects.count()
    asked = typed(cast, category=cast.categories["leak"].pk, unit=cast.units["owners_unit"].pk)
    page = text(browser.get(f"{RULES}try/", asked))
    assert "最近 4 件" in page
    assert '管到 <strong class="lz-number">3</strong> 件' in page
    assert '其中 <strong class="lz-number">2</strong> 件会改交' in page
    assert done[0].number in page
    assert "提出这条规则" in page
    assert not RoutingRule.objects.exists()
    assert Event.objects.count() == events


def test_a_trial_of_a_changed_rule_compares_with_the_rules_as_they_are(cast, add, dispatched):
    rule = add("owners_unit", category=cast.categories["leak"])
    dispatched("property_unit")
    desk, day = cast.actor("desk"), MORNING.date()
    same = RoutingRule(pk=rule.pk, category=rule.category, unit=rule.unit)
    assert try_rule(desk, same, None, day).moved == 0
    other = RoutingRule(pk=rule.pk, category=rule.category, unit=cast.units["property_unit"])
    (shift,) = try_rule(desk, other, None, day).shifts
    assert (shift.old, shift.new, shift.count, shift.agreeing) == ("演示彩虹业委会", "演示安居物业", 1, 1)
    narrow = RoutingRule(pk=rule.pk, category=rule.category, area=cast.areas["other_street"], unit=rule.unit)
    (back,) = try_rule(desk, narrow, None, day).shifts
    assert (back.old, back.new) == ("演示彩虹业委会", "演示安居物业")  # where it really went


def test_a_trial_counts_only_orders_in_scope_and_costs_two_queries(cast, dispatched, django_assert_num_queries):
    for _ in range(3):
        dispatched("property_unit")
    rule = RoutingRule(unit=cast.units["owners_unit"])
    looked = {key: try_rule(cast.actor(key), rule, None, MORNING.date()).looked for key in ("desk", "stranger_desk")}
    assert looked == {"desk": 3, "stranger_desk": 0}
    desk = cast.actor("desk")
    with django_assert_num_queries(2):
        try_rule(desk, rule, None, MORNING.date())


def test_a_trial_says_that_the_rule_would_never_be_asked(cast, add):
    add()
    rule = RoutingRule(unit=cast.units["owners_unit"], category=cast.categories["leak"])
    assert try_rule(cast.actor("desk"), rule, None, MORNING.date()).faults == ["第 1 条已经管了这些，轮不到这一条。"]
    assert try_rule(cast.actor("desk"), rule, 1, MORNING.date()).faults == []


def test_the_keeper_who_sees_no_order_is_told_whom_to_ask_and_hands_the_try_over(cast, keeper):
    asked = typed(cast, unit=cast.units["owners_unit"].pk, note="试试")
    page = text(keeper.get(f"{RULES}try/", asked))
    assert "您的职务看不到工单" in page
    assert "照这样新增" in page
    form = text(keeper.get(f"{RULES}add/", asked))
    assert f'<option value="{cast.units["owners_unit"].pk}" selected>' in form
    assert "试试" in form


def test_half_a_try_is_refused_by_its_field(cast, browser_of):
    answer = browser_of("desk").get(f"{RULES}try/", typed(cast, unit=""))
    assert answer.status_code == 400
    assert "请选择交给哪个承办单位。" in text(answer)


# The duty list.


def test_a_clause_is_added_found_changed_and_ended(cast, keeper):
    said = {
        "code": "QZ-1", "title": "楼道照明", "matter": "灯泡、线路", "unit": cast.units["property_unit"].pk,
        "category": "", "legal_basis": "《物业管理条例》第三十五条", "starts_on": "", "ends_on": "",
    }  # fmt: skip
    assert "还没有条目" in text(keeper.get(DUTIES))
    assert keeper.post(f"{DUTIES}add/", said).status_code == 302
    assert keeper.post(f"{DUTIES}add/", said).status_code == 409
    clause = DutyClause.objects.get()
    assert "楼道照明" in text(keeper.get(DUTIES, {"q": "条例 照明"}))
    assert "没有找到" in text(keeper.get(DUTIES, {"q": "供水"}))
    assert keeper.post(f"{DUTIES}{clause.pk}/", said | {"title": "楼道公共照明"}).status_code == 302
    assert "楼道公共照明" in text(keeper.get(f"{DUTIES}{clause.pk}/"))
    assert keeper.post(f"{DUTIES}{clause.pk}/end/", {"reason": "修订"}).status_code == 302
    assert "楼道公共照明" not in text(keeper.get(DUTIES))
    assert "已停用" in text(keeper.get(DUTIES, {"ended": "1"}))


def test_the_duty_list_costs_few_queries_however_long(cast, keeper, django_assert_max_num_queries):
    actor = cast.actor("system_admin")
    keeper.get(DUTIES)
    for number in range(8):
        add_clause(code=f"QZ-{number}", title="照明", unit=cast.units["property_unit"], actor=actor, at=MORNING)
    with django_assert_max_num_queries(12):
        keeper.get(DUTIES)


# Files.


def test_rules_and_clauses_go_out_and_come_back_unchanged(cast, keeper, add):
    actor, leak = cast.actor("system_admin"), cast.categories["leak"]
    facts = {"title": "管网", "unit": cast.units["department_unit"], "category": leak, "actor": actor, "at": MORNING}
    clause = add_clause(code="QZ-1", legal_basis="条例", **facts)
    add(category=leak, area=cast.areas["community"], weekdays=[6, 7], opens=time(22), closes=time(6), clause=clause)
    ended = add("owners_unit", starts_on=date(2026, 1, 1), ends_on=date(2027, 1, 1), seat_role="unit_lead")
    end_rule(rule=ended, reason="x", actor=actor, at=MORNING)
    rules, clauses = taken(keeper, f"{RULES}csv/"), taken(keeper, f"{DUTIES}csv/")
    page = text(send(keeper, f"{RULES}import/", rules))
    assert "已经有，跳过" in page
    assert "已停用的，不导入" in page
    assert "没有要新增的" in text(send(keeper, f"{DUTIES}import/", clauses))
    RoutingRule.objects.all().delete()
    DutyClause.objects.all().delete()
    assert stored(keeper, f"{DUTIES}import/", clauses).status_code == 302
    assert stored(keeper, f"{RULES}import/", rules).status_code == 302
    assert taken(keeper, f"{DUTIES}csv/") == clauses
    assert taken(keeper, f"{RULES}csv/").splitlines()[:2] == rules.splitlines()[:2]


@pytest.mark.parametrize(
    ("heading", "cell", "sentence"),
    [
        ("类别代号", "moon", "没有代号为“moon”的类别"),
        ("地点编码", "XX", "没有编码为“XX”的地点"),
        ("周几", "周八", "周几“周八”不认识"),
        ("几点起", "早上", "“早上”不是钟点"),
        ("由谁办", "楼长", "没有这样的人员"),
        ("权责清单编号", "QZ-9", "权责清单里没有编号“QZ-9”"),
        ("承办单位", "不存在", "没有叫“不存在”的承办单位"),
    ],
)
def test_a_line_that_is_wrong_says_why(cast, keeper, heading, cell, sentence):
    cells = {"承办单位": "演示安居物业"} | {heading: cell}
    page = send(keeper, f"{RULES}import/", sheet_of(cells))
    assert page.status_code == 400
    assert sentence in text(page)
