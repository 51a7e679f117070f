"""A resident: a person of the register, with what is sealed about them and where they live when."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q

from louzhang.areas.models import Area, PeriodQuerySet, no_overlap
from louzhang.journal.actor import Actor
from louzhang.journal.models import Chained
from louzhang.journal.sealed import Sealed
from louzhang.kit import bigrams, crypto, masking, pinyin
from louzhang.register.models.bindings import own_residents
from louzhang.register.models.dwellings import Dwelling
from louzhang.register.models.households import Household
from louzhang.register.models.shelters import unsheltered
from louzhang.register.scope import kept_places

EARLIEST_YEAR = 1890


def id_index(number: str) -> str:
    """The blind index of a normal ID number; empty for none."""
    return crypto.blind_index(number, purpose="id_number") if number else ""


def phone_index(phone: str) -> str:
    """The blind index of a normal phone number; empty for none. Of its own purpose: accounts are not matched."""
    return crypto.blind_index(phone, purpose="resident_phone") if phone else ""


def found_by(name: str) -> tuple[str, str, list[str]]:
    """What sorts a name, its initials and the pairs of characters that find it."""
    key, first = pinyin.sort_key(name, person=True), pinyin.initials(name, person=True)
    return key[:120], first[:40], bigrams.bigrams(name)


class Sex(models.TextChoices):
    """As on the ID card, where somebody said it."""

    FEMALE = "f", "女"
    MALE = "m", "男"


class ResidentQuerySet(models.QuerySet["Resident"]):
    """Residents, read as adjectives."""

    def visible_to(self, actor: Actor) -> Self:
        """Where the actor keeps the register, and oneself; not one's spouse or parents, nor whom an order shields."""
        kept = kept_places(actor) & unsheltered(actor, "pk", "area")
        return self.filter(kept | Q(pk__in=own_residents(actor).values("resident_id")))

    def kept_by(self, actor: Actor) -> Self:
        """Those whose entries the actor may change."""
        return self.filter(kept_places(actor) & unsheltered(actor, "pk", "area"))

    def current(self) -> Self:
        """Neither merged into another entry, taken back nor erased."""
        return self.filter(ended_at=None)

    def within(self, *area_ids: int) -> Self:
        """Residents in these areas or below them."""
        return self.filter(area__in=Area.objects.within(*area_ids).order_by().values("pk"))

    def saying_all(self, terms: list[str]) -> Self:
        """Residents whose name holds every one of these pairs of characters."""
        return self.filter(search_terms__contains=terms)


class Resident(Sealed, Chained):
    """居民: `area` is the leaf where they live, else were last known; actions of moving write it.

    ID number, phone and birth date are sealed; the year of birth stays clear. Names stand in the clear
    within scope, as names of people do elsewhere in the house.
    """

    subject_kind = "resident"
    SEALED: ClassVar[Mapping[str, str]] = {
        "id_number": "id_number_sealed", "phone": "phone_sealed",
        "birth_date": "birth_date_sealed",
    }  # fmt: skip

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="residents")
    name = models.CharField("姓名", max_length=40)
    name_key = models.CharField(max_length=120, default="", blank=True)
    initials = models.CharField(max_length=40, default="", blank=True)
    search_terms = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    sex = models.CharField("性别", max_length=1, choices=Sex.choices, default="", blank=True)
    birth_year = models.SmallIntegerField("出生年", null=True, blank=True)
    birth_date_sealed = models.TextField(default="", blank=True)
    id_number_sealed = models.TextField(default="", blank=True)
    id_index = models.CharField(max_length=64, default="", blank=True)
    phone_sealed = models.TextField(default="", blank=True)
    phone_index = models.CharField(max_length=64, default="", blank=True)
    checked_on = models.DateField("最近核对", null=True, blank=True)
    died_on = models.DateField("去世日期", null=True, blank=True)
    registered_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged")

    objects = ResidentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "居民"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["id_index"], condition=Q(ended_at=None) & ~Q(id_index=""), name="resident_id_once"
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | Q(ended_at__isnull=False), name="resident_merged_is_ended"
            ),
            models.CheckConstraint(
                condition=Q(birth_year=None) | Q(birth_year__gte=EARLIEST_YEAR), name="resident_birth_year_possible"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["area", "name_key"], name="resident_place_name"),
            models.Index(
                OpClass("initials", "varchar_pattern_ops"),
                "area",
                include=["id"],
                condition=Q(ended_at=None),
                name="resident_initials_place",
            ),
            models.Index(fields=["phone_index"], condition=~Q(phone_index=""), name="resident_phone"),
            GinIndex(fields=["search_terms"], name="resident_search"),
        ]

    def __str__(self) -> str:
        return f"resident {self.pk}"

    def set_name(self, name: str) -> None:
        """Set the name with what finds and sorts it."""
        self.name = name
        self.name_key, self.initials, self.search_terms = found_by(name)

    def seal(self, **plain: str) -> None:
        """Seal normal values; an ID number and a phone are found again by their index, of a day the year is clear."""
        super().seal(**plain)
        if "id_number" in plain:
            self.id_index = id_index(plain["id_number"])
        if "phone" in plain:
            self.phone_index = phone_index(plain["phone"])
        if plain.get("birth_date"):
            self.birth_year = int(plain["birth_date"][:4])

    @property
    def masked_name(self) -> str:
        """The name as people outside see it."""
        return masking.mask_name(self.name)

    @property
    def masked_id_number(self) -> str:
        """The last four signs of the ID number; blank where none is known."""
        plain = self.open_field("id_number")
        return masking.mask_id(plain) if plain else ""


class Tie(models.TextChoices):
    """What somebody is to the head of the household."""

    HEAD = "head", "户主"
    SPOUSE = "spouse", "配偶"
    CHILD = "child", "子女"
    PARENT = "parent", "父母"
    GRANDCHILD = "grandchild", "孙辈"
    GRANDPARENT = "grandparent", "祖辈"
    SIBLING = "sibling", "兄弟姐妹"
    RELATIVE = "relative", "其他亲属"
    OTHER = "other", "非亲属"


class StayQuerySet(PeriodQuerySet):
    """Stays, read as adjectives."""

    def visible_to(self, actor: Actor) -> Self:
        """Stays behind doors the actor keeps, and the own ones."""
        place = "household__dwelling__area"
        kept = kept_places(actor, place) & unsheltered(actor, "resident_id", place)
        return self.filter(kept | Q(resident_id__in=own_residents(actor).values("resident_id")))


class Stay(models.Model):
    """居住: a resident lives in a household from a day up to, not including, a day.

    One household at a time and one head a household at a time, over all of time. A change of the head ends stays
    and begins others. What is written here is an event of the resident.
    """

    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="stays")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="stays")
    tie = models.CharField("与户主关系", max_length=12, choices=Tie.choices, default=Tie.OTHER)
    starts_on = models.DateField("起")
    ends_on = models.DateField("止", null=True, blank=True)

    objects = StayQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "居住"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")), name="stay_ends_after_start"
            ),
            no_overlap("stay_one_household_at_a_time", ["resident"]),
            no_overlap("stay_one_head_at_a_time", ["household"], Q(tie=Tie.HEAD)),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["resident"], condition=Q(ends_on=None), name="stay_living"),
        ]

    def __str__(self) -> str:
        return f"resident {self.resident_id} in household {self.household_id}"


class Registration(models.Model):
    """户籍: where a resident is registered, apart from where they live; in words or at a door of the register."""

    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="registrations")
    dwelling = models.ForeignKey(Dwelling, null=True, blank=True, on_delete=models.PROTECT, related_name="registered")
    address = models.CharField("户籍地址", max_length=120, default="", blank=True)
    starts_on = models.DateField("起")
    ends_on = models.DateField("止", null=True, blank=True)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "户籍"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(dwelling__isnull=False, address="") | (Q(dwelling=None) & ~Q(address="")),
                name="registration_words_or_door",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")), name="registration_ends_after_start"
            ),
            no_overlap("registration_one_at_a_time", ["resident"]),
        ]

    def __str__(self) -> str:
        return f"registration of resident {self.resident_id}"
