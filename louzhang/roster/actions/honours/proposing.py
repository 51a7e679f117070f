"""推荐: an office puts somebody or a building forward; residents do it by a sentence; nobody does it for themselves."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from louzhang.areas.models import Area, LevelKind, Post, PostKind
from louzhang.areas.queries import line_of
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.journal.actions import record
from louzhang.journal.actor import Actor
from louzhang.journal.models import Audience
from louzhang.journal.refusals import Conflict, InputRefused, NotThere, NotYours, TooLarge
from louzhang.kit import clock
from louzhang.register.models import Resident, own_residents
from louzhang.roster.lifecycle.honours import LOOP
from louzhang.roster.models.honours import Honour, HonourKind, Often
from louzhang.roster.models.honours.honours import WORDS_AT_MOST

NAME_AT_MOST = 40
TAKEN = "这个月已经推荐过了，请在列表里看走到哪一步。"


@dataclass(frozen=True, slots=True)
class Proposal:
    """For whom: a post whose holder it is, a building, a resident, or a name on paper. `month` is any day of it.

    `has_consent` says that somebody without a post agreed on a paper that lies in the office.
    """

    kind: HonourKind
    area: Area
    words: str
    month: date
    post: Post | None = None
    building: Area | None = None
    resident: Resident | None = None
    name: str = ""
    has_consent: bool = False

    @property
    def is_without_post(self) -> bool:
        """Whether it is for somebody without a post."""
        return self.resident is not None or bool(self.name)


def propose_honour(
    *, proposal: Proposal, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> Honour:  # fmt: skip
    """An office of the line puts somebody or a building forward (R3, R16).

    Raises `NotYours` for whoever works in no office there or means themselves, `NotThere` for a resident whom the
    actor does not keep, `InputRefused` for what the kind is not for, `Conflict` where it was put forward already.
    """
    _refuse_stranger(proposal.area, actor)
    _refuse_resident(proposal, actor)
    return _propose(proposal, actor, at, entry_id)


def propose_as_resident(
    *, proposal: Proposal, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> Honour:  # fmt: skip
    """Anybody at the place, by a sentence, with or without an account; the caller has counted how often."""
    if actor.is_read_only or actor.is_system or not (actor.user_id or actor.device):
        raise NotYours("请在手机上打开这一页再推荐。")
    if proposal.post is None:
        raise InputRefused("请选择推荐哪一位。", field="post")
    return _propose(proposal, actor, at, entry_id)


def propose_flags(
    *, kind: HonourKind, area: Area, month: date, reasons: Mapping[int, str], actor: Actor, at: datetime,
    entry_id: uuid.UUID | None = None,
) -> list[Honour]:  # fmt: skip
    """The buildings of a month together, each with its reason; all of them or none (R3: two a community)."""
    _refuse_stranger(area, actor)
    if not reasons:
        raise InputRefused("请选出楼栋。", field="buildings")
    if kind.most is not None and len(reasons) > kind.most:
        raise InputRefused(f"“{kind.name}”一个月最多 {kind.most} 栋楼，请少选。", field="buildings")
    rows = Area.objects.get_queryset().current().filter(pk__in=list(reasons)).select_related("level")
    buildings = {building.pk: building for building in rows}
    if set(buildings) != set(reasons):
        raise InputRefused("有的楼栋已经停用，请重新选。", field="buildings")
    with transaction.atomic():
        return [
            _propose(Proposal(kind, area, words, month, building=buildings[pk]), actor, at, entry_id)
            for pk, words in reasons.items()
        ]


def _refuse_stranger(area: Area, actor: Actor) -> None:
    seats = [seat for seat in actor.seats_with(*OFFICE_ROLES) if seat.path]
    is_near = any(area.path.startswith(seat.path) or seat.path.startswith(area.path) for seat in seats)
    if actor.is_read_only or actor.user_id is None or not is_near:
        raise NotYours("推荐由社区、街道的工作人员来写；居民可以在楼栋的页面上用一句话推荐。")


def _refuse_resident(proposal: Proposal, actor: Actor) -> None:
    """Raise for a resident elsewhere, oneself, or a name that somebody wrote down without a paper."""
    if proposal.resident is not None:
        kept = Resident.objects.kept_by(actor).current().filter(died_on=None, area__path__startswith=proposal.area.path)
        if not kept.filter(pk=proposal.resident.pk).exists():
            raise NotThere("没有找到这位居民，或不在您负责的范围内。")
        if own_residents(actor).filter(resident=proposal.resident).exists():
            raise NotYours("不能推荐自己。请同事或居民来推荐。")
    elif proposal.name and not proposal.has_consent:
        raise InputRefused("请先请本人在纸上签字同意，再写他的名字。", field="has_consent")


def month_of(kind: HonourKind, day: date) -> date:
    """The first day of the time a kind is given for."""
    return day.replace(month=1, day=1) if kind.often == Often.YEAR else day.replace(day=1)


def _propose(proposal: Proposal, actor: Actor, at: datetime, entry_id: uuid.UUID | None) -> Honour:
    words = " ".join(proposal.words.split())
    _refuse_words(words)
    _refuse_kind(proposal, at)
    post, place = proposal.post, proposal.building
    if post is not None and post.user_id == actor.user_id:
        raise NotYours("不能推荐自己。请同事或居民来推荐。")
    honour = Honour(
        kind=proposal.kind, area=proposal.area, month=month_of(proposal.kind, proposal.month), building=place,
        proposer_id=actor.user_id, device_hash="" if actor.user_id else actor.device, proposed_at=at,
        **(_facts_of(post) if post is not None else {"place": place or proposal.area}),
    )  # fmt: skip
    if proposal.is_without_post:
        _name(honour, proposal, at)
    try:
        with transaction.atomic():
            honour.save(force_insert=True)
            record(
                honour, "propose", actor=actor, at=at, audience=Audience.HANDLERS, words={"words": words},
                payload={"kind": proposal.kind.pk, "building": place.pk if place else None,
                         "holder": post.user_id if post else None},
                area_ids=[area.pk for area in line_of(proposal.area)], entry_id=entry_id,
            )  # fmt: skip
    except IntegrityError:
        raise Conflict(TAKEN, field="post") from None
    return honour


def _facts_of(post: Post) -> dict[str, Any]:
    is_volunteer = post.kind == PostKind.VOLUNTEER
    return {"holder_id": post.user_id, "place": post.area, "role": post.role, "is_volunteer": is_volunteer}


def _name(honour: Honour, proposal: Proposal, at: datetime) -> None:
    """Somebody without a post: the place is the one that gives it, so that nobody reads where they live."""
    honour.resident = proposal.resident
    honour.seal(name="" if proposal.resident is not None else " ".join(proposal.name.split()))
    honour.consented_on = clock.local_date(at) if proposal.has_consent else None


def _refuse_words(words: str) -> None:
    if not words:
        raise InputRefused(LOOP.missing["words"], field="words")
    if len(words) > WORDS_AT_MOST:
        raise TooLarge(f"理由太长了，请缩短到 {WORDS_AT_MOST} 字以内。", field="words")


def _refuse_kind(proposal: Proposal, at: datetime) -> None:
    """Raise for what the kind is not for: another level, another post, a place elsewhere, a month to come."""
    kind = proposal.kind
    if kind.ended_at is not None or proposal.area.level.kind != kind.level:
        raise InputRefused("这里不评这种荣誉，请重新选。", field="kind")
    if proposal.month > clock.local_date(at):
        raise InputRefused("这个月还没有到，请选这个月或以前的月份。", field="month")
    if not kind.is_for_people:
        _refuse_building(proposal)
    elif proposal.is_without_post:
        _refuse_neighbour(proposal)
    else:
        _refuse_post(proposal)


def _refuse_neighbour(proposal: Proposal) -> None:
    kind = proposal.kind
    if not kind.for_residents or proposal.post is not None:
        raise InputRefused(f"“{kind.name}”评的是{kind.spoken_roles}，不评没有任职的居民。", field="kind")
    if len(proposal.name) > NAME_AT_MOST:
        raise InputRefused(f"名字最多 {NAME_AT_MOST} 个字，请核对。", field="name")


def _refuse_post(proposal: Proposal) -> None:
    kind, post = proposal.kind, proposal.post
    if post is None or post.area is None or not post.area.path.startswith(proposal.area.path):
        raise InputRefused("请从名单里选一个人。", field="post")
    if post.role not in kind.roles:
        raise InputRefused(f"“{kind.name}”评的是{kind.spoken_roles}，请重新选。", field="post")


def _refuse_building(proposal: Proposal) -> None:
    building = proposal.building
    if building is None or building.level.kind not in (LevelKind.BUILDING, LevelKind.GROUP):
        raise InputRefused("请选一栋楼。", field="buildings")
    if not building.path.startswith(proposal.area.path):
        raise InputRefused("这栋楼不在这个社区里，请重新选。", field="buildings")
