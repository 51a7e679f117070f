"""One grid of Yinrong community (handbook R8): a notice in the morning, the questionnaires back by the afternoon.

348 households, asked by the heads of their stairwells; who has a phone at hand answers by the household's own link.
How many stairwells there are, how many answer by themselves, and the pace are assumed (`HEADS`, `BY_THEMSELVES`,
`DOORS`). One head is away: the grid worker passes that part on to the neighbour.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from random import Random
from uuid import uuid4

from louzhang.accounts.models import User
from louzhang.areas.actions import end_post
from louzhang.areas.models import Area, LevelKind, Post
from louzhang.areas.roles import Role
from louzhang.journal.actions import read_new_events
from louzhang.journal.actor import SYSTEM, Actor, ActorKind
from louzhang.kit import clock
from louzhang.register.actions import Batch, ResidentDraft, lay_down_kinds
from louzhang.register.actions.assessing import lay_down_assessments
from louzhang.register.models import DwellingKind, Tie
from louzhang.scenarios.asking import Assumed, Phone, round_of
from louzhang.scenarios.ground import Ground, founded_district
from louzhang.scenarios.scenario import Scenario, Told
from louzhang.surveys.actions.answering import answer_target
from louzhang.surveys.actions.drafting import SurveyDraft, set_questions, write_survey
from louzhang.surveys.actions.passing import pass_on_share
from louzhang.surveys.actions.running import close_survey, open_survey
from louzhang.surveys.home_codes import code_of
from louzhang.surveys.models import Answer, Outcome, Survey, SurveyKind, Target, Voice
from louzhang.surveys.queries.own import target_by_code
from louzhang.surveys.queries.progress import own_roots, whole_of
from louzhang.surveys.questions import Asked as Question
from louzhang.surveys.questions import Kind, Option

HOUSEHOLDS, HEADS = 348, 29
STAIRWELLS_A_BUILDING = 5
BY_THEMSELVES, WITHIN_HOURS = 0.35, 3.0
SEED = 348
LONG_AGO, DAYS_BEFORE = timedelta(days=60), timedelta(days=5)
NOTICE = time(8, 30)
DOORS = Assumed(
    visit=3, knock=1, next_door=0.5, next_building=2, rest=30,
    shifts=((time(9), time(12)), (time(13), time(18))), home=((time(0), 0.6),),
)  # fmt: skip
QUESTIONS = (
    Question("wants", "最想办的事", Kind.ONE, options=(Option("lift", "加装电梯"), Option("park", "停车位"))),
    Question("words", "还有什么需求", Kind.TEXT, is_needed=False),
)
SAID = {"q_wants": "lift", "q_words": "楼道里要有扶手"}


def play(told: Told) -> Mapping[str, int | float | str]:
    """Ask the grid and count."""
    grid = _Grid(clock.now() - LONG_AGO)
    told(f"{HOUSEHOLDS} 户，{HEADS} 位单元长（假设）：{DOORS}")
    told(f"{BY_THEMSELVES:.0%} 的住户 {WITHIN_HOURS:g} 小时内自己填（假设）")
    notice = clock.day_start(clock.local_date(clock.now() - DAYS_BEFORE)) + timedelta(hours=8, minutes=30)
    survey = grid.asks(notice)
    grid.passes_on(survey, notice)
    moments = grid.answers(survey, notice, Random(SEED))  # noqa: S311 - the same course every time, nothing secret
    close_survey(survey_id=survey.pk, actor=grid.office, at=max(moments))
    while read_new_events(at=clock.now()):
        pass
    done = whole_of(survey, own_roots(survey, grid.office)).done
    return {
        "households": Target.objects.filter(survey=survey).count(),
        "answered": done,
        "by_themselves": Answer.objects.filter(target__survey=survey, voice=Voice.HOUSEHOLD).count(),
        "hours": round((max(moments) - notice).total_seconds() / 3600, 1),
    }


@dataclass
class _Grid:
    """A grid with its worker, its office, and a head for every stairwell."""

    at: datetime
    heads: dict[int, User] = field(default_factory=dict)

    def __post_init__(self) -> None:
        ground = founded_district(self.at)
        lay_down_kinds(actor=SYSTEM, at=self.at)
        lay_down_assessments(actor=SYSTEM, at=self.at, in_use=True)
        street = ground.area(LevelKind.STREET, "情景街道", ground.root)
        self.community = ground.area(LevelKind.COMMUNITY, "银融社区", street)
        self.area = ground.area(LevelKind.GRID, "1号网格", self.community)
        self.office = ground.actor(ground.person("情景社区", Role.OFFICE_STAFF, area=self.community))
        self.worker = ground.actor(ground.person("情景网格员", Role.GRID_WORKER, area=self.area))
        self.stairwells = self._stairwells(ground)
        self._settle()

    def _stairwells(self, ground: Ground) -> list[Area]:
        made: list[Area] = []
        building = self.area
        for number in range(HEADS):
            if number % STAIRWELLS_A_BUILDING == 0:
                building = ground.area(LevelKind.BUILDING, f"{number // STAIRWELLS_A_BUILDING + 1}号楼", self.area)
            name = f"{number % STAIRWELLS_A_BUILDING + 1}单元"
            made.append(ground.area(LevelKind.STAIRWELL, name, building))
            self.heads[made[-1].pk] = ground.person("情景单元长", Role.STAIRWELL_HEAD, area=made[-1])
        return made

    def _settle(self) -> None:
        batch, day = Batch(actor=self.office, at=self.at), clock.local_date(self.at)
        kind = DwellingKind.objects.get(code="own")
        for number in range(HOUSEHOLDS):
            place, stairs = divmod(number, HEADS)
            door = f"{place // 2 + 1}{place % 2 + 1:02d}"
            home = batch.add_dwelling(area=self.stairwells[stairs], door=door, floor=place // 2 + 1, kind=kind)
            household = batch.add_household(dwelling=home, starts_on=day)
            batch.add_resident(household=household, draft=ResidentDraft("情景居民", Tie.HEAD, birth_year=1970))
        batch.store()

    def asks(self, notice: datetime) -> Survey:
        """The office writes the questionnaire and opens it in the morning."""
        draft = SurveyDraft(
            kind=SurveyKind.QUESTIONNAIRE,
            title="一户一需求",
            purpose="听居民要办什么，列成需求清单",
            starts_at=notice,
            ends_at=notice + timedelta(days=1),
            purge_on=clock.local_date(notice) + timedelta(days=60),
            area_ids=[self.area.pk],
        )
        survey = write_survey(draft=draft, asker_area_id=self.community.pk, actor=self.office, at=notice)
        set_questions(survey_id=survey.pk, asked=QUESTIONS, actor=self.office, at=notice)
        return open_survey(survey_id=survey.pk, actor=self.office, at=notice)

    def passes_on(self, survey: Survey, at: datetime) -> None:
        """The last head is away: the grid worker passes that stairwell on to the neighbour."""
        away, neighbour = self.stairwells[-1], self.heads[self.stairwells[-2].pk]
        end_post(post=Post.objects.get(user=self.heads[away.pk]), actor=self.office, at=at)
        pass_on_share(survey_id=survey.pk, area_id=away.pk, user_id=neighbour.pk, actor=self.worker, at=at)
        self.heads[away.pk] = neighbour

    def answers(self, survey: Survey, notice: datetime, rng: Random) -> list[datetime]:
        """Everybody answers, by the own link or at the door; gives when."""
        homes = list(Target.objects.filter(survey=survey).order_by("area_id", "dwelling__floor", "dwelling__door"))
        themselves = [home for home in homes if rng.random() < BY_THEMSELVES]
        moments = [_answers_itself(home, notice, rng) for home in themselves]
        alone = {home.pk for home in themselves}
        for head, own in self._shared([home for home in homes if home.pk not in alone]):
            asked = round_of(own, DOORS, clock.local_date(notice), rng)
            Phone(head, notice).send(asked, SAID)
            moments += [each.at for each in asked]
        return moments

    def _shared(self, homes: Sequence[Target]) -> list[tuple[User, list[Target]]]:
        shared: dict[int, tuple[User, list[Target]]] = {}
        for home in homes:
            head = self.heads[home.area_id]
            shared.setdefault(head.pk, (head, []))[1].append(home)
        return list(shared.values())


def _answers_itself(home: Target, notice: datetime, rng: Random) -> datetime:
    """A household opens its link on the phone and answers; no account."""
    at = notice + timedelta(hours=rng.uniform(0.05, WITHIN_HOURS))
    own = target_by_code(home.uid, code_of(home.uid))
    taken = answer_target(
        target_uid=own.uid, uid=uuid4(), fields=SAID, outcome=Outcome.ANSWERED, voice=Voice.HOUSEHOLD,
        actor=Actor(kind=ActorKind.DEVICE, device=f"{home.pk:064d}"), at=at,
        scope=lambda _actor: Target.objects.filter(pk=own.pk),
    )  # fmt: skip
    if not taken.is_taken:
        raise RuntimeError(f"an answer was not taken: {taken.message}")
    return at


YINRONG = Scenario(
    "yinrong",
    "银融社区一个网格 348 户：早上发通知，单元长下午收齐问卷",
    play,
)
