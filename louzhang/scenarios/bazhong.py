"""Bazhong (handbook R3): 152 chiefs in 18 estates of three streets; appraised by the month, two flags a community.

What no source says is assumed and told: nine communities, three office workers each, three months, 106 of 152 who
finished high school (the source says 70 %), and what appraisers gave. In each community the same chief is last.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import cycle

from louzhang.accounts.models import User
from louzhang.areas.actions import add_estate
from louzhang.areas.actions.correcting import join_estate
from louzhang.areas.models import Area, Estate, LevelKind, Post
from louzhang.areas.queries import actor_for
from louzhang.areas.roles import Role
from louzhang.journal.actor import SYSTEM
from louzhang.kit import clock
from louzhang.register.actions import lay_down_kinds
from louzhang.roster.actions.appraisal import adopt_scheme
from louzhang.roster.actions.honours.awarding import award_flags
from louzhang.roster.actions.honours.checking import check_honour
from louzhang.roster.actions.honours.kinds import lay_down_honours
from louzhang.roster.actions.honours.proposing import propose_flags
from louzhang.roster.actions.membership import Told as Membership
from louzhang.roster.actions.membership import join_by_tap, keep_own_entry
from louzhang.roster.models.appraisal import Scheme
from louzhang.roster.models.appraisal_rulings import Review
from louzhang.roster.models.honours import Flag, Honour, HonourKind
from louzhang.roster.presets.appraisal import SchemeDraft, Weighed
from louzhang.roster.queries.honours import flags_now
from louzhang.roster.queries.honours.monthly import commended_buildings
from louzhang.roster.queries.people import count_members, schooling
from louzhang.scenarios.ground import Ground, founded_district
from louzhang.scenarios.months import Month, appraise, months_before
from louzhang.scenarios.scenario import Scenario, Told
from louzhang.scenarios.town import Community, Size, Town, shares

STREETS, COMMUNITIES, ESTATES, CHIEFS, MEMBERS, HIGH_SCHOOL = 3, 9, 18, 152, 48, 106
OFFICE, MONTHS = 3, 3
LONG_AGO = timedelta(days=220)
CRITERIA = ("政策讲到每户", "邻里睦邻友好", "服务贴心")
SCHEME = SchemeDraft("楼长月度考核", Role.CHIEF, (Weighed("scores", 100),), commend_most=2, criteria=CRITERIA)
GOOD, FAIR, LAST = (5, 5, 5), (4, 4, 4), (1, 1, 1)
WHY = "当月考核被表扬，楼里没有拖着的事。"
PICKED = "当月的分不相上下，社区按楼道卫生和邻里和睦选出。"


def play(told: Told) -> Mapping[str, int | float | str]:
    """Appoint, let people tell of themselves, appraise three months, hang the flags."""
    at = clock.now()
    began = at - LONG_AGO
    ground = founded_district(began)
    lay_down_kinds(actor=SYSTEM, at=began)
    lay_down_honours(actor=SYSTEM, at=began)
    head = ground.person("情景区负责人", Role.SECRETARY, area=ground.root)
    communities = _built(ground, began)
    told(f"假设 {COMMUNITIES} 个社区、每个社区 {OFFICE} 名工作人员；{CHIEFS} 名楼长任命在 {ESTATES} 个小区")
    _tell_of_themselves([chief for each in communities for chief in each.chiefs], began)
    scheme = adopt_scheme(draft=SCHEME, area=ground.root, actor=ground.actor(head), at=began, starts_on=None)
    months = months_before(at, MONTHS)
    for number, month in enumerate(months):
        told(f"{month.first:%Y-%m}：考核、公布、红旗")
        for community in communities:
            _month_of(scheme, community, month, number)
    return _counted(communities, head, at, months)


def _built(ground: Ground, began: datetime) -> list[Community]:
    names = [f"情景街道{number}" for number in range(1, STREETS + 1)]
    streets = [ground.area(LevelKind.STREET, name, ground.root) for name in names]
    towns = [Town(street, began, start=1000 * place) for place, street in enumerate(streets)]
    numbers = shares(CHIEFS, COMMUNITIES)
    communities = []
    for place, (town, chiefs) in enumerate(zip(cycle(towns), numbers, strict=False)):
        community = town.build(Size(f"情景社区{place + 1}", chiefs, 0, chiefs, 2, OFFICE))
        town.appoint_chiefs([community], began)
        _stand_in_estates(community, shares(ESTATES, COMMUNITIES)[place], began)
        communities.append(community)
    return communities


def _stand_in_estates(community: Community, many: int, at: datetime) -> None:
    names = [f"{community.area.name}{letter}区" for letter in "甲乙丙丁"[:many]]
    estates = [add_estate(name=name, community=community.area, actor=SYSTEM, at=at) for name in names]
    for building, estate in zip(community.buildings, cycle(estates), strict=False):
        join_estate(area=building, estate=estate, actor=SYSTEM, at=at)


def _tell_of_themselves(chiefs: Sequence[User], at: datetime) -> None:
    """Every chief tells the education, 48 that they are members: by a tap of their own."""
    for place, chief in enumerate(chiefs):
        actor = actor_for(chief, at)
        education = "high" if place < HIGH_SCHOOL else "junior"
        keep_own_entry(education=education, skills=[], other="", has_agreed=True, actor=actor, at=at)
        if place % 3 == 0 and place // 3 < MEMBERS:
            join_by_tap(told=Membership("full", 2001), actor=actor, at=at)


def _month_of(scheme: Scheme, community: Community, month: Month, number: int) -> None:
    """One chief is best every month, another one each month, and the last is last every month."""
    writer, checker = community.staff[:2]
    best, last = (0, number + 1), community.chiefs[-1]
    points = {chief.pk: GOOD if place in best else FAIR for place, chief in enumerate(community.chiefs)}
    appraise(
        scheme=scheme, area=community.area, month=month, appraisers=community.staff[1:],
        points=points | {last.pk: LAST}, criteria=CRITERIA, office=writer,
    )  # fmt: skip
    _hang_flags(community, month, writer, checker)


def _hang_flags(community: Community, month: Month, writer: User, checker: User) -> None:
    kind = HonourKind.objects.get(code="flag")
    reasons = dict.fromkeys(sorted(commended_buildings(community.area, month.first)), WHY)
    for building in community.buildings:
        if len(reasons) < (kind.most or 0):
            reasons.setdefault(building.pk, PICKED)
    made = propose_flags(
        kind=kind, area=community.area, month=month.first, reasons=reasons, actor=actor_for(writer, month.end),
        at=month.end,
    )  # fmt: skip
    for each in made:
        check_honour(honour_id=each.pk, has_no_interest=True, actor=actor_for(checker, month.end), at=month.end)
    award_flags(
        kind=kind, area=community.area, month=month.first, honour_ids=[each.pk for each in made],
        actor=actor_for(writer, month.after_notice), at=month.after_notice,
    )  # fmt: skip


def _counted(
    communities: Sequence[Community], head: User, at: datetime, months: Sequence[Month]
) -> Mapping[str, int | float | str]:
    office, day = actor_for(head, at), clock.local_date(at)
    counted = count_members(office, day)[0]
    given = Honour.objects.awarded().filter(kind__hangs=True).count()
    if any(len(flags_now(community.area)) != 2 for community in communities):
        raise RuntimeError("a community does not hold two flags")
    return {
        "streets": Area.objects.current().of_kind(LevelKind.STREET).count(),
        "communities": len(communities),
        "estates": Estate.objects.filter(ended_at=None, buildings__isnull=False).distinct().count(),
        "chiefs": Post.objects.as_of(day).filter(role=Role.CHIEF).values("user_id").distinct().count(),
        "members": counted.members or 0,
        "high_school": schooling(office, day).percent,
        "months": len(months),
        "flags": given,
        "flags_a_month": given / len(communities) / len(months),
        "flags_moved": Flag.objects.exclude(ends_on=None).count(),
        "reviews": Review.objects.count(),
    }


BAZHONG = Scenario(
    "bazhong",
    "巴中经开区：152 名楼长、18 个小区，考核三个月，每个社区每月两面流动红旗，连续末位的进入复核",
    play,
)
