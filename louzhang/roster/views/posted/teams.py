"""派驻队伍: teams, what places ask for, meetings to come, what is drawn."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from louzhang.accounts.visits import actor_of
from louzhang.areas.models import RANKS, Area, LevelKind
from louzhang.areas.rights import areas_visible_to, offices_of
from louzhang.areas.roles import Role
from louzhang.areas.views.list_files import book_file
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import NotThere, NotYours
from louzhang.kit import clock
from louzhang.kit.books import book_of
from louzhang.register.views.acts import act, bound, tapped
from louzhang.register.views.frame import page
from louzhang.roster.actions import posted as actions
from louzhang.roster.forms.posted import (
    DrawForm,
    MeetingForm,
    NeedForm,
    ProposeForm,
    TeamForm,
)
from louzhang.roster.lifecycle.posted import STANDING, Tie
from louzhang.roster.models.posted import Posting
from louzhang.roster.queries.posted import reading
from louzhang.roster.views.posted.frame import LABELS, drawn, for_posted

STREET_RANK = RANKS[LevelKind.STREET]
SEEDS = 1_000_000


@require_safe
@for_posted
def teams(request: HttpRequest) -> HttpResponse:
    """The teams one has to do with, what places ask for, and who could meet it."""
    actor, at = actor_of(request), clock.now()
    found, needs = reading.teams_seen(actor), reading.needs_seen(actor)
    mine = [each for each in reading.postings_seen(actor) if each.status in STANDING or each.ended_at is None]
    fits = reading.fits_for(needs, [each for each in mine if Tie.ABOVE in each.relations_now])
    context = {
        "teams": found,
        "own": [each for each in mine if Tie.PERSON in each.relations_now],
        "waiting": [
            *(reading.Waiting(each.team.name, each, each.status_label) for each in mine if _waits_for(each)),
            *reading.waiting_for(actor),
        ],
        "needs": [(need, LABELS[need.strength], fits.get(need.area_id, [])) for need in needs],
        "may_form": bool(_street_offices(actor)),
        "may_ask": bool(offices_of(actor)),
        "today": clock.local_date(at),
    }
    return page(request, "roster/posted/teams.html", context)


def _waits_for(posting: Posting) -> bool:
    """Whether the next step of a posting is the reader's own, as a manager."""
    return any(step.is_main for step in reading.verbs_of(posting)) and Tie.PERSON not in posting.relations_now


def _street_offices(actor: Actor) -> list[Area]:
    ids = [seat.area_id for seat in offices_of(actor) if seat.rank <= STREET_RANK and not actor.is_read_only]
    return list(Area.objects.filter(pk__in=ids).select_related("level").order_by("path"))


@require_http_methods(["GET", "HEAD", "POST"])
@for_posted
def form_team(request: HttpRequest) -> HttpResponse:
    """A new team."""
    actor, at = actor_of(request), clock.now()
    offices = _street_offices(actor)
    if not offices:
        raise NotYours("队伍由街道或区里组建和管理。")
    form = TeamForm(bound(request), offices=offices, at=at, initial={"entry_id": uuid4()})

    def do(said: dict[str, Any], moment: datetime) -> str:
        team = actions.form_team(actor=actor, at=moment, entry_id=form.cleaned_data["entry_id"], **said)
        return reverse("posted:team", args=[team.uid])

    about = "一支队伍有任期、有文件，人从各单位来。"
    return act(
        request, form, do, label="组建队伍", back=reverse("posted:teams"), said="组建好了，可以派人了。", about=about
    )


@require_safe
@for_posted
def team(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One team: who is posted where, the next meeting, what was drawn."""
    actor = actor_of(request)
    row = reading.find_team(actor, uid)
    checks = reading.checks_drawn(actor, row)
    context = {
        "team": row,
        "runs": reading.runs(actor, row),
        "postings": reading.postings_seen(actor, row),
        "meetings": reading.meetings_of(actor, row),
        "checks": drawn(checks),
        "now": clock.now(),
        "back_url": reverse("posted:teams"),
    }
    return page(request, "roster/posted/team.html", context)


@require_safe
@for_posted
def team_file(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """The team's list as a workbook."""
    actor = actor_of(request)
    row = reading.find_team(actor, uid)
    if not reading.runs(actor, row):
        raise NotYours("名单由管理这支队伍的街道或区里导出。")
    head = ("姓名", "派出单位", "派到", "做什么", "从", "到", "现在", "长处")
    lines = [
        (
            each.user.name, each.home_unit.name, f"{each.site.name} {each.area.name}" if each.site_id != each.area_id
            else each.area.name, Role(each.role).label, f"{each.starts_on:%Y-%m-%d}", f"{each.ends_on:%Y-%m-%d}",
            each.status_label, "、".join(LABELS[one] for one in each.strengths),
        )
        for each in reading.postings_seen(actor, row)
    ]  # fmt: skip
    today = clock.local_date(clock.now())
    return book_file(f"{row.name}-{today:%Y-%m-%d}", book_of({"派驻名单": [head, *lines]}))


@require_POST
@for_posted
def end_team(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A team whose term is over."""
    actor = actor_of(request)
    row = reading.find_team(actor, uid)
    back = reverse("posted:team", args=[uid])
    return tapped(
        request, back, lambda: actions.end_team(team_id=row.pk, actor=actor, at=clock.now()), "这支队伍结束了。"
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_posted
def propose(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Somebody more for a team."""
    actor, at = actor_of(request), clock.now()
    row = reading.find_team(actor, uid)
    _refuse_running(actor, row)
    form = ProposeForm(bound(request), team=row, at=at, initial={"entry_id": uuid4()})

    def do(said: dict[str, Any], moment: datetime) -> str:
        entry = form.cleaned_data["entry_id"]
        posting = actions.propose_posting(team_id=row.pk, actor=actor, at=moment, entry_id=entry, **said)
        return reverse("posted:one", args=[posting.uid])

    said = "提出来了，等派出单位和接收地两边确认。"
    about = f"{row.name}，任期 {row.starts_on:%Y-%m-%d} 到 {row.ends_on:%Y-%m-%d}"
    return act(request, form, do, label="派一个人", back=reverse("posted:team", args=[uid]), said=said, about=about)


def _refuse_running(actor: Actor, team_row: Any) -> None:
    if not reading.runs(actor, team_row) or team_row.ended_at is not None:
        raise NotYours("这一步由管理这支队伍的街道或区里来办。")


@require_http_methods(["GET", "HEAD", "POST"])
@for_posted
def need(request: HttpRequest) -> HttpResponse:
    """A place asks for a strength."""
    actor = actor_of(request)
    places = list(areas_visible_to(actor).filter(level__kind=LevelKind.COMMUNITY, ended_at=None).order_by("path")[:500])
    if not offices_of(actor) or not places:
        raise NotYours("用人需求由所在社区或上级办公室来提。")
    form = NeedForm(bound(request), places=places, initial={"entry_id": uuid4()})

    def do(said: dict[str, Any], moment: datetime) -> str:
        actions.raise_need(actor=actor, at=moment, entry_id=form.cleaned_data["entry_id"], **said)
        return reverse("posted:teams")

    return act(request, form, do, label="提用人需求", back=reverse("posted:teams"), said="提上去了。")


@require_POST
@for_posted
def close_need(request: HttpRequest, uid: UUID) -> HttpResponse:
    """It is met."""
    actor = actor_of(request)
    row = next((each for each in reading.needs_seen(actor) if each.uid == uid), None)
    if row is None:
        raise NotThere(reading.GONE)
    back = reverse("posted:teams")
    return tapped(
        request, back, lambda: actions.close_need(need_id=row.pk, actor=actor, at=clock.now()), "这条需求了结了。"
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_posted
def call_meeting(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Call a team together."""
    actor = actor_of(request)
    row = reading.find_team(actor, uid)
    _refuse_running(actor, row)
    form = MeetingForm(bound(request), initial={"entry_id": uuid4()})
    back = reverse("posted:team", args=[uid])

    def do(said: dict[str, Any], moment: datetime) -> str:
        entry = form.cleaned_data["entry_id"]
        actions.call_meeting(team_id=row.pk, actor=actor, at=moment, entry_id=entry, **said)
        return back

    return act(request, form, do, label="通知开会", back=back, said="通知了，队里每个人都看得到。", about=row.name)


@require_http_methods(["GET", "HEAD", "POST"])
@for_posted
def draw(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Draw some records to hold against what people on the spot say."""
    actor, at = actor_of(request), clock.now()
    row = reading.find_team(actor, uid)
    _refuse_running(actor, row)
    form = DrawForm(bound(request), at=at, initial={"entry_id": uuid4()})
    back = reverse("posted:team", args=[uid])

    def do(said: dict[str, Any], moment: datetime) -> str:
        actions.draw_checks(team_id=row.pk, seed=secrets.randbelow(SEEDS), actor=actor, at=moment, **said)
        return back

    about = "从系统记下的工作里随机抽，每一条被抽到的机会一样。抽签的数字会留下来，谁都可以重抽一遍核对。"
    return act(request, form, do, label="抽查", back=back, said="抽好了，请逐条核对。", about=about)
