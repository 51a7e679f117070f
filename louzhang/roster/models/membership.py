"""本人登记: what somebody tells the roster about themselves, for a purpose, as long as they like.

Events of both kinds of entry stand on one chain (`OwnEntry`) and say only that the own entries were changed, since
an event is for ever: whoever reads the journal cannot tell a certificate in first aid from anything else.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from louzhang.accounts.models import User
from louzhang.areas.rights import posts_visible_to
from louzhang.areas.roles import FIELD_ROLES, OFFICE_ROLES
from louzhang.journal.actor import Actor
from louzhang.journal.models import Chained
from louzhang.journal.sealed import Sealed

OTHER_LENGTH = 60
BRANCH_LENGTH = 40


class Education(models.TextChoices):
    """How far somebody went to school."""

    PRIMARY = "primary", "小学"
    JUNIOR = "junior", "初中"
    HIGH = "high", "高中、中专"
    COLLEGE = "college", "大专"
    BACHELOR = "bachelor", "本科及以上"


HIGH_SCHOOL_OR_ABOVE = (Education.HIGH, Education.COLLEGE, Education.BACHELOR)


class Skill(models.TextChoices):
    """What somebody has learnt that a building can need."""

    FIRST_AID = "first_aid", "急救证"
    LAW = "law", "法律"
    MEDIATION = "mediation", "调解"
    NURSING = "nursing", "护理"
    MIND = "mind", "心理咨询"
    ELECTRICITY = "electricity", "电工"
    FIRE = "fire", "消防"
    TEACHING = "teaching", "教师"
    SIGNING = "signing", "手语"


class OwnEntryQuerySet(models.QuerySet["OwnEntry"]):
    """Entries: the own one, and those of people with a post below one's office."""

    def visible_to(self, actor: Actor) -> Self:
        """Whose training one plans, and oneself."""
        if not isinstance(actor, Actor):
            raise TypeError("scope needs an Actor; None is never everyone")
        if actor.is_system:
            return self.all()
        own = Q(user_id=actor.user_id) if actor.user_id is not None else Q(pk__in=[])
        if not actor.has_role(*OFFICE_ROLES):
            return self.filter(own)
        below = posts_visible_to(actor).filter(role__in=FIELD_ROLES, ends_on=None).values("user_id")
        return self.filter(own | Q(user_id__in=below))


class OwnEntry(Sealed, Chained):
    """学历和特长: own entry with consent, for planning trainings; empty once taken back."""

    subject_kind: ClassVar[str] = "own_entry"
    SEALED: ClassVar[Mapping[str, str]] = {"other": "other_sealed"}

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="own_entry")
    education = models.CharField("学历", max_length=10, choices=Education.choices, default="", blank=True)
    skills = ArrayField(models.CharField(max_length=12, choices=Skill.choices), default=list, blank=True)
    other_sealed = models.TextField(default="", blank=True)
    given_at = models.DateTimeField(null=True, blank=True)

    objects = OwnEntryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "本人登记"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(given_at__isnull=False) | Q(education="", skills=[], other_sealed=""),
                name="roster_own_entry_by_consent",
            ),
        ]

    def __str__(self) -> str:
        return f"own entry {self.pk}"


class MemberKind(models.TextChoices):
    """What a member says."""

    FULL = "full", "正式"
    PROBATIONARY = "probationary", "预备"


class ConsentWay(models.TextChoices):
    """How the member agreed."""

    TAP = "tap", "本人在手机上"
    PAPER = "paper", "本人签的纸"


class PartyMembershipQuerySet(models.QuerySet["PartyMembership"]):
    """Rows, read as adjectives. Offices get counts (`queries.membership`), never rows."""

    def visible_to(self, actor: Actor) -> Self:
        """The own one; nobody else's, for anybody."""
        if not isinstance(actor, Actor):
            raise TypeError("scope needs an Actor; None is never everyone")
        return self.filter(user_id=actor.user_id) if actor.user_id is not None else self.none()


class PartyMembership(Sealed):
    """党员身份: by the member's own consent, withdrawn in one tap; then there is no row at all.

    An emptied row would still tell by its moments whose it was: the event beside it stands on the person's chain.

    `is_listed` is a consent of its own: to stand with it in lists the community takes out for the party's work.
    """

    subject_kind: ClassVar[str] = "own_entry_row"
    SEALED: ClassVar[Mapping[str, str]] = {"branch": "branch_sealed"}

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="membership")
    kind = models.CharField(max_length=12, choices=MemberKind.choices)
    since_year = models.PositiveSmallIntegerField(null=True, blank=True)
    branch_sealed = models.TextField(default="", blank=True)
    way = models.CharField(max_length=5, choices=ConsentWay.choices)
    is_listed = models.BooleanField(default=False)
    given_at = models.DateTimeField()

    objects = PartyMembershipQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "党员身份"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(kind__in=MemberKind.values, way__in=ConsentWay.values), name="roster_membership_by_consent"
            ),
        ]

    def __str__(self) -> str:
        return f"membership {self.pk}"
