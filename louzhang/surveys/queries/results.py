"""结果: every question of a survey as a table of places and answers; outside the community small counts are hidden."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from louzhang.areas.models import RANKS, Area, LevelKind
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import NotThere
from louzhang.surveys.hiding import Equation, hidden_in
from louzhang.surveys.lifecycle import SurveyState
from louzhang.surveys.models import Question, Survey
from louzhang.surveys.models.surveys import COMMUNITY_RANK
from louzhang.surveys.queries.counting_answers import ABSENT, DONE, WAITING, Counts, counted_below
from louzhang.surveys.queries.finding import gates_of
from louzhang.surveys.queries.progress import UNKNOWN, own_roots
from louzhang.surveys.questions import CHOOSING, DECLINED, Asked, Kind
from louzhang.surveys.reckoning import BLANK, CHOSE, Column, columns_of, counted_in, median_of

GRID_RANK = RANKS[LevelKind.GRID]
ONLY_GRIDS = "回答已按期删除，只留到网格的汇总。"
NO_GATES: Mapping[int, str] = MappingProxyType({})
NOT = "!"  # before the code of a choice among several: households that did not make it
# (key of a question, path of a place, code of a line)
Cell = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Ground:
    """The place whose results are read: what lies next below it, whether names of doors stand behind the numbers."""

    area: Area
    places: tuple[Area, ...]
    is_inside: bool

    @property
    def depth(self) -> int:
        """Where in the tree the places below lie."""
        return len(self.area.path) // Area.steplen + 1


@dataclass(frozen=True, slots=True)
class Row:
    """One place: a number for each line of the question, None for what is not told; `asked` were asked it."""

    area: Area
    numbers: tuple[int | None, ...]
    asked: int | None


@dataclass(frozen=True, slots=True)
class Result:
    """One question: its lines, the place as a whole, and the places below it."""

    asked: Asked
    columns: tuple[Column, ...]
    whole: Row
    rows: tuple[Row, ...]
    median: float | None = None
    people: int | None = None
    photos: int | None = None

    @property
    def has_hidden(self) -> bool:
        """Whether some numbers are not told."""
        return any(number is None for row in (self.whole, *self.rows) for number in row.numbers)

    @property
    def given(self) -> int | None:
        """How many said something; None where that is not told."""
        if self.asked.kind is Kind.MANY:
            left = [self.whole.numbers[place] for place, column in enumerate(self.columns) if column.is_left]
            return (
                None if self.whole.asked is None or None in left else self.whole.asked - sum(map(int, map(_no, left)))
            )
        said = [self.whole.numbers[place] for place, column in enumerate(self.columns) if not column.is_left]
        return None if None in said else sum(map(_no, said))


def _no(number: int | None) -> int:
    return number or 0


@dataclass(frozen=True, slots=True)
class Standing:
    """How far asking has come in one place."""

    area: Area
    total: int
    done: int
    absent: int


@dataclass(frozen=True, slots=True)
class Results:
    """Everything that is read of a survey in one place."""

    ground: Ground
    standing: Standing
    below: tuple[Standing, ...]
    questions: tuple[Result, ...]

    @property
    def has_hidden(self) -> bool:
        """Whether some numbers are not told."""
        return any(question.has_hidden for question in self.questions)


def places_of(survey: Survey, actor: Actor) -> list[Area]:
    """Where the actor may read results: the own places, and outside a community those down to it."""
    roots = own_roots(survey, actor)
    asked = Area.objects.filter(pk__in=survey.shares.order_by().values("area"))
    rows = asked.filter(path__in=roots).select_related("level").defer("outline").order_by("path")
    found = []
    for area in rows:
        found.append(area)
        lowest = GRID_RANK if area.rank >= COMMUNITY_RANK else COMMUNITY_RANK - 1
        if area.rank < lowest:
            below = Area.objects.filter(path__startswith=area.path, depth__gt=area.depth)
            shares = survey.shares.filter(rank__lte=lowest).values("area")
            below = below.filter(pk__in=shares).select_related("level").defer("outline").order_by("path")
            found += list(below)
    return found


def ground_of(survey: Survey, places: Sequence[Area], area_id: int | None) -> Ground:
    """The place that was asked for, or the widest; raises `NotThere` for one out of reach."""
    area = next((each for each in places if area_id in (None, each.pk)), None) or _inside(survey, places, area_id)
    if survey.status == SurveyState.PURGED and area.rank > GRID_RANK:
        raise NotThere(ONLY_GRIDS)
    shares = survey.shares.filter(area__path__startswith=area.path, area__depth=area.depth + 1)
    is_inside = area.rank >= COMMUNITY_RANK
    if survey.status == SurveyState.PURGED and area.rank >= GRID_RANK:
        shares = shares.none()  # counts are kept down to the grid
    below = Area.objects.filter(pk__in=shares.values("area")).select_related("level").defer("outline").order_by("path")
    return Ground(area, tuple(below), is_inside)


def _inside(survey: Survey, places: Sequence[Area], area_id: int | None) -> Area:
    """A building or stairwell of a place that is read down to its doors."""
    rows = Area.objects.filter(pk=area_id, pk__in=survey.shares.order_by().values("area"))
    area: Area | None = rows.select_related("level").defer("outline").first()
    tops = [place.path for place in places if place.rank >= COMMUNITY_RANK]
    if area is None or not any(area.path.startswith(top) for top in tops):
        raise NotThere(UNKNOWN)
    return area


def results_of(survey: Survey, ground: Ground) -> Results:
    """The tables of one place.

    Outside a community what is hidden is worked out over the whole survey, whoever asks and for whichever place: two
    pages laid beside each other tell no more than either.
    """
    rows = list(Question.objects.filter(survey=survey).order_by("position"))
    questions = [row.asked() for row in rows]
    gates = gates_of(questions)
    if ground.is_inside:
        counts = counted_below(survey, rows, [ground.area.path], ground.depth)
        table = Table(questions, counts, {ground.area.path}, len(ground.area.path), gates)
        hidden: set[Cell] = set()
    else:
        counts = counted_below(survey, rows, [ground.area.path[: Area.steplen]], COMMUNITY_RANK)
        table = Table(questions, counts, set(), 0, gates)
        hidden = hidden_in(table.cells, table.equations(), table.worth)
    return _read(table, ground, hidden)


class Table:
    """Counts of every question at the lowest places and summed above them."""

    def __init__(
        self,
        questions: Sequence[Asked],
        counts: Counts,
        roots: Iterable[str],
        top: int,
        gates: Mapping[int, str] = NO_GATES,
    ) -> None:
        self.questions, self.counts, self.top = questions, counts, top
        self.gates = {asked.key: sorted(gates[gate] for gate in asked.left_out if gate in gates) for asked in questions}
        self.leaves = sorted({place for _, place, _ in counts})
        self.paths = sorted({path for leaf in self.leaves for path in _line(leaf, top)} | set(roots))
        self.by_key: dict[str, dict[str, Counter[str]]] = {}
        for (key, place, value), number in counts.items():
            for path in _line(place, top):
                self.by_key.setdefault(key, {}).setdefault(path, Counter())[value] += number
        self.columns = {asked.key: columns_of(asked, self._values(asked.key)) for asked in questions}
        self.cells: dict[Cell, int] = {}
        self.asked: dict[tuple[str, str], int] = {}
        for asked in questions:
            for path in self.paths:
                self._fill(asked, path)

    def _values(self, key: str) -> set[str]:
        return {value for counter in self.by_key.get(key, {}).values() for value in counter}

    def said(self, key: str, path: str) -> Counter[str]:
        """What was answered in a place."""
        return self.by_key.get(key, {}).get(path, Counter())

    def _fill(self, asked: Asked, path: str) -> None:
        said = self.said(asked.key, path)
        numbers = {column.code: sum(said[value] for value in column.values) for column in self.columns[asked.key]}
        answered = said[CHOSE] if asked.kind is Kind.MANY else sum(
            number for code, number in numbers.items() if code not in (DECLINED, BLANK)
        )  # fmt: skip
        whole = max(self._asked(asked, path), answered + numbers[DECLINED])
        numbers[BLANK] = whole - answered - numbers[DECLINED]
        self.asked[asked.key, path] = whole
        for code, number in numbers.items():
            self.cells[asked.key, path, code] = number
            if asked.kind is Kind.MANY and code not in (DECLINED, BLANK):
                self.cells[asked.key, path, NOT + code] = answered - number

    def _asked(self, asked: Asked, path: str) -> int:
        """Households that were asked this question: not those in streets that let the survey in without it."""
        if self._is_left_out(asked, path):
            return 0
        without = [gate for gate in self.gates[asked.key] if gate.startswith(path)]
        return self._led_to(asked, path) - sum(self._led_to(asked, gate) for gate in without)

    def _is_left_out(self, asked: Asked, path: str) -> bool:
        return any(path.startswith(gate) for gate in self.gates[asked.key])

    def _led_to(self, asked: Asked, path: str) -> int:
        """Everybody who answered, or those whose answer to another question leads to this one."""
        if asked.only is None:
            return self.said("", path)[DONE]
        if not self.is_known(asked):
            return 0  # only what was said is counted
        return sum(self.cells.get((asked.only.key, path, code), 0) for code in asked.only.answers)

    def is_known(self, asked: Asked) -> bool:
        """Whether it follows how many were asked; not where some gave several of the answers that lead to it."""
        if asked.only is None:
            return True
        parent = next(each for each in self.questions if each.key == asked.only.key)
        return parent.kind is not Kind.MANY or len(asked.only.answers) == 1

    def equations(self) -> list[Equation[Cell]]:
        """What everybody can add up: the answers of a question, and the places below a place."""
        found: list[Equation[Cell]] = []
        for asked in self.questions:
            for path in self.paths:
                found += self._lines(asked, path)
            codes = [code for key, path, code in self.cells if key == asked.key and path == self.paths[0]]
            found += [line for path in self.paths for code in codes if (line := self._sum(asked.key, path, code))]
        return found

    def _lines(self, asked: Asked, path: str) -> list[Equation[Cell]]:
        codes = [column.code for column in self.columns[asked.key]]
        if not self.is_known(asked):
            return []
        if asked.kind is Kind.MANY:
            pairs = [(code, NOT + code) for code in codes if code not in (DECLINED, BLANK)]
            groups = [[*pair, DECLINED, BLANK] for pair in pairs]
        else:
            groups = [codes]
        led = self.led(asked, path)
        return [{(asked.key, path, code): 1 for code in group} | led for group in groups]

    def led(self, asked: Asked, path: str) -> dict[Cell, int]:
        """The answers of another question that led to this one; of everybody it is known how many there are."""
        if asked.only is None or self._is_left_out(asked, path):
            return {}
        codes, key = sorted(asked.only.answers), asked.only.key
        without = [gate for gate in self.gates[asked.key] if gate.startswith(path)]
        back = {(key, gate, code): 1 for gate in without for code in codes if (key, gate, code) in self.cells}
        return {(key, path, code): -1 for code in codes} | back

    def _sum(self, key: str, path: str, code: str) -> Equation[Cell] | None:
        below = [each for each in self.paths if len(each) == len(path) + Area.steplen and each.startswith(path)]
        return {(key, path, code): 1} | {(key, each, code): -1 for each in below} if below else None

    def worth(self, cell: Cell) -> tuple[bool, int, int, str, str, str]:
        """What is hidden first beside a small count: low places before wide ones, any number before nought."""
        key, path, code = cell
        number = self.cells[cell]
        return (number == 0, -len(path), number, key, path, code)


def _line(path: str, top: int) -> list[str]:
    """A place and those above it, down from the top."""
    return [path[:end] for end in range(max(top, Area.steplen), len(path) + 1, Area.steplen)]


def _read(table: Table, ground: Ground, hidden: set[Cell]) -> Results:
    standings = {area.pk: _standing(table, area) for area in (ground.area, *ground.places)}
    return Results(
        ground=ground,
        standing=standings[ground.area.pk],
        below=tuple(standings[area.pk] for area in ground.places),
        questions=tuple(_result(table, asked, ground, hidden) for asked in table.questions),
    )


def _standing(table: Table, area: Area) -> Standing:
    said = table.said("", area.path)
    return Standing(area, said[DONE] + said[ABSENT] + said[WAITING], said[DONE], said[ABSENT])


def _result(table: Table, asked: Asked, ground: Ground, hidden: set[Cell]) -> Result:
    columns = table.columns[asked.key]
    row = {area.pk: _row(table, asked, area, hidden) for area in (ground.area, *ground.places)}
    whole = row[ground.area.pk]
    said: Mapping[str, int] = table.said(asked.key, ground.area.path)
    tells = ground.is_inside or all(number is not None for number in whole.numbers)
    return Result(
        asked=asked,
        columns=columns,
        whole=whole,
        rows=tuple(row[area.pk] for area in ground.places),
        median=median_of(said) if asked.kind is Kind.NUMBER and tells else None,
        people=counted_in(said) if asked.kind is Kind.MEMBERS and tells else None,
        photos=counted_in(said) if asked.kind is Kind.PHOTO and tells else None,
    )


def _row(table: Table, asked: Asked, area: Area, hidden: set[Cell]) -> Row:
    cells = [(asked.key, area.path, column.code) for column in table.columns[asked.key]]
    numbers = tuple(None if cell in hidden else table.cells.get(cell, 0) for cell in cells)
    led = table.led(asked, area.path)
    is_told = not any(cell in hidden for cell in (led if table.is_known(asked) else cells))
    return Row(area, numbers, table.asked.get((asked.key, area.path), 0) if is_told else None)


def is_charted(kind: Kind) -> bool:
    """Whether the answers of a kind are told as bars."""
    return kind in CHOOSING or kind in (Kind.NUMBER, Kind.DATE)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart: its words, its number, its share of who said something, its length of 100."""

    column: Column
    number: int | None
    percent: int | None
    length: float = field(default=0)


def bars_of(result: Result) -> list[Bar]:
    """The answers of the place as bars, what was left open last."""
    shown = [number or 0 for number in result.whole.numbers]
    longest, given = max(shown, default=0), result.given
    bars = []
    for column, number in zip(result.columns, result.whole.numbers, strict=True):
        if column.is_left and not number and number is not None:
            continue
        has_share = bool(given) and number is not None and not column.is_left
        percent = round(100 * number / given) if has_share and number is not None and given else None
        bars.append(Bar(column, number, percent, round(100 * (number or 0) / longest, 2) if longest else 0))
    return bars
