"""A community of many homes that have answered, with the next community beside it, for tests of results."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from louzhang.areas.actions import add_area, appoint_post
from louzhang.areas.models import Area, AreaLevel, LevelKind, PostKind
from louzhang.areas.roles import Role
from louzhang.journal.actor import SYSTEM
from louzhang.register.actions.bulk import Batch, ResidentDraft
from louzhang.register.models import DwellingKind, Tie
from louzhang.surveys.actions.answering import Said, take_answers
from louzhang.surveys.actions.drafting import set_questions, write_survey
from louzhang.surveys.actions.running import open_survey
from louzhang.surveys.models import Basis, Survey, SurveyKind, Target
from louzhang.surveys.questions import Asked, Kind, Only, Option
from louzhang.surveys.tests.ground import assess, draft_of
from tests.cast import Cast

SINCE = date(2020, 5, 1)
QUESTIONS = (
    Asked("lift", "愿不愿意加装电梯", Kind.ONE, options=(Option("y", "愿意"), Option("n", "不愿意"))),
    Asked("pay", "愿意出多少钱", Kind.NUMBER, only=Only("lift", frozenset({"y"})), least=0, most=100000),
    Asked("wants", "还想要什么", Kind.MANY, options=(Option("a", "停车位"), Option("b", "充电桩"), Option("c", "绿化")),
          is_needed=False),
    Asked("since", "哪天搬来的", Kind.DATE, is_needed=False),
    Asked("words", "还想说什么", Kind.TEXT, is_needed=False),
    Asked("people", "家里有谁", Kind.MEMBERS, columns=(Option("n", "称呼"), Option("y", "出生年")), is_needed=False),
)  # fmt: skip


def settle(cast: Cast, *, here: int = 24, beside: int = 12) -> dict[str, Area]:
    """So many homes in the chief's stairwell and the building beside it, and so many in the next community."""
    levels = {level.kind: level for level in AreaLevel.objects.all()}
    area = cast.areas
    grid = add_area(
        parent=area["next_community"], level=levels[LevelKind.GRID], name="1号网格", code="G9", actor=SYSTEM, at=cast.at
    )
    far = add_area(parent=grid, level=levels[LevelKind.BUILDING], name="5号楼", code="B9", actor=SYSTEM, at=cast.at)
    appoint_post(
        user=cast.people["nobody"], role=Role.CHIEF, area=far, unit=None, kind=PostKind.VOLUNTEER, actor=SYSTEM,
        at=cast.at,
    )  # fmt: skip
    batch, kind = Batch(actor=SYSTEM, at=cast.at), DwellingKind.objects.get(code="own")
    places = [(area["stairwell"], here // 2), (area["next_building"], here - here // 2), (far, beside)]
    for place, homes in places:
        for number in range(homes):
            door = batch.add_dwelling(
                area=place, door=f"{number // 2 + 1}0{number % 2 + 1}", floor=number // 2 + 1, position=number % 2 + 1,
                kind=kind,
            )  # fmt: skip
            home = batch.add_household(dwelling=door, starts_on=SINCE)
            batch.add_resident(household=home, draft=ResidentDraft("演示住户", Tie.HEAD))
    batch.store()
    return {"far": far}


def asked_from_street(cast: Cast) -> Survey:
    """A questionnaire of the street over both communities, open."""
    assess(cast)
    draft = draft_of(
        cast, kind=SurveyKind.QUESTIONNAIRE, title="电梯和车位", area_ids=[cast.areas["street"].pk],
        basis=Basis.EMERGENCY, basis_words="演示街道〔2026〕1号",
    )  # fmt: skip
    street = cast.actor("street")
    survey = write_survey(draft=draft, asker_area_id=cast.areas["street"].pk, actor=street, at=cast.at)
    set_questions(survey_id=survey.pk, asked=QUESTIONS, actor=street, at=cast.at)
    return open_survey(survey_id=survey.pk, actor=street, at=cast.at)


def fields_of(number: int) -> dict[str, str]:
    """What the home of this number answers: two in three want the lift, one in eight would rather not say."""
    if number % 8 == 7:
        return {"q_lift": "-"}
    wants = ("a", "a,b", "b,c", "")[number % 4]
    fields = {"q_lift": "n"} if number % 3 == 2 else {"q_lift": "y", "q_pay": str(number % 6 * 1000)}
    fields |= {"q_wants": wants, "q_since": f"2024-{number % 5 + 1:02d}-11"}
    if number % 5 == 0:
        fields |= {"q_words": f"第{number}户想说的话", "q_people_0_n": "演示甲", "q_people_1_n": "演示乙"}
    return fields


def answer_all(cast: Cast, survey: Survey, *, but: int = 2, **more: Any) -> list[Target]:
    """Let all homes answer but the last few; the one before those declines outright, the next was not met."""
    targets = list(Target.objects.filter(survey=survey).order_by("area__path", "dwelling__floor", "dwelling__position"))
    for number, target in enumerate(targets[: len(targets) - but]):
        left = len(targets) - but - number
        outcome = {1: "declined", 2: "absent"}.get(left, "answered")
        said = Said(
            uid=UUID(int=9000 + number), target=target.uid, fields=fields_of(number) if outcome == "answered" else {},
            happened_at=cast.at + timedelta(seconds=number), outcome=outcome,
        )  # fmt: skip
        (taken,) = take_answers([said], voice="door", actor=SYSTEM, at=cast.at + timedelta(seconds=number))
        assert taken.is_taken, taken
    return targets
