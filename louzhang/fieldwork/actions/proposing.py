"""走访节奏 from above: what is set above a community goes to the streets first, like any bulk task (准入)."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from datetime import date, datetime, timedelta

from django.db import transaction

from louzhang.areas.models import Area, Unit
from louzhang.areas.queries import district, setting
from louzhang.areas.rights import may_keep_district, offices_of
from louzhang.fieldwork.actions.admitting import ask_admissions
from louzhang.fieldwork.actions.rhythms import (
    NOT_SETTERS,
    PRESETS,
    RhythmDraft,
    may_set,
    must_be_let_in,
    refuse_senseless,
    set_rhythm,
)
from louzhang.fieldwork.asking import Asking
from louzhang.fieldwork.models import Campaign, CampaignKind, Rhythm, Whom
from louzhang.fieldwork.queries.paces import visit_pace
from louzhang.fieldwork.queries.rhythms import spoken_often
from louzhang.journal.actions import record
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import Conflict, NotYours
from louzhang.kit import clock

# One that has no end of its own is let in for so long; then the street is asked again.
LET_IN_FOR = timedelta(days=365)
# What one time takes, where it is no call at a home.
_MINUTES: dict[str, str] = {Whom.PRESENCE: "minutes_presence"}


def set_or_ask(
    *, draft: RhythmDraft, area: Area, starts_on: date, actor: Actor, at: datetime, ends_on: date | None = None
) -> Rhythm | Campaign:
    """Set a rhythm, or ask the streets to let it in where it comes from above. Raises what the two raise."""
    if may_set(actor, area) and must_be_let_in(draft, area, actor):
        return ask_rhythm(draft=draft, area=area, starts_on=starts_on, ends_on=ends_on, actor=actor, at=at)
    return set_rhythm(draft=draft, area=area, starts_on=starts_on, ends_on=ends_on, actor=actor, at=at)


def ask_rhythm(
    *,
    draft: RhythmDraft,
    area: Area,
    starts_on: date,
    actor: Actor,
    at: datetime,
    ends_on: date | None = None,
    entry_id: uuid.UUID | None = None,
) -> Campaign:
    """Ask the streets of a place for a rhythm: it plans nobody's day before one of them says yes, and only there.

    Raises `NotYours`, `InputRefused` for what makes no sense or concerns nobody, `Conflict` while it waits already.
    """
    unit = _asker(actor, area)
    if unit is None or actor.user_id is None or not may_set(actor, area):
        raise NotYours(NOT_SETTERS)
    refuse_senseless(draft, starts_on, ends_on, at)
    last = ends_on - timedelta(days=1) if ends_on is not None else starts_on + LET_IN_FOR
    with transaction.atomic():
        campaign = Campaign.objects.create(
            kind=CampaignKind.RHYTHM, title=draft.name.strip(), purpose=_purpose(draft), asker=unit,
            author_id=actor.user_id, role=draft.role,
            minutes=int(setting(_MINUTES.get(draft.whom, "minutes_visit"), at)),
            rhythm={name: str(said) if isinstance(said, str) else said for name, said in asdict(draft).items()},
            starts_on=starts_on, ends_on=last, written_at=at,
        )  # fmt: skip
        if _is_asked_already(campaign, area):
            raise Conflict("同样的走访节奏已经送了街道准入，请等街道答复。", field="name")
        campaign.grounds.set([area])
        record(campaign, "write", actor=actor, at=at, payload={"kind": campaign.kind}, entry_id=entry_id)
        ask_admissions(asking=_asking(campaign, area), actor=actor, at=at)
    return campaign


def _asker(actor: Actor, area: Area) -> Unit | None:
    """The highest office of the actor's above a place; the keeper of the district asks in the name of its office."""
    seats = sorted((seat for seat in offices_of(actor) if area.path.startswith(seat.path)), key=lambda seat: seat.rank)
    top = district() if not seats and may_keep_district(actor) else None
    place = seats[0].area_id if seats else top.pk if top is not None else None
    return Unit.objects.filter(office_area_id=place, ended_at=None).first() if place is not None else None


def _is_asked_already(campaign: Campaign, area: Area) -> bool:
    """Whether the same one waits for the same place; one that was answered can be asked again."""
    same = Campaign.objects.filter(kind=CampaignKind.RHYTHM, rhythm=campaign.rhythm, grounds=area)
    return any(each.admissions_asked().exists() for each in same.exclude(pk=campaign.pk))


def _purpose(draft: RhythmDraft) -> str:
    often = spoken_often(draft.whom, draft.often, draft.every, draft.span)
    return f"长期的走访节奏：{often}。街道同意以后排进每天的清单。"


def _asking(campaign: Campaign, area: Area) -> Asking:
    is_presence = campaign.rhythm["whom"] == Whom.PRESENCE
    measured = None if is_presence else visit_pace([area.path])
    return Asking(
        kind=campaign.kind,
        source_uid=campaign.uid,
        title=campaign.title,
        purpose=campaign.purpose,
        asker_id=campaign.asker_id,
        author_id=campaign.author_id,
        grounds=[area],
        starts_on=campaign.starts_on,
        ends_on=campaign.ends_on,
        pace_seconds=measured or campaign.minutes * 60,
        is_pace_measured=measured is not None,
        role=campaign.role,
        subject=(Campaign.subject_kind, campaign.pk),
    )


def lay_down_presets(*, actor: Actor, at: datetime) -> list[Rhythm | Campaign]:
    """Set the rhythms of the rows for the whole district, or ask for them, as far as it has none of that name."""
    root = district()
    if root is None:
        return []
    taken = set(Rhythm.objects.current().values_list("name", flat=True)) | _waiting_names()
    day = clock.local_date(at)
    return [
        set_or_ask(draft=draft, area=root, starts_on=day, actor=actor, at=at)
        for draft in PRESETS
        if draft.name not in taken
    ]


def _waiting_names() -> set[str]:
    rows = Campaign.objects.filter(kind=CampaignKind.RHYTHM)
    return {row.title for row in rows if row.admissions_asked().exists()}
