"""What the orders add to the navigation of the desk: 待办 with its steps, 来电登记, 批量登记, 全部工单, 地图."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest
from django.urls import reverse

from louzhang.accounts.visits import actor_of
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.notices.menu import remember_unread
from louzhang.shell.parts import Alarm, Item, Search
from louzhang.workorders.lifecycle import LABELS, State
from louzhang.workorders.queries.counting import StepCounts
from louzhang.workorders.queries.orders import RAISED
from louzhang.workorders.views.desk import DESK_ROLES, counts_of
from louzhang.workorders.views.filtering import STEP_LABELS, PageFilters, query_of

OFFICE_SUBS = (State.REPORTED, State.ACCEPTED, State.SETTLED)
UNIT_SUBS = (State.DISPATCHED, State.TAKEN)


def _is_at_desk(request: HttpRequest) -> bool:
    return hasattr(request, "visit") and actor_of(request).has_role(*DESK_ROLES)


def search_box(request: HttpRequest) -> Search | None:
    """The search among orders, on every page of the desk."""
    if not _is_at_desk(request):
        return None
    return Search(url=reverse("desk:find"), label="搜索工单", hint="搜单号、电话、内容、地点")


def urgent_alarm(request: HttpRequest) -> Alarm | None:
    """The red cases that nobody has taken, on every page of the desk."""
    if not _is_at_desk(request):
        return None
    url = f"{reverse('desk:orders')}?step=open&is_urgent=1"
    return Alarm(count=counts_of(request).urgent, url=url, live_url=reverse("desk:alarm"))


def desk_entries(request: HttpRequest) -> list[Item]:
    """The entries of somebody who works at a desk; nobody else gets any, and nothing is counted."""
    if not _is_at_desk(request):
        return []
    actor = actor_of(request)
    counts = counts_of(request)
    if counts.unread is not None:
        remember_unread(request, counts.unread)
    is_office = actor.has_role(*OFFICE_ROLES)
    subs = (*OFFICE_SUBS, *UNIT_SUBS) if is_office else UNIT_SUBS
    entries = [_entry(request, "待办", "desk:inbox", "inbox", counts.all_mine)]
    entries += [_sub(request, step, counts) for step in subs if counts.mine[step.value]]
    if is_office:
        calls = [
            _entry(request, "待告知", "desk:to_tell", "send", counts.mine["to_tell"] or None),
            _entry(request, "来电登记", "desk:call", "phone"),
            _entry(request, "批量登记", "filing:upload", "upload"),
            _entry(request, "热线回传", "desk:hotline", "arrows-exchange"),
        ]
        entries += [replace(item, group="登记和告知") for item in calls]
    return [
        *entries,
        _entry(request, "全部工单", "desk:orders", "list-details"),
        *_late(request, counts),
        *_supervised(request, counts),
        _joint(request),
        _entry(request, "工单地图", "desk:map", "map"),
    ]


def _supervised(request: HttpRequest, counts: StepCounts) -> list[Item]:
    """What an office above demands an answer about, only while there is any."""
    count = counts.here["supervised"]
    item = _entry(request, "督办", "desk:supervised", "", count)
    return [replace(item, note="sub", tone="overdue")] if count else []


def _late(request: HttpRequest, counts: StepCounts) -> list[Item]:
    """Orders out of time, those that went up to this office, soon due, asking for time; only while there are any."""
    tones = {"late": "overdue", RAISED: "overdue", "soon": "soon", "asking": ""}
    urls = {step: f"{reverse('desk:orders')}?{query_of(PageFilters(step=step))}" for step in tones}
    here = request.get_full_path()
    return [
        Item(
            label=STEP_LABELS[step],
            url=urls[step],
            count=counts.here[step],
            tone=tone,
            note="sub",
            current=here == urls[step],
        )
        for step, tone in tones.items()
        if counts.here[step]
    ]


JOINT_PAGES = ("desk:parts", "desk:disputes", "desk:meetings", "desk:motions")


def _joint(request: HttpRequest) -> Item:
    """Parts, disputes, meetings and motions stand behind one entry, with tabs between them."""
    is_here = any(request.path.startswith(reverse(name)) for name in JOINT_PAGES)
    return Item(label="协同办理", url=reverse("desk:parts"), icon="sitemap", current=is_here)


def _entry(request: HttpRequest, label: str, name: str, icon: str, count: int | None = None) -> Item:
    url = reverse(name)
    is_here = request.path == url and not request.GET.get("is_mine")
    return Item(label=label, url=url, icon=icon, count=count, current=is_here)


def _sub(request: HttpRequest, step: State, counts: StepCounts) -> Item:
    url = f"{reverse('desk:orders')}?{query_of(PageFilters(step=step.value, is_mine=True))}"
    return Item(
        label=LABELS[step],
        url=url,
        count=counts.mine[step.value],
        note="sub",
        current=request.get_full_path() == url,
    )
