"""The district: its tree of areas, the units that do the work, and who holds which post when.

Nothing here is deleted. Rows end (`ended_at`, `ends_on`), and constraints keep periods from
overlapping. Paths of the tree are positions that are reused after a move, so they never leave
this table: others ask `Area.objects.within(...)`.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django.db import models
from treebeard.mp_tree import MP_Node, MP_NodeManager, MP_NodeQuerySet

from louzhang.accounts.models import User
from louzhang.areas.models.periods import PeriodQuerySet, no_overlap
from louzhang.areas.roles import Role
from louzhang.areas.settings_registry import keys_needing_end
from louzhang.journal.models import Chained


class LevelKind(models.TextChoices):
    """What a level is for the program; its name is the district's own (data)."""

    DISTRICT = "district", "区县"
    STREET = "street", "街镇"
    COMMUNITY = "community", "社区（村）"
    GRID = "grid", "网格"
    BUILDING = "building", "楼栋"
    GROUP = "group", "邻里组"
    STAIRWELL = "stairwell", "单元"

    @property
    def rank(self) -> int:
        """1 for the district … 6 for a stairwell; a village group stands beside a building."""
        return RANKS[self]

    @property
    def bears_office(self) -> bool:
        """Whether an area of this level has an office that accepts and dispatches."""
        return self.rank <= RANKS[LevelKind.COMMUNITY]


RANKS: dict[str, int] = {
    LevelKind.DISTRICT: 1,
    LevelKind.STREET: 2,
    LevelKind.COMMUNITY: 3,
    LevelKind.GRID: 4,
    LevelKind.BUILDING: 5,
    LevelKind.GROUP: 5,
    LevelKind.STAIRWELL: 6,
}


class AreaLevel(models.Model):
    """A level of the district's tree: its own name for one of the fixed kinds."""

    kind = models.CharField(max_length=12, choices=LevelKind.choices, unique=True)
    name = models.CharField("名称", max_length=20)

    class Meta:
        verbose_name = verbose_name_plural = "层级"

    def __str__(self) -> str:
        return self.name

    @property
    def rank(self) -> int:
        """See `LevelKind.rank`."""
        return RANKS[self.kind]


class AreaQuerySet(MP_NodeQuerySet):  # type: ignore[misc]  # treebeard carries no types
    """Rows of the tree."""

    def current(self) -> AreaQuerySet:
        """Areas that have not ended."""
        return self.filter(ended_at=None)

    def within(self, *area_ids: int) -> AreaQuerySet:
        """These areas and everything below them; none given, no rows."""
        roots = list(Area.objects.filter(pk__in=area_ids).order_by().values_list("path", flat=True))
        return self.under_paths(roots)

    def under_paths(self, paths: Iterable[str]) -> AreaQuerySet:
        """The subtrees that start at these paths."""
        condition = models.Q(pk__in=[])
        for path in paths:
            condition |= models.Q(path__gte=path, path__lt=path + "~")
        return self.filter(condition)

    def line_of(self, area: Area) -> AreaQuerySet:
        """The area and everything above it, the district first."""
        step = Area.steplen
        paths = [area.path[:end] for end in range(step, len(area.path) + 1, step)]
        return self.filter(path__in=paths).order_by("depth")

    def of_kind(self, *kinds: str) -> AreaQuerySet:
        """Areas of these kinds of level."""
        return self.filter(level__kind__in=kinds)


class AreaManager(MP_NodeManager.from_queryset(AreaQuerySet)):  # type: ignore[misc]  # treebeard carries no types
    """The tree's manager with the words of the queryset."""

    def get_queryset(self) -> AreaQuerySet:
        """All areas in the order of the tree."""
        return AreaQuerySet(self.model, using=self._db).order_by("path")


def area_below(paths: Sequence[str]) -> models.Q | None:
    """Rows whose `area` lies at one of these places of the tree or below it; None where there is no place."""
    areas = Area.objects.get_queryset().under_paths(paths).order_by().values("pk")
    return models.Q(area_id__in=areas) if paths else None


class Estate(Chained):
    """小区: an estate that buildings point to; not a level of the tree."""

    subject_kind = "estate"

    name = models.CharField("名称", max_length=60)
    community = models.ForeignKey("Area", on_delete=models.PROTECT, related_name="estates")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "小区"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["community", "name"],
                condition=models.Q(ended_at=None),
                name="estate_name_once_per_community",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Area(MP_Node, Chained):  # type: ignore[misc]  # treebeard carries no types
    """One place of the tree: district, street, community, grid, building, stairwell.

    `code` is the district's own and editable; `official_code` the published one, never a key.
    Position is WGS 84. `outline` is an optional GeoJSON geometry (Polygon or MultiPolygon).
    """

    subject_kind = "area"
    steplen = 4
    line: tuple[Area, ...] = ()  # down to it, where it was read with it (`area_with_line`)

    path = models.CharField(max_length=255, unique=True, db_collation="C")
    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    level = models.ForeignKey(AreaLevel, on_delete=models.PROTECT, related_name="areas")
    code = models.CharField("编码", max_length=30)
    official_code = models.CharField("统计用区划代码", max_length=20, default="", blank=True)
    name = models.CharField("名称", max_length=60)
    name_key = models.CharField(max_length=200, default="", blank=True)
    place = models.CharField(max_length=120, default="", blank=True)
    estate = models.ForeignKey(Estate, null=True, blank=True, on_delete=models.PROTECT, related_name="buildings")
    longitude = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    outline: models.JSONField[Any, Any] = models.JSONField(null=True, blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[AreaManager] = AreaManager()

    class Meta:
        verbose_name = verbose_name_plural = "区划"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["code"], condition=models.Q(ended_at=None), name="area_code_once"),
            models.CheckConstraint(
                condition=models.Q(longitude=None, latitude=None)
                | models.Q(longitude__gte=-180, longitude__lte=180, latitude__gte=-90, latitude__lte=90),
                name="area_position_whole",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["level", "path"], name="area_level_path"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def rank(self) -> int:
        """The rank of the area's level."""
        return self.level.rank


class UnitKind(models.TextChoices):
    """What kind of addressee a unit is."""

    OFFICE = "office", "社区/街道/区级办公室"
    DEPARTMENT = "department", "部门"
    ENFORCEMENT = "enforcement", "综合执法队"
    PROPERTY = "property", "物业公司"
    OWNERS = "owners", "业委会"
    PARTNER = "partner", "共建单位"


class Unit(Chained):
    """承办单位: the only addressee of a dispatch.

    Every office-bearing area has exactly one unit of kind OFFICE (`office_area`); the others
    serve areas through `ServedArea`. `phone` is a public desk number, not a person's.
    """

    subject_kind = "unit"

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    name = models.CharField("名称", max_length=60)
    name_key = models.CharField(max_length=200, default="", blank=True)
    kind = models.CharField("类型", max_length=12, choices=UnitKind.choices)
    office_area = models.OneToOneField(Area, null=True, blank=True, on_delete=models.PROTECT, related_name="office")
    phone = models.CharField("公开电话", max_length=20, default="", blank=True)
    duties = models.CharField("职责", max_length=200, default="", blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "承办单位"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(kind=UnitKind.OFFICE, office_area__isnull=False)
                | (~models.Q(kind=UnitKind.OFFICE) & models.Q(office_area__isnull=True)),
                name="unit_office_has_area",
            ),
            models.UniqueConstraint(
                fields=["name"],
                condition=models.Q(ended_at=None),
                name="unit_name_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ServedArea(models.Model):
    """A unit serves an area and all below it, for a time."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="served_areas")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="served_by")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "服务范围"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            no_overlap("served_area_no_overlap", ["unit", "area"]),
        ]

    def __str__(self) -> str:
        return f"unit {self.unit_id} serves area {self.area_id}"


class Title(models.Model):
    """职务名称: what the district calls a post, mapped to a role in code."""

    name = models.CharField("名称", max_length=20)
    role = models.CharField("角色", max_length=20, choices=Role.choices)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "职务名称"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["name"], condition=models.Q(ended_at=None), name="title_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class PostKind(models.TextChoices):
    """On what terms a post is held (handbook, "Less form-filling")."""

    VOLUNTEER = "volunteer", "志愿"
    PAID = "paid", "在编在岗"
    POSTED = "posted", "下派"


SINGLE_HOLDER_ROLES = [Role.STAIRWELL_HEAD, Role.CHIEF, Role.SECRETARY]
ADMIN_ROLES = [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN]


class Post(Chained):
    """任职: a person holds a role at exactly one area or one unit from a day to a day.

    A stand-in, if named, acts in the post beside its holder; of one for a leave that ends on `stand_in_until`, which is
    no longer part of it, so that access ends with the day and waits for no job. A building or stairwell has one
    head at a time; the three administrators are three people (三员分立).
    """

    subject_kind = "post"

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField("角色", max_length=20, choices=Role.choices)
    title = models.ForeignKey(Title, null=True, blank=True, on_delete=models.PROTECT)
    area = models.ForeignKey(Area, null=True, blank=True, on_delete=models.PROTECT, related_name="posts")
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="posts")
    kind = models.CharField("性质", max_length=10, choices=PostKind.choices)
    stand_in = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="standing_in_for")
    stand_in_until = models.DateField("替到", null=True, blank=True)
    starts_on = models.DateField("起")
    ends_on = models.DateField("止", null=True, blank=True)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "任职"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(area__isnull=False, unit__isnull=True)
                | models.Q(area__isnull=True, unit__isnull=False),
                name="post_at_one_area_or_unit",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
                name="post_ends_after_start",
            ),
            models.CheckConstraint(
                condition=models.Q(stand_in=None) | ~models.Q(stand_in=models.F("user")),
                name="post_stand_in_is_another",
            ),
            no_overlap("post_once_per_area", ["user", "area"], models.Q(area__isnull=False)),
            no_overlap("post_once_per_unit", ["user", "unit"], models.Q(unit__isnull=False)),
            no_overlap("post_one_administrator_role", ["user"], models.Q(role__in=ADMIN_ROLES)),
            *[
                no_overlap(f"post_one_{role.value}", ["area"], models.Q(role=role, area__isnull=False))
                for role in SINGLE_HOLDER_ROLES
            ],
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["area", "role"], name="post_seat"),
        ]

    def __str__(self) -> str:
        return f"post {self.pk} {self.role}"


class Setting(models.Model):
    """One value of the district's registry of switches and settings, for a time.

    Where the registry asks for it, a row without a reason or an end is refused by the
    database.
    """

    key = models.CharField(max_length=60)
    value: models.JSONField[Any, Any] = models.JSONField()
    reason = models.CharField(max_length=200, default="", blank=True)
    author = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "设置"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~models.Q(key__in=keys_needing_end())
                | (~models.Q(reason="") & models.Q(ends_at__isnull=False)),
                name="setting_reason_and_end",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["key", "starts_at"], name="setting_key_start"),
        ]

    def __str__(self) -> str:
        return self.key
