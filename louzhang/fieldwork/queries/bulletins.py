"""Reading sheets from above: the list, one with its blanks, and what each cell of a filled one would say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Max

from louzhang.areas.models import Area
from louzhang.fieldwork.blanks import BY_NAME, WHOLE, learned
from louzhang.fieldwork.models import Bulletin, BulletinBlank, BulletinFill
from louzhang.fieldwork.models.bulletins import Span
from louzhang.fieldwork.values import HIDDEN, Ask, Cell, hides_small, read_values
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import NotThere
from louzhang.kit.filling import Put, spot_name
from louzhang.register.queries.offices import own_wards
from louzhang.register.scope import keeps_area
from louzhang.register.suppressing import suppressed

UNKNOWN = "没有找到这张报表，或它不在您的范围内。"
GAP = "缺"
NO_VALUE, NO_PLACE, NOT_KNOWN = "还没有对应到数", "没有找到这个地点", "这里还没有登记，或没有这个数"
LEARNED_FROM = 30


@dataclass(frozen=True, slots=True)
class Slot:
    """One cell: where it is, what is asked there, of which line of the blank."""

    entry: str
    row: int
    column: int
    heading: str
    label: str
    code: str
    place: Area | None
    value: Cell = None
    why: str = ""

    @property
    def spot(self) -> str:
        """Where it is, as Excel says it."""
        return spot_name(self.row, self.column)

    @property
    def is_gap(self) -> bool:
        """Whether nobody knows what belongs there."""
        return self.value is None

    def put(self) -> Put:
        """As it goes into the file."""
        return Put(self.row, self.column, GAP if self.value is None else self.value, is_gap=self.is_gap)


@dataclass(frozen=True, slots=True)
class Filled:
    """A blank filled for a place and days."""

    slots: tuple[Slot, ...]

    @property
    def gaps(self) -> list[Slot]:
        """What is missing."""
        return [slot for slot in self.slots if slot.is_gap]

    @property
    def missing(self) -> list[tuple[str, str, list[Slot]]]:
        """The gaps by heading and by why there is no number."""
        found: dict[tuple[str, str], list[Slot]] = {}
        for slot in self.gaps:
            found.setdefault((slot.heading, slot.why), []).append(slot)
        return [(heading, why, slots) for (heading, why), slots in found.items()]

    @property
    def has_hidden(self) -> bool:
        """Whether some numbers are not told."""
        return any(slot.value == HIDDEN for slot in self.slots)

    def puts(self) -> dict[str, list[Put]]:
        """What goes into the file, by sheet."""
        found: dict[str, list[Put]] = {}
        for slot in self.slots:
            found.setdefault(slot.entry, []).append(slot.put())
        return found

    def told(self) -> dict[str, dict[str, Slot]]:
        """The slots by sheet and place in it."""
        found: dict[str, dict[str, Slot]] = {}
        for slot in self.slots:
            found.setdefault(slot.entry, {})[slot.spot] = slot
        return found


def list_bulletins(actor: Actor) -> list[Bulletin]:
    """Those in use with how often they were filled and when last; one query."""
    rows = Bulletin.objects.visible_to(actor).current().select_related("owner")
    counted = rows.annotate(
        versions=Count("blanks", distinct=True), fills=Count("blanks__fills", distinct=True),
        last_at=Max("blanks__fills__at"), mapped_at=Max("blanks__mapped_at"),
    )  # fmt: skip
    return list(counted.order_by("name", "pk"))


def find_bulletin(actor: Actor, uid: UUID) -> Bulletin:
    """One in scope; raises `NotThere`."""
    found = Bulletin.objects.visible_to(actor).select_related("owner").filter(uid=uid).first()
    if found is None:
        raise NotThere(UNKNOWN)
    return found


def blank_of(bulletin: Bulletin, *, with_file: bool = False) -> BulletinBlank:
    """The newest blank; the file itself only where it is wanted."""
    rows = BulletinBlank.objects.filter(bulletin=bulletin).order_by("-number")
    found = (rows if with_file else rows.defer("content")).first()
    if found is None:
        raise NotThere(UNKNOWN)
    return found


def blanks_of(bulletin: Bulletin) -> list[BulletinBlank]:
    """All versions, the newest first."""
    return list(BulletinBlank.objects.filter(bulletin=bulletin).defer("content").order_by("-number"))


def fills_of(bulletin: Bulletin, actor: Actor) -> list[BulletinFill]:
    """Who took a filled one; of places the actor has an office over."""
    paths = [seat.path for seat in actor.seats if seat.path]
    areas = Area.objects.get_queryset().under_paths(paths).order_by().values("pk")
    rows = BulletinFill.objects.filter(blank__bulletin=bulletin, area_id__in=areas)
    return list(rows.select_related("user", "area", "blank").defer("blank__content").order_by("-id")[:20])


def remembered(actor: Actor) -> dict[str, str]:
    """What headings meant in the sheets of the actor's units, the newest decides; one query."""
    rows = BulletinBlank.objects.filter(bulletin__owner_id__in=sorted(actor.unit_ids), mapped_at__isnull=False)
    found: dict[str, str] = {}
    for blank in reversed(list(rows.defer("content").order_by("-mapped_at")[:LEARNED_FROM])):
        found.update(learned(blank.layout, blank.mapping))
    return found


def places_to_fill(actor: Actor) -> list[tuple[Area, str]]:
    """The places whose numbers the actor reads; one query, none for whoever works in no office."""
    return own_wards(actor) if actor.seats else []


def span_of(span: str, day: date) -> tuple[date, date]:
    """The last whole week, month, quarter or year before a day: first and last day."""
    if span == Span.WEEK:
        last = day - timedelta(days=day.weekday() + 1)
        return last - timedelta(days=6), last
    if span == Span.YEAR:
        return date(day.year - 1, 1, 1), date(day.year - 1, 12, 31)
    months = 3 if span == Span.QUARTER else 1
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    last = first - timedelta(days=1)
    return date(last.year, (last.month - 1) // months * months + 1, 1), last


def filled_with(blank: BulletinBlank, area: Area, since: date, until: date, *, actor: Actor, at: datetime) -> Filled:
    """Every cell that has a meaning, with its number or why there is none."""
    below = _places_below(area, actor)
    slots = list(_slots(blank, area, below))
    codes = {slot.code for slot in slots if slot.code}
    places = {slot.place.path: slot.place for slot in slots if slot.place is not None} | {area.path: area}
    ask = Ask(list(places.values()), since, until, actor, at)
    told = read_values(codes, ask) if codes else {}
    if not keeps_area(actor, area):
        told = _hidden(told, sorted(places, key=len, reverse=True))
    return Filled(tuple(_answered(slot, told) for slot in slots))


def _places_below(area: Area, actor: Actor) -> dict[str, Area]:
    """The places a line can name: next below; inside a community two levels of them."""
    most = area.depth + (2 if keeps_area(actor, area) else 1)
    rows = Area.objects.get_queryset().under_paths([area.path]).current().filter(depth__lte=most, depth__gt=area.depth)
    found: dict[str, Area] = {}
    for place in rows.select_related("level").defer("outline").order_by("-depth"):
        found[place.name] = place
    return found


def _slots(blank: BulletinBlank, area: Area, below: Mapping[str, Area]) -> Sequence[Slot]:
    found = []
    for sheet in blank.layout.get("sheets", ()):
        meant: Mapping[str, Any] = blank.mapping.get(sheet["entry"], {})
        computed = frozenset(sheet.get("formulas", ()))
        for line in sheet["rows"]:
            means = meant.get("rows", {}).get(str(line["row"]), "")
            place = {WHOLE: area, BY_NAME: below.get(line["label"].strip())}.get(means)
            for column in sheet["columns"] if means else ():
                if f"{line['row']}:{column['column']}" in computed:
                    continue
                code = meant.get("columns", {}).get(str(column["column"]), "")
                where = (sheet["entry"], line["row"], column["column"])
                found.append(Slot(*where, column["heading"], line["label"], code, place))
        for cell in sheet["cells"]:
            code = meant.get("cells", {}).get(f"{cell['row']}:{cell['column']}", "")
            found.append(Slot(sheet["entry"], cell["row"], cell["column"], cell["label"], "", code, area))
    return found


def _answered(slot: Slot, told: Mapping[tuple[str, str], Cell]) -> Slot:
    if not slot.code:
        return _with(slot, None, NO_VALUE)
    if slot.place is None:
        return _with(slot, None, NO_PLACE)
    value = told.get((slot.code, slot.place.path))
    return _with(slot, value, NOT_KNOWN if value is None else "")


def _with(slot: Slot, value: Cell, why: str) -> Slot:
    where = (slot.entry, slot.row, slot.column, slot.heading, slot.label, slot.code, slot.place)
    return Slot(*where, value, why)


def _hidden(told: Mapping[tuple[str, str], Cell], paths: Sequence[str]) -> dict[tuple[str, str], Cell]:
    """Small counts of people not told outside the community, nor what gives one away; the widest place stands last."""
    codes = sorted({code for code, _ in told if hides_small(code)})
    lines = [path for path in paths if any((code, path) in told for code in codes)]
    table = [[_whole(told.get((code, path))) for code in codes] for path in lines]
    shown = dict(told)
    for path, cells in zip(lines, suppressed(table), strict=True):
        for code, count in zip(codes, cells, strict=True):
            if count is None and (code, path) in told:
                shown[code, path] = HIDDEN
    return shown


def _whole(value: Cell) -> int:
    return value if isinstance(value, int) else 0
