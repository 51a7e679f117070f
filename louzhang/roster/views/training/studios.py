"""工作室: the tree of who learns from whom, one studio with its members, its meetings."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from louzhang.accounts.gates import for_roles
from louzhang.accounts.models import User
from louzhang.accounts.visits import actor_of
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.areas.views.list_files import book_file
from louzhang.kit import clock
from louzhang.kit.books import book_of
from louzhang.register.views.acts import act, bound, tapped
from louzhang.register.views.frame import for_keepers, page
from louzhang.roster.actions.training.studios import (
    end_studio,
    found_studio,
    hand_studio,
    join_studio,
    leave_studio,
)
from louzhang.roster.forms.training.lessons import chosen_area
from louzhang.roster.forms.training.writings import HandForm, JoinForm, StudioForm
from louzhang.roster.queries.training.courses import office_places
from louzhang.roster.queries.training.studios import (
    find_studio,
    may_lead,
    meetings_of,
    members_of,
    people_to_join,
    studio_tree,
    studios_below,
    tree_lines,
)
from louzhang.roster.views.training.parts import training_tabs

for_offices = for_roles(*OFFICE_ROLES)


@require_safe
@for_keepers
def listed(request: HttpRequest) -> HttpResponse:
    """The tree: each studio below the one its lead learns in."""
    actor = actor_of(request)
    tree = studio_tree(actor, clock.local_date(clock.now()))
    context = {
        "tree": tree,
        "tabs": training_tabs("training:studios"),
        "may_found": bool(office_places(actor)),
        "back_url": reverse("training:mine"),
    }
    return page(request, "roster/training/studios.html", context)


@require_safe
@for_keepers
def tree_sheet(request: HttpRequest) -> HttpResponse:
    """The whole tree on paper: each studio with its lead and members, and where they work."""
    at = clock.now()
    tree = studio_tree(actor_of(request), clock.local_date(at))
    context = {
        "lines": tree_lines(tree, at),
        "people": sum(branch.people for branch in tree),
        "today": clock.local_date(at),
        "back_url": reverse("training:studios"),
    }
    response = render(request, "roster/training/studio_tree.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_safe
@for_keepers
def tree_file(request: HttpRequest) -> HttpResponseBase:
    """The same as a workbook: a line for each who learns."""
    at = clock.now()
    today = clock.local_date(at)
    head = ("工作室", "上一级工作室", "带头人", "带头人任职", "成员", "成员任职", "从哪天", "自己带的工作室")
    lines = tree_lines(studio_tree(actor_of(request), today), at)
    led = {line.branch.studio.lead_id: line.branch.studio.name for line in lines}
    body = [
        (
            line.branch.studio.name, line.above.name if line.above is not None else "", line.branch.studio.lead.name,
            line.lead_place, row.user.name, place, row.starts_on.isoformat(), led.get(row.user_id, ""),
        )
        for line in lines
        for row, place in line.members
    ]  # fmt: skip
    return book_file(f"工作室-{today:%Y-%m-%d}", book_of({"工作室": [head, *body]}))


@require_safe
@for_keepers
def one(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One: who leads, who learns, which of them lead one of their own, meetings."""
    actor, at = actor_of(request), clock.now()
    studio = find_studio(actor, uid)
    members = members_of(studio, clock.local_date(at))
    below = studios_below(studio, members)
    context = {
        "studio": studio,
        "members": [(row, below.get(row.user_id)) for row in members],
        "meetings": meetings_of(studio),
        "may_lead": may_lead(studio, actor),
        "back_url": reverse("training:studios"),
    }
    return page(request, "roster/training/studio.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_offices
def found(request: HttpRequest) -> HttpResponse:
    """A further studio."""
    actor, back = actor_of(request), reverse("training:studios")
    places = office_places(actor)
    form = StudioForm(bound(request), initial={"entry_id": uuid4()}).for_places(places)
    form.for_people(people_to_join(actor, None, clock.now()))

    def do(said: dict[str, Any], at: datetime) -> str:
        row = found_studio(area=chosen_area(places, said["area"]), draft=form.draft(), actor=actor, at=at,
                           entry_id=form.cleaned_data["entry_id"])  # fmt: skip
        return reverse("training:studio", args=[row.uid])

    about = "有经验的人带几个人；学成的人可以再带一个。"
    return act(request, form, do, label="设一个工作室", about=about, back=back, said="工作室设好了，请加成员。")


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def join(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Somebody learns there from today on."""
    actor = actor_of(request)
    studio = find_studio(actor, uid)
    back = reverse("training:studio", args=[uid])
    people = people_to_join(actor, studio, clock.now()) if may_lead(studio, actor) else []
    form = JoinForm(bound(request), initial={"entry_id": uuid4()}).for_people(people)

    def do(said: dict[str, Any], at: datetime) -> str:
        join_studio(uid=uid, user=User.objects.get(pk=said["user"]), actor=actor, at=at,
                    entry_id=form.cleaned_data["entry_id"])  # fmt: skip
        return back

    return act(request, form, do, label="加成员", about=studio.name, back=back, said="加上了。")


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def hand(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Somebody else leads it from today on."""
    actor = actor_of(request)
    studio = find_studio(actor, uid)
    back = reverse("training:studio", args=[uid])
    people = people_to_join(actor, studio, clock.now()) if may_lead(studio, actor) else []
    form = HandForm(bound(request), initial={"entry_id": uuid4()}).for_people(people)

    def do(said: dict[str, Any], at: datetime) -> str:
        hand_studio(uid=uid, lead=User.objects.get(pk=said["lead"]), actor=actor, at=at,
                    entry_id=form.cleaned_data["entry_id"])  # fmt: skip
        return back

    about = f"{studio.name}现在由{studio.lead.name}带。成员和活动都不变。"
    return act(request, form, do, label="换带头人", about=about, back=back, said="换好了。")


@require_POST
@for_keepers
def leave(request: HttpRequest, uid: UUID, member_id: int) -> HttpResponse:
    """Somebody has learnt enough, or goes elsewhere."""
    actor = actor_of(request)
    find_studio(actor, uid)

    def do() -> None:
        leave_studio(uid=uid, member_id=member_id, actor=actor, at=clock.now())

    return tapped(request, reverse("training:studio", args=[uid]), do, "已结束。")


@require_POST
@for_keepers
def end(request: HttpRequest, uid: UUID) -> HttpResponse:
    """It meets no more."""
    actor = actor_of(request)
    find_studio(actor, uid)
    back = reverse("training:studios")
    return tapped(request, back, lambda: end_studio(uid=uid, actor=actor, at=clock.now()), "工作室已结束。")
