"""Teams that are sent for a term, and what places ask for."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from django.db import IntegrityError, transaction

from louzhang.areas.models import Area
from louzhang.areas.queries import line_of
from louzhang.areas.rights import offices_of
from louzhang.journal.actions import record
from louzhang.journal.actor import Actor
from louzhang.journal.models import Audience
from louzhang.journal.refusals import Conflict, InputRefused, NotThere, NotYours
from louzhang.roster.models.posted import PostedTeam, Posting, Strength, StrengthNeed

YEARS_AT_MOST = 5
NOT_ABOVE = "队伍由街道或区里组建和管理。"


def form_team(
    *,
    name: str,
    area: Area,
    starts_on: date,
    ends_on: date,
    actor: Actor,
    at: datetime,
    document: str = "",
    days_a_week: int = 2,
    entry_id: uuid.UUID | None = None,
) -> PostedTeam:
    """A street or the district forms a team for a term (R5: one year, on site at least twice a week).

    Raises `NotYours` for everybody below, `InputRefused` for a term that is none or longer than five years.
    """
    if actor.is_read_only or area.level.rank > 2 or not _is_office_over(actor, area):
        raise NotYours(NOT_ABOVE)
    if not name.strip():
        raise InputRefused("请写队伍的名称，例如“第一书记”。", field="name")
    if not starts_on < ends_on <= starts_on.replace(year=starts_on.year + YEARS_AT_MOST, day=1):
        raise InputRefused(f"请选从哪天到哪天，最长 {YEARS_AT_MOST} 年。", field="ends_on")
    with transaction.atomic():
        team = PostedTeam.objects.create(
            name=name.strip(), area=area, document=document.strip(), days_a_week=days_a_week,
            starts_on=starts_on, ends_on=ends_on,
        )  # fmt: skip
        record(
            team, "form", actor=actor, at=at, audience=Audience.DESK,
            payload={"starts_on": starts_on.isoformat(), "ends_on": ends_on.isoformat(), "days": days_a_week},
            area_ids=[node.pk for node in line_of(area)], entry_id=entry_id,
        )  # fmt: skip
    return team


def end_team(*, team_id: int, actor: Actor, at: datetime) -> PostedTeam:
    """End a team nobody serves in any more. Raises `NotThere`, `Conflict` while somebody does."""
    with transaction.atomic():
        team = PostedTeam.objects.run_by(actor).select_for_update(no_key=True).filter(pk=team_id).first()
        if team is None or actor.is_read_only:
            raise NotThere("没有找到这支队伍，或它不归您管理。")
        if team.ended_at is not None:
            raise Conflict("这支队伍已经结束了。")
        if Posting.objects.standing().filter(team=team).exists():
            raise Conflict("还有人在这支队伍里，请先办完他们的派驻。")
        team.ended_at = at
        record(
            team, "end", actor=actor, at=at, audience=Audience.DESK, save=("ended_at",),
            area_ids=[node.pk for node in line_of(team.area)],
        )  # fmt: skip
    return team


def raise_need(
    *, area: Area, strength: str, actor: Actor, at: datetime, note: str = "", entry_id: uuid.UUID | None = None
) -> StrengthNeed:
    """A place asks for somebody who is good at something. Raises `NotYours`, `Conflict` where it asks already."""
    if actor.is_read_only or not _is_office_over(actor, area):
        raise NotYours("用人需求由所在社区或上级办公室来提。")
    try:
        with transaction.atomic():
            need = StrengthNeed.objects.create(
                area=area, strength=Strength(strength), note=note.strip()[:120], raised_at=at
            )
            record(
                need, "raise", actor=actor, at=at, audience=Audience.DESK, payload={"strength": need.strength},
                area_ids=[node.pk for node in line_of(area)], entry_id=entry_id,
            )  # fmt: skip
    except IntegrityError:
        raise Conflict("这个需求已经提过，还没有办完。", field="strength") from None
    return need


def close_need(*, need_id: int, actor: Actor, at: datetime) -> StrengthNeed:
    """It is met, or asked for no more. Raises `NotThere`."""
    with transaction.atomic():
        need = StrengthNeed.objects.select_related("area").select_for_update(no_key=True, of=("self",))
        row = need.filter(pk=need_id, ended_at=None).first()
        if row is None or actor.is_read_only or not _is_office_over(actor, row.area):
            raise NotThere("没有找到这条需求，或它不在您的范围内。")
        row.ended_at = at
        record(
            row, "close", actor=actor, at=at, audience=Audience.DESK, save=("ended_at",),
            area_ids=[node.pk for node in line_of(row.area)],
        )  # fmt: skip
    return row


def _is_office_over(actor: Actor, area: Area) -> bool:
    return any(area.path.startswith(seat.path) for seat in offices_of(actor) if seat.path)
