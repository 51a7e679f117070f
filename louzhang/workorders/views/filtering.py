"""The filters of a list: read from the URL, written back into it, told as chips."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.http import urlencode
from pydantic import ValidationError

from louzhang.areas.queries import list_units
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.journal.actor import Actor
from louzhang.shell.parts import Item
from louzhang.workorders.lifecycle import LABELS, State
from louzhang.workorders.queries import Filters
from louzhang.workorders.queries.choices import Group, grouped, offered_categories
from louzhang.workorders.queries.counting import StepCounts
from louzhang.workorders.queries.place_lines import offices_and_grids

STEP_LABELS = {
    "open": "在办",
    State.REPORTED: LABELS[State.REPORTED],
    State.ACCEPTED: LABELS[State.ACCEPTED],
    State.DISPATCHED: LABELS[State.DISPATCHED],
    State.TAKEN: LABELS[State.TAKEN],
    State.SETTLED: LABELS[State.SETTLED],
    "to_tell": "待告知",
    State.ANSWERED: LABELS[State.ANSWERED],
    "late": "超过承诺时间",
    "returned": "退回过的",
    "unplaced": "待定位",
    State.RATED: LABELS[State.RATED],
    "ended": "已结束",
    State.CLOSED: LABELS[State.CLOSED],
    State.DECLINED: LABELS[State.DECLINED],
    State.WITHDRAWN: LABELS[State.WITHDRAWN],
}
# The steps that stand as chips above the list; the others can be chosen in the form.
STEP_CHIPS = (
    "open", State.REPORTED, State.ACCEPTED, State.DISPATCHED, State.TAKEN, State.SETTLED, "to_tell",
    State.ANSWERED, "late", "returned", "unplaced", "ended",
)  # fmt: skip


def read_filters(query: QueryDict) -> tuple[Filters, bool]:
    """The filters of a URL, and whether some of it could not be understood and was left out."""
    given = {name: query[name] for name in Filters.model_fields if query.get(name)}
    try:
        return Filters.model_validate(given), False
    except ValidationError as wrong:
        bad = {str(error["loc"][0]) for error in wrong.errors() if error["loc"]}
        return Filters.model_validate({name: value for name, value in given.items() if name not in bad}), True


def query_of(filters: Filters, **changes: Any) -> str:
    """The filters as they stand in a URL, with some of them changed; None takes one away."""
    values = filters.model_dump(mode="json", exclude_defaults=True) | changes
    return urlencode([(name, _plain(value)) for name, value in values.items() if value not in (None, "", False)])


def _plain(value: Any) -> str:
    return "1" if value is True else str(value)


def step_items(filters: Filters, counts: StepCounts, url: str) -> list[Item]:
    """The chips of the steps with their counts; the current one leads to the list without it."""
    mine = Item(
        label="轮到我办",
        url=f"{url}?{query_of(filters, is_mine=not filters.is_mine)}",
        count=counts.all_mine,
        current=bool(filters.is_mine),
    )
    return [mine, *(_step_item(step, filters, counts, url) for step in STEP_CHIPS)]


def _step_item(step: str, filters: Filters, counts: StepCounts, url: str) -> Item:
    is_current = filters.step == step
    return Item(
        label=STEP_LABELS[step],
        url=f"{url}?{query_of(filters, step=None if is_current else str(step))}",
        count=counts.here.get(str(step)),
        current=is_current,
    )


def offered_filters(actor: Actor) -> dict[str, Any]:
    """What the filter form offers: categories, places of the own offices, units (three queries)."""
    roots = [seat.area_id for seat in actor.seats_with(*OFFICE_ROLES) if seat.area_id]
    return {
        "categories": categories_by_group(),
        "areas": offices_and_grids(roots) if roots else [],
        "units": list_units() if roots else [],
    }


def categories_by_group() -> list[Group]:
    """The leaf categories under the names of their groups (one query)."""
    return grouped(offered_categories(), lambda leaf: leaf.parent.name if leaf.parent else "")


def chosen_items(filters: Filters, offered: Mapping[str, Any], url: str) -> list[Item]:
    """Every filter that is on beside the step, as a chip that takes it away."""
    said = {
        "words": f"含“{filters.words}”" if filters.words else "",
        "number": f"单号 {filters.number}" if filters.number else "",
        "phone": "同一个电话" if filters.phone else "",
        "category": _category_name(filters.category, offered["categories"]),
        "area": _name_of(filters.area, offered["areas"], "所选地点"),
        "unit": _name_of(filters.unit, offered["units"], "所选单位"),
        "since": f"从 {filters.since} 起" if filters.since else "",
        "until": f"到 {filters.until} 止" if filters.until else "",
        "is_urgent": "紧急" if filters.is_urgent else "",
    }
    return [
        Item(label=words, url=f"{url}?{query_of(filters, **{name: None})}", current=True)
        for name, words in said.items()
        if words
    ]


def _category_name(code: str, groups: list[Group]) -> str:
    names = {leaf.code: leaf.name for group in groups for leaf in group.choices}
    parents = {leaf.parent.code: leaf.parent.name for group in groups for leaf in group.choices if leaf.parent}
    return (names | parents).get(code, "所选类别") if code else ""


def _name_of(row_id: int | None, rows: list[dict[str, Any]], otherwise: str) -> str:
    if row_id is None:
        return ""
    return next((str(row["name"]) for row in rows if row["id"] == row_id), otherwise)
