"""The roll and the envelopes: who has a vote, where its envelope lies. All of it goes with the count."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from louzhang.ballots.models.polls import Poll, Teller
from louzhang.register.models import Household, Resident

SLOTS = 128


class Bundle(models.Model):
    """票束: the envelopes of up to 128 electors, sealed as one under the round key, always of the same length.

    A vote opens and seals the whole of it, so that the row tells neither whose envelope was changed nor whether one
    is empty.
    """

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    poll = models.ForeignKey(Poll, on_delete=models.PROTECT, related_name="bundles")
    sealed = models.BinaryField()

    class Meta:
        verbose_name = verbose_name_plural = "票束"

    def __str__(self) -> str:
        return f"bundle of poll {self.poll_id}"


class Elector(models.Model):
    """选民: one vote, of a household or of an adult; in the order of a lot. A vote changes nothing in this row.

    `bundle` and `slot` say where the envelope lies, from the day the roll is fixed. `code_hash` is that of the slip
    printed last. `proxy` is the elector who votes in their stead. `wants_box`: asked for the box at the door.
    `member_ids` are the residents whose vote it is, as they lived there when the roll was made: who moves in later
    votes elsewhere or not at all.
    """

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    poll = models.ForeignKey(Poll, on_delete=models.PROTECT, related_name="electors")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    resident = models.ForeignKey(Resident, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    bundle = models.ForeignKey(Bundle, null=True, blank=True, on_delete=models.PROTECT, related_name="electors")
    slot = models.PositiveSmallIntegerField(null=True, blank=True)
    code_hash = models.CharField(max_length=64, default="", blank=True)
    proxy = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="principals")
    wants_box = models.BooleanField("要求送票上门", default=False)
    member_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "名册"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["poll", "household"], condition=Q(resident=None), name="elector_once_per_household"
            ),
            models.UniqueConstraint(fields=["poll", "resident"], name="elector_once_per_person"),
            models.UniqueConstraint(fields=["bundle", "slot"], name="elector_own_envelope"),
            models.UniqueConstraint(fields=["code_hash"], condition=~Q(code_hash=""), name="elector_code_once"),
            models.CheckConstraint(
                condition=Q(bundle=None, slot=None) | Q(bundle__isnull=False, slot__gte=0, slot__lt=SLOTS),
                name="elector_envelope_whole",
            ),
            models.CheckConstraint(condition=Q(proxy=None) | ~Q(proxy=models.F("id")), name="elector_proxy_is_another"),
        ]

    def __str__(self) -> str:
        return f"elector of poll {self.poll_id}"


class Objection(models.Model):
    """异议: a household says that it is missing on the roll, or wrongly there; its words are an event of the poll.

    `seq` is that event. `is_upheld` is what a counter found, with a sentence; None while it waits.
    """

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    poll = models.ForeignKey(Poll, on_delete=models.PROTECT, related_name="objections")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    resident = models.ForeignKey(Resident, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    wants_in = models.BooleanField("应当列入")
    seq = models.PositiveIntegerField()
    is_upheld = models.BooleanField(null=True, blank=True)
    answer_seq = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "名册异议"

    def __str__(self) -> str:
        return f"objection in poll {self.poll_id}"


class PaperCount(models.Model):
    """纸票: the totals one person has typed, sealed under the round key so that no part of the result lies open."""

    poll = models.ForeignKey(Poll, on_delete=models.PROTECT, related_name="paper_counts")
    teller = models.OneToOneField(Teller, on_delete=models.PROTECT, related_name="paper_count")
    sealed = models.BinaryField()

    class Meta:
        verbose_name = verbose_name_plural = "纸票录入"

    def __str__(self) -> str:
        return f"paper totals of poll {self.poll_id}"
