"""需求清单 (R8): raised, handed on as an order, a service or a topic, ticked off (销号)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from louzhang.areas.models import Area
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import Conflict, InputRefused
from louzhang.register.actions.keeping import kept, refuse_strange_area, tell
from louzhang.register.actions.stays import living
from louzhang.register.models import Course, Need

SUMMARY_LENGTH = 100
REFERENCE_LENGTH = 40


def raise_need(
    *, summary: str, asking: str, actor: Actor, at: datetime, area: Area | None = None, household_id: int | None = None
) -> Need:
    """Note what a household, or everybody of an area, asked for, and by which way of asking.

    Raises `InputRefused` for a blank or long line, `NotYours` for a strange place.
    """
    line = " ".join(summary.split())
    if not line or len(line) > SUMMARY_LENGTH:
        raise InputRefused(f"请用一句话写需要什么，最多 {SUMMARY_LENGTH} 个字。", field="summary")
    with transaction.atomic():
        household = living(household_id, actor) if household_id is not None else None
        place = household.dwelling.area if household is not None else area
        if place is None:
            raise InputRefused("请选这是哪一户或哪个楼栋的需求。", field="area")
        refuse_strange_area(actor, place)
        need = Need.objects.create(area=place, household=household, asking=asking, summary=line, raised_at=at)
        facts = {"household": household_id, "asking": str(asking)}
        tell(need, "raise", area_id=place.pk, actor=actor, at=at, payload=facts, words={"summary": line})
    return need


def hand_on_need(*, need_id: int, course: str, reference: str, actor: Actor, at: datetime) -> Need:
    """Note what a need became; `reference` is the number of the order, for one."""
    if course not in Course.values:
        raise InputRefused("请选它转成了什么。", field="course")
    with transaction.atomic():
        need = _open(need_id, actor)
        need.course, need.reference = course, reference.strip()[:REFERENCE_LENGTH]
        facts = {"course": str(course), "reference": need.reference}
        tell(need, "hand_on", area_id=need.area_id, actor=actor, at=at, payload=facts, save=("course", "reference"))
    return need


def tick_off_need(*, need_id: int, actor: Actor, at: datetime, words: str = "") -> Need:
    """A need is met, or nobody has it any more."""
    with transaction.atomic():
        need = _open(need_id, actor)
        need.ticked_at = at
        said = {"words": words.strip()[:200]}
        tell(need, "tick_off", area_id=need.area_id, actor=actor, at=at, words=said, save=("ticked_at",))
    return need


def reopen_need(*, need_id: int, actor: Actor, at: datetime, words: str = "") -> Need:
    """What was ticked off is not met after all; it stays handed on. Raises `Conflict` for one that is open."""
    with transaction.atomic():
        need: Need = kept(Need.objects.all(), need_id, actor)
        if need.ticked_at is None:
            raise Conflict("这条需求还没有销号。")
        need.ticked_at = None
        said = {"words": words.strip()[:200]}
        tell(need, "reopen", area_id=need.area_id, actor=actor, at=at, words=said, save=("ticked_at",))
    return need


def _open(need_id: int, actor: Actor) -> Need:
    need: Need = kept(Need.objects.all(), need_id, actor)
    if need.ticked_at is not None:
        raise Conflict("这条需求已经销号。")
    return need
