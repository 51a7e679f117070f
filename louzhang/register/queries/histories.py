"""What happened to a dwelling, household, resident or need, in words, the latest first."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from louzhang.accounts.models import User
from louzhang.journal.models import Chained, Event

SHOWN = 50
PROGRAM = "系统"
VERBS: Mapping[tuple[str, str], str] = {
    ("dwelling", "add"): "登记门牌",
    ("dwelling", "alter"): "更正门牌或楼层",
    ("dwelling", "change_kind"): "改房屋类型",
    ("dwelling", "let"): "出租",
    ("dwelling", "vacate"): "记为空置",
    ("dwelling", "occupy"): "不再空置",
    ("dwelling", "check"): "核对",
    ("dwelling", "end"): "注销门牌",
    ("dwelling", "put_back"): "撤销导入，恢复",
    ("household", "move_in"): "搬入",
    ("household", "move_out"): "迁出",
    ("household", "change_head"): "改户主",
    ("household", "record_reach"): "改联系方式偏好",
    ("household", "reopen"): "撤销合并，恢复",
    ("household", "put_back"): "撤销导入，恢复",
    ("resident", "register"): "登记",
    ("resident", "move_in"): "搬入",
    ("resident", "born"): "出生",
    ("resident", "move"): "搬家",
    ("resident", "leave"): "迁出",
    ("resident", "die"): "去世",
    ("resident", "correct"): "更正",
    ("resident", "check"): "核对",
    ("resident", "change_tie"): "改与户主关系",
    ("resident", "record_registration"): "登记户籍",
    ("resident", "uncorrect"): "撤销导入的更正",
    ("resident", "put_back"): "撤销导入的搬动",
    ("resident", "merge"): "并入另一条登记",
    ("resident", "gather"): "并入了另一条登记",
    ("resident", "unmerge"): "撤销并入",
    ("resident", "split_off"): "拆回另一条登记",
    ("need", "raise"): "提出",
    ("need", "hand_on"): "转办",
    ("need", "tick_off"): "销号",
    ("need", "reopen"): "恢复",
    ("site", "add"): "登记",
    ("site", "correct"): "更正",
    ("site", "check"): "检查",
    ("site", "end"): "撤掉",
    ("firm", "add"): "登记",
    ("firm", "correct"): "更正",
    ("firm", "end"): "撤掉",
}


@dataclass(frozen=True, slots=True)
class Happened:
    """One line: when, what, by whom."""

    at: datetime
    what: str
    who: str


def history_of(subject: Chained, *, untold: Collection[str] = ()) -> list[Happened]:
    """The last events of a row the caller has found in scope, but for verbs that are not told; two queries."""
    rows = Event.objects.filter(subject_kind=subject.subject_kind, subject_id=subject.pk).exclude(verb__in=untold)
    events = list(rows.order_by("-seq")[:SHOWN])
    ids = {event.user_id for event in events if event.user_id is not None}
    names = dict(User.objects.filter(pk__in=ids).values_list("pk", "name"))
    return [
        Happened(
            at=event.happened_at,
            what=VERBS.get((event.subject_kind, event.verb), event.verb),
            who=names.get(event.user_id or 0, PROGRAM),
        )
        for event in events
    ]
