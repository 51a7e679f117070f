"""Reply templates: those that fit a step of an order, what fills their placeholders, what the settings show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from louzhang.areas.models import Unit
from louzhang.areas.queries import setting
from louzhang.areas.queries.histories import Change, last_changes
from louzhang.journal.refusals import NotThere
from louzhang.kit import clock
from louzhang.workorders.lifecycle import LOOP
from louzhang.workorders.models import ReplyTemplate, WorkOrder
from louzhang.workorders.plain_words import REPLY_FIELDS, fill
from louzhang.workorders.queries.place_lines import spoken_places
from louzhang.workorders.queries.policies import spoken_category

SHOWN_ON_PHONE = 4
# What the settings fill in to show a template: an order made up.
EXAMPLE = {
    "number": "LZ2603020001X",
    "category": "水管漏水",
    "place": "彩虹社区 12号楼 2单元",
    "unit": "安居物业",
    "promised": "明天 17:30",
    "desk": "彩虹社区",
    "phone": "024-12345678",
}


def _whole() -> QuerySet[ReplyTemplate]:
    return ReplyTemplate.objects.select_related("category__parent")


def replies_for(order: WorkOrder, step: str) -> list[ReplyTemplate]:
    """The templates of a step for an order: those of its category first, then its group's, then any (one query)."""
    if step not in REPLY_FIELDS:
        return []
    category = order.category
    fits = Q(category=None) | Q(category_id__in=[category.pk, *([category.parent_id] if category.parent_id else [])])
    rows = ReplyTemplate.objects.filter(fits, step=step, ended_at=None).order_by("name", "pk")
    places = {category.pk: 0, category.parent_id: 1, None: 2}
    return sorted(rows, key=lambda row: places[row.category_id])


def values_for(order: WorkOrder, at: datetime) -> dict[str, str]:
    """What fills the placeholders for one order (three queries at most)."""
    return {
        "number": order.number,
        "category": order.category.name,
        "place": spoken_places([order.area]).get(order.area_id, ""),
        "unit": order.lead_unit.name if order.lead_unit is not None else "",
        "promised": clock.speak(order.promised_at, at),
        "desk": order.desk_area.name,
        "phone": desk_phone(order, at),
    }


def filled_replies(order: WorkOrder, step: str, at: datetime) -> list[tuple[str, str]]:
    """The templates of a step as name and filled words, for a phone on which one tap puts them in."""
    replies = replies_for(order, step)
    values = values_for(order, at) if replies else {}
    return [(reply.name, fill(reply.words, values)) for reply in replies[:SHOWN_ON_PHONE]]


def desk_phone(order: WorkOrder, at: datetime) -> str:
    """The public phone of the office that accepts the order, else that of the district."""
    own = Unit.objects.filter(office_area_id=order.desk_area_id, ended_at=None).values_list("phone", flat=True).first()
    return own or str(setting("hotline", at))


def find_reply(reply_id: int) -> ReplyTemplate:
    """One template, ended ones too; raises `NotThere` for an unknown one."""
    row = _whole().filter(pk=reply_id).first()
    if row is None:
        raise NotThere("没有找到这个模板。")
    return row


@dataclass(frozen=True, slots=True)
class ReplyRow:
    """One template as the list shows it."""

    reply: ReplyTemplate
    last: Change | None

    @property
    def whose(self) -> str:
        """For which category."""
        return spoken_category(self.reply.category)


def step_label(step: str) -> str:
    """The verb of a step in words."""
    return LOOP[step].label if step in LOOP else step


def list_replies(*, with_ended: bool = False) -> list[tuple[str, list[ReplyRow]]]:
    """The templates under the label of their step, those for any category first (three queries)."""
    rows = _whole() if with_ended else _whole().filter(ended_at=None)
    found = list(rows.order_by("category__position", "category_id", "name", "pk"))
    found.sort(key=lambda row: row.category_id is not None)
    last = last_changes(found)
    return [
        (step_label(step), [ReplyRow(row, last.get(row.pk)) for row in found if row.step == step])
        for step in REPLY_FIELDS
        if any(row.step == step for row in found)
    ]


def all_replies() -> QuerySet[ReplyTemplate]:
    """Every template, for the file."""
    return _whole().order_by("step", "pk")
