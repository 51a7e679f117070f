"""The standing cast: one district, two streets, everyone who uses the product, and a stranger.

Made through actions, so that whatever the actions refuse can never be the ground of a test.
`make_cast(at)` returns a `Cast`; `cast.actor("chief")` is that person with the posts held now.
Times and phone numbers are fixed: no random values in assertions.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.apps import apps
from django.db import connection, transaction
from django.test import Client

from louzhang.accounts import cookies
from louzhang.accounts.actions import register_person, sign_in_device
from louzhang.accounts.models import User
from louzhang.areas.actions import add_area, add_unit, appoint_post, found_root, serve_area
from louzhang.areas.models import Area, AreaLevel, LevelKind, Post, PostKind, Unit, UnitKind
from louzhang.areas.queries import actor_for
from louzhang.areas.roles import Role
from louzhang.journal.actor import SYSTEM, Actor, ActorKind
from louzhang.kit import clock
from louzhang.register.actions.assessing import lay_down_assessments
from louzhang.register.models import Target
from louzhang.workorders.models import Category, Handling

# A Monday, 10:00 in the district.
MORNING = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)

# Everyone: key, name, role, where (an area or unit key; None for no post).
PEOPLE: list[tuple[str, str, Role | None, str | None]] = [
    ("stairwell_head", "演示单元长", Role.STAIRWELL_HEAD, "stairwell"),
    ("chief", "演示楼长", Role.CHIEF, "building"),
    ("next_chief", "演示邻楼长", Role.CHIEF, "next_building"),
    ("grid_worker", "演示网格员", Role.GRID_WORKER, "grid"),
    ("grid_lead", "演示网格长", Role.GRID_LEAD, "grid"),
    ("desk", "演示社区受理", Role.OFFICE_STAFF, "community"),
    ("secretary", "演示书记", Role.SECRETARY, "community"),
    ("street", "演示街道", Role.OFFICE_STAFF, "street"),
    ("commander", "演示指挥", Role.COMMANDER, "district"),
    ("department", "演示部门承办", Role.UNIT_MEMBER, "department_unit"),
    ("department_lead", "演示部门负责", Role.UNIT_LEAD, "department_unit"),
    ("property", "演示物业", Role.UNIT_MEMBER, "property_unit"),
    ("other_property", "演示别家物业", Role.UNIT_MEMBER, "other_property_unit"),
    ("owners", "演示业委会", Role.UNIT_MEMBER, "owners_unit"),
    ("enforcement", "演示执法", Role.UNIT_MEMBER, "enforcement_unit"),
    ("system_admin", "演示系统管理", Role.SYSTEM_ADMIN, "district"),
    ("security_admin", "演示安全管理", Role.SECURITY_ADMIN, "district"),
    ("audit_admin", "演示审计管理", Role.AUDIT_ADMIN, "district"),
    ("stranger_desk", "演示外街社区", Role.OFFICE_STAFF, "other_community"),
    ("stranger_street", "演示外街街道", Role.OFFICE_STAFF, "other_street"),
    ("stranger_chief", "演示外街楼长", Role.CHIEF, "other_building"),
    ("resident", "演示居民", None, None),
    ("nobody", "演示无职", None, None),
]

AREAS: list[tuple[str, str | None, LevelKind, str, str]] = [
    ("street", "district", LevelKind.STREET, "东风街道", "S1"),
    ("other_street", "district", LevelKind.STREET, "西岭街道", "S2"),
    ("community", "street", LevelKind.COMMUNITY, "彩虹社区", "C1"),
    ("next_community", "street", LevelKind.COMMUNITY, "春柳社区", "C2"),
    ("other_community", "other_street", LevelKind.COMMUNITY, "远山社区", "C3"),
    ("grid", "community", LevelKind.GRID, "3号网格", "G1"),
    ("next_grid", "community", LevelKind.GRID, "4号网格", "G2"),
    ("other_grid", "other_community", LevelKind.GRID, "1号网格", "G3"),
    ("building", "grid", LevelKind.BUILDING, "12号楼", "B1"),
    ("next_building", "grid", LevelKind.BUILDING, "13号楼", "B2"),
    ("other_building", "other_grid", LevelKind.BUILDING, "1号楼", "B3"),
    ("stairwell", "building", LevelKind.STAIRWELL, "2单元", "T1"),
]

UNITS: list[tuple[str, str, UnitKind, str]] = [
    ("department_unit", "演示住建局", UnitKind.DEPARTMENT, "district"),
    ("enforcement_unit", "演示东风执法队", UnitKind.ENFORCEMENT, "street"),
    ("property_unit", "演示安居物业", UnitKind.PROPERTY, "community"),
    ("other_property_unit", "演示远山物业", UnitKind.PROPERTY, "other_community"),
    ("owners_unit", "演示彩虹业委会", UnitKind.OWNERS, "grid"),
]


@dataclass
class Cast:
    """Everyone and everything, by key."""

    at: datetime
    people: dict[str, User] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    areas: dict[str, Area] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    categories: dict[str, Category] = field(default_factory=dict)

    def actor(self, key: str, at: datetime | None = None) -> Actor:
        """Give the person of this key with the posts held at a moment."""
        return actor_for(self.people[key], at or self.at)

    @property
    def device(self) -> Actor:
        """A resident's phone without an account."""
        return Actor(kind=ActorKind.DEVICE, device="a" * 64)

    @property
    def other_device(self) -> Actor:
        """Another phone, that reported nothing."""
        return Actor(kind=ActorKind.DEVICE, device="b" * 64)

    def everyone(self) -> dict[str, Actor]:
        """Every person of the cast, the two phones, and the clock."""
        return {key: self.actor(key) for key in self.people} | {
            "device": self.device,
            "other_device": self.other_device,
            "system": SYSTEM,
        }


def phone_of(index: int) -> str:
    """Give the made-up number of the person at this place of the list."""
    return f"1390000{index:04d}"


BEGAN = clock.now()
_kept: dict[datetime, tuple[Cast, list[tuple[str, bytes]]]] = {}


def make_cast(at: datetime = MORNING) -> Cast:
    """Give the cast: made through actions once a process, afterwards its rows are copied in again."""
    if at in _kept:
        cast, tables = _kept[at]
        _copy_in(tables)
        return deepcopy(cast)
    is_alone = not _copy_out()  # a fixture before us may have stored rows of its own
    made = _make_cast(at)
    if is_alone:
        _kept[at] = (deepcopy(made), _copy_out())
    return made


def cast_of_now() -> Cast:
    """Give the cast for tests that live by the real clock: founded when the process began, `at` is this moment."""
    cast = make_cast(BEGAN)
    cast.at = clock.now()
    return cast


def _tables() -> list[str]:
    apps_of_ours = (
        "journal",
        "accounts",
        "areas",
        "notices",
        "register",
        "workorders",
        "inquiries",
        "mediation",
        "duty",
        "fieldwork",
        "surveys",
        "ballots",
        "roster",
    )
    return [model._meta.db_table for app in apps_of_ours for model in apps.get_app_config(app).get_models()]


def _copy_out() -> list[tuple[str, bytes]]:
    kept = []
    with connection.cursor() as cursor:
        for table in _tables():
            with cursor.copy(f'COPY "{table}" TO STDOUT') as rows:
                content = b"".join(bytes(part) for part in rows)
            if content:
                kept.append((table, content))
    return kept


def _copy_in(tables: list[tuple[str, bytes]]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for table, content in tables:
            with cursor.copy(f'COPY "{table}" FROM STDIN') as rows:
                rows.write(content)


def _make_cast(at: datetime) -> Cast:
    """Found the district and fill every seat, through actions."""
    cast = Cast(at=at)
    cast.areas["district"] = found_root(name="演示区", code="D1", actor=SYSTEM, at=at)
    levels = {level.kind: level for level in AreaLevel.objects.all()}
    for key, parent, kind, name, code in AREAS:
        cast.areas[key] = add_area(
            parent=cast.areas[str(parent)], level=levels[kind], name=name, code=code, actor=SYSTEM, at=at
        )
    for key, name, unit_kind, served in UNITS:
        cast.units[key] = add_unit(name=name, kind=unit_kind, actor=SYSTEM, at=at)
        serve_area(unit=cast.units[key], area=cast.areas[served], actor=SYSTEM, at=at)
    for key in ("district", "street", "community", "other_community", "other_street"):
        cast.units[f"{key}_office"] = Unit.objects.get(office_area=cast.areas[key])
    for index, (key, name, role, where) in enumerate(PEOPLE):
        cast.people[key] = register_person(name=name, phone=phone_of(index), actor=SYSTEM, at=at)
        if role is not None and where is not None:
            cast.posts[key] = appoint_post(
                user=cast.people[key],
                role=role,
                area=cast.areas.get(where),
                unit=cast.units.get(where),
                kind=PostKind.VOLUNTEER if role in (Role.CHIEF, Role.STAIRWELL_HEAD) else PostKind.PAID,
                actor=SYSTEM,
                at=at,
            )
    _make_categories(cast)
    lay_down_assessments(actor=SYSTEM, at=at, in_use=True, targets=(Target.FIELD_GROUP,))
    return cast


def _make_categories(cast: Cast) -> None:
    parent = Category.objects.create(code="ss", name="设施", position=1)
    kinds = [
        ("leak", "漏水", "ls", Handling.PLAIN, ""),
        ("lamp", "楼道灯", "ld", Handling.PLAIN, ""),
        ("wall", "外墙脱落", "wq", Handling.PLAIN, "墙面是否还会掉落，要看照片判断。"),
        ("complaint", "投诉人员或单位", "ts", Handling.COMPLAINT, ""),
        ("guarded", "家庭暴力", "jb", Handling.GUARDED, ""),
    ]
    for position, (code, name, letters, handling, photo_reason) in enumerate(kinds):
        cast.categories[code] = Category.objects.create(
            parent=parent,
            code=code,
            name=name,
            letters=letters,
            handling=handling,
            photo_reason=photo_reason,
            position=position,
            is_urgent=handling == Handling.GUARDED,
        )


def browser_as(cast: Cast, key: str = "", *, label: str = "测试", at: datetime | None = None) -> Client:
    """A browser in which somebody of the cast is signed in; nobody for an empty key."""
    client = Client()
    if key:
        signed = sign_in_device(user=cast.people[key], way="code", label=label, at=at or clock.now())
        client.cookies[cookies.DEVICE] = cookies.signed(cookies.DEVICE, signed.token)
    return client
