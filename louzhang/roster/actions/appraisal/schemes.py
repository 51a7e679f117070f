"""Adopting a scheme, ending it; the scenes in which staff may be compared at all."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction

from louzhang.areas.models import Area
from louzhang.areas.roles import FIELD_ROLES, OFFICE_ROLES, Role
from louzhang.fieldwork.actions.noting import note
from louzhang.fieldwork.models import SceneKind
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import Conflict, InputRefused, NotThere, NotYours
from louzhang.kit import clock
from louzhang.register.scope import refuse_looking_only
from louzhang.roster.indicators import KINDS, why_not
from louzhang.roster.models.appraisal import (
    COMMENDED_AT_MOST,
    CRITERIA_AT_MOST,
    HOURS_AT_MOST,
    NAME_LENGTH,
    WEIGHT_AT_MOST,
    WORDS_LENGTH,
    Indicator,
    RankingScene,
    Scheme,
)
from louzhang.roster.presets.appraisal import SchemeDraft, Weighed
from louzhang.roster.queries.appraisal.spans import first_of

SCENE_DAYS_AT_MOST = 92
GONE = "没有找到这个考核办法，或它不在您的范围内。"


def adopt_scheme(
    *,
    draft: SchemeDraft,
    area: Area,
    actor: Actor,
    at: datetime,
    starts_on: date | None = None,
    entry_id: uuid.UUID | None = None,
) -> Scheme:
    """The office of a place decides how the posts of a role below it are appraised, from a month on (R2, R3).

    An earlier scheme of the same role there ends; months opened by it keep it. Raises `NotYours` for whoever has no
    office there or above, `InputRefused` for an indicator that the registry does not allow: number of votes, training
    hours and use of the app never are.
    """
    refuse_office(actor, area)
    _refuse_draft(draft)
    month = first_of(starts_on or clock.local_date(at))
    try:
        with transaction.atomic():
            _end_before(draft.role, area, actor, at)
            scheme = Scheme.objects.create(
                name=draft.name.strip(), role=draft.role, area=area, starts_on=month, commend_most=draft.commend_most,
                pass_mark=draft.pass_mark, criteria=list(draft.criteria), asks_stars=draft.asks_stars, added_at=at,
            )  # fmt: skip
            Indicator.objects.bulk_create(
                _indicator(scheme, place, weighed) for place, weighed in enumerate(draft.indicators, start=1)
            )
            facts = {each.kind: [each.weight, each.hours] for each in draft.indicators}
            note(
                scheme, "adopt", area_id=area.pk, actor=actor, at=at, entry_id=entry_id,
                facts={"role": draft.role, "from": month.isoformat(), "indicators": facts},
            )  # fmt: skip
    except IntegrityError:
        raise Conflict("刚刚有人给这里定了同一个角色的考核办法，请刷新页面看看。") from None
    return scheme


def _end_before(role: str, area: Area, actor: Actor, at: datetime) -> None:
    rows = Scheme.objects.select_for_update(no_key=True).filter(role=role, area=area, ended_at=None)
    for before in rows.order_by("pk"):
        before.ended_at = at
        note(before, "end", area_id=area.pk, actor=actor, at=at, save=("ended_at",))


def end_scheme(*, uid: uuid.UUID, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> Scheme:
    """No further month is opened by it; what was published stays."""
    with transaction.atomic():
        rows = Scheme.objects.select_for_update(no_key=True, of=("self",)).select_related("area")
        scheme = rows.filter(pk__in=Scheme.objects.visible_to(actor).values("pk"), uid=uid).first()
        if scheme is None:
            raise NotThere(GONE)
        refuse_office(actor, scheme.area)
        if scheme.ended_at is not None:
            raise Conflict("这个考核办法已经停用了。")
        scheme.ended_at = at
        note(scheme, "end", area_id=scheme.area_id, actor=actor, at=at, save=("ended_at",), entry_id=entry_id)
    return scheme


def refuse_office(actor: Actor, area: Area) -> None:
    """Raise unless the actor works in the office of this place or of one above."""
    refuse_looking_only(actor)
    if not actor.is_system and not any(
        seat.path and area.path.startswith(seat.path) for seat in actor.seats_with(*OFFICE_ROLES)
    ):
        raise NotYours("考核办法由这里的社区或上级办公室来定。")


def _indicator(scheme: Scheme, place: int, weighed: Weighed) -> Indicator:
    kind = KINDS[weighed.kind]
    return Indicator(
        scheme=scheme, position=place, kind=kind.key, label=weighed.label.strip() or kind.label, weight=weighed.weight,
        is_higher_better=kind.is_higher_better, hours=weighed.hours,
    )  # fmt: skip


def _refuse_draft(draft: SchemeDraft) -> None:
    if not draft.name.strip() or len(draft.name) > NAME_LENGTH:
        raise InputRefused(f"请写一个 {NAME_LENGTH} 字以内的名称。", field="name")
    if draft.role not in FIELD_ROLES:
        raise InputRefused("只能考核楼长、单元长、网格员、网格长。", field="role")
    if not draft.indicators:
        raise InputRefused("请至少选一项指标。", field="indicators")
    for weighed in draft.indicators:
        _refuse_indicator(weighed)
    if len({weighed.kind for weighed in draft.indicators}) < len(draft.indicators):
        raise InputRefused("同一项指标只能选一次。", field="indicators")
    if not 1 <= draft.commend_most <= COMMENDED_AT_MOST:
        raise InputRefused(f"每月表扬 1 到 {COMMENDED_AT_MOST} 人。", field="commend_most")
    if not 0 <= draft.pass_mark <= 100:
        raise InputRefused("及格线请填 0 到 100。", field="pass_mark")
    refuse_criteria(draft.criteria)


def _refuse_indicator(weighed: Weighed) -> None:
    if reason := why_not(weighed.kind):
        raise InputRefused(reason, field="indicators")
    if not 1 <= weighed.weight <= WEIGHT_AT_MOST or len(weighed.label) > WORDS_LENGTH:
        raise InputRefused(f"每项占 1 到 {WEIGHT_AT_MOST}，说法不超过 {WORDS_LENGTH} 个字。", field="indicators")
    if KINDS[weighed.kind].needs_hours != (weighed.hours is not None):
        raise InputRefused("“提问及时回答”要写多少小时以内，别的指标不用写。", field="indicators")
    if weighed.hours is not None and not 1 <= weighed.hours <= HOURS_AT_MOST:
        raise InputRefused(f"请填 1 到 {HOURS_AT_MOST} 小时。", field="indicators")


def refuse_criteria(criteria: tuple[str, ...] | list[str]) -> None:
    """Raise for tasks of a month that are too many, too long or blank."""
    if len(criteria) > CRITERIA_AT_MOST:
        raise InputRefused(f"打分项最多 {CRITERIA_AT_MOST} 项。", field="criteria")
    if any(not words.strip() or len(words) > WORDS_LENGTH for words in criteria):
        raise InputRefused(f"每个打分项请写 {WORDS_LENGTH} 字以内的一句话。", field="criteria")


# ---- The switch for staff -------------------------------------------------------------------------------------------


def add_scene(
    *,
    kind: str,
    name: str,
    document: str,
    starts_on: date,
    ends_on: date,
    actor: Actor,
    at: datetime,
    entry_id: uuid.UUID | None = None,
) -> RankingScene:
    """Compare staff for a time: a named security or emergency scene with its document and an end, nothing else.

    By the system administrator, who keeps the switches of the district. Raises `NotYours`, `InputRefused`.
    """
    refuse_keeper(actor)
    if kind not in SceneKind.values:
        raise InputRefused("只能是安全保卫或应急处置的情形；日常工作不能打开。", field="kind")
    if not name.strip() or not document.strip():
        raise InputRefused("请写明是什么情形、依据哪个文件。", field="document")
    if not starts_on < ends_on <= starts_on + timedelta(days=SCENE_DAYS_AT_MOST):
        raise InputRefused(f"请写明截止日期，最长 {SCENE_DAYS_AT_MOST} 天。", field="ends_on")
    with transaction.atomic():
        scene = RankingScene.objects.create(
            kind=kind, name=name.strip(), document=document.strip(), starts_on=starts_on, ends_on=ends_on, added_at=at
        )
        _note_scene(scene, "add", actor, at, entry_id)
    return scene


def end_scene(*, uid: uuid.UUID, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> RankingScene:
    """It is over before its day."""
    refuse_keeper(actor)
    with transaction.atomic():
        scene = RankingScene.objects.select_for_update(no_key=True).filter(uid=uid, ended_at=None).first()
        if scene is None:
            raise NotThere("没有找到这个情形，或它已经结束。")
        scene.ended_at = at
        _note_scene(scene, "end", actor, at, entry_id, ("ended_at",))
    return scene


def refuse_keeper(actor: Actor) -> None:
    """Raise for everybody but the system administrator."""
    refuse_looking_only(actor)
    if not actor.has_role(Role.SYSTEM_ADMIN):
        raise NotYours("这个开关由系统管理员按文件打开和关闭。")


def _note_scene(
    scene: RankingScene, verb: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None, save: tuple[str, ...] = ()
) -> None:
    root = next(seat.area_id for seat in actor.seats_with(Role.SYSTEM_ADMIN) if seat.area_id is not None)
    facts = {"kind": scene.kind, "from": scene.starts_on.isoformat(), "to": scene.ends_on.isoformat()}
    note(scene, verb, area_id=root, actor=actor, at=at, facts=facts, save=save, entry_id=entry_id)
