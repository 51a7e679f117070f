"""What an appraisal may count, and what it never counts: the named registry of indicators. Pure.

Each kind says in words people understand what a case is and when it is good. What is not named here cannot be an
indicator; `REFUSED` names what places are tempted by, with the reason why not (handbook, "Less form-filling").
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Source(StrEnum):
    """Where the cases of a kind come from."""

    EVENTS = "events"  # what happened, as the journal has it
    STARS = "stars"  # the anonymous star sheet of the served households
    SCORES = "scores"  # named appraisers, by the tasks of the month


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of indicator. `words` is what is counted; `empty` is said where there was nothing to count."""

    key: str
    label: str
    words: str
    unit: str
    source: Source = Source.EVENTS
    is_higher_better: bool = True
    needs_hours: bool = False


KINDS: dict[str, Kind] = {
    kind.key: kind
    for kind in (
        Kind(
            "orders_in_time", "工单按时办结",
            "本月办结的工单里，没有超过时限的。到期没有办结的算一件没按时，以后补办不再算第二次；核查退回的不算办结。",
            "件",
        ),
        Kind(
            "orders_solved", "反映人说解决了",
            "本月评价或回访时，反映人说了“解决”或“没解决”的工单，算在办结它的人名下。", "件",
        ),
        Kind(
            "orders_reopened", "办结后又重办",
            "本月办结的工单里，被反映人重新打开或核查退回的。越少越好。", "件", is_higher_better=False,
        ),
        Kind(
            "visits_due", "该走的户走到了",
            "按走访节奏本月该走的户，见到人或本人说不愿意都算走到。别人替走过的户不算欠；有关爱标记的户不单独统计。",
            "户",
        ),
        Kind(
            "errands_confirmed", "代办本人确认",
            "本月交回的代办里，本人确认办好的；本人说还没办好的算没办好。代办人自己记的口头确认不算件数。", "件",
        ),
        Kind(
            "answers_in_time", "提问及时回答",
            "居民在微邻里的提问，在规定小时内回答的；到时没人回答的，算在那个地方的人名下。", "次", needs_hours=True,
        ),
        Kind(
            "stars", "居民星级评价",
            "服务的住户匿名打的星，一星算 0，五星算 1。少于 5 份不出结果，按社区平均算。", "份", Source.STARS,
        ),
        Kind(
            "scores", "评分人打分",
            "指定的评分人按本月任务逐项打的 1 到 5 分，一分算 0，五分算 1；一个评分人算一份。", "份", Source.SCORES,
        ),
    )
}  # fmt: skip

REFUSED: dict[str, str] = {
    "votes": "公众投票的票数不能进考核：票数看的是谁拉得到票。",
    "training_hours": "培训学时不能进考核：学了没学看会不会做，不看坐了多久。",
    "app_use": "用系统的次数、在线时长不能进考核：那会逼着人刷使用量。",
    "check_ins": "打卡次数不能进考核：走访看结果，不看位置。",
    "points": "志愿积分不能进考核：积分是自愿参加的。",
    "photos": "上传照片的张数不能进考核：照片是请拍，不是硬要。",
}


def allowed() -> tuple[str, ...]:
    """The keys that an indicator may have, in the order they are offered."""
    return tuple(KINDS)


def why_not(key: str) -> str:
    """Why something is no indicator, as a sentence; empty for one that is."""
    if key in KINDS:
        return ""
    return REFUSED.get(key, "没有这种指标，请从给出的里面选。")
