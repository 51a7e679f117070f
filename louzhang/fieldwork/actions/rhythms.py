"""Setting and ending rhythms; the presets are those of places that run them by hand."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from louzhang.areas.models import Area, LevelKind
from louzhang.areas.rights import may_keep_district, offices_of
from louzhang.areas.roles import FIELD_ROLES, Role
from louzhang.fieldwork.actions.dues import keep_dues_of
from louzhang.fieldwork.models import Rhythm, Span, VisitDue, Whom
from louzhang.fieldwork.models.rhythms import EVERY_AT_MOST, OFTEN_AT_MOST
from louzhang.journal.actions import record
from louzhang.journal.actor import Actor
from louzhang.journal.models import Audience
from louzhang.journal.refusals import Conflict, InputRefused, NotThere, NotYours
from louzhang.kit import clock
from louzhang.register.forbidden import refuse_forbidden
from louzhang.register.models import CareKind
from louzhang.register.queries.places import lines_of
from louzhang.register.scope import COMMUNITY_RANK

NAME_LENGTH = 40
NOT_SETTERS = "走访节奏由社区、街道办公室或系统管理员来定。"


@dataclass(frozen=True, slots=True)
class RhythmDraft:
    """What a rhythm says; see `models.Rhythm`."""

    name: str
    whom: str
    role: str
    span: str
    every: int = 1
    often: int = 1
    care_code: str = ""


# R4: ten homes a day, special need weekly; 探访关爱: monthly; R5: the first secretary is there twice a week.
PRESETS = (
    RhythmDraft("每天走访十户", Whom.SOME, Role.GRID_WORKER, Span.DAY, often=10),
    RhythmDraft("关爱户每周走访", Whom.CARED, Role.GRID_WORKER, Span.WEEK),
    RhythmDraft("探访关爱，每月一次", Whom.CARED, Role.CHIEF, Span.MONTH),
    RhythmDraft("第一书记到社区", Whom.PRESENCE, Role.SECRETARY, Span.WEEK, often=2),
)


def may_set(actor: Actor, area: Area) -> bool:
    """Whether the actor sets rhythms of a place: the district's keeper anywhere, an office below itself."""
    own = not actor.is_read_only and any(area.path.startswith(seat.path) for seat in offices_of(actor))
    return may_keep_district(actor) or own


def must_be_let_in(draft: RhythmDraft, area: Area, actor: Actor) -> bool:
    """Whether a street has to let a rhythm in: what somebody above the community asks of those at the doors.

    A community sets its own. On how many days somebody posted to an office is there (R5) is what both managers agreed
    on, and asks nothing of anybody at a door; of those in the field it is a task like any other.
    """
    own = any(seat.rank == COMMUNITY_RANK and area.path.startswith(seat.path) for seat in offices_of(actor))
    is_of_office = draft.whom == Whom.PRESENCE and draft.role not in FIELD_ROLES
    return not (actor.is_system or own or is_of_office)


def set_rhythm(
    *, draft: RhythmDraft, area: Area, starts_on: date, actor: Actor, at: datetime, ends_on: date | None = None
) -> Rhythm:
    """Set how often whom is called on below an area, from a day on.

    Raises `NotYours`, also above a community, where the street lets it in first (`proposing`); `InputRefused` for what
    makes no sense, `Conflict` where the same rhythm is in force.
    """
    if not may_set(actor, area):
        raise NotYours(NOT_SETTERS)
    if must_be_let_in(draft, area, actor):
        raise NotYours("社区以上定的走访节奏，要先经过街道准入。")
    refuse_senseless(draft, starts_on, ends_on, at)
    with transaction.atomic():
        same = Rhythm.objects.current().filter(
            area=area, whom=draft.whom, role=draft.role, care_code=draft.care_code, name=draft.name.strip()
        )
        if same.exists():
            raise Conflict("这里已经有同样的走访节奏，请先停用原来的。", field="name")
        rhythm = Rhythm.objects.create(
            name=draft.name.strip(), whom=draft.whom, role=draft.role, span=draft.span, every=draft.every,
            often=draft.often, care_code=draft.care_code, area=area, starts_on=starts_on, ends_on=ends_on,
        )  # fmt: skip
        _tell(rhythm, "set", actor, at)
    return rhythm


def start_rhythm(*, rhythm_id: int, at: datetime) -> int:
    """Lay down the rows of a rhythm that was just set, take away those of one that ended (worker); how many came."""
    day = clock.local_date(at)
    VisitDue.objects.filter(rhythm=rhythm_id, rhythm__ended_at__isnull=False).delete()
    rhythm = Rhythm.objects.current().filter(pk=rhythm_id).select_related("area").first()
    if rhythm is None or rhythm.whom == Whom.PRESENCE or rhythm.starts_on > day:
        return 0
    return keep_dues_of(rhythm, day)


def end_rhythm(*, uid: uuid.UUID, actor: Actor, at: datetime) -> Rhythm:
    """End a rhythm; who was due by it alone is due no more. Raises `NotThere`, `NotYours`, `Conflict`."""
    with transaction.atomic():
        rows = Rhythm.objects.visible_to(actor).filter(uid=uid).select_related("area")
        rhythm = rows.select_for_update(no_key=True, of=("self",)).first()
        if rhythm is None:
            raise NotThere("没有找到这条走访节奏，或它不在您的范围内。")
        if not may_set(actor, rhythm.area):
            raise NotYours("这条走访节奏由上级定的，请联系定它的办公室。")
        if rhythm.ended_at is not None:
            raise Conflict("这条走访节奏已经停用。")
        rhythm.ended_at = at
        _tell(rhythm, "end", actor, at, "ended_at")
    return rhythm


def refuse_senseless(draft: RhythmDraft, starts_on: date, ends_on: date | None, at: datetime) -> None:
    """Raise `InputRefused` by the field of what cannot be."""
    name, is_presence, is_some = draft.name.strip(), draft.whom == Whom.PRESENCE, draft.whom == Whom.SOME
    is_past = starts_on < clock.local_date(at) or (ends_on is not None and ends_on <= starts_on)
    is_possible = 1 <= draft.often <= OFTEN_AT_MOST and 1 <= draft.every <= EVERY_AT_MOST
    known = not draft.care_code or CareKind.objects.filter(code=draft.care_code, ended_at=None).exists()
    wrong = (
        (not name or len(name) > NAME_LENGTH, "name", f"请写名称，最多 {NAME_LENGTH} 个字。"),
        (draft.whom not in Whom.values or draft.span not in Span.values, "whom", "请选走访谁、按什么算。"),
        (not is_presence and draft.role not in FIELD_ROLES, "role", "请选谁来走访：网格员、网格长、楼长或单元长。"),
        (not is_possible, "every", f"次数填 1 到 {OFTEN_AT_MOST}，间隔填 1 到 {EVERY_AT_MOST}。"),
        (is_some and (draft.every, draft.span) != (1, Span.DAY), "span", "“每天若干户”按天算，间隔填 1。"),
        (
            not is_some and not is_presence and draft.often != 1,
            "often",
            "每一户多久走访一次，用间隔来定，例如每 2 周。",
        ),
        (not known, "care_code", "没有这个关爱种类，请重新选。"),
        (is_past, "starts_on", "请从今天或以后开始，止期要在起期以后。"),
    )
    for is_wrong, name_of_field, sentence in wrong:
        if is_wrong:
            raise InputRefused(sentence, field=name_of_field)
    refuse_forbidden(name, field="name")


def _tell(rhythm: Rhythm, verb: str, actor: Actor, at: datetime, *save: str) -> None:
    facts = {
        "name": rhythm.name,
        "whom": str(rhythm.whom),
        "role": str(rhythm.role),
        "often": rhythm.often,
        "every": rhythm.every,
        "span": str(rhythm.span),
        "starts_on": rhythm.starts_on.isoformat(),
        "ends_on": rhythm.ends_on.isoformat() if rhythm.ends_on else None,
    }
    record(
        rhythm, verb, actor=actor, at=at, audience=Audience.DESK, payload=facts,
        area_ids=lines_of([rhythm.area_id])[rhythm.area_id], save=save,
    )  # fmt: skip


def places_to_set(actor: Actor) -> list[Area]:
    """Where the actor may set rhythms: the district, streets and communities."""
    rows = Area.objects.current().of_kind(LevelKind.DISTRICT, LevelKind.STREET, LevelKind.COMMUNITY)
    if not may_keep_district(actor):
        rows = rows.under_paths([seat.path for seat in offices_of(actor)])
    return list(rows.select_related("level").defer("outline").order_by("path"))
