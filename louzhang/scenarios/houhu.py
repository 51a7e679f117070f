"""Houhu village (handbook R2): 257 households chose 23 leads, who answer for the own home and 8 to 15 others.

Chosen by a round: named on paper, reviewed by two of the village, on notice, appointed. Criteria come from the month's
tasks, stationed cadres score, the two committees name three a month. Families, cadres and points are assumed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import count, islice
from random import Random

from louzhang.accounts.models import User
from louzhang.areas.actions.bulk import NewArea, add_areas
from louzhang.areas.models import Area, LevelKind, Post
from louzhang.areas.queries import actor_for
from louzhang.areas.roles import Role
from louzhang.journal.actor import SYSTEM
from louzhang.kit import clock
from louzhang.register.actions import Batch, ResidentDraft, lay_down_kinds
from louzhang.register.actions.assessing import lay_down_assessments
from louzhang.register.models import DwellingKind, Household, Resident
from louzhang.roster.actions.appraisal import adopt_scheme
from louzhang.roster.actions.choosing import (
    Choice,
    Naming,
    RoundDraft,
    appoint_round,
    close_nominations,
    consent,
    end_notice,
    go_on,
    name_person,
    pass_nominee,
    review_nominee,
    start_round,
)
from louzhang.roster.actions.honours.awarding import award_honour
from louzhang.roster.actions.honours.checking import check_honour
from louzhang.roster.actions.honours.kinds import lay_down_honours
from louzhang.roster.actions.honours.proposing import Proposal, propose_honour
from louzhang.roster.lifecycle.choosing import CRITERIA as LOOKED_AT
from louzhang.roster.models.appraisal import AppraisalMonth, Standing
from louzhang.roster.models.choosing import NamingWay, Round, Vacancy
from louzhang.roster.models.honours import Honour, HonourKind
from louzhang.roster.presets.appraisal import SchemeDraft, Weighed
from louzhang.scenarios.ground import Ground, founded_district
from louzhang.scenarios.months import Month, appraise, months_before
from louzhang.scenarios.scenario import Scenario, Told
from louzhang.scenarios.town import Families, shares

HOUSEHOLDS, LEADS, AWARDS = 257, 23, 3
OTHERS = (8, 15)
SEED = 23
BEFORE = timedelta(days=45)
TASKS = ("门前卫生", "政策讲到每户", "孤寡老人照看")
SCHEME = SchemeDraft("邻里小组长月度评分", Role.CHIEF, (Weighed("scores", 100),), commend_most=AWARDS, criteria=TASKS)
BEST, USUAL = (5, 5, 5), (4, 3, 4)
CADRES = ("情景驻村镇干部", "情景驻村干部", "情景村干部")


def play(told: Told) -> Mapping[str, int | float | str]:
    """Settle the village, choose the leads, appraise one month, give three awards."""
    at = clock.now()
    month = months_before(at, 1)[0]
    began = month.middle - BEFORE
    ground = founded_district(began)
    lay_down_kinds(actor=SYSTEM, at=began)
    lay_down_assessments(actor=SYSTEM, at=began, in_use=True)
    lay_down_honours(actor=SYSTEM, at=began)
    street = ground.area(LevelKind.STREET, "情景镇", ground.root)
    village = ground.area(LevelKind.COMMUNITY, "后湖村", street)
    cadres = [ground.person(name, Role.OFFICE_STAFF, area=village) for name in CADRES]
    groups = _settled(ground, village, cadres[0], began)
    told(f"{HOUSEHOLDS} 户按户图分成 {LEADS} 个邻里组，每组 1+8 到 1+15 户；{len(CADRES)} 名驻村和村干部（假设）")
    _choose(village, groups, cadres, began)
    told(f"选任走完：推荐、考察、公示、聘任 {LEADS} 名三级网格员")
    row = _appraise(village, cadres, month)
    _give(row, village, cadres, month)
    return _counted(village, groups, at)


def _settled(ground: Ground, village: Area, clerk: User, at: datetime) -> list[Area]:
    """The groups with their homes and families; nobody real lives there."""
    grid = ground.area(LevelKind.GRID, "后湖网格", village)
    new = [NewArea(f"hh-{n}", f"第{n}邻里组", LevelKind.GROUP, grid.code) for n in range(1, LEADS + 1)]
    groups = add_areas(areas=new, actor=SYSTEM, at=at)
    batch = Batch(actor=actor_for(clerk, at), at=at)
    kind = DwellingKind.objects.get(code="own")
    families = iter(_families(clock.local_date(at)))
    for group, homes in zip(groups, shares(HOUSEHOLDS, LEADS), strict=True):
        for place, family in enumerate(islice(families, homes), start=1):
            home = batch.add_dwelling(area=group, door=f"{place}号", floor=1, position=place, kind=kind)
            household = batch.add_household(dwelling=home, starts_on=clock.local_date(at))
            for draft in family:
                batch.add_resident(household=household, draft=draft)
    batch.store()
    return groups


def _families(day: date) -> list[list[ResidentDraft]]:
    """Exactly so many families; how large each is follows a cycle, so that there are more than 600 people."""
    made = Families(Random(SEED), day).of(10 * HOUSEHOLDS)  # noqa: S311 - the same people every time
    return list(islice(made, HOUSEHOLDS))


def _choose(village: Area, groups: Sequence[Area], cadres: Sequence[User], at: datetime) -> None:
    """One round for all groups, each with one person named by its households on paper."""
    desk = actor_for(cadres[0], at)
    until = clock.local_date(at + timedelta(days=6))
    words = "按户图分好了邻里组，每组十户左右推选一名三级网格员。"
    draft = RoundDraft(role=Role.CHIEF, area_ids=[group.pk for group in groups], words=words, until=until)
    row = start_round(draft=draft, actor=desk, at=at)
    phones = count(1)
    for vacancy in Vacancy.objects.filter(round=row).select_related("area").order_by("area__path"):
        _named(row, vacancy, next(phones), cadres, at)
    then = at + timedelta(days=7)
    close_nominations(uid=row.uid, actor=actor_for(cadres[0], then), at=then)
    _advance(row, cadres, then)


def _named(row: Round, vacancy: Vacancy, number: int, cadres: Sequence[User], at: datetime) -> None:
    naming = Naming(vacancy.uid, f"情景组长{number}", "门对门住了二十年，谁家有事都先找他。", f"1380002{number:04d}")
    desk = actor_for(cadres[0], at)
    nominee = name_person(round_uid=row.uid, naming=naming, way=NamingWay.PAPER, actor=desk, at=at)
    consent(uid=nominee.uid, statement="愿意为邻居跑腿。", words="本人在推选会上签了字。", actor=desk, at=at)


def _advance(row: Round, cadres: Sequence[User], at: datetime) -> None:
    """Review by two, notice, appointment."""
    desk = actor_for(cadres[0], at)
    go_on(uid=row.uid, choice=Choice(), actor=desk, at=at)
    said = dict.fromkeys(LOOKED_AT, "问了组里三户，都说他办事公道、随叫随到。")
    for nominee in row.nominees.order_by("pk"):
        for user in cadres[:2]:
            review_nominee(uid=nominee.uid, words=said, actor=actor_for(user, at), at=at)
        pass_nominee(uid=nominee.uid, words="两位考察的人都认为合适。", actor=desk, at=at)
    go_on(uid=row.uid, choice=Choice(), actor=desk, at=at)
    row.refresh_from_db()
    over = row.notice_until or at
    end_notice(uid=row.uid, actor=SYSTEM, at=over)
    day = clock.local_date(over)
    appoint_round(uid=row.uid, starts_on=day, ends_on=None, actor=actor_for(cadres[0], over), at=over)


def _appraise(village: Area, cadres: Sequence[User], month: Month) -> AppraisalMonth:
    """The stationed cadres score the tasks of the month; the same three are best."""
    desk = actor_for(cadres[2], month.middle)
    scheme = adopt_scheme(draft=SCHEME, area=village, actor=desk, at=month.middle, starts_on=month.first)
    holders = Post.objects.as_of(clock.local_date(month.middle)).filter(
        role=Role.CHIEF, area__path__startswith=village.path
    )
    leads = list(holders.order_by("area__path").values_list("user_id", flat=True))
    points = {user_id: BEST if place < AWARDS else USUAL for place, user_id in enumerate(leads)}
    return appraise(
        scheme=scheme, area=village, month=month, appraisers=cadres[:2], points=points, criteria=TASKS, office=cadres[2]
    )


def _give(row: AppraisalMonth, village: Area, cadres: Sequence[User], month: Month) -> None:
    """The two committees name the commended, another checks, the armband is given in public at once."""
    kind = HonourKind.objects.get(code="armband")
    writer, checker = (actor_for(user, month.end) for user in cadres[1:])
    for standing in Standing.objects.filter(month=row, is_commended=True).select_related("post__area").order_by("pk"):
        words = "当月任务样样做在前面，邻居都看见。"
        proposal = Proposal(kind=kind, area=village, words=words, month=month.first, post=standing.post)
        honour = propose_honour(proposal=proposal, actor=writer, at=month.end)
        check_honour(honour_id=honour.pk, has_no_interest=True, actor=checker, at=month.end)
        award_honour(honour_id=honour.pk, actor=writer, at=month.end)


def _counted(village: Area, groups: Sequence[Area], at: datetime) -> Mapping[str, int | float | str]:
    leads = Post.objects.as_of(clock.local_date(at)).filter(role=Role.CHIEF, area__path__startswith=village.path)
    homes = [Household.objects.filter(dwelling__area=group, ends_on=None).count() for group in groups]
    if any(not OTHERS[0] <= many - 1 <= OTHERS[1] for many in homes):
        raise RuntimeError("a lead answers for fewer than 8 or more than 15 other households")
    return {
        "households": sum(homes),
        "residents": Resident.objects.count(),
        "leads": leads.count(),
        "others_least": min(homes) - 1,
        "others_most": max(homes) - 1,
        "chosen_by_round": Vacancy.objects.exclude(post=None).count(),
        "awards": Honour.objects.awarded().filter(kind__code="armband").count(),
    }


HOUHU = Scenario("houhu", "后湖村：257 户推选 23 名三级网格员，驻村干部按当月任务打分，两委评三名", play)
