"""奖金: what is owed for an honour, ticked off by two people; the account a person gave for it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from louzhang.accounts.models import User
from louzhang.areas.models import Area, area_below
from louzhang.areas.queries import line_of
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.journal.actor import Actor
from louzhang.journal.sealed import Sealed
from louzhang.journal.ties import Tied, TiedQuerySet
from louzhang.roster.lifecycle.honours import BONUS_LABELS, BonusState, BonusTie
from louzhang.roster.models.honours.honours import Honour

SHOWN_DIGITS = 4


class BonusQuerySet(TiedQuerySet["Bonus"]):
    """Bonuses: seen by who gets one, the office that pays it, and offices above."""

    READ_WITH = ("area__level", "user")

    def ties_of(self, actor: Actor) -> Mapping[str, Q | None]:
        """Who stands how to a bonus."""
        offices = [seat for seat in actor.seats_with(*OFFICE_ROLES) if seat.area_id is not None]
        here = [seat.area_id for seat in offices]
        above = area_below([seat.path for seat in offices])
        return {
            BonusTie.PAYEE: Q(user_id=actor.user_id) if actor.user_id is not None else None,
            BonusTie.DESK: Q(area_id__in=here) if here else None,
            BonusTie.ABOVE: above & ~Q(area_id__in=here) if above is not None else None,
        }


class Bonus(Tied):
    """One bonus of one honour, in yuan as the rule stood on the day of the award; two people tick it off."""

    subject_kind = "honour_bonus"
    TIES = BonusTie

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    status = models.CharField(
        max_length=10,
        choices=[(state.value, BONUS_LABELS[state]) for state in BonusState],
        default=BonusState.OWED.value,
    )
    honour = models.OneToOneField(Honour, on_delete=models.PROTECT, related_name="bonus")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="bonuses")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="bonuses", db_index=False)
    month = models.DateField()
    yuan = models.PositiveIntegerField("金额（元）")
    owed_at = models.DateTimeField()
    first_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    second_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    paid_on = models.DateField("发放日期", null=True, blank=True)

    objects = BonusQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "奖金"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(status__in=[state.value for state in BonusState]), name="roster_bonus_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status=BonusState.PAID.value, first_by__isnull=False, second_by__isnull=False,
                            paid_on__isnull=False)
                | Q(status=BonusState.TICKED.value, first_by__isnull=False, second_by=None, paid_on=None)
                | Q(status__in=[BonusState.OWED.value, BonusState.CANCELLED.value], second_by=None, paid_on=None),
                name="roster_bonus_ticked_by_two",
            ),
            models.CheckConstraint(
                condition=Q(second_by=None) | ~Q(second_by=F("first_by")), name="roster_bonus_two_people"
            ),
            models.CheckConstraint(
                condition=(Q(first_by=None) | ~Q(first_by=F("user"))) & (Q(second_by=None) | ~Q(second_by=F("user"))),
                name="roster_bonus_not_by_payee",
            ),
            models.CheckConstraint(condition=Q(yuan__gte=1), name="roster_bonus_some"),
        ]  # fmt: skip
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["area", "-month"], name="roster_bonus_area")]

    def __str__(self) -> str:
        return f"bonus {self.pk}"

    def event_area_ids(self) -> list[int]:
        """The line down to the place that pays it."""
        return [area.pk for area in line_of(self.area)]

    def event_tie(self, actor: Actor) -> tuple[int | None, int | None]:
        """The seat in the office or above it."""
        return actor.post_above(self.area.path) or actor.post_at(None, None), None


class PayAccount(Sealed):
    """收款账户: given by the person, sealed, shown by its last digits; empty once taken back."""

    subject_kind: ClassVar[str] = "pay_account"
    SEALED: ClassVar[Mapping[str, str]] = {"number": "number_sealed", "bank": "bank_sealed"}

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="pay_account")
    number_sealed = models.TextField(default="", blank=True)
    bank_sealed = models.TextField(default="", blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = "收款账户"

    def __str__(self) -> str:
        return f"pay account {self.pk}"

    @property
    def masked(self) -> str:
        """**** 1234; blank where none is given."""
        number = self.open_field("number")
        return f"**** {number[-SHOWN_DIGITS:]}" if number else ""
