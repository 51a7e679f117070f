"""Drafting a poll, and opening one at once: what it is held for, who votes, under which rules, who counts."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from louzhang.areas.models import RANKS, Area, LevelKind
from louzhang.areas.queries import line_of
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.ballots.actions.counting import seats_left
from louzhang.ballots.actions.rolls import fix_roll, show_roll
from louzhang.ballots.actions.running import open_box
from louzhang.ballots.actions.walking import walk_poll
from louzhang.ballots.models import Item, Poll, Teller, TellerDuty
from louzhang.ballots.queries.apart import (
    accounts_in,
    accounts_of,
    active_people,
    homes_of,
    homes_of_residents,
    kept_away,
    leaves_of,
)
from louzhang.ballots.rules import ITEMS_AT_MOST, Choice, Kind, Rules, Standing, TieRule
from louzhang.journal.actions import record
from louzhang.journal.actor import Actor
from louzhang.journal.models import Audience
from louzhang.journal.refusals import Conflict, InputRefused, NotYours

COUNTERS = 2
_OFFICE_RANK = RANKS[LevelKind.COMMUNITY]
NO_ITEMS = {Kind.CHOICE: "请至少写一个可以选的人或选项。", Kind.STARS: "请至少写一道题。"}
SAME = "有两个选项写得一样，请改一个。"
Options = Sequence[Choice | str]


@dataclass(frozen=True, slots=True)
class Staff:
    """Who works for a poll, by account: two count, others may type paper ballots or carry the box to doors."""

    counters: Sequence[int]
    typists: Sequence[int] = ()
    carriers: Sequence[int] = ()

    def duties(self) -> list[tuple[int, TellerDuty]]:
        """Each with what they do."""
        return [
            *((each, TellerDuty.COUNTER) for each in self.counters),
            *((each, TellerDuty.TYPIST) for each in self.typists),
            *((each, TellerDuty.CARRIER) for each in self.carriers),
        ]


def draft_poll(
    *,
    kind: str,
    title: str,
    electorate: str,
    areas: Iterable[Area],
    counters: Sequence[int],
    opens_at: datetime,
    closes_at: datetime,
    actor: Actor,
    at: datetime,
    options: Options = (),
    questions: Sequence[str] = (),
    rules: Rules = Rules(),  # noqa: B008 - frozen
    subject_kind: str = "",
    subject_id: int | None = None,
    barred: Iterable[int] = (),
    typists: Sequence[int] = (),
    carriers: Sequence[int] = (),
    note: str = "",
    after: Poll | None = None,
) -> Poll:
    """Draft a poll of the households or adults of these places, whatever lies below them.

    A choice takes `options` (a label, or a `Choice` with a candidate's account), a star sheet `questions`. `counters`,
    `typists`, `carriers` and `barred` are accounts; candidates are barred by being one, by account or as residents, and
    whoever lives with one works for no poll. Raises `NotYours` for who does
    not work in an office above these places, or is barred; `InputRefused` for a ballot, rule, hour or teller that
    cannot be (R2, R3, R8).
    """
    leaves = leaves_of(areas)
    if not leaves:
        raise InputRefused("请选择哪些楼栋或单元的人来投。", field="areas")
    lines = [Choice(each) if isinstance(each, str) else each for each in (options or questions)]
    _refuse_ballot(kind, lines, rules)
    _refuse_hours(opens_at, closes_at, at)
    poll = Poll(
        kind=kind, title=title.strip(), note=note.strip(), area=_place_of(leaves),
        area_ids=[leaf.pk for leaf in leaves], electorate=electorate, served_kind=subject_kind, served_id=subject_id,
        author_id=actor.user_id, after=after, drafted_at=at, opens_at=opens_at, closes_at=closes_at,
        barred=sorted({*barred, *(line.user_id for line in lines if line.user_id is not None)}),
        picks=rules.picks, seats=rules.seats, quorum_percent=rules.quorum_percent,
        least_percent=rules.least_percent, tie_rule=rules.tie_rule, proxies_at_most=rules.proxies_at_most,
        has_paper=rules.has_paper, has_door_box=rules.has_door_box, objection_days=rules.objection_days,
    )  # fmt: skip
    staff = Staff(counters, typists, carriers)
    away = kept_away(poll, at) | accounts_of(known_of(lines))
    _refuse_actor(poll, actor, away)
    _refuse_staff(poll, staff, away)
    _refuse_families(staff, homes_of(away) | homes_of_residents(known_of(lines)))
    _refuse_namesakes(lines, staff)
    _store(poll, lines, staff, actor, at)
    return poll


def open_poll(*, at: datetime, actor: Actor, opens_at: datetime | None = None, **given: object) -> Poll:
    """Draft a poll and open it at once, where the rule shows no roll (star sheets); takes what `draft_poll` takes.

    Raises what `draft_poll` raises, and `InputRefused` where nobody lives who could vote.
    """
    with transaction.atomic():
        poll = draft_poll(at=at, actor=actor, opens_at=opens_at or at, **given)  # type: ignore[arg-type]  # passed through
        show_roll(poll_id=poll.pk, actor=actor, at=at)
        fix_roll(poll_id=poll.pk, actor=actor, at=at)
        return open_box(poll_id=poll.pk, actor=actor, at=at)


def set_hours(
    *,
    poll_id: int,
    opens_at: datetime,
    closes_at: datetime,
    actor: Actor,
    at: datetime,
    entry_id: uuid.UUID | None = None,
) -> Poll:
    """A draft opens and closes at other hours. Raises what the walker raises, `InputRefused` for impossible hours."""
    given = {"opens_at": opens_at, "closes_at": closes_at}
    with walk_poll(poll_id, "set_hours", actor=actor, at=at, entry_id=entry_id, **given) as step:
        _refuse_hours(opens_at, closes_at, at)
        step.set(**given)
    return step.subject


def run_off(
    *,
    poll_id: int,
    opens_at: datetime,
    closes_at: datetime,
    actor: Actor,
    at: datetime,
    entry_id: uuid.UUID | None = None,
) -> Poll:
    """Draft another round between those with as many votes, for the places still open; the roll is made anew.

    Raises what the walker and `draft_poll` raise, `Conflict` where the rule is another one or it is drafted already.
    """
    with walk_poll(poll_id, "run_off", actor=actor, at=at, entry_id=entry_id) as step:
        before = step.subject
        if before.tie_rule != TieRule.RUN_OFF or Poll.objects.filter(after=before).exists():
            raise Conflict("再投一轮已经安排过，或者这次投票的规则是抽签。请刷新页面。")
        tied = before.items.filter(standing=Standing.TIED).order_by("position")
        left = seats_left(before)
        staff = list(before.tellers.values_list("user_id", "duty"))
        poll = draft_poll(
            kind=before.kind, title=f"{before.title[:50]}（再投一轮）", note=before.note,
            electorate=before.electorate, areas=Area.objects.filter(pk__in=before.area_ids),
            options=[
                Choice(item.label, item.note, item.user_id, item.precedence, item.resident_id) for item in tied
            ],
            rules=replace(before.rules, seats=left, picks=left), opens_at=opens_at, closes_at=closes_at,
            subject_kind=before.served_kind, subject_id=before.served_id, barred=before.barred, after=before,
            actor=actor, at=at,
            counters=[user_id for user_id, duty in staff if duty == TellerDuty.COUNTER],
            typists=[user_id for user_id, duty in staff if duty == TellerDuty.TYPIST],
            carriers=[user_id for user_id, duty in staff if duty == TellerDuty.CARRIER],
        )  # fmt: skip
        step.note(into=poll.pk)
    return poll


def _store(poll: Poll, lines: Sequence[Choice], staff: Staff, actor: Actor, at: datetime) -> None:
    with transaction.atomic():
        poll.save(force_insert=True)
        Item.objects.bulk_create(
            Item(
                poll=poll, position=place, label=line.label.strip(), note=line.note.strip(), user_id=line.user_id,
                resident_id=line.resident_id, precedence=line.precedence,
            )
            for place, line in enumerate(lines, start=1)
        )  # fmt: skip
        Teller.objects.bulk_create(Teller(poll=poll, user_id=user_id, duty=duty) for user_id, duty in staff.duties())
        record(
            poll, "draft", actor=actor, at=at, audience=Audience.HANDLERS, area_ids=poll.event_area_ids(),
            payload={"kind": poll.kind, "items": len(lines), "served": [poll.served_kind, poll.served_id]},
        )  # fmt: skip


def _place_of(leaves: Sequence[Area]) -> Area:
    """The office-bearing place nearest above all of them."""
    line = [area for area in line_of(leaves[0]) if area.level.rank <= _OFFICE_RANK]
    return [area for area in line if all(leaf.path.startswith(area.path) for leaf in leaves)][-1]


def _refuse_ballot(kind: str, lines: Sequence[Choice], rules: Rules) -> None:
    if not lines or not all(line.label.strip() for line in lines):
        raise InputRefused(NO_ITEMS[Kind(kind)], field="options")
    if len(lines) > ITEMS_AT_MOST:
        raise InputRefused(f"一张票上最多 {ITEMS_AT_MOST} 项，请分成两次投。", field="options")
    if len({line.label.strip() for line in lines}) < len(lines):
        raise InputRefused(SAME, field="options")
    if kind == Kind.CHOICE and not 1 <= rules.picks <= len(lines):
        raise InputRefused("最多选几个，不能比选项多。", field="picks")
    if kind == Kind.CHOICE and not 1 <= rules.seats <= len(lines):
        raise InputRefused("选出几个，不能比选项多。", field="seats")


def _refuse_hours(opens_at: datetime, closes_at: datetime, at: datetime) -> None:
    if closes_at <= opens_at or closes_at <= at:
        raise InputRefused("结束时间要晚于开始时间，也要在现在以后。", field="closes_at")


def known_of(lines: Iterable[Choice]) -> list[int]:
    """The candidates among these lines whom the register knows."""
    return [line.resident_id for line in lines if line.resident_id is not None]


def _refuse_actor(poll: Poll, actor: Actor, away: Collection[int]) -> None:
    if actor.is_system:
        return
    seats = [seat for seat in actor.seats_with(*OFFICE_ROLES) if seat.path and poll.area.path.startswith(seat.path)]
    if not seats or actor.is_read_only:
        raise NotYours("发起投票由社区或上级办公室来做。请联系社区。")
    if actor.user_id in away:
        raise NotYours("这次投票和您有关，不能由您发起。请交给同事办。")


def _refuse_namesakes(lines: Sequence[Choice], staff: Staff) -> None:
    """Raise where somebody who works for the poll has the name of a candidate without an account to bar."""
    unknown = {line.label.strip() for line in lines if line.user_id is None}
    named = active_people(user_id for user_id, _ in staff.duties())
    if unknown & {person.name for person in named.values()}:
        raise InputRefused(
            "计票、录入或送票的人里有一位和候选人同名。是同一个人的，请换人；不是的，请先给候选人补手机号。",
            field="counters",
        )


def _refuse_families(staff: Staff, homes: Collection[int]) -> None:
    """Raise where somebody who works for the poll lives with a candidate or holder."""
    if {user_id for user_id, _ in staff.duties()} & accounts_in(homes):
        raise InputRefused("候选人和在任的人家里的人不能计票、录入或送票。请选别的人。", field="counters")


def _refuse_staff(poll: Poll, staff: Staff, away: Collection[int]) -> None:
    counts_itself = poll.kind == Kind.STARS and not poll.has_paper and not staff.counters
    if not counts_itself and not len(set(staff.counters)) == len(staff.counters) == COUNTERS:
        raise InputRefused("计票要两个人，请选两位不同的计票人。", field="counters")
    named = {user_id for user_id, _ in staff.duties()}
    if named - set(active_people(named)):
        raise InputRefused("有一位计票人、录入人或送票人的账号不在用，请重新选。", field="counters")
    if named & set(away):
        raise InputRefused(
            "候选人和在这里任职的人不能计票、录入或送票。请选别的人，比如社区里没有参选的工作人员。", field="counters"
        )
