"""The filters of a list: read from the URL, written back into it, told as chips.

Free words never stand in a URL, since a name may be among them: the address carries a handle
(docs/decisions/0011).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.http import urlencode
from pydantic import Field, ValidationError

from louzhang.areas.queries import list_units
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.journal.actor import Actor
from louzhang.kit import phones
from louzhang.kit.handles import handle_of, words_of
from louzhang.kit.writable import Writable
from louzhang.shell.parts import Item
from louzhang.workorders.behind import figure_named
from louzhang.workorders.clocks import CLOCK_LABELS
from louzhang.workorders.lifecycle import LABELS, State
from louzhang.workorders.queries import Filters, phone_handle
from louzhang.workorders.queries.choices import Group, grouped, offered_categories
from louzhang.workorders.queries.counting import StepCounts
from louzhang.workorders.queries.orders import RAISED
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
    "soon": "将超期",
    "late": "超期",
    RAISED: "报到本级的超期",
    "asking": "申请暂停或延期",
    "paused": "暂停计时",
    "returned": "退回过的",
    "unplaced": "待定位",
    "supervised": "督办",
    "shelved": "挂账",
    "to_verify": "待核实",
    "explaining": "解释说明待复核",
    "explained": "解释说明",
    State.RATED: LABELS[State.RATED],
    "ended": "已结束",
    State.CLOSED: LABELS[State.CLOSED],
    State.DECLINED: LABELS[State.DECLINED],
    State.WITHDRAWN: LABELS[State.WITHDRAWN],
}
# The steps that stand as chips above the list; the others can be chosen in the form.
STEP_CHIPS = (
    "open", State.REPORTED, State.ACCEPTED, State.DISPATCHED, State.TAKEN, State.SETTLED, "to_tell",
    State.ANSWERED, "soon", "late", RAISED, "asking", "returned", "unplaced", "supervised", "shelved", "ended",
)  # fmt: skip


class PageFilters(Filters):
    """The filters as a page has them: `found` is the handle that stands in its address for the words."""

    found: Writable = Field(default="", max_length=600)


IN_ADDRESS = tuple(name for name in PageFilters.model_fields if name != "words")
PURPOSE = "order-search"
WORDS_AT_MOST = 60


def read_filters(query: QueryDict) -> tuple[PageFilters, bool]:
    """The filters of a URL, and whether some of it could not be understood and was left out."""
    given: dict[str, Any] = {name: query[name] for name in IN_ADDRESS if query.get(name)}
    words = words_of(given.get("found", ""), purpose=PURPOSE)
    has_bad = bool(query.get("words") or given.get("found")) and not words
    given = given | {"words": words} if words else {name: given[name] for name in given if name != "found"}
    try:
        return PageFilters.model_validate(given), has_bad
    except ValidationError as wrong:
        bad = {str(error["loc"][0]) for error in wrong.errors() if error["loc"]}
        return PageFilters.model_validate({name: value for name, value in given.items() if name not in bad}), True


def query_of_typed(typed: QueryDict, actor: Actor) -> str:
    """The address of a filter form that was posted: its words and numbers as handles, the rest as typed."""
    asked: dict[str, Any] = {name: typed[name] for name in (*IN_ADDRESS, "size") if name != "found" and typed.get(name)}
    return urlencode(asked | typed_words(typed.get("words", ""), actor))


def typed_words(words: str, actor: Actor) -> dict[str, str]:
    """Words somebody typed as they may stand in an address; a phone number among them is searched as one."""
    words = words.strip()[:WORDS_AT_MOST]
    if phone := phones.phone_in(words):
        return {"phone": phone_handle(phone, actor)}
    return {"found": handle_of(words, purpose=PURPOSE)} if words else {}


def query_of(filters: PageFilters, **changes: Any) -> str:
    """The filters as they stand in a URL, with some of them changed; None takes one away."""
    values = filters.model_dump(mode="json", exclude_defaults=True, exclude={"words"}) | changes
    return urlencode([(name, _plain(value)) for name, value in values.items() if value not in (None, "", False)])


def _plain(value: Any) -> str:
    return "1" if value is True else str(value)


def step_items(filters: PageFilters, counts: StepCounts, url: str) -> list[Item]:
    """The chips of the steps with their counts; the current one leads to the list without it."""
    mine = Item(
        label="轮到我办",
        url=f"{url}?{query_of(filters, is_mine=not filters.is_mine)}",
        count=counts.all_mine,
        current=bool(filters.is_mine),
    )
    return [mine, *(_step_item(step, filters, counts, url) for step in STEP_CHIPS)]


def _step_item(step: str, filters: PageFilters, counts: StepCounts, url: str) -> Item:
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
    categories = categories_by_group()
    areas = offices_and_grids(roots) if roots else []
    units = list_units() if roots else []
    return {
        "categories": categories,
        "areas": areas,
        "units": units,
        "category_choices": [(group.label, [(leaf.code, leaf.name) for leaf in group.choices]) for group in categories],
        "area_choices": [(area["id"], area["label"]) for area in areas],
        "unit_choices": [(unit["id"], unit["name"]) for unit in units],
    }


def categories_by_group() -> list[Group]:
    """The leaf categories under the names of their groups (one query)."""
    return grouped(offered_categories(), lambda leaf: leaf.parent.name if leaf.parent else "")


def chosen_items(filters: PageFilters, offered: Mapping[str, Any], url: str) -> list[Item]:
    """Every filter that is on beside the step, as a chip that takes it away."""
    said = {
        "found": f"含“{filters.words}”" if filters.words else "",
        "number": f"单号 {filters.number}" if filters.number else "",
        "phone": "同一个电话" if filters.phone else "",
        "category": _category_name(filters.category, offered["categories"]),
        "area": _name_of(filters.area, offered["areas"], "所选地点"),
        "channel": filters.channel.label if filters.channel else "",
        "unit": _name_of(filters.unit, offered["units"], "所选单位"),
        "since": f"从 {filters.since} 起" if filters.since else "",
        "until": f"到 {filters.until} 止" if filters.until else "",
        "is_urgent": "紧急" if filters.is_urgent else "",
        "figure": _figure_name(filters.figure),
        "clock": f"在走“{CLOCK_LABELS[filters.clock]}”时限的" if filters.clock else "",
    }
    return [
        Item(label=words, url=f"{url}?{query_of(filters, **{name: None})}", current=True)
        for name, words in said.items()
        if words
    ]


def _figure_name(name: str) -> str:
    figure = figure_named(name)
    return figure.label if figure else "不认识的数字" if name else ""


def _category_name(code: str, groups: list[Group]) -> str:
    names = {leaf.code: leaf.name for group in groups for leaf in group.choices}
    parents = {leaf.parent.code: leaf.parent.name for group in groups for leaf in group.choices if leaf.parent}
    return (names | parents).get(code, "所选类别") if code else ""


def _name_of(row_id: int | None, rows: list[dict[str, Any]], otherwise: str) -> str:
    if row_id is None:
        return ""
    return next((str(row["name"]) for row in rows if row["id"] == row_id), otherwise)
