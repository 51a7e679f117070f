"""Adding many areas at once, under the same rules, constraints and chain as one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.db.models.functions import Left, Length

from louzhang.areas.actions.tree import lock_tree, office_unit, refuse_level
from louzhang.areas.models import Area, AreaLevel, Estate, LevelKind, Unit
from louzhang.areas.outlines import refuse_bad_outline
from louzhang.areas.queries import line_of
from louzhang.journal.actions import prepare_event
from louzhang.journal.actor import Actor
from louzhang.journal.models import Audience, Event
from louzhang.journal.refusals import Conflict, InputRefused
from louzhang.kit import pinyin
from louzhang.kit.sequences import reserve_ids

BATCH = 500


@dataclass(frozen=True, slots=True)
class NewArea:
    """One area to add below the area whose code is `parent_code`; position and outline in WGS 84."""

    code: str
    name: str
    kind: str
    parent_code: str
    official_code: str = ""
    estate: Estate | None = None
    longitude: float | None = None
    latitude: float | None = None
    outline: dict[str, Any] | None = None


def add_areas(
    *,
    areas: Sequence[NewArea],
    actor: Actor,
    at: datetime,
    advance: Callable[[int], object] = lambda count: None,
) -> list[Area]:
    """Add many areas, each below one that stands or comes before it in the list; all or nothing.

    Every office-bearing one gets its office, every one its event, as `add_area` does. `advance`
    is told how many more are stored.

    Raises `InputRefused` for a blank name, an unknown parent, a level that does not fit or a bad
    outline, `Conflict` for a code in use.
    """
    try:
        with transaction.atomic():
            lock_tree()
            planting = _Planting(areas)
            for new in areas:
                planting.place(new, at)
            planting.store(actor, at, advance)
    except IntegrityError:
        raise Conflict("有编码已经在用，请核对后重试。", field="code") from None
    return [*planting.rows]


@dataclass
class _Node:
    """An area with what its children need: the line of ids down to it and the last step taken."""

    area: Area
    line: list[int]
    last_step: int = 0


@dataclass
class _Planting:
    """Gives new rows their ids, paths and lines before anything is stored."""

    areas: Sequence[NewArea]
    rows: list[Area] = field(default_factory=list)
    nodes: dict[str, _Node] = field(default_factory=dict)
    parents: dict[int, Area] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.levels = {level.kind: level for level in AreaLevel.objects.all()}
        self.ids = iter(reserve_ids(Area._meta.db_table, len(self.areas)))
        self.old = _standing({new.parent_code for new in self.areas})
        self.nodes.update(self.old)
        self.taken = _codes_in_use(new.code for new in self.areas)

    def place(self, new: NewArea, at: datetime) -> None:
        """Put one area below its parent, unsaved."""
        home = self._home_of(new)
        level = self.levels[new.kind]
        refuse_level(home.area, level)
        home.last_step += 1
        row = _row(new, level, next(self.ids), at)
        row.path = home.area.path + _step(home.last_step)
        row.depth = home.area.depth + 1
        home.area.numchild += 1
        self.rows.append(row)
        self.nodes[new.code] = _Node(row, [*home.line, row.pk])
        self.parents[row.pk] = home.area
        self.taken.add(new.code)

    def _home_of(self, new: NewArea) -> _Node:
        if not new.name.strip() or not new.code.strip():
            raise InputRefused("请填写名称和编码。", field="name")
        if new.code in self.taken:
            raise Conflict(f"编码 {new.code} 已经在用，请换一个。", field="code")
        if new.outline is not None:
            refuse_bad_outline(new.outline)
        home = self.nodes.get(new.parent_code)
        if home is None:
            raise InputRefused(f"没有编码为 {new.parent_code} 的上级，请核对上级编码。", field="parent")
        return home

    def store(self, actor: Actor, at: datetime, advance: Callable[[int], object]) -> None:
        """Write areas, offices and events in batches; every row already carries its chain."""
        events = [self._event(row, actor, at) for row in self.rows]
        for start in range(0, len(self.rows), BATCH):
            batch = self.rows[start : start + BATCH]
            Area.objects.bulk_create(batch)
            Event.objects.bulk_create(events[start : start + BATCH])
            advance(len(batch))
        self._store_offices()
        grown = Counter(self.parents[row.pk].pk for row in self.rows)
        for node in self.old.values():
            if node.area.pk in grown:
                Area.objects.filter(pk=node.area.pk).update(numchild=F("numchild") + grown[node.area.pk])

    def _event(self, row: Area, actor: Actor, at: datetime) -> Event:
        drawn = {"has_outline": True} if row.outline is not None else {}
        event, _ = prepare_event(
            row,
            "add",
            actor=actor,
            at=at,
            audience=Audience.DESK,
            payload={"name": row.name, "code": row.code, "parent": self.parents[row.pk].pk, **drawn},
            area_ids=self.nodes[row.code].line,
            post_id=actor.post_at(None, None),
        )
        return event

    def _store_offices(self) -> None:
        taken = set(Unit.objects.filter(ended_at=None).values_list("name", flat=True))
        offices = []
        for row in self.rows:
            if LevelKind(row.level.kind).bears_office:
                offices.append(office_unit(row, self.parents[row.pk], taken))
                taken.add(offices[-1].name)
        Unit.objects.bulk_create(offices)


def _row(new: NewArea, level: AreaLevel, pk: int, at: datetime) -> Area:
    name = new.name.strip()
    return Area(
        pk=pk,
        numchild=0,
        level=level,
        code=new.code.strip(),
        official_code=new.official_code,
        name=name,
        name_key=pinyin.sort_key(name),
        estate=new.estate,
        longitude=new.longitude,
        latitude=new.latitude,
        outline=new.outline,
        started_at=at,
    )


def _standing(codes: set[str]) -> dict[str, _Node]:
    """The current areas with these codes, locked, with their lines and the last step among their children."""
    rows = Area.objects.current().filter(code__in=codes).select_related("level").select_for_update(of=("self",))
    nodes = {area.code: _Node(area, [node.pk for node in line_of(area)]) for area in rows}
    home = Left("path", Length("path") - Area.steplen)
    children = Area.objects.get_queryset().order_by().annotate(home=home)
    paths = [node.area.path for node in nodes.values()]
    last = dict(children.filter(home__in=paths).values("home").annotate(last=Max("path")).values_list("home", "last"))
    for node in nodes.values():
        if node.area.path in last:
            node.last_step = _number(last[node.area.path][-Area.steplen :])
    return nodes


def _codes_in_use(codes: Iterable[str]) -> set[str]:
    return set(Area.objects.current().filter(code__in=list(codes)).values_list("code", flat=True))


def _step(number: int) -> str:
    """One step of a path as treebeard writes it: base 36, padded to its length."""
    signs: str = Area.alphabet
    digits = ""
    while number:
        number, rest = divmod(number, len(signs))
        digits = signs[rest] + digits
    if len(digits) > Area.steplen:
        raise Conflict("同一个上级下面的地点太多了，请分层后再添加。", field="parent")
    return digits.rjust(Area.steplen, signs[0])


def _number(step: str) -> int:
    return int(step, len(Area.alphabet))
