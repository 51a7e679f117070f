"""荣誉: one honour from its proposal on; objections during its notice."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q

from louzhang.accounts.models import User
from louzhang.areas.models import Area, area_below
from louzhang.areas.queries import line_of
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.journal.actor import Actor
from louzhang.journal.sealed import Sealed
from louzhang.journal.ties import Tied, TiedQuerySet, own_term
from louzhang.register.models import Resident, own_residents
from louzhang.roster.lifecycle.honours import LABELS, LIVE, HonourState, Tie
from louzhang.roster.models.honours.kinds import HonourKind, Often

WORDS_AT_MOST = 500
FORGOTTEN = "一位居民（已按规定不留名）"
_LIVE = sorted(state.value for state in LIVE)
_ON_WALL = Q(status=HonourState.AWARDED.value) & (Q(building__isnull=False) | Q(on_wall_at__isnull=False))


class HonourQuerySet(TiedQuerySet["Honour"]):
    """Honours: of the own ones all, of one's office all, of others what is on notice or on the wall."""

    READ_WITH = ("kind", "area__level", "building", "holder", "resident")

    def ties_of(self, actor: Actor) -> Mapping[str, Q | None]:
        """Who stands how to an honour; the clock does nothing here."""
        offices = [seat for seat in actor.seats_with(*OFFICE_ROLES) if seat.area_id is not None]
        here = [seat.area_id for seat in offices]
        above = area_below([seat.path for seat in offices])
        return {
            Tie.NOMINEE: _own(actor),
            Tie.PROPOSER: own_term(actor, "proposer_id"),
            Tie.DESK: Q(area_id__in=here) if here else None,
            Tie.ABOVE: above & ~Q(area_id__in=here) if above is not None else None,
            Tie.PUBLIC: None if actor.is_system else Q(status=HonourState.NOTICE.value) | _ON_WALL,
        }

    def on_wall(self) -> Self:
        """Awarded, and for all to see: buildings, and people who agreed."""
        return self.filter(_ON_WALL)

    def awarded(self) -> Self:
        """Given and not taken back."""
        return self.filter(status=HonourState.AWARDED.value)

    def on_notice(self) -> Self:
        """Shown to all before it is given."""
        return self.filter(status=HonourState.NOTICE.value)

    def of_month(self, month: date) -> Self:
        """Those of a month, and of its year."""
        yearly = Q(kind__often=Often.YEAR, month=month.replace(month=1, day=1))
        return self.filter(Q(month=month.replace(day=1)) | yearly)


def _own(actor: Actor) -> Q | None:
    """Those for the actor: by account, or as the resident they were confirmed to be."""
    if actor.user_id is None and not actor.device:
        return None
    as_resident = Q(resident_id__in=own_residents(actor).values("resident_id"))
    return as_resident if actor.user_id is None else as_resident | Q(holder_id=actor.user_id)


class Honour(Sealed, Tied):
    """One honour for one person or one building.

    A person is a `holder` of a post, a `resident` of the register, or a name somebody wrote down (sealed). The last
    two have no account: they agree on paper or on the phone they are bound to (`consented_on`); once forgotten
    (`erased_at`) the row names nobody.

    `month` is its first day (1 January of a yearly one). What was said for and against it are words of its events:
    `cited_seq` is the one with the reason that stands on wall and certificate. On notice a person is named by post
    and masked name; the wall names only who agreed (`on_wall_at`), until they take it back, with a photo they gave
    (`photo_uid`).
    """

    subject_kind = "honour"
    SEALED: ClassVar[Mapping[str, str]] = {"name": "name_sealed"}
    TIES = Tie

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    status = models.CharField(
        max_length=10,
        choices=[(state.value, LABELS[state]) for state in HonourState],
        default=HonourState.PROPOSED.value,
    )
    kind = models.ForeignKey(HonourKind, on_delete=models.PROTECT, related_name="honours", db_index=False)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="honours", db_index=False)
    month = models.DateField()
    holder = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="honours", db_index=False
    )
    building = models.ForeignKey(
        Area, null=True, blank=True, on_delete=models.PROTECT, related_name="building_honours", db_index=False
    )
    resident = models.ForeignKey(
        Resident, null=True, blank=True, on_delete=models.PROTECT, related_name="honours", db_index=False
    )
    name_sealed = models.TextField(default="", blank=True)
    consented_on = models.DateField("本人同意的日期", null=True, blank=True)
    place = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    role = models.CharField("当时的职务", max_length=20, default="", blank=True)
    is_volunteer = models.BooleanField(default=False)
    proposer = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    device_hash = models.CharField(max_length=64, default="", blank=True)
    checker = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    cited_seq = models.PositiveIntegerField(default=1)
    proposed_at = models.DateTimeField()
    notice_from = models.DateField("公示起", null=True, blank=True)
    notice_until = models.DateField("公示到", null=True, blank=True)
    awarded_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    on_wall_at = models.DateTimeField(null=True, blank=True)
    photo_uid = models.UUIDField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    objects = HonourQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "荣誉"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(status__in=[state.value for state in HonourState]), name="roster_honour_status_known"
            ),
            models.CheckConstraint(
                condition=Q(holder__isnull=False, building=None, resident=None, name_sealed="", erased_at=None)
                | Q(holder=None, building__isnull=False, resident=None, name_sealed="", erased_at=None)
                | Q(holder=None, building=None, resident__isnull=False, name_sealed="", erased_at=None)
                | (Q(holder=None, building=None, resident=None, erased_at=None) & ~Q(name_sealed=""))
                | Q(holder=None, building=None, resident=None, name_sealed="", erased_at__isnull=False),
                name="roster_honour_one_target",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[HonourState.NOTICE.value, HonourState.AWARDED.value])
                | Q(notice_until__isnull=False, checker__isnull=False),
                name="roster_honour_checked_before",
            ),
            models.CheckConstraint(
                condition=Q(checker=None) | Q(proposer=None) | ~Q(checker=F("proposer")),
                name="roster_honour_checked_by_another",
            ),
            models.CheckConstraint(
                condition=Q(checker=None) | Q(holder=None) | ~Q(checker=F("holder")),
                name="roster_honour_not_checked_by_nominee",
            ),
            models.CheckConstraint(
                condition=~Q(status=HonourState.AWARDED.value) | Q(awarded_at__isnull=False),
                name="roster_honour_awarded_when",
            ),
            models.CheckConstraint(
                condition=Q(on_wall_at=None) | Q(status=HonourState.AWARDED.value, building=None, erased_at=None),
                name="roster_honour_wall_of_awarded",
            ),
            models.CheckConstraint(
                condition=Q(photo_uid=None) | Q(on_wall_at__isnull=False), name="roster_honour_photo_on_wall"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[HonourState.NOTICE.value, HonourState.AWARDED.value])
                | (Q(resident=None) & Q(name_sealed=""))
                | Q(consented_on__isnull=False),
                name="roster_honour_resident_agreed",
            ),
            models.UniqueConstraint(
                fields=["kind", "area", "month", "holder"],
                condition=Q(status__in=_LIVE, holder__isnull=False),
                name="roster_honour_person_once",
            ),
            models.UniqueConstraint(
                fields=["kind", "area", "month", "resident"],
                condition=Q(status__in=_LIVE, resident__isnull=False),
                name="roster_honour_resident_once",
            ),
            models.UniqueConstraint(
                fields=["kind", "area", "month", "building"],
                condition=Q(status__in=_LIVE, building__isnull=False),
                name="roster_honour_building_once",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["area", "-month"], name="roster_honour_area"),
            models.Index(fields=["holder"], condition=Q(holder__isnull=False), name="roster_honour_holder"),
            models.Index(fields=["building"], condition=Q(building__isnull=False), name="roster_honour_building"),
            models.Index(fields=["resident"], condition=Q(resident__isnull=False), name="roster_honour_resident"),
        ]

    def __str__(self) -> str:
        return f"honour {self.pk}"

    @property
    def has_no_account(self) -> bool:
        """Whether it is for somebody without a post, who agrees on paper."""
        return self.resident_id is not None or bool(self.name_sealed)

    @property
    def whole_name(self) -> str:
        """Whom it is for, as the office reads it; read with holder, resident and building."""
        if self.holder is not None:
            return self.holder.name
        if self.building is not None:
            return str(self.building)
        name = self.resident.name if self.resident is not None else self.open_field("name")
        return name or FORGOTTEN

    @property
    def hidden_name(self) -> str:
        """The same with the middle of the name hidden, for everybody."""
        if self.holder is not None:
            return self.holder.masked_name
        name = self.resident.masked_name if self.resident is not None else self.masked_name
        return name or FORGOTTEN

    @property
    def is_on_notice(self) -> bool:
        """Whether anybody may speak against it now."""
        return self.status == HonourState.NOTICE

    def event_area_ids(self) -> list[int]:
        """The line down to the place that gives it."""
        return [area.pk for area in line_of(self.area)]

    def event_tie(self, actor: Actor) -> tuple[int | None, int | None]:
        """The seat in the office or above it."""
        return actor.post_above(self.area.path) or actor.post_at(None, None), None


class Objection(models.Model):
    """意见: what somebody said during the notice; both texts are words of events of the honour."""

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    honour = models.ForeignKey(Honour, on_delete=models.PROTECT, related_name="objections")
    user = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    device_hash = models.CharField(max_length=64, default="", blank=True)
    said_seq = models.PositiveIntegerField()
    said_at = models.DateTimeField()
    answered_seq = models.PositiveIntegerField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    is_upheld = models.BooleanField(default=False)

    class Meta:
        verbose_name = verbose_name_plural = "公示意见"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_seq=None)
                | Q(answered_at__isnull=False, answered_seq__isnull=False),
                name="roster_objection_answered_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"objection {self.pk}"
