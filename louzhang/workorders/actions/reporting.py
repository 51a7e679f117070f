"""A report comes in: one voice, one order, one event, one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from louzhang.areas.models import RANKS, Area, LevelKind, Unit
from louzhang.areas.queries import line_of, office_area_of, setting
from louzhang.journal.actions import prepare_event
from louzhang.journal.actor import Actor, ActorKind
from louzhang.journal.models import Audience
from louzhang.journal.readers import unread
from louzhang.journal.refusals import Conflict, InputRefused, NotYours, TooLarge
from louzhang.kit import bigrams, clock, codes, crypto
from louzhang.kit.writing import insert_together, joined
from louzhang.workorders.actions.keeping_time import start_time
from louzhang.workorders.actions.photographs import claim_attachments
from louzhang.workorders.lifecycle import State
from louzhang.workorders.models import (
    HOTLINE,
    SUMMARY_LENGTH,
    WORDS_AT_MOST,
    AnswerWay,
    Category,
    Channel,
    Handling,
    Report,
    WorkOrder,
)
from louzhang.workorders.queries.opening import Opening, opening_at

COMMUNITY_RANK = RANKS[LevelKind.COMMUNITY]


@dataclass(frozen=True, slots=True)
class Target:
    """Whom a complaint is about: a seat with its holder, or a unit.

    `works_in` is the unit of a person who has no seat in an area; the complaint hides from the
    person, and goes to the office above the unit.
    """

    user_id: int | None = None
    area: Area | None = None
    role: str = ""
    unit: Unit | None = None
    works_in: Unit | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A parsed report: everything a voice said, checked for form but not yet for sense.

    `phone` is normal (see `kit.phones`), positions are WGS 84. `reporter_id` is the signed-in
    person who speaks for themselves; none when it is entered for somebody else. `same` is the public
    line that the reporter recognised as the own matter (`report_too`), `hotline_number` the number
    that the hotline gave it and that it keeps.
    """

    channel: Channel
    category: Category
    area: Area
    words: str
    answers: Mapping[str, Any] = field(default_factory=dict)
    name: str = ""
    phone: str = ""
    door: str = ""
    place_note: str = ""
    longitude: float | None = None
    latitude: float | None = None
    is_unplaced: bool = False
    answer_way: AnswerWay = AnswerWay.HERE
    photos: Sequence[uuid.UUID] = ()
    target: Target | None = None
    is_for_another: bool = False
    same: uuid.UUID | None = None
    hotline_number: str = ""


@dataclass(frozen=True, slots=True)
class Filed:
    """What a reporter is told: the order, the report and the code in plain, this once."""

    order: WorkOrder
    report: Report
    tracking_code: str


def report_workorder(*, draft: Draft, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> Filed:
    """File one report and open its order at the desk that answers for the place (R11 受理).

    An ordinary matter goes to the community of the place. A complaint about a holder or unit
    goes to the level above the one it names and stays invisible to it; guarded matters
    (violence at home, harm to a child) skip building and grid.

    Raises `InputRefused`, `TooLarge`, `NotYours`.
    """
    refuse_senseless(draft, actor)
    refuse_nameless(actor)
    refuse_paused(actor, at)
    line = line_of(draft.area)
    with joined():
        opening = opening_at(at)
        order = _new_order(draft, line, opening, at)
        clocks = start_time(order, at, opening.ground)
        report, code = new_report(draft, order, opening.report_id, actor, at)
        photos = claim_attachments(order, draft.photos, actor=actor, seq=1)
        event, said = prepare_event(
            order,
            "report",
            actor=actor,
            at=at,
            audience=Audience.PUBLIC,
            payload={
                "to": order.status,
                "report": report.pk,
                "channel": draft.channel.value,
                "clocks": clocks,
                **({"attachments": photos} if photos else {}),
            },
            words={"words": draft.words, "answers": dict(draft.answers) or None},
            area_ids=[area.pk for area in line],
            post_id=order.event_tie(actor)[0],
            entry_id=entry_id,
        )
        insert_together(*(row for row in (order, report, event, said, unread(event)) if row is not None))
    return Filed(order=order, report=report, tracking_code=code)


def refuse_senseless(draft: Draft, actor: Actor) -> None:
    """Raise for a report that cannot be worked on, with what to do about it."""
    if actor.is_read_only:
        raise NotYours("这个访问令牌只能查看，不能上报。请换一个可以办理的令牌。")
    if not draft.words.strip() and not draft.photos:
        raise InputRefused("请写一句发生了什么，或者拍一张照片。", field="words")
    if len(draft.words) > WORDS_AT_MOST:
        raise TooLarge(f"文字太长了，请缩短到 {WORDS_AT_MOST} 字以内再提交。", field="words")
    if draft.answer_way in (AnswerWay.PHONE, AnswerWay.SMS) and not draft.phone:
        raise InputRefused("选了电话或短信答复，请留下电话号码。", field="phone")
    if draft.category.ended_at or draft.category.parent_id is None:
        raise InputRefused("这个类别已经停用，请重新选择类别。", field="category")
    if draft.area.ended_at:
        raise InputRefused("这个地点已经停用，请重新选择地点。", field="area")
    if draft.category.handling == Handling.COMPLAINT and draft.target is None:
        raise InputRefused("请选择您要投诉的人员或单位。", field="target")


def refuse_nameless(actor: Actor) -> None:
    """Raise for a browser that keeps no cookie: it could neither see nor rate its own report."""
    if actor.kind is ActorKind.DEVICE and not actor.device:
        raise InputRefused("浏览器没有保存 Cookie，请允许本站使用 Cookie，刷新后再提交。")


def refuse_paused(actor: Actor, at: datetime) -> None:
    """Raise for a phone without an account while the district has paused such reports."""
    if actor.kind is ActorKind.DEVICE and setting("anonymous_paused", at):
        hotline = setting("hotline", at)
        raise Conflict(f"网上反映暂停了，请拨打{hotline}。" if hotline else "网上反映暂停了，请直接联系社区。")


def _new_order(draft: Draft, line: Sequence[Area], opening: Opening, at: datetime) -> WorkOrder:
    desk, floor_rank = desk_of(draft, line)
    target = draft.target or Target()
    category = draft.category
    place = " ".join(area.name for area in line[2:])
    summary = " ".join(draft.words.split())[:SUMMARY_LENGTH]
    return WorkOrder(
        pk=opening.order_id,
        number=codes.order_number(opening.prefix, clock.local_date(at), opening.order_id),
        status=State.REPORTED,
        category=category,
        area=draft.area,
        desk_area=desk,
        floor_rank=floor_rank,
        about_user_id=target.user_id,
        about_area=target.area,
        about_role=target.role,
        about_unit=target.unit,
        summary=summary,
        place_note=draft.place_note,
        longitude=draft.longitude,
        latitude=draft.latitude,
        is_unplaced=draft.is_unplaced,
        is_urgent=category.is_urgent,
        is_told_by_visit=draft.answer_way == AnswerWay.VISIT,
        search_terms=bigrams.bigrams(f"{draft.words} {category.name} {place} {draft.place_note}"),
        reported_at=at,
        promised_at=at,
        source=HOTLINE if draft.channel is Channel.HOTLINE else "",
        source_number=draft.hotline_number if draft.channel is Channel.HOTLINE else "",
    )


def desk_of(draft: Draft, line: Sequence[Area]) -> tuple[Area, int]:
    """The office that accepts, and the lowest level whose posts may see the order.

    `line` runs from the district to the place. A complaint about a field holder or a unit that
    is no office goes to the community; about a community's office to the street; about a
    street's or the district's to the district.
    """
    handling = draft.category.handling
    if handling == Handling.GUARDED:
        return office_area_of(line), COMMUNITY_RANK
    if handling != Handling.COMPLAINT or draft.target is None:
        return office_area_of(line), 6
    above = max(1, min(_rank_above(draft.target), COMMUNITY_RANK))
    desk = office_area_of(line, at_most_rank=above)
    return desk, RANKS[desk.level.kind]


def _rank_above(target: Target) -> int:
    """The level whose office is above whom the complaint names.

    Above a seat or an office it is the next level up; above another unit, the office of the
    widest area it serves: a department answers to the district, an estate's company to the
    community.
    """
    unit = target.unit or target.works_in
    about = target.area or (unit.office_area if unit else None)
    if about is not None:
        return RANKS[about.level.kind] - 1
    served = unit.served_areas.filter(ends_on=None).values_list("area__level__kind", flat=True) if unit else ()
    return min((RANKS[kind] for kind in served), default=COMMUNITY_RANK)


def new_report(draft: Draft, order: WorkOrder, report_id: int | None, actor: Actor, at: datetime) -> tuple[Report, str]:
    """One voice on an order, unsaved, with its code in plain; contact and door are sealed."""
    code = codes.tracking_code()
    own = actor.user_id if not draft.is_for_another else None
    report = Report(
        pk=report_id,
        order=order,
        channel=draft.channel,
        reporter_id=own,
        device_hash="" if draft.is_for_another or actor.user_id else actor.device,
        entered_by_id=actor.user_id if draft.is_for_another else None,
        tracking_hash=crypto.token_hash(code),
        answer_way=draft.answer_way,
        reported_at=at,
    )
    report.seal(name=draft.name, phone=draft.phone, door=draft.door)
    return report, code
