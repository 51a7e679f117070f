"""Who does what in the demo: clauses of the duty list, rules that rest on them, words that are often written."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from louzhang.demo.district import District
from louzhang.journal.actor import SYSTEM
from louzhang.workorders.actions import add_clause, add_reply, add_rule, propose_rule
from louzhang.workorders.models import Category, DutyClause

# Code, title, matter, category or group, unit, legal basis.
CLAUSES = (
    ("QZ-101", "供水管网抢修", "小区总阀以外的供水管道、水表井。", "water-cut", "water", "《城市供水条例》"),
    ("QZ-102", "集中供热维修", "换热站到楼前的管道，室温不达标的测温。", "heating", "heat", "《辽宁省城市供热条例》"),
    ("QZ-103", "供电线路维修", "电表以前的线路和变压器。", "power-cut", "power", "《电力供应与使用条例》"),
    ("QZ-104", "燃气设施维修", "表前管道、停气恢复。", "gas-repair", "gas", "《城镇燃气管理条例》"),
    ("QZ-201", "占道经营查处", "占用道路摆摊、店外摆放。", "stalls", "city", "《城市道路管理条例》第二十七条"),
    ("QZ-202", "餐饮油烟查处", "居民楼里的油烟、烧烤。", "cooking-fumes", "city", "《大气污染防治法》第八十一条"),
    ("QZ-301", "食品安全检查", "商铺和小作坊的食品。", "food-safety", "market", "《食品安全法》第六条"),
    ("QZ-302", "消费纠纷调解", "退款、预付卡、质量争议。", "consumer", "market", "《消费者权益保护法》第三十九条"),
    ("QZ-401", "消防通道清障", "占用、堵塞消防通道。", "fire-lane", "fire", "《消防法》第二十八条"),
)
# Category or group, unit, clause, hours.
RULES = (
    ("water-cut", "water", "QZ-101", None),
    ("water-quality", "water", None, None),
    ("heating", "heat", "QZ-102", None),
    ("power-cut", "power", "QZ-103", None),
    ("gas-repair", "gas", "QZ-104", None),
    ("stalls", "police", None, (time(20), time(6))),
    ("stalls", "city", "QZ-201", None),
    ("food-safety", "market", "QZ-301", None),
)
# Step, category, name, words, advice.
REPLIES = (
    ("accept", None, "已经收到", "您反映的{类别}我们收到了，会安排单位去看，{承诺时间}前给您答复。", ""),
    ("decline", None, "不归社区管", "这件事不在社区能办的范围里。", "请打 12345 问清归哪里管，也可以来社区。"),
    ("settle", "stairwell-lamp", "换了灯", "楼道灯已经换好，试过会亮。再有不亮的，请打{社区电话}。", ""),
    ("settle", None, "已经修好", "已经到现场修好。有疑问请打{社区电话}。", ""),
    ("report_back", None, "办好了", "您反映的{类别}由{承办单位}办好了。有疑问请打{社区电话}，我们帮您问清。", ""),
    ("report_back", "heating", "供暖", "测过室温，阀门调好了，两小时后会热起来。不热请打{社区电话}，我们再来。", ""),
    ("shelve", None, "要等季节", "这件事要等天暖才能施工，我们记着，到时再来看。有急事请打{社区电话}。", ""),
)  # fmt: skip


def lay_down(district: District, at: datetime) -> None:
    """Everything as the district began, and one rule that a street proposed lately."""
    categories = {row.code: row for row in Category.objects.filter(ended_at=None)}
    founded = district.at
    clauses: dict[str, DutyClause] = {}
    for code, title, matter, category, unit, basis in CLAUSES:
        clauses[code] = add_clause(
            code=code, title=title, matter=matter, category=categories[category], unit=district.units[unit],
            legal_basis=basis, actor=SYSTEM, at=founded,
        )  # fmt: skip
    for category, unit, clause, hours in RULES:
        opens, closes = hours or (None, None)
        add_rule(
            category=categories[category], unit=district.units[unit], clause=clauses.get(clause or ""), opens=opens,
            closes=closes, actor=SYSTEM, at=founded,
        )  # fmt: skip
    _lamps(district, categories["stairwell-lamp"])
    for step, category_code, name, words, advice in REPLIES:
        category_row = categories[category_code] if category_code else None
        add_reply(step=step, category=category_row, name=name, words=words, advice=advice, actor=SYSTEM, at=founded)
    _propose(district, categories, clauses, at)


def _lamps(district: District, lamp: Category) -> None:
    """Dark stairwells go to the property company of the estate, where there are buildings."""
    community = district.built_up()[0]
    homes = {building.grid.area.pk: building for building in community.buildings}
    for home in homes.values():
        company = community.properties[home.estate]
        add_rule(category=lamp, area=home.grid.area, unit=company, actor=SYSTEM, at=district.at)


def _propose(district: District, categories: dict[str, Category], clauses: dict[str, DutyClause], at: datetime) -> None:
    community = district.communities[0]
    desk = district.desks[community.area.pk][0]
    propose_rule(
        clause=clauses["QZ-202"], order=None, category=categories["cooking-fumes"], area=community.area,
        note="最近三件都退回过一次，最后都归城管。", actor=district.actor(desk), at=at - timedelta(days=2),
    )  # fmt: skip
