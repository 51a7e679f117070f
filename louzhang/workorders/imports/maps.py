"""The map of another system's file: a TOML that says which column is what, read into dataclasses.

Every mistake in a map is one Chinese sentence that names the key. `docs/examples/la311.toml` is
a whole one.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from louzhang.kit.coordinates import Datum
from louzhang.workorders.lifecycle import State
from louzhang.workorders.models import WorkOrder

# States in which an order of another system can stand here. The rest ask for steps it never took.
STATES = (
    State.REPORTED,
    State.ACCEPTED,
    State.DISPATCHED,
    State.TAKEN,
    State.CLOSED,
    State.DECLINED,
    State.WITHDRAWN,
)
SOURCE_LENGTH = int(WorkOrder._meta.get_field("source").max_length or 0)
YEARS_AT_MOST = 100


class BadMap(ValueError):
    """The map cannot be used; the message says which key and what to write there."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Headings of the file. Blank: the file has no such column. `text` may be several."""

    number: str
    reported_at: str
    status: str
    category: str
    closed_at: str = ""
    updated_at: str = ""
    unit: str = ""
    channel: str = ""
    address: str = ""
    latitude: str = ""
    longitude: str = ""
    area: str = ""
    text: tuple[str, ...] = ()

    def named(self) -> list[str]:
        """Every heading that the file must have."""
        single = [getattr(self, item.name) for item in fields(self) if item.name != "text"]
        return [name for name in dict.fromkeys([*single, *self.text]) if name]


@dataclass(frozen=True, slots=True)
class HistoryMap:
    """How to read one system's file.

    `area` is the code of the area for rows that name none or lie outside the district; blank
    means the district itself, and such rows wait to be placed. `states` leads their words to our
    states, `categories` and `units` give their names better ones, `category_codes` and `areas`
    lead to categories and areas the district already has. `promised_hours`, `keep_days` and
    `offer_categories` are for categories made on demand: unless offered, they end at once, so
    that nobody can choose them for a new report.
    """

    source: str
    zone: ZoneInfo
    columns: Columns
    states: Mapping[str, State]
    time_formats: tuple[str, ...] = ()
    datum: Datum = Datum.WGS84
    area: str = ""
    default_unit: str = ""
    promised_hours: int = 72
    keep_days: int = 1095
    offer_categories: bool = False
    categories: Mapping[str, str] = field(default_factory=dict)
    category_codes: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    areas: Mapping[str, str] = field(default_factory=dict)


def read_map(path: Path) -> HistoryMap:
    """Read a map file; raises `BadMap`."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError:
        raise BadMap(f"打不开对照表 {path.name}，请检查文件名后重试。") from None
    except UnicodeDecodeError:
        raise BadMap("对照表要用 UTF-8 编码保存，请另存后重试。") from None
    except tomllib.TOMLDecodeError as error:
        raise BadMap(f"对照表不是有效的 TOML：{error}。请改正后重试。") from None
    return parse_map(raw)


def parse_map(raw: dict[str, Any]) -> HistoryMap:
    """Check a parsed TOML key by key; raises `BadMap`."""
    known = {item.name for item in fields(HistoryMap)} - {"zone"} | {"time_zone"}
    _refuse_unknown(raw, known, "对照表")
    return HistoryMap(
        source=_source(raw),
        zone=_zone(_text(raw, "time_zone", needed=True)),
        columns=_columns(_table(raw, "columns", needed=True)),
        states=_states(_texts(raw, "states", needed=True)),
        time_formats=_list(raw, "time_formats"),
        datum=_datum(_text(raw, "datum") or Datum.WGS84.value),
        area=_area(raw),
        default_unit=_text(raw, "default_unit"),
        promised_hours=_count(raw, "promised_hours", 72, YEARS_AT_MOST * 366 * 24),
        keep_days=_count(raw, "keep_days", 1095, YEARS_AT_MOST * 366),
        offer_categories=_switch(raw, "offer_categories"),
        categories=_texts(raw, "categories"),
        category_codes=_texts(raw, "category_codes"),
        units=_texts(raw, "units"),
        areas=_texts(raw, "areas"),
    )


def _refuse_unknown(raw: Mapping[str, Any], known: set[str], where: str) -> None:
    unknown = sorted(set(raw) - known)
    if unknown:
        raise BadMap(f"{where}里不认识“{unknown[0]}”，可以写的有：{'、'.join(sorted(known))}。")


def _source(raw: Mapping[str, Any]) -> str:
    source = _text(raw, "source", needed=True)
    if len(source) > SOURCE_LENGTH:
        raise BadMap(f"来源名称 source 太长，请缩短到 {SOURCE_LENGTH} 个字以内。")
    return source


def _area(raw: Mapping[str, Any]) -> str:
    if "area" not in raw:
        raise BadMap("对照表缺少 area：没有写明地点的行放到哪里？请写地点编码，留空表示区县本身。")
    return _text(raw, "area")


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown, not a name, or a folder of the database
        raise BadMap(f"没有“{name}”这个时区，请写成 Asia/Shanghai 这样的名称。") from None


def _datum(name: str) -> Datum:
    try:
        return Datum(name)
    except ValueError:
        raise BadMap(f"坐标系 datum 只能是 {'、'.join(Datum)}。") from None


def _columns(raw: Mapping[str, Any]) -> Columns:
    _refuse_unknown(raw, {item.name for item in fields(Columns)}, "对照表的 [columns] ")
    needed = {"number", "reported_at", "status", "category"}
    single = {
        item.name: _text(raw, item.name, needed=item.name in needed) for item in fields(Columns) if item.name != "text"
    }
    if bool(single["latitude"]) != bool(single["longitude"]):
        raise BadMap("对照表里 latitude 和 longitude 要么都写，要么都不写。")
    return Columns(**single, text=_list(raw, "text"))


def _states(raw: Mapping[str, str]) -> dict[str, State]:
    choices = {state.value: state for state in STATES}
    for said, name in raw.items():
        if name not in choices:
            raise BadMap(f"状态“{said}”对应的“{name}”不对，只能是：{'、'.join(choices)}。")
    return {said: choices[name] for said, name in raw.items()}


def _table(raw: Mapping[str, Any], key: str, *, needed: bool = False) -> dict[str, Any]:
    value = raw.get(key, {})
    if not isinstance(value, dict) or (needed and not value):
        raise BadMap(f"对照表缺少 [{key}] 这一节，或写法不对。请对照 docs/examples/la311.toml 补上。")
    return value


def _texts(raw: Mapping[str, Any], key: str, *, needed: bool = False) -> dict[str, str]:
    table = _table(raw, key, needed=needed)
    return {said: _text(table, said, needed=True) for said in table}


def _text(raw: Mapping[str, Any], key: str, *, needed: bool = False) -> str:
    value = raw.get(key, "")
    if not isinstance(value, str) or "\x00" in value:
        raise BadMap(f"对照表里 {key} 要写成带引号的文字。")
    if needed and not value.strip():
        raise BadMap(f"对照表里 {key} 没有写，请补上。")
    return value.strip()


def _list(raw: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = raw.get(key, [])
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, list) or not all(isinstance(item, str) and item.strip() for item in items):
        raise BadMap(f'对照表里 {key} 要写成一组文字，例如 ["…", "…"]。')
    return tuple(item.strip() for item in items)


def _count(raw: Mapping[str, Any], key: str, default: int, most: int) -> int:
    value = raw.get(key, default)
    if type(value) is not int or not 1 <= value <= most:
        raise BadMap(f"对照表里 {key} 要写成 1 到 {most} 的整数。")
    return value


def _switch(raw: Mapping[str, Any], key: str) -> bool:
    value = raw.get(key, False)
    if not isinstance(value, bool):
        raise BadMap(f"对照表里 {key} 只能是 true 或 false。")
    return value
