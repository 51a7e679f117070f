"""走访: one act that notes who was where, what came of it and what was learnt, in one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from louzhang.fieldwork.actions.dues import move_dues
from louzhang.fieldwork.models import ROUNDED, DayItem, ItemEnd, Met, Visit, own_post_ids
from louzhang.fieldwork.models.visits import MINUTES_AT_MOST
from louzhang.journal.actions import prepare_event
from louzhang.journal.actor import Actor
from louzhang.journal.readers import unread
from louzhang.journal.refusals import InputRefused, NotYours
from louzhang.kit import clock
from louzhang.kit.writing import insert_together
from louzhang.register.actions import check_dwelling, raise_need, record_reach
from louzhang.register.actions.caring import add_care_tag
from louzhang.register.actions.keeping import kept
from louzhang.register.models import Asking, Dwelling, Household, Need, Stay
from louzhang.register.queries.places import lines_of
from louzhang.workorders.actions import Draft, report_workorder
from louzhang.workorders.models import Category, Channel, WorkOrder

WORDS_AT_MOST = 1000


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to be seen to: it becomes an order at the place of the visit."""

    category: Category
    words: str
    photos: Sequence[uuid.UUID] = ()


@dataclass(frozen=True, slots=True)
class Care:
    """Somebody is to be looked after: who, which kind, what for, until when."""

    resident_id: int
    kind_id: int
    purpose: str
    ends_on: date


@dataclass(frozen=True, slots=True)
class Learnt:
    """What a visit brought: everything may be empty."""

    is_unchanged: bool = False
    reach: Mapping[str, str] = field(default_factory=dict)
    need: str = ""
    problem: Problem | None = None
    care: Care | None = None


NOTHING = Learnt()


@dataclass(slots=True)
class _Made:
    """What a visit made beside itself."""

    need: Need | None = None
    order: WorkOrder | None = None
    facts: dict[str, object] = field(default_factory=dict)


def write_visit(
    *,
    dwelling_id: int,
    outcome: str,
    actor: Actor,
    at: datetime,
    household_id: int | None = None,
    met_ids: Sequence[int] = (),
    minutes: int | None = None,
    words: str = "",
    learnt: Learnt = NOTHING,
    received_at: datetime | None = None,
    uid: uuid.UUID | None = None,
    entry_id: uuid.UUID | None = None,
) -> Visit:
    """Note a visit with everything it brought: one entry feeds register, order, list and the days to come.

    `at` is when it was; the hour says nothing about it, the result counts. Raises `NotThere`, `NotYours` where the
    actor does not keep the register, `InputRefused`, and whatever the parts of it refuse: then nothing of it is kept.
    """
    if actor.user_id is None:
        raise NotYours("请先登录，再记走访。")
    _refuse_wrong(outcome, minutes, words, met_ids, learnt, household_id)
    with transaction.atomic():
        door: Dwelling = kept(Dwelling.objects.all(), dwelling_id, actor, "area")
        home = _home(household_id, door, actor)
        made = _carry_out(learnt, door, home, actor, at)
        visit = Visit(
            uid=uid or uuid.uuid4(), area=door.area, dwelling=door, household=home, visitor_id=actor.user_id,
            post_id=actor.post_above(door.area.path), outcome=outcome, met_ids=_met(met_ids, home), minutes=minutes,
            need=made.need, order=made.order, day=clock.local_date(at), happened_at=at, received_at=received_at or at,
        )  # fmt: skip
        visit.save(force_insert=True)
        _tell(visit, made, words, actor, at, entry_id)
        if home is not None:
            move_dues(household_ids=[home.pk], outcome=outcome, day=visit.day)
            _tick(home.pk, outcome, visit.day, actor, at)
    return visit


def _refuse_wrong(
    outcome: str,
    minutes: int | None,
    words: str,
    met_ids: Sequence[int],
    learnt: Learnt,
    household_id: int | None,
) -> None:
    if outcome not in Met.values:
        raise InputRefused("请选走访的结果。", field="outcome")
    if minutes is not None and not 1 <= minutes <= MINUTES_AT_MOST:
        raise InputRefused(f"请填 1 到 {MINUTES_AT_MOST} 分钟，也可以不填。", field="minutes")
    if len(words) > WORDS_AT_MOST:
        raise InputRefused(f"写得太长了，请缩短到 {WORDS_AT_MOST} 字以内。", field="words")
    if met_ids and outcome != Met.MET:
        raise InputRefused("没有见到人，就不用选见到了谁。", field="outcome")
    if household_id is None and (learnt.reach or learnt.need or learnt.care):
        raise InputRefused("这里还没有登记住户，请先登记搬来的住户，再记他们的事。", field="row")


def _home(household_id: int | None, door: Dwelling, actor: Actor) -> Household | None:
    if household_id is None:
        return None
    home: Household = kept(Household.objects.all(), household_id, actor, "dwelling__area")
    if home.dwelling_id != door.pk or home.ends_on is not None:
        raise InputRefused("这一户已经不住在这里了，请更新页面。", field="row")
    return home


def _met(met_ids: Sequence[int], home: Household | None) -> list[int]:
    """Only people of this household can have been met in it."""
    if not met_ids or home is None:
        return []
    rows = Stay.objects.filter(household=home, ends_on=None, resident_id__in=set(met_ids))
    return sorted(rows.values_list("resident_id", flat=True))


def _carry_out(learnt: Learnt, door: Dwelling, home: Household | None, actor: Actor, at: datetime) -> _Made:
    """Every part of what was learnt by the action it has elsewhere."""
    made = _Made()
    if learnt.is_unchanged:
        check_dwelling(dwelling_id=door.pk, actor=actor, at=at)
        made.facts["checked"] = True
    if home is not None and learnt.reach:
        record_reach(household_id=home.pk, actor=actor, at=at, **learnt.reach)
        made.facts["reach"] = sorted(learnt.reach)
    if home is not None and learnt.need:
        made.need = raise_need(summary=learnt.need, asking=Asking.DOOR, household_id=home.pk, actor=actor, at=at)
    if learnt.problem is not None:
        draft = Draft(
            channel=Channel.FIELD, category=learnt.problem.category, area=door.area, words=learnt.problem.words,
            door=door.door, photos=learnt.problem.photos,
        )  # fmt: skip
        made.order = report_workorder(draft=draft, actor=actor, at=at).order
    if learnt.care is not None and home is not None:
        _care(learnt.care, home, actor, at)
        made.facts["care"] = True
    return made


def _care(care: Care, home: Household, actor: Actor, at: datetime) -> None:
    if not Stay.objects.filter(household=home, ends_on=None, resident_id=care.resident_id).exists():
        raise InputRefused("请选这一户的人。", field="care_who")
    add_care_tag(
        resident_id=care.resident_id, kind_id=care.kind_id, purpose=care.purpose, ends_on=care.ends_on, actor=actor,
        at=at,
    )  # fmt: skip


def _tell(visit: Visit, made: _Made, words: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None) -> None:
    facts = {
        "outcome": str(visit.outcome),
        "household": visit.household_id,
        "dwelling": visit.dwelling_id,
        "minutes": visit.minutes,
        "need": made.need.pk if made.need else None,
        "order": made.order.pk if made.order else None,
        **made.facts,
    }
    event, said = prepare_event(
        visit, "visit", actor=actor, at=at, payload=facts, words={"words": words.strip()},
        area_ids=lines_of([visit.area_id])[visit.area_id], post_id=visit.post_id, entry_id=entry_id,
    )  # fmt: skip
    insert_together(*(row for row in (event, said, unread(event)) if row is not None))
    visit.save(update_fields=["chain_seq", "chain_head"])


def _tick(household_id: int, outcome: str, day: date, actor: Actor, at: datetime) -> None:
    """On one's own list the line is done; on those of others it goes, if the household was met."""
    rows = DayItem.objects.filter(source=f"home:{household_id}", ended="", day_list__day__gte=day)
    own = Q(day_list__post_id__in=own_post_ids(actor))
    rows.filter(own).update(ended=ItemEnd.DONE, ended_at=at)
    if outcome in ROUNDED:
        rows.exclude(own).update(ended=ItemEnd.GONE, ended_at=at)
