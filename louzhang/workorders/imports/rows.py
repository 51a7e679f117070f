"""One row of another system's file into a history draft, or the sentence why it is refused."""

from __future__ import annotations

from datetime import UTC, datetime

from louzhang.journal.refusals import InputRefused
from louzhang.kit.tables import Row
from louzhang.workorders.actions.importing import HistoryDraft
from louzhang.workorders.imports.maps import HistoryMap
from louzhang.workorders.imports.places import Places, read_position
from louzhang.workorders.lifecycle import ENDED, State
from louzhang.workorders.models import WORDS_AT_MOST, WorkOrder

NUMBER_LENGTH = int(WorkOrder._meta.get_field("source_number").max_length or 0)
KEPT_LENGTH = 200  # of their own words for state, times, owner and channel
EARLIEST_YEAR = 1970
NEEDS_UNIT = frozenset({State.DISPATCHED, State.TAKEN})


class RowReader:
    """Reads rows by a map; `at` is the moment of the run: nothing happened after it."""

    def __init__(self, plan: HistoryMap, places: Places, at: datetime) -> None:
        self._plan = plan
        self._places = places
        self._at = at

    def read(self, row: Row) -> HistoryDraft:
        """Read one row.

        Raises `InputRefused` with the reason for the error file: no number, no time, a time
        after now, closed before created, a state the map does not know, a bad position, an
        unknown area, texts that are too long.
        """
        columns = self._plan.columns
        if any("\x00" in cell for cell in row.cells.values()):
            raise InputRefused("这一行含有无法保存的字符。")
        state = self._state(row)
        reported_at = self._reported(row)
        kind = self._kind(row)
        position = self._position(row)
        area_id, is_unplaced = self._places.place(self._cell(row, columns.area), position)
        return HistoryDraft(
            number=self._number(row),
            status=state,
            reported_at=reported_at,
            closed_at=self._closed(row, state, reported_at),
            kind=kind,
            kind_name=self._plan.categories.get(kind, kind),
            category_code=self._plan.category_codes.get(kind, ""),
            unit_name=self._unit(row, state),
            words=self._words(row),
            address=self._short_text(row, columns.address, WORDS_AT_MOST, "地址"),
            area_id=area_id,
            is_unplaced=is_unplaced,
            longitude=position[0] if position else None,
            latitude=position[1] if position else None,
            said=self._said(row),
        )

    def _cell(self, row: Row, column: str) -> str:
        return row.cells.get(column, "").strip() if column else ""

    def _number(self, row: Row) -> str:
        number = self._cell(row, self._plan.columns.number)
        if not number:
            raise InputRefused("没有单号。", field="number")
        return self._short_text(row, self._plan.columns.number, NUMBER_LENGTH, "单号")

    def _kind(self, row: Row) -> str:
        kind = self._cell(row, self._plan.columns.category)
        if not kind:
            raise InputRefused("没有类别。", field="category")
        return kind

    def _state(self, row: Row) -> State:
        said = self._cell(row, self._plan.columns.status)
        state = self._plan.states.get(said)
        if state is None:
            raise InputRefused(f"不认识状态“{said[:30]}”。" if said else "没有状态。", field="status")
        return state

    def _reported(self, row: Row) -> datetime:
        reported_at = self._time(row, self._plan.columns.reported_at, "受理时间")
        if reported_at is None:
            raise InputRefused("没有受理时间。", field="reported_at")
        return reported_at

    def _closed(self, row: Row, state: State, reported_at: datetime) -> datetime | None:
        closed_at = self._time(row, self._plan.columns.closed_at, "办结时间")
        if closed_at is None and state in ENDED:
            raise InputRefused("状态是已结束，但没有办结时间。", field="closed_at")
        if closed_at is not None and closed_at < reported_at:
            raise InputRefused("办结时间早于受理时间。", field="closed_at")
        return closed_at

    def _time(self, row: Row, column: str, label: str) -> datetime | None:
        typed = self._cell(row, column)
        if not typed:
            return None
        moment = self._parsed(typed)
        if moment is None or not EARLIEST_YEAR <= moment.year <= self._at.year + 1:
            raise InputRefused(f"{label}“{typed[:30]}”看不懂。", field="time")
        aware = moment if moment.tzinfo else moment.replace(tzinfo=self._plan.zone)
        if aware > self._at:
            raise InputRefused(f"{label}晚于现在。", field="time")
        return aware.astimezone(UTC)

    def _parsed(self, typed: str) -> datetime | None:
        for shape in self._plan.time_formats:
            try:
                return datetime.strptime(typed, shape)  # noqa: DTZ007 - the map names the zone
            except ValueError:
                continue
        try:
            return datetime.fromisoformat(typed)
        except ValueError:
            return None

    def _position(self, row: Row) -> tuple[float, float] | None:
        columns = self._plan.columns
        return read_position(self._cell(row, columns.longitude), self._cell(row, columns.latitude), self._plan.datum)

    def _unit(self, row: Row, state: State) -> str:
        said = self._cell(row, self._plan.columns.unit)
        name = self._plan.units.get(said, said) or self._plan.default_unit
        if not name and state in NEEDS_UNIT:
            raise InputRefused("状态是已交办，但没有承办单位。", field="unit")
        return name

    def _words(self, row: Row) -> str:
        said = [self._cell(row, column) for column in self._plan.columns.text]
        words = "\n".join(text for text in said if text)
        if len(words) > WORDS_AT_MOST:
            raise InputRefused(f"文字超过 {WORDS_AT_MOST} 字。", field="words")
        return words

    def _short_text(self, row: Row, column: str, most: int, label: str) -> str:
        text = self._cell(row, column)
        if len(text) > most:
            raise InputRefused(f"{label}超过 {most} 个字符。", field="words")
        return text

    def _said(self, row: Row) -> dict[str, str]:
        columns = self._plan.columns
        named = {
            "status": columns.status,
            "reported_at": columns.reported_at,
            "updated_at": columns.updated_at,
            "closed_at": columns.closed_at,
            "category": columns.category,
            "owner": columns.unit,
            "channel": columns.channel,
            "area": columns.area,
        }
        said = {name: self._cell(row, column)[:KEPT_LENGTH] for name, column in named.items()}
        return {name: text for name, text in said.items() if text}
