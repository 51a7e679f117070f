"""布置 from above: a bulk visiting task or a sheet to fill goes to the streets, which let it in or not."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from louzhang.areas.models import Area, Unit, UnitKind
from louzhang.areas.rights import offices_of
from louzhang.areas.roles import FIELD_ROLES, UNIT_ROLES
from louzhang.fieldwork.actions.admitting import ask_admissions
from louzhang.fieldwork.asking import Asking, Question
from louzhang.fieldwork.models import Bulletin, Campaign, CampaignKind
from louzhang.fieldwork.models.admissions import COMMUNITY_RANK
from louzhang.fieldwork.models.rhythms import EVERY_AT_MOST
from louzhang.fieldwork.queries.paces import visit_pace
from louzhang.journal.actions import record
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import InputRefused, NotYours
from louzhang.kit import clock
from louzhang.register.forbidden import refuse_forbidden

LONGEST = timedelta(days=7 * EVERY_AT_MOST)
WORDS_AT_MOST = 20
NOT_ASKERS = "布置由区和街道的办公室，或区里的部门发起。社区自己的安排不用准入，请用“每日工作”。"


@dataclass(frozen=True, slots=True)
class CampaignDraft:
    """What is asked; `asked` are the things to find out, `minutes` a household (or a sheet) by the asker's estimate."""

    kind: str
    title: str
    purpose: str
    starts_on: date
    ends_on: date
    area_ids: Sequence[int]
    minutes: int = 3
    role: str = FIELD_ROLES[1]
    asked: Sequence[str] = ()
    bulletin_uid: uuid.UUID | None = None
    decision: str = ""


def asking_units(actor: Actor) -> list[Unit]:
    """The units for which the actor may ask from above: offices above communities, departments; one query."""
    if actor.is_read_only:
        return []
    offices = [seat.area_id for seat in offices_of(actor) if seat.rank < COMMUNITY_RANK]
    units = [seat.unit_id for seat in actor.seats_with(*UNIT_ROLES) if seat.unit_id is not None]
    rows = Unit.objects.filter(ended_at=None).order_by("kind", "pk")
    own = rows.filter(office_area_id__in=offices) | rows.filter(pk__in=units, kind=UnitKind.DEPARTMENT)
    return list(own.select_related("office_area"))


def grounds_of(unit: Unit, at: datetime) -> list[str]:
    """The paths below which a unit may ask: those of its office, or those it serves."""
    if unit.office_area is not None:
        return [unit.office_area.path]
    return list(unit.served_areas.as_of(clock.local_date(at)).values_list("area__path", flat=True))


def ask_campaign(
    *, draft: CampaignDraft, unit: Unit, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> Campaign:
    """Ask communities for visits or a sheet: it waits for each street. Raises `NotYours`, `InputRefused`."""
    if actor.user_id is None or unit.pk not in {each.pk for each in asking_units(actor)}:
        raise NotYours(NOT_ASKERS)
    _refuse_senseless(draft, at)
    paths = grounds_of(unit, at)
    rows = Area.objects.get_queryset().under_paths(paths).current().defer("outline")
    grounds = list(rows.filter(pk__in=draft.area_ids))
    if not grounds or len(grounds) < len(set(draft.area_ids)):
        raise InputRefused("请选择在哪里做，而且要在本单位的范围内。", field="area_ids")
    with transaction.atomic():
        campaign = Campaign.objects.create(
            kind=draft.kind, title=" ".join(draft.title.split()), purpose=" ".join(draft.purpose.split()), asker=unit,
            author_id=actor.user_id, role=draft.role, minutes=draft.minutes, starts_on=draft.starts_on,
            asked_words=[" ".join(each.split()) for each in draft.asked], ends_on=draft.ends_on, written_at=at,
            bulletin=_bulletin(draft, actor),
        )  # fmt: skip
        campaign.grounds.set(grounds)
        record(campaign, "write", actor=actor, at=at, payload={"kind": campaign.kind}, entry_id=entry_id)
        ask_admissions(asking=_asking(campaign, grounds, draft.decision), actor=actor, at=at)
    return campaign


def _refuse_senseless(draft: CampaignDraft, at: datetime) -> None:
    for name in ("title", "purpose"):
        if not getattr(draft, name).strip():
            raise InputRefused("请写清楚名称和为什么做。", field=name)
        refuse_forbidden(getattr(draft, name), field=name)
    for words in draft.asked:
        refuse_forbidden(words, field="asked")
    if len(draft.asked) > WORDS_AT_MOST:
        raise InputRefused(f"最多问 {WORDS_AT_MOST} 项。", field="asked")
    if draft.starts_on < clock.local_date(at):
        raise InputRefused("开始的日子已经过去了，请改到今天或以后。", field="starts_on")
    if not draft.starts_on <= draft.ends_on <= draft.starts_on + LONGEST:
        raise InputRefused(f"最后一天不能早于开始，最长 {LONGEST.days} 天。", field="ends_on")
    if draft.role not in FIELD_ROLES:
        raise InputRefused("请选由谁去。", field="role")


def _bulletin(draft: CampaignDraft, actor: Actor) -> Bulletin | None:
    if draft.kind != CampaignKind.SHEET:
        return None
    rows = Bulletin.objects.visible_to(actor).current()
    found = rows.filter(uid=draft.bulletin_uid).first() if draft.bulletin_uid is not None else None
    if found is None:
        raise InputRefused("请选择要填的报表。还没有的，请先在“上级报表”上传空表。", field="bulletin")
    return found


def _asking(campaign: Campaign, grounds: Sequence[Area], decision: str) -> Asking:
    measured = visit_pace([area.path for area in grounds]) if campaign.kind == CampaignKind.VISIT else None
    return Asking(
        kind=campaign.kind,
        source_uid=campaign.uid,
        title=campaign.title,
        purpose=campaign.purpose,
        asker_id=campaign.asker_id,
        author_id=campaign.author_id,
        grounds=grounds,
        starts_on=campaign.starts_on,
        ends_on=campaign.ends_on,
        pace_seconds=measured or campaign.minutes * 60,
        is_pace_measured=measured is not None,
        role=campaign.role if campaign.kind == CampaignKind.VISIT else "",
        questions=[Question(f"a{place}", words) for place, words in enumerate(campaign.asked_words, start=1)],
        decision=" ".join(decision.split()),
        subject=(Campaign.subject_kind, campaign.pk),
    )
