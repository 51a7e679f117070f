"""The store that is measured: a district and a number of orders, made by COPY, kept under var/.

The chains are real: `manage.py verify_events` accepts a bench store.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Model

from louzhang.accounts.actions import make_api_token, register_person
from louzhang.areas.actions import add_area, add_unit, appoint_post, found_root, serve_area
from louzhang.areas.models import Area, AreaLevel, LevelKind, Post, PostKind, Unit, UnitKind
from louzhang.areas.roles import Role
from louzhang.figures.models import PlaceDay
from louzhang.journal.actions import prepare_event
from louzhang.journal.actor import SYSTEM
from louzhang.journal.models import Audience, Event, Words
from louzhang.kit import bigrams, clock, codes
from louzhang.workorders.lifecycle import State
from louzhang.workorders.models import Category, Channel, Report, WorkOrder

STREETS, COMMUNITIES, GRIDS = 7, 8, 6
BATCH = 5_000
MATTERS = ("水管爆裂漏到楼下", "楼道灯不亮", "下水道堵塞", "垃圾没有清运", "外墙瓷砖松动", "电梯停运", "占道停车")
# What a district holds: most are closed, a fifth waits at the desks.
STATES = (
    [State.REPORTED] * 20 + [State.ACCEPTED] * 3 + [State.DISPATCHED] * 3 + [State.TAKEN] * 6 + [State.ANSWERED] * 3
    + [State.CLOSED] * 65
)  # fmt: skip


@dataclass(frozen=True)
class Store:
    """What the measurements need of it."""

    token: str
    desk_tokens: dict[int, str]
    category: str
    stairwell: int
    size: int


def ensure_store(size: int, *, recent: int | None = None) -> Store:
    """Fill an empty database with a district and `size` orders, or take up the one that stands.

    Of the newest `recent` some are still open, those before them are over; without it any may be open.
    """
    if not Area.objects.get_queryset().exists():
        with transaction.atomic():
            _found_district()
    missing = size - WorkOrder.objects.count()
    if missing > 0:
        _copy_orders(missing, recent=recent or missing)
    if missing > 0 or not PlaceDay.objects.exists():
        call_command("rebuild_figures")
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return tokens_of(size)


def _found_district() -> None:
    at = clock.now() - timedelta(days=400)
    root = found_root(name="测量区", code="B", actor=SYSTEM, at=at)
    levels = {level.kind: level for level in AreaLevel.objects.all()}

    def below(parent: Area, kind: LevelKind, count: int) -> Iterator[Area]:
        for number in range(1, count + 1):
            yield add_area(
                parent=parent,
                level=levels[kind],
                name=f"{number}号{kind.label}",
                code=f"{parent.code}-{number}",
                actor=SYSTEM,
                at=at,
            )

    for street in below(root, LevelKind.STREET, STREETS):
        for community in below(street, LevelKind.COMMUNITY, COMMUNITIES):
            list(below(community, LevelKind.GRID, GRIDS))
    for number in range(10):
        unit = add_unit(name=f"测量局{number}", kind=UnitKind.DEPARTMENT, actor=SYSTEM, at=at)
        serve_area(unit=unit, area=root, actor=SYSTEM, at=at)
    group = Category.objects.create(code="bench", name="测量")
    for number, matter in enumerate(MATTERS):
        Category.objects.create(code=f"bench{number}", name=matter, parent=group)
    for number, area in enumerate([root, *Area.objects.of_kind(LevelKind.COMMUNITY)]):
        person = register_person(name="测量员", phone=f"139{number:08d}", actor=SYSTEM, at=at)
        appoint_post(user=person, role=Role.OFFICE_STAFF, area=area, kind=PostKind.PAID, actor=SYSTEM, at=at)


def tokens_of(size: int) -> Store:
    """The store that stands, with a fresh token for the district's office and for each community's."""
    at = clock.now()
    tokens = {
        post.area_id: make_api_token(user=post.user, label="bench", is_read_only=False, actor=SYSTEM, at=at)[1]
        for post in Post.objects.select_related("user").order_by("pk")
    }
    root = Area.objects.of_kind(LevelKind.DISTRICT).get()
    grid = Area.objects.of_kind(LevelKind.GRID).order_by("pk")[7]
    return Store(token=tokens.pop(root.pk), desk_tokens=tokens, category="bench0", stairwell=grid.pk, size=size)


def desk_cookie(store: Store) -> str:
    """A signed-in device of the bench's desk person, as the cookie a browser sends."""
    from louzhang.accounts import cookies
    from louzhang.accounts.actions import sign_in_device
    from louzhang.accounts.models import User
    from louzhang.kit import clock

    desk = User.objects.order_by("pk")[0]
    signed = sign_in_device(user=desk, way="code", label=f"bench {store.size}", at=clock.now())
    return f"{cookies.DEVICE}={cookies.signed(cookies.DEVICE, signed.token)}"


def _copy_orders(count: int, *, recent: int) -> None:
    started = time.monotonic()
    grids = list(Area.objects.of_kind(LevelKind.GRID).order_by("pk"))
    lines = {grid.pk: list(Area.objects.line_of(grid).values_list("pk", flat=True)) for grid in grids}
    units = list(Unit.objects.exclude(kind=UnitKind.OFFICE).order_by("pk"))
    categories = list(Category.objects.filter(parent__isnull=False).order_by("pk"))
    now = clock.now()
    for start in range(0, count, BATCH):
        many = min(BATCH, count - start)
        with transaction.atomic():
            ids = _ids("workorders_workorder", many)
            ages = [count - start - index for index in range(many)]
            rows = [
                _order(
                    pk,
                    STATES[pk * 37 % len(STATES)] if age <= recent else State.CLOSED,
                    (grids, lines, units, categories),
                    now - timedelta(minutes=5 * age),
                )
                for pk, age in zip(ids, ages, strict=True)
            ]
            _copy(WorkOrder, [row[0] for row in rows])
            _copy(Report, [row[1] for row in rows])
            _copy(Event, [row[2] for row in rows], skip=("id",))
            _copy(Words, [row[3] for row in rows], skip=("id",))
        print(f"bench store: {start + many} of {count} orders, {time.monotonic() - started:.0f} s", flush=True)


def _ids(table: str, many: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, many])
        return [row[0] for row in cursor.fetchall()]


def _order(
    pk: int,
    status: State,
    ground: tuple[list[Area], dict[int, list[int]], list[Unit], list[Category]],
    at: datetime,
) -> tuple[WorkOrder, Report, Event, Words]:
    grids, lines, units, categories = ground
    grid, category = grids[pk % len(grids)], categories[pk % len(categories)]
    unit = None if status in (State.REPORTED, State.ACCEPTED) else units[pk % len(units)]
    words = f"{category.name}，第{pk}件，请尽快处理。"
    line = lines[grid.pk]
    ended = at + timedelta(hours=30) if status == State.CLOSED else None
    order = WorkOrder(
        pk=pk,
        number=codes.order_number("LZ", clock.local_date(at), pk),
        status=status,
        category=category,
        area=grid,
        desk_area_id=line[2],
        lead_unit=unit,
        involved_unit_ids=[unit.pk] if unit else [],
        summary=words,
        search_terms=bigrams.bigrams(words),
        reported_at=at,
        promised_at=at + timedelta(hours=72),
        closed_at=ended,
        # nothing of the store is due for the clock: the worker has no work of its own while we measure
        answered_at=ended or (clock.now() if status == State.ANSWERED else None),
        source="bench",
        source_number=str(pk),
    )
    report = Report(order=order, channel=Channel.HISTORY, reported_at=at)
    event, said = prepare_event(
        order,
        "import_history",
        actor=SYSTEM,
        at=at,
        audience=Audience.PUBLIC,
        payload={"to": str(status), **({"unit": unit.pk} if unit else {})},
        words={"words": words},
        area_ids=line,
        recorded_at=at,
    )
    assert said is not None
    return order, report, event, said


def _copy(model: type[Model], rows: Iterable[Model], skip: tuple[str, ...] = ("id",)) -> None:
    """Send whole rows through COPY, in the columns of the model."""
    has_own_id = model is WorkOrder
    fields = [f for f in model._meta.concrete_fields if has_own_id or f.name not in skip]
    columns = ", ".join(f'"{f.column}"' for f in fields)
    with connection.cursor() as cursor, cursor.copy(f'COPY "{model._meta.db_table}" ({columns}) FROM STDIN') as copy:
        copy.set_types([_type_of(f.db_type(connection) or "text") for f in fields])
        for row in rows:
            copy.write_row([_plain(getattr(row, f.attname)) for f in fields])


def _type_of(column: str) -> str:
    known = {"timestamp with time zone": "timestamptz", "double precision": "float8", "bigint[]": "int8[]"}
    return known.get(column, column.split("(", maxsplit=1)[0])


def _plain(value: Any) -> Any:
    if isinstance(value, State | Channel):
        return str(value)
    if isinstance(value, uuid.UUID | datetime) or value is None:
        return value
    return bytes(value) if isinstance(value, memoryview) else value
