"""What the day adds to menus, to the notebook, and to what a phone keeps."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from louzhang.accounts.visits import actor_of
from louzhang.areas.roles import FIELD_ROLES, OFFICE_ROLES
from louzhang.areas.sections import Section, add_section
from louzhang.fieldwork import sources
from louzhang.fieldwork.forms.visit_kind import add_visit_kinds
from louzhang.fieldwork.models import DayItem
from louzhang.fieldwork.queries import dues, gathering
from louzhang.fieldwork.queries.days import as_days, count_today, own_days, spoken_minutes
from louzhang.fieldwork.queries.visits import due_marks, own_home_visits, visits_section
from louzhang.fieldwork.sources import PRESSING
from louzhang.journal.actor import Actor
from louzhang.kit import clock
from louzhang.register import agenda, beside
from louzhang.shell import navigation, offline, pocket
from louzhang.shell.offline import KeptPage
from louzhang.shell.parts import Item

RHYTHMS = "每天走访几户、多久走访一次、到片区几次；按它排每日工作清单。"


def set_up() -> None:
    """Register everything; called once when the app is ready."""
    sources.add_source(gathering.orders_in_hand, order=10)
    sources.add_source(gathering.results_to_tell, order=20)
    sources.add_source(gathering.questions_to_answer, order=30)
    sources.add_source(dues.visits_due, order=40)
    sources.add_source(gathering.places_to_check, order=60)
    sources.add_source(dues.presence_due, order=70)
    add_visit_kinds()
    agenda.add_due(today_due, order=5)
    beside.add_sections(visits_section, order=5)
    beside.add_marks(due_marks)
    beside.add_own(own_home_visits)
    navigation.add_items("today", today_entry, order=1)
    navigation.add_items("desk", desk_entry, order=27)
    offline.add_pages(kept_pages)
    pocket.add_part("today", day_to_carry)
    add_section(
        Section(label="走访节奏", name="fieldwork_desk:rhythms", icon="clipboard-list", words=RHYTHMS), order=38
    )


def today_entry(request: HttpRequest) -> list[Item]:
    """今天的清单 on the first page of who looks after a place."""
    if not _is_in_field(request):
        return []
    return [
        _own_item(actor_of(request), clock.now()),
        Item(
            label="记一次走访",
            url=reverse("fieldwork_field:unplanned"),
            icon="plus",
            note="清单外的走访，没有信号也能记",
        ),
    ]


def today_due(actor: Actor, at: datetime) -> Iterable[Item]:
    """The same in the notebook."""
    return [_own_item(actor, at)] if actor.has_role(*FIELD_ROLES) else []


def _own_item(actor: Actor, at: datetime) -> Item:
    count, minutes = count_today(actor, clock.local_date(at))
    note = f"还有 {count} 件，大约 {spoken_minutes(minutes)}" if count else "今天排的都办完了，或者还没有排"
    url = reverse("fieldwork_field:today")
    return Item(label="今天的清单", url=url, icon="clipboard-list", note=note, count=count or None)


def desk_entry(request: HttpRequest) -> list[Item]:
    """每日工作 in the navigation of offices."""
    if not hasattr(request, "visit") or not actor_of(request).has_role(*OFFICE_ROLES):
        return []
    url = reverse("fieldwork_desk:work")
    is_here = request.path == url or request.path.startswith((f"{url}days/", f"{url}items/"))
    return [Item(label="每日工作", url=url, icon="clipboard-list", group="社区事务", current=is_here)]


def kept_pages(request: HttpRequest) -> list[KeptPage]:
    """The list and the form of a visit; their blank copies name no door and no line."""
    if not _is_in_field(request):
        return []
    pages = (("今天的清单", "fieldwork_field:today"), ("记一次走访", "fieldwork_field:unplanned"))
    return [KeptPage(label, reverse(name), f"{reverse(name)}?blank=1") for label, name in pages]


def day_to_carry(request: HttpRequest) -> list[dict[str, Any]] | None:
    """The round of today for a phone without a signal: places, kinds and rules; of people nothing."""
    if not _is_in_field(request):
        return None
    days = as_days(own_days(actor_of(request), clock.local_date(clock.now())), PRESSING)
    first = [_carried(item, item.place) for day in days for item in day.first]
    stops = [stop for day in days for stop in day.stops]
    rounds = [{"place": stop.place or "不用上门的", "items": [_carried(item) for item in stop.items]} for stop in stops]
    return [{"place": "先办", "items": first}, *rounds] if first else rounds


def _carried(item: DayItem, place: str = "") -> dict[str, str]:
    where = place or (item.dwelling.door if item.dwelling is not None else "")
    url = f"{reverse('fieldwork_field:unplanned')}?door={item.dwelling.uid}" if item.dwelling is not None else ""
    return {"title": f"{where} {item.title}".strip(), "why": f"{item.why}约 {item.minutes} 分钟。", "visit": url}


def _is_in_field(request: HttpRequest) -> bool:
    return hasattr(request, "visit") and actor_of(request).has_role(*FIELD_ROLES)
