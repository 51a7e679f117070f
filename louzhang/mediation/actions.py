"""Mediating: one public function a verb (handbook R1: message in the group → both flats → talk → mutual apology)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from louzhang.areas.models import Area
from louzhang.areas.queries.working_time import working_time
from louzhang.areas.roles import FIELD_ROLES, OFFICE_ROLES
from louzhang.journal.actions import erase_subject, log_reveal, record
from louzhang.journal.actor import SYSTEM, Actor
from louzhang.journal.models import Audience
from louzhang.journal.refusals import Conflict, InputRefused, NotThere, NotYours, TooLarge
from louzhang.journal.walker import Step, walk
from louzhang.kit import clock, codes
from louzhang.mediation.lifecycle import LOOP, Kept, Tie
from louzhang.mediation.models import (
    COMMUNITY_RANK,
    PARTIES_AT_MOST,
    WORDS_AT_MOST,
    Mediation,
    MediationQuerySet,
    Party,
)
from louzhang.mediation.queries import REMIND, UNKNOWN, find_party, mediators_for, to_remind
from louzhang.workorders.actions.walking import walk_order
from louzhang.workorders.models import Handling, WorkOrder

PARTIES_AT_LEAST = 2
KEPT_FOR = timedelta(days=3 * 365)
ON_ORDER = "已发起矛盾调解。谈话内容只有调解员和当事人能看。"


def start_mediation(
    *,
    area: Area,
    words: str,
    actor: Actor,
    at: datetime,
    order: WorkOrder | None = None,
    entry_id: uuid.UUID | None = None,
) -> Mediation:
    """A chief, worker or the community starts mediating at a place it looks after, perhaps from an order.

    Whoever starts it is its mediator until it is handed on. The order, where there is one, gets a line that says
    no more than that. Raises `NotYours` elsewhere, `InputRefused` without words or for what may not be mediated,
    `Conflict` while another one about the same order is open.
    """
    starter_id = _starter_at(area, actor)
    _refuse_words(words, "words")
    if order is not None and order.category.handling != Handling.PLAIN:
        raise InputRefused("投诉、家庭暴力和伤害孩子的事不能调解，请按原来的办法办理。")
    with transaction.atomic():
        if order is not None:
            _note_on_order(order, actor, at)
        mediation = Mediation.objects.create(
            area=area, order=order, starter_id=starter_id, mediator_id=starter_id, started_at=at
        )
        record(
            mediation, "start", actor=actor, at=at, audience=Audience.PARTIES, words={"words": words.strip()},
            payload={"mediator": actor.user_id} | ({"order": order.pk} if order else {}),
            area_ids=mediation.event_area_ids(), entry_id=entry_id,
        )  # fmt: skip
    return mediation


def _note_on_order(order: WorkOrder, actor: Actor, at: datetime) -> None:
    with walk_order(order.pk, "comment", actor=actor, at=at, given={"words": ON_ORDER}) as step:
        step.say(words=ON_ORDER)
        if Mediation.objects.open().filter(order=order).exists():
            raise Conflict("这件事正在调解。请找现在的调解员，不要重复发起。")


def _starter_at(area: Area, actor: Actor) -> int:
    """Who starts one at a place; raises where it is not the actor's to do."""
    roles = (*FIELD_ROLES, *OFFICE_ROLES)
    near = [seat for seat in actor.seats_with(*roles) if seat.path and area.path.startswith(seat.path)]
    if actor.is_read_only or actor.user_id is None:
        raise NotYours("发起调解要用自己的账号登录。")
    if not any(seat.rank >= COMMUNITY_RANK for seat in near):
        raise NotYours("这个地方不归您负责。请从列表里选自己的楼栋、网格或社区。")
    return actor.user_id


def add_party(
    *, mediation_id: int, name: str, actor: Actor, at: datetime, phone: str = "", entry_id: uuid.UUID | None = None
) -> Party:
    """Name one of those in dispute; `phone` is already normal. They get a code that opens what was said."""
    with _walk(mediation_id, "add_party", actor, at, {"name": name}, entry_id) as step:
        position = step.subject.parties.count() + 1
        if position > PARTIES_AT_MOST:
            raise InputRefused(f"当事人最多 {PARTIES_AT_MOST} 位。", field="name")
        party = Party(mediation=step.subject, position=position)
        party.seal(name=name.strip(), phone=phone, code=codes.tracking_code())
        party.save(force_insert=True)
        step.note(party=party.pk)
        step.say(words=party.side)
    return party


def talk(
    *,
    mediation_id: int,
    talked_on: date,
    words: str,
    actor: Actor,
    at: datetime,
    is_private: bool = False,
    entry_id: uuid.UUID | None = None,
) -> Mediation:
    """Write down a talk: the day, what was said; a private one only the mediator reads."""
    _refuse_words(words, "words")
    if talked_on > clock.local_date(at):
        raise InputRefused("谈话的日子不能在今天以后，请重新选择。", field="talked_on")
    with _walk(mediation_id, "talk", actor, at, {"talked_on": talked_on, "words": words}, entry_id) as step:
        step.note(on=talked_on.isoformat())
        step.say(words=words.strip())
        if is_private:
            step.audience = Audience.HANDLERS
    return step.subject


def agree(
    *,
    mediation_id: int,
    terms: str,
    follow_up_on: date,
    actor: Actor,
    at: datetime,
    entry_id: uuid.UUID | None = None,
) -> Mediation:
    """Both sides agree; it is printed and signed on paper, and looked back at on a day."""
    _refuse_words(terms, "terms")
    given = {"terms": terms, "follow_up_on": follow_up_on}
    with _walk(mediation_id, "agree", actor, at, given, entry_id) as step:
        _refuse_lonely(step.subject)
        _end(step, follow_up_on, at)
        step.set(agreed_seq=step.subject.chain_seq + 1)
        step.say(words=terms.strip())
    return step.subject


def fail(
    *,
    mediation_id: int,
    reason: str,
    follow_up_on: date,
    actor: Actor,
    at: datetime,
    entry_id: uuid.UUID | None = None,
) -> Mediation:
    """No agreement; the reason says where the sides can turn next."""
    _refuse_words(reason, "reason")
    given = {"reason": reason, "follow_up_on": follow_up_on}
    with _walk(mediation_id, "fail", actor, at, given, entry_id) as step:
        _end(step, follow_up_on, at)
        step.say(words=reason.strip())
    return step.subject


def hand_on(
    *, mediation_id: int, mediator: int, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> Mediation:
    """Give it to another mediator of the place; from then on only they read it.

    The community's office may do it too, without reading anything: the one before may be gone. Nobody there takes
    it for themselves: a colleague hands it to them.
    """
    with _walk(mediation_id, "hand_on", actor, at, {"mediator": mediator}, entry_id) as step:
        subject = step.subject
        offered = {choice.value for group in mediators_for(subject.area, at) for choice in group.choices}
        if mediator not in offered:
            raise InputRefused("这个人现在不在可以调解的名单里，请重新选择。", field="mediator")
        if mediator == actor.user_id != subject.mediator_id:
            raise InputRefused(
                "不能把别人的调解交给自己。要由您来调解的，请现在的调解员或同事交给您。", field="mediator"
            )
        if mediator == subject.mediator_id:
            raise InputRefused("现在就是这个人在调解，请选择另一个人。", field="mediator")
        step.note(before=subject.mediator_id, mediator=mediator)
        step.set(mediator_id=mediator, handed_at=at)
    return step.subject


def follow_up(
    *, mediation_id: int, kept: str, words: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> Mediation:
    """Look back: was it kept, is it quiet now."""
    _refuse_words(words, "words")
    with _walk(mediation_id, "follow_up", actor, at, {"kept": kept, "words": words}, entry_id) as step:
        step.note(kept=Kept(kept).value)
        step.say(words=words.strip())
        step.set(followed_at=at)
    return step.subject


def join_mediation(*, code: str, actor: Actor, at: datetime) -> Mediation:
    """One of the sides opens it on the own phone with the code (in its normal form). Raises `NotThere`."""
    party = find_party(code)
    if party is None or actor.is_system or not (actor.user_id or actor.device):
        raise NotThere("没有找到这个查询码。请核对调解员给您的十位字母和数字，不分大小写。")
    with transaction.atomic():
        rows = Mediation.objects.select_related("area").select_for_update(no_key=True, of=("self",))
        mediation = rows.get(pk=party.mediation_id)
        party.user_id, party.device_hash, party.joined_at = actor.user_id, actor.device, at
        party.save(update_fields=["user_id", "device_hash", "joined_at"])
        record(
            mediation, "join", actor=actor, at=at, audience=Audience.PARTIES, payload={"party": party.pk},
            area_ids=mediation.event_area_ids(),
        )  # fmt: skip
    return mediation


def reveal_party(*, mediation_id: int, party_id: int, what: str, reason: str, actor: Actor, at: datetime) -> str:
    """The plain name or phone of a side, for the mediator alone; logged.

    Raises `NotThere` for everybody else, `InputRefused` without reason.
    """
    rows: MediationQuerySet = Mediation.objects.all()
    mediation = rows.tied(actor, Tie.MEDIATOR).filter(pk=mediation_id).first()
    party = Party.objects.filter(pk=party_id, mediation=mediation).first() if mediation else None
    if party is None or what not in ("name", "phone"):
        raise NotThere(UNKNOWN)
    if not reason.strip():
        raise InputRefused("请写明为什么要查看，这会留下记录。", field="reason")
    log_reveal(
        subject_kind=Party.subject_kind, subject_id=party.pk, what=what, reason=reason.strip()[:200], actor=actor, at=at
    )
    return party.open_field(what)


def remind_follow_ups(*, at: datetime, most: int | None = None) -> int:
    """Tell each mediator once, on the day to look back, while the district is at work; gives how many."""
    if not working_time().is_open(at):
        return 0
    due = to_remind(clock.local_date(at)).order_by("follow_up_on", "pk").values_list("pk", flat=True)[:most]
    return sum(_remind(mediation_id, at) for mediation_id in list(due))


def _remind(mediation_id: int, at: datetime) -> bool:
    with transaction.atomic():
        rows = Mediation.objects.filter(pk=mediation_id).select_related("area")
        mediation = rows.select_for_update(no_key=True, of=("self",), skip_locked=True).first()
        # Asked again under the lock: another worker may have told of it a moment ago.
        if mediation is None or not to_remind(clock.local_date(at)).filter(pk=mediation_id).exists():
            return False
        facts = {"mediator": mediation.mediator_id}
        record(
            mediation, REMIND, actor=SYSTEM, at=at, audience=Audience.HANDLERS, payload=facts,
            area_ids=mediation.event_area_ids(),
        )  # fmt: skip
    return True


def erase_due_mediations(*, at: datetime) -> int:
    """Erase words, names and numbers of what was followed up more than three years ago; gives how many."""
    due = Mediation.objects.filter(erased_at=None, followed_at__lt=at - KEPT_FOR).order_by("pk")
    return sum(_erase(mediation_id, at) for mediation_id in list(due.values_list("pk", flat=True)))


def _erase(mediation_id: int, at: datetime) -> bool:
    with transaction.atomic():
        rows = Mediation.objects.filter(pk=mediation_id, erased_at=None).select_related("area")
        mediation = rows.select_for_update(no_key=True, of=("self",), skip_locked=True).first()
        if mediation is None:
            return False
        parties = list(mediation.parties.order_by("pk"))
        for party in parties:
            party.seal(name="", phone="", code="")
            party.save(update_fields=["name_sealed", "phone_sealed", "code_sealed", "code_hash"])
        mediation.erased_at = at
        erase_subject(
            mediation, rule=f"保存期满 {KEPT_FOR.days} 天", actor=SYSTEM, at=at, save=("erased_at",),
            area_ids=mediation.event_area_ids(), also={"parties": [party.pk for party in parties]},
        )  # fmt: skip
    return True


def _end(step: Step[Mediation], follow_up_on: date, at: datetime) -> None:
    if follow_up_on <= clock.local_date(at):
        raise InputRefused("回访的日子要在今天以后，请重新选择。", field="follow_up_on")
    step.set(ended_at=at, follow_up_on=follow_up_on)


def _refuse_lonely(mediation: Mediation) -> None:
    if mediation.parties.count() < PARTIES_AT_LEAST:
        raise InputRefused("协议要有至少两位当事人，请先加上当事人。", field="terms")


def _refuse_words(words: str, field: str) -> None:
    if not words.strip():
        raise InputRefused(LOOP.missing[field], field=field)
    if len(words) > WORDS_AT_MOST:
        raise TooLarge(f"文字太长了，请缩短到 {WORDS_AT_MOST} 字以内。", field=field)


def _walk(
    mediation_id: int, verb: str, actor: Actor, at: datetime, given: Mapping[str, Any], entry_id: uuid.UUID | None
) -> AbstractContextManager[Step[Mediation]]:
    rows: MediationQuerySet = Mediation.objects.all()
    return walk(LOOP, rows, mediation_id, verb, actor=actor, at=at, given=given, entry_id=entry_id)


VERBS = {
    "talk": talk,
    "add_party": add_party,
    "agree": agree,
    "fail": fail,
    "hand_on": hand_on,
    "follow_up": follow_up,
}
