"""准入: what an office or department above asks of communities, and each street's step before it reaches anybody."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from louzhang.accounts.models import User
from louzhang.areas.models import RANKS, Area, LevelKind, Unit
from louzhang.areas.queries import line_of
from louzhang.areas.roles import OFFICE_ROLES, Role
from louzhang.fieldwork.lifecycle.admissions import LABELS, LET_IN, STANDING, AdmissionState, Tie
from louzhang.fieldwork.models.bulletins import Bulletin
from louzhang.journal.actor import Actor
from louzhang.journal.models import Chained
from louzhang.journal.ties import Tied, TiedQuerySet

DISTRICT_RANK, STREET_RANK, COMMUNITY_RANK = (
    RANKS[kind] for kind in (LevelKind.DISTRICT, LevelKind.STREET, LevelKind.COMMUNITY)
)
_STANDING = sorted(state.value for state in STANDING)


class CampaignKind(models.TextChoices):
    """What a campaign of this app asks for."""

    VISIT = "visit", "集中走访"
    SHEET = "sheet", "填报表"
    RHYTHM = "rhythm", "走访节奏"


class Campaign(Chained):
    """布置: a bulk visiting task or a sheet to fill, asked by an office or department of the communities below.

    A rhythm that is set above a community is one too: `rhythm` is what it says (`rhythms.RhythmDraft`), and it asks
    for as many calls as a year, or its days, have rounds.
    `minutes` is how long a household takes where it asks for visits by posts of `role`, a community where it asks for
    a sheet. It reaches nobody; its admissions do.
    """

    subject_kind = "campaign"

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    kind = models.CharField("要做什么", max_length=10, choices=CampaignKind.choices)
    title = models.CharField("名称", max_length=60)
    purpose = models.CharField("为什么做", max_length=300)
    asker = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    role = models.CharField("由谁去", max_length=20, choices=Role.choices, default=Role.CHIEF)
    minutes = models.PositiveSmallIntegerField("一户几分钟", default=3)
    asked_words: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True)
    rhythm: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)
    bulletin = models.ForeignKey(Bulletin, null=True, blank=True, on_delete=models.PROTECT, related_name="campaigns")
    starts_on = models.DateField("开始")
    ends_on = models.DateField("最后一天")
    written_at = models.DateTimeField()
    grounds: models.ManyToManyField[Area, Any] = models.ManyToManyField(Area, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "布置"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(title="") & ~Q(purpose=""), name="campaign_says_what_for"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="campaign_ends_after_start"),
            models.CheckConstraint(
                condition=Q(kind=CampaignKind.SHEET, bulletin__isnull=False)
                | Q(kind__in=[CampaignKind.VISIT, CampaignKind.RHYTHM], bulletin=None),
                name="campaign_sheet_whole",
            ),
            models.CheckConstraint(
                condition=Q(kind=CampaignKind.RHYTHM) & ~Q(rhythm={}) | ~Q(kind=CampaignKind.RHYTHM) & Q(rhythm={}),
                name="campaign_rhythm_whole",
            ),
            models.CheckConstraint(condition=Q(minutes__gte=1, minutes__lte=240), name="campaign_minutes_possible"),
        ]

    def __str__(self) -> str:
        return f"campaign {self.pk}"

    def admissions_asked(self) -> models.QuerySet[Admission]:
        """Those of its streets that have not answered yet."""
        return Admission.objects.of(self.kind, self.uid).filter(status=AdmissionState.ASKED.value)


class AdmissionQuerySet(TiedQuerySet["Admission"]):
    """Admissions one may know of."""

    READ_WITH = ("street__level", "asker")

    def ties_of(self, actor: Actor) -> Mapping[str, Q | None]:
        """Who asks, the street, the district's office, the communities below once it is let in, and the clock."""
        offices = [seat for seat in actor.seats_with(*OFFICE_ROLES) if seat.area_id is not None]
        gates = [seat.area_id for seat in offices if seat.rank == STREET_RANK]
        step = Area.steplen
        streets = [seat.path[: STREET_RANK * step] for seat in offices if seat.rank == COMMUNITY_RANK]
        asks = Q(asker_id__in=sorted(actor.unit_ids)) | Q(author_id=actor.user_id)
        is_district = any(seat.rank == DISTRICT_RANK for seat in offices)
        let_in = Q(status__in=sorted(state.value for state in LET_IN))
        return {
            Tie.ASKER: asks if actor.unit_ids and actor.user_id is not None else None,
            Tie.GATE: Q(street_id__in=gates) if gates else None,
            Tie.ABOVE: Q(pk__isnull=False) if is_district else None,
            Tie.BELOW: let_in & Q(street__path__in=streets) if streets else None,
            Tie.CLOCK: Q(pk__isnull=False) if actor.is_system else None,
        }

    def standing(self) -> Self:
        """Asked or let in."""
        return self.filter(status__in=_STANDING)

    def let_in(self) -> Self:
        """Let in now."""
        return self.filter(status=AdmissionState.ADMITTED.value)

    def of(self, kind: str, source_uid: uuid.UUID) -> Self:
        """Those of one campaign."""
        return self.filter(kind=kind, source_uid=source_uid)


class Admission(Tied):
    """准入: one campaign at one street. What it asks and costs is written down as it was when the street was asked.

    `kind` and `source_uid` name the campaign where it lives (`asking.Kind`), `source_kind` and `source_id` its chain.
    `loads` are homes by the id of the place they stand in, `pace_seconds` how long one takes, measured last time or
    assumed. `questions` are {key, text, known}: `known` names the entry of the register that answers it already;
    `answers` says by key which are filled in from the register and which are not asked. Reasons lie in the events.
    """

    subject_kind = "admission"
    TIES = Tie

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    status = models.CharField(
        max_length=10,
        choices=[(state.value, LABELS[state]) for state in AdmissionState],
        default=AdmissionState.ASKED.value,
    )
    kind = models.CharField(max_length=10)
    source_uid = models.UUIDField()
    source_kind = models.CharField(max_length=20, default="", blank=True)
    source_id = models.BigIntegerField(null=True, blank=True)
    title = models.CharField("名称", max_length=60)
    purpose = models.CharField("为什么做", max_length=300)
    asker = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    street = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField()
    role = models.CharField(max_length=20, default="", blank=True)
    loads: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)
    households = models.PositiveIntegerField(default=0)
    pace_seconds = models.PositiveIntegerField(default=0)
    is_pace_measured = models.BooleanField(default=False)
    questions: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True)
    answers: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)
    rhythms = ArrayField(models.UUIDField(), default=list, blank=True)
    is_emergency = models.BooleanField(default=False)
    decision = models.CharField("应急决定", max_length=200, default="", blank=True)
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = AdmissionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "准入"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(status__in=[state.value for state in AdmissionState]), name="admission_status_known"
            ),
            models.CheckConstraint(condition=Q(is_emergency=False) | ~Q(decision=""), name="admission_emergency_named"),
            models.CheckConstraint(
                condition=~Q(status__in=[AdmissionState.ADMITTED.value, AdmissionState.DECLINED.value])
                | Q(decided_at__isnull=False),
                name="admission_decided_when",
            ),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="admission_ends_after_start"),
            models.UniqueConstraint(
                fields=["source_uid", "street"], condition=Q(status__in=_STANDING), name="admission_once_standing"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["street", "-id"], name="admission_street"),
            models.Index(fields=["asker", "-id"], name="admission_asker"),
        ]

    def __str__(self) -> str:
        return f"admission {self.pk}"

    def event_area_ids(self) -> list[int]:
        """The line down to the street."""
        return [area.pk for area in line_of(self.street)]

    def event_tie(self, actor: Actor) -> tuple[int | None, int | None]:
        """The seat at the street, in the asking unit, or the first."""
        return actor.post_at(self.street_id, self.asker_id), self.asker_id if self.asker_id in actor.unit_ids else None

    @property
    def is_let_in(self) -> bool:
        """Whether it may reach holders now."""
        return self.status == AdmissionState.ADMITTED

    @property
    def minutes(self) -> int:
        """All of it, at the pace it was asked with."""
        return round(self.households * self.pace_seconds / 60)
