"""荣誉种类: the district adds, changes and ends what it gives; the usual kinds come ready to use."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from louzhang.areas.models import LevelKind
from louzhang.areas.queries import district
from louzhang.areas.rights import refuse_keeping
from louzhang.areas.roles import FIELD_ROLES, Role
from louzhang.journal.actions import record
from louzhang.journal.actor import Actor
from louzhang.journal.models import Audience
from louzhang.journal.refusals import Conflict, InputRefused, NotThere
from louzhang.roster.models.honours import HonourKind, Often, Whom
from louzhang.roster.models.honours.kinds import BONUS_AT_MOST, NOTICE_AT_MOST

UNKNOWN = "没有找到这种荣誉，它可能已经停用。"


@dataclass(frozen=True, slots=True)
class KindDraft:
    """A kind as it is written down; `most` None is no limit."""

    name: str
    whom: str = Whom.PERSON
    often: str = Often.ANY
    words: str = ""
    whom_roles: tuple[str, ...] = ()
    level: str = LevelKind.COMMUNITY
    most: int | None = None
    notice_days: int = 5
    bonus_yuan: int = 0
    hangs: bool = False
    has_wall: bool = True
    for_residents: bool = False
    code: str = ""


# R3: two buildings a month, 1,000 yuan. R2: three leads a month. R8, R16: 社区好人, 最美三长, 金牌网格员.
PRESETS = (
    KindDraft(
        "流动红旗", Whom.BUILDING, Often.MONTH, "当月最好的楼栋，连着评上就一直挂着。",
        most=2, notice_days=3, hangs=True, code="flag",
    ),
    KindDraft(
        "月度优秀楼长", Whom.PERSON, Often.MONTH, "当月做得最好的楼长。在编和下派的人不发奖金，按本单位的规定。",
        whom_roles=(Role.CHIEF,), most=2, notice_days=3, bonus_yuan=1000, code="month",
    ),
    KindDraft(
        "月度之星（袖标）", Whom.PERSON, Often.MONTH, "两委每月评三名三级网格员，当众戴袖标、发奖品。",
        whom_roles=(Role.CHIEF, Role.STAIRWELL_HEAD), most=3, notice_days=0, code="armband",
    ),
    KindDraft(
        "年度最佳楼长", Whom.PERSON, Often.YEAR, "一年里做得最好的楼长。", whom_roles=(Role.CHIEF,), most=1,
        code="year_chief",
    ),
    KindDraft("年度最佳楼栋", Whom.BUILDING, Often.YEAR, "一年里最好的楼栋。", most=1, code="year_building"),
    KindDraft(
        "社区好人", Whom.PERSON, Often.ANY, "做了好事，邻居说好的人，不用有职务。", for_residents=True, code="good",
    ),
    KindDraft(
        "最美三长", Whom.PERSON, Often.YEAR, "网格员、楼长、单元长里，邻居最信得过的人。",
        whom_roles=(Role.GRID_WORKER, Role.CHIEF, Role.STAIRWELL_HEAD), code="three_heads",
    ),
    KindDraft(
        "金牌网格员", Whom.PERSON, Often.YEAR, "一年里最好的网格员。", whom_roles=(Role.GRID_WORKER,),
        level=LevelKind.STREET, most=3, code="gold",
    ),
)  # fmt: skip


def lay_down_honours(*, actor: Actor, at: datetime) -> list[HonourKind]:
    """Put in the usual kinds that are not there yet; gives those put in. Raises `NotYours`."""
    refuse_keeping(actor)
    with transaction.atomic():
        there = set(HonourKind.objects.current().values_list("code", flat=True))
        there |= set(HonourKind.objects.current().values_list("name", flat=True))
        new = [draft for draft in PRESETS if draft.code not in there and draft.name not in there]
        return [_store(draft, place, actor, at) for place, draft in enumerate(new, start=len(there))]


def add_kind(*, draft: KindDraft, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> HonourKind:
    """One more kind of the district's own. Raises `NotYours`, `InputRefused`, `Conflict` for a name that is taken."""
    refuse_keeping(actor)
    _refuse(draft)
    try:
        with transaction.atomic():
            return _store(draft, HonourKind.objects.count(), actor, at, entry_id)
    except IntegrityError:
        raise Conflict("已经有同名的荣誉，请换一个名称。", field="name") from None


def change_kind(
    *, uid: uuid.UUID, draft: KindDraft, reason: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> HonourKind:
    """Change the rule for what is proposed from now on; what was given stays as it was. The reason is kept."""
    refuse_keeping(actor)
    _refuse(draft)
    if not reason.strip():
        raise InputRefused("请写明为什么改，例如文件的名称和文号。", field="reason")
    try:
        with transaction.atomic():
            kind = _locked(uid)
            facts = asdict(draft) | {"code": kind.code, "hangs": kind.hangs, "whom": kind.whom}
            changed = {name: value for name, value in facts.items() if _plain(getattr(kind, name)) != _plain(value)}
            for name, value in changed.items():
                setattr(kind, name, list(value) if isinstance(value, tuple) else value)
            _note(kind, "change", actor, at, payload=_json(changed), words={"reason": reason.strip()},
                  save=tuple(changed), entry_id=entry_id)  # fmt: skip
    except IntegrityError:
        raise Conflict("已经有同名的荣誉，或这种荣誉不能这样改。", field="name") from None
    return kind


def end_kind(*, uid: uuid.UUID, actor: Actor, at: datetime) -> HonourKind:
    """Give it no more; what was given stays, and what is on its way is decided as it began."""
    refuse_keeping(actor)
    with transaction.atomic():
        kind = _locked(uid)
        kind.ended_at = at
        _note(kind, "end", actor, at, save=("ended_at",))
    return kind


def _locked(uid: uuid.UUID) -> HonourKind:
    kind = HonourKind.objects.select_for_update(no_key=True).filter(uid=uid, ended_at=None).first()
    if kind is None:
        raise NotThere(UNKNOWN)
    return kind


def _store(
    draft: KindDraft, position: int, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> HonourKind:
    facts = asdict(draft) | {"whom_roles": list(draft.whom_roles)}
    kind = HonourKind.objects.create(**facts, position=position, added_at=at)
    _note(kind, "add", actor, at, payload=_json(asdict(draft)), entry_id=entry_id)
    return kind


def _note(kind: HonourKind, verb: str, actor: Actor, at: datetime, **more: Any) -> None:
    root = district()
    record(kind, verb, actor=actor, at=at, audience=Audience.DESK, area_ids=[root.pk] if root else [], **more)


def _json(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _plain(value) for name, value in facts.items()}


def _plain(value: Any) -> Any:
    return [str(each) for each in value] if isinstance(value, list | tuple) else value


def _refuse(draft: KindDraft) -> None:
    """Say what is wrong with a draft where the form could not."""
    if not draft.name.strip():
        raise InputRefused("请填写名称。", field="name")
    if draft.whom == Whom.BUILDING and draft.bonus_yuan:
        raise InputRefused("奖金只发给人；给楼栋的荣誉请把奖金填 0。", field="bonus_yuan")
    if draft.whom == Whom.BUILDING and draft.for_residents:
        raise InputRefused("给楼栋的荣誉不评人，请去掉“没有任职的居民也可以评”。", field="for_residents")
    if not 0 <= draft.bonus_yuan <= BONUS_AT_MOST:
        raise InputRefused(f"奖金请填 0 到 {BONUS_AT_MOST} 元。", field="bonus_yuan")
    if not 0 <= draft.notice_days <= NOTICE_AT_MOST:
        raise InputRefused(f"公示请填 0 到 {NOTICE_AT_MOST} 个工作日。", field="notice_days")
    if draft.hangs and (draft.whom != Whom.BUILDING or draft.often != Often.MONTH or draft.most is None):
        raise InputRefused("流动的红旗每月给楼栋，并要写明一个社区几面。", field="hangs")
    if set(draft.whom_roles) - {role.value for role in FIELD_ROLES}:
        raise InputRefused("请从楼长、单元长、网格员、网格长里选。", field="whom_roles")
