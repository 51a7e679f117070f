"""Schemes to start from, after places that appraise their chiefs: data to be changed, nothing of it is a rule. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from louzhang.areas.roles import Role


@dataclass(frozen=True, slots=True)
class Weighed:
    """One indicator of a draft: a kind of the registry, how much it weighs, its words (empty: the registry's)."""

    kind: str
    weight: int
    label: str = ""
    hours: int | None = None


@dataclass(frozen=True, slots=True)
class SchemeDraft:
    """A scheme as the office writes it."""

    name: str
    role: str
    indicators: tuple[Weighed, ...]
    commend_most: int = 3
    pass_mark: int = 60
    criteria: tuple[str, ...] = ()
    asks_stars: bool = False


# R3: 训、评、奖. Anonymous satisfaction form and star sheet (一表一册), two excellent buildings a month.
STARS_AND_WORK = SchemeDraft(
    name="楼长月度考核（一表一册）",
    role=Role.CHIEF,
    indicators=(
        Weighed("stars", 40, "住户打的星"),
        Weighed("orders_in_time", 20, "工单按时办结"),
        Weighed("orders_solved", 15, "反映人说解决了"),
        Weighed("visits_due", 15, "该走的户走到了"),
        Weighed("errands_confirmed", 10, "代办本人确认"),
    ),
    commend_most=2,
    asks_stars=True,
)
# R2: criteria set from the month's tasks, stationed cadres score, the committee names three.
TASKS_OF_THE_MONTH = SchemeDraft(
    name="邻里小组长月度评分",
    role=Role.CHIEF,
    indicators=(
        Weighed("scores", 60, "驻村干部按当月任务打分"),
        Weighed("visits_due", 25, "该走的户走到了"),
        Weighed("answers_in_time", 15, "邻居的提问及时回答", hours=24),
    ),
    commend_most=3,
    criteria=("门前卫生", "政策讲到每户", "邻里纠纷调解", "孤寡老人照看"),
)
PRESETS: dict[str, SchemeDraft] = {"stars": STARS_AND_WORK, "tasks": TASKS_OF_THE_MONTH}
