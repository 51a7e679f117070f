"""What programs get of the figures."""

from __future__ import annotations

from datetime import date

from ninja import Schema


class ClockOut(Schema):
    """Lengths of time in minutes; the last bucket has no bound, and `…_is_open` says that a value is at least that."""

    buckets: list[int]
    median: float | None
    median_is_open: bool
    p90: float | None
    p90_is_open: bool


class FigureOut(Schema):
    """Counts of the orders reported in the period, the three rates in percent, lengths of time."""

    orders: int
    open: int
    ended: int
    steps: dict[str, int]
    dispatched: int
    contacted: int
    settled: int
    on_spot: int
    explained: int
    reopened: int
    sent_back: int
    asked: int
    satisfied: int
    judged: int
    solved: int
    response_rate: float | None
    solving_rate: float | None
    satisfaction_rate: float | None
    clocks: dict[str, ClockOut]


class FigureLineOut(FigureOut):
    """One line: what it is about, and its figures."""

    key: str
    label: str


class PlaceOut(Schema):
    """A place."""

    id: int
    name: str


class FiguresOut(Schema):
    """The figures of a place and a period; `bucket_bounds` are the upper bounds of the buckets in minutes."""

    area: PlaceOut
    since: date
    until: date
    by: str
    bucket_bounds: list[int]
    total: FigureOut
    rows: list[FigureLineOut]


class FieldFigureOut(Schema):
    """Visits, what came of knocking, how many brought a need or an order; good deeds."""

    visits: int
    met: int
    nobody: int
    later: int
    declined: int
    needs: int
    orders: int
    deeds: int


class FieldLineOut(FieldFigureOut):
    """One day or community."""

    key: str
    label: str


class FieldFiguresOut(Schema):
    """Visits and good deeds of a place and a period."""

    area: PlaceOut
    since: date
    until: date
    by: str
    total: FieldFigureOut
    rows: list[FieldLineOut]
