"""What rounds, logs, errands and handovers add to menus, lists, logs and settings."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from louzhang.accounts.visits import actor_of
from louzhang.areas.roles import FIELD_ROLES, OFFICE_ROLES
from louzhang.areas.sections import Section, add_section
from louzhang.fieldwork import day_lines, following, handing, rounds_notices, sources
from louzhang.fieldwork.actions import moving
from louzhang.fieldwork.forms.patrols import add_patrol_kinds
from louzhang.fieldwork.models import Errand, GoodDeed, Handover, Leave, Patrol, Route, Scene, WorkLog, overseeing_seats
from louzhang.fieldwork.queries import day_events
from louzhang.fieldwork.queries.errands import errands_due, own_errands
from louzhang.fieldwork.queries.patrols import routes_due
from louzhang.journal import readers, subjects
from louzhang.shell import navigation, offline
from louzhang.shell.offline import KeptPage
from louzhang.shell.parts import Item

SCENES = "平时关着。只有写明安保或应急任务、文件和截止日期，才按到点位和纪实认定到岗。"

MOVERS = (
    moving.move_errands,
    moving.move_patrols,
    moving.move_lines,
    moving.move_talks,
    moving.move_company,
    moving.tell_standing,
)


def set_up() -> None:
    """Register everything; called once when the app is ready."""
    subjects.register(Errand, GoodDeed, Handover, Leave, Patrol, Route, Scene, WorkLog)
    readers.register("days_of_rounds", "patrol_route", "errand", read=following.follow)
    readers.register("errand_notices", "errand", read=rounds_notices.ERRANDS.read)
    readers.register("leave_notices", "leave", read=rounds_notices.LEAVES.read)
    readers.register("post_handover_notices", "post_handover", read=rounds_notices.HANDOVERS.read)
    sources.add_source(errands_due, order=45)
    sources.add_source(routes_due, order=55)
    add_patrol_kinds()
    for order, lines in enumerate(
        (day_events.visits_made, day_events.orders_done, day_events.routes_walked, day_events.counted)
    ):
        day_lines.add_lines(lines, order=10 * order)
    for order, mover in enumerate(MOVERS):
        handing.add_mover(mover, order=10 * order)
    navigation.add_items("today", today_entries, order=5)
    navigation.add_items("desk", desk_entries, order=28)
    navigation.add_items("home", home_entry, order=25)
    offline.add_pages(kept_pages)
    add_section(Section(label="按到岗认定", name="patrols:scenes", icon="shield-check", words=SCENES), order=39)


def today_entries(request: HttpRequest) -> list[Item]:
    """巡查、代办、纪实、替岗 on the worker's first page; errands that wait stand in the day's list."""
    if not hasattr(request, "visit") or not actor_of(request).has_role(*FIELD_ROLES):
        return []
    return [
        Item(label="巡查", url=reverse("patrols:list"), icon="map-pin", note="按路线走，扫牌上的码，没有信号也能记"),
        Item(label="代办帮办", url=reverse("errands:list"), icon="truck-delivery", note="跑腿、取药、照看家里，开收条"),
        Item(label="工作纪实", url=reverse("logs:mine"), icon="file-text", note="今天做的已经写好，补一句就能发"),
        Item(label="好人好事", url=reverse("deeds:list"), icon="star", note="看到了记一句"),
        Item(label="请假替岗", url=reverse("handing:list"), icon="calendar", note="出门几天，请人替一下"),
    ]


def desk_entries(request: HttpRequest) -> list[Item]:
    """The same at the desk of a community."""
    if not hasattr(request, "visit") or not actor_of(request).has_role(*OFFICE_ROLES):
        return []
    if not overseeing_seats(actor_of(request)):
        return []
    entries = (
        ("巡查", "patrols:list", "current-location"),
        ("工作纪实", "logs:sent", "file-text"),
        ("代办帮办", "errands:list", "truck-delivery"),
        ("好人好事", "deeds:list", "star"),
        ("替岗交接", "handing:list", "refresh"),
    )
    return [
        Item(label=label, url=(url := reverse(name)), icon=icon, group="社区事务", current=request.path.startswith(url))
        for label, name, icon in entries
    ]


def home_entry(request: HttpRequest) -> list[Item]:
    """代办帮办 for residents, with those that wait for their word."""
    count = own_errands(actor_of(request)).filter(status="handed").count() if hasattr(request, "visit") else 0
    note = "有办好的，请看一下" if count else "走不开、走不动，请楼长跑一趟"
    url = reverse("errands:mine" if count else "errands:ask")
    return [Item(label="代办帮办", url=url, icon="truck-delivery", note=note, count=count or None)]


def kept_pages(request: HttpRequest) -> list[KeptPage]:
    """The form of a round; its blank copy names places and nobody."""
    if not hasattr(request, "visit") or not actor_of(request).has_role(*FIELD_ROLES):
        return []
    url = reverse("patrols:out")
    return [KeptPage("巡查到点位", url, f"{url}?blank=1")]
