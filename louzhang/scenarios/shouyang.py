"""The screening of Shouyang community (handbook R1): with all 24 staff, then with 240 chiefs.

The community had 18 grid workers; its 17,760 residents are 240 × 74. Minutes, ways, hours and who is at home are
assumed (`STAFF`, `CHIEFS`), as are six people in the office who each help in three grids.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import cycle
from random import Random

from louzhang.accounts.models import User
from louzhang.areas.models import Area, LevelKind
from louzhang.journal.actions import read_new_events
from louzhang.journal.actor import SYSTEM
from louzhang.kit import clock
from louzhang.register.actions import lay_down_kinds
from louzhang.register.actions.assessing import lay_down_assessments
from louzhang.register.models import Household, Resident
from louzhang.scenarios.asking import Assumed, Phone, minutes_worked, round_of
from louzhang.scenarios.ground import founded_district
from louzhang.scenarios.scenario import Scenario, Told
from louzhang.scenarios.town import Community, Size, Town
from louzhang.surveys.actions.drafting import SurveyDraft, set_questions, write_survey
from louzhang.surveys.actions.running import close_survey, open_survey
from louzhang.surveys.models import Outcome, Survey, SurveyKind, Target
from louzhang.surveys.queries.progress import own_roots, whole_of
from louzhang.surveys.questions import Asked as Question
from louzhang.surveys.questions import Kind, Option

RESIDENTS, CHIEFS, WORKERS, OFFICE = 17_760, 240, 18, 6
GRIDS_OF_ONE_HELPER = 3
SEED = 240
LONG_AGO, LASTS = timedelta(days=60), timedelta(days=14)
FIRST_ROUND, CHIEFS_COME, SECOND_ROUND = timedelta(days=10), timedelta(days=30), timedelta(days=40)
# Staff ask in office hours, when every second home is empty; chiefs in the evening, in the building they live in.
STAFF_DOORS = Assumed(
    visit=3,
    knock=1,
    next_door=1,
    next_building=3,
    shifts=((time(9), time(12)), (time(14), time(18))),
    home=((time(0), 0.45), (time(17), 0.65)),
)
CHIEF_DOORS = Assumed(
    visit=3, knock=1, next_door=0.5, next_building=2, shifts=((time(18, 30), time(21, 30)),), home=((time(0), 0.85),)
)
QUESTIONS = (
    Question("people", "这一户现在住几个人", Kind.NUMBER, least=0, most=30),
    Question("back", "最近两周有没有人从外地回来", Kind.YES_NO),
    Question(
        "needs", "需要什么帮助", Kind.MANY, is_needed=False,
        options=(Option("food", "买菜买药"), Option("care", "有人照看"), Option("door", "上门办事")),
    ),
)  # fmt: skip
SAID = {"q_people": "3", "q_back": "no", "q_needs": "food"}


def play(told: Told) -> Mapping[str, int | float | str]:
    """Ask twice and count."""
    began = clock.now() - LONG_AGO
    town = _founded(began)
    told(f"首阳社区：{RESIDENTS} 位居民")
    community = town.build(Size("首阳社区", CHIEFS, RESIDENTS, CHIEFS, WORKERS, OFFICE))
    told(f"{WORKERS + OFFICE} 名工作人员（假设）：{STAFF_DOORS}")
    before = _ask(community, "全员排查", _by_staff(community), STAFF_DOORS, began + FIRST_ROUND)
    town.appoint_chiefs([community], began + CHIEFS_COME)
    told(f"{CHIEFS} 名楼长（假设）：{CHIEF_DOORS}")
    after = _ask(community, "楼长排查", _by_chief(community), CHIEF_DOORS, began + SECOND_ROUND)
    while read_new_events(at=clock.now()):
        pass
    return {
        "staff": WORKERS + OFFICE,
        "chiefs": len(community.chiefs),
        "residents": Resident.objects.count(),
        "households": Household.objects.count(),
        "days_before": round(before.minutes / STAFF_DOORS.minutes_a_day, 1),
        "hours_after": round(after.minutes / 60, 1),
        "answers": before.answers + after.answers,
    }


def _founded(at: datetime) -> Town:
    ground = founded_district(at)
    lay_down_kinds(actor=SYSTEM, at=at)
    lay_down_assessments(actor=SYSTEM, at=at, in_use=True)
    street = ground.area(LevelKind.STREET, "情景街道", ground.root)
    return Town(street, at)


@dataclass(frozen=True, slots=True)
class Round:
    """One screening: minutes of the one who took longest, and answers that the campaign page counts."""

    minutes: float
    answers: int


def _by_staff(community: Community) -> list[tuple[User, list[Area]]]:
    """Every grid to its worker but its last quarter, which somebody of the office takes; each helps in three grids."""
    below: dict[str, list[Area]] = {}
    for building in community.buildings:
        below.setdefault(building.path[: -Area.steplen], []).append(building)
    shared: dict[int, tuple[User, list[Area]]] = {}
    for place, (worker, buildings) in enumerate(zip(community.workers, below.values(), strict=True)):
        own = len(buildings) - len(buildings) // 4
        helper = community.staff[place // GRIDS_OF_ONE_HELPER % len(community.staff)]
        for user, part in ((worker, buildings[:own]), (helper, buildings[own:])):
            shared.setdefault(user.pk, (user, []))[1].extend(part)
    return list(shared.values())


def _by_chief(community: Community) -> list[tuple[User, list[Area]]]:
    """Every building to its chief."""
    chiefs = zip(community.buildings, cycle(community.chiefs), strict=False)
    shared: dict[int, tuple[User, list[Area]]] = {}
    for building, chief in chiefs:
        shared.setdefault(chief.pk, (chief, []))[1].append(building)
    return list(shared.values())


def _ask(
    community: Community, title: str, shared: Sequence[tuple[User, Sequence[Area]]], assumed: Assumed, at: datetime
) -> Round:
    """One screening of all homes, each holder with a phone; its page must agree with what the phones sent."""
    survey, office = _opened(community, title, at), community.office
    day, rng, rounds = clock.local_date(at) + timedelta(days=1), Random(SEED), []  # noqa: S311 - no secret
    homes = _homes(survey)
    for holder, buildings in shared:
        own = [home for building in buildings for home in homes.get(building.pk, ())]
        asked = round_of(own, assumed, day, rng)
        Phone(holder, at).send(asked, SAID)
        rounds.append(asked)
    done = whole_of(survey, own_roots(survey, office)).done
    given = sum(each.outcome != Outcome.ABSENT for asked in rounds for each in asked)
    if done != given:
        raise RuntimeError(f"the page counts {done}, the phones sent {given}")
    close_survey(survey_id=survey.pk, actor=office, at=max(each.at for asked in rounds for each in asked))
    return Round(max(minutes_worked(asked, assumed) for asked in rounds if asked), done)


def _opened(community: Community, title: str, at: datetime) -> Survey:
    draft = SurveyDraft(
        kind=SurveyKind.SCREENING,
        title=title,
        purpose="核对每户人数和需要的帮助",
        starts_at=at,
        ends_at=at + LASTS,
        purge_on=clock.local_date(at + LASTS) + timedelta(days=30),
        area_ids=[community.area.pk],
    )
    office = community.office
    survey = write_survey(draft=draft, asker_area_id=community.area.pk, actor=office, at=at)
    set_questions(survey_id=survey.pk, asked=QUESTIONS, actor=office, at=at)
    return open_survey(survey_id=survey.pk, actor=office, at=at)


def _homes(survey: Survey) -> Mapping[int, Sequence[Target]]:
    """The homes that are asked, by building, from the ground up."""
    homes: dict[int, list[Target]] = {}
    for home in Target.objects.filter(survey=survey).order_by("area_id", "dwelling__floor", "dwelling__door"):
        homes.setdefault(home.area_id, []).append(home)
    return homes


SHOUYANG = Scenario(
    "shouyang",
    "首阳社区的一次排查：24 名工作人员用几天，240 名楼长用几小时；每户的回答都经过同步接口",
    play,
)
