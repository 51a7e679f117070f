"""Polls of the demo: one open to vote in, with its slips to print, and a star sheet that was counted."""

from __future__ import annotations

from datetime import datetime, timedelta

from louzhang.areas.models import Area, Post
from louzhang.areas.queries import actor_for
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.ballots.actions import cast_ballot, draft_poll, fix_roll, open_box, open_poll, show_roll
from louzhang.ballots.actions.sweeping import run_due_polls
from louzhang.ballots.models import Elector, Poll
from louzhang.ballots.rules import Choice, Electorate, Kind, Rules
from louzhang.demo.district import District
from louzhang.demo.names import Namer
from louzhang.journal.actor import SYSTEM, Actor
from louzhang.kit import clock

QUESTIONS = ("有事找得到人吗", "办事公道吗", "说过的话算数吗")
STARS = ((5, 4, 4), (4, 4, 5), (5, 5, 5), (3, 4, 2), (5, 5, 0))
NOTES = ("住 1 单元，退休教师，愿意跑腿。", "住 2 单元，会修水管电灯。")
VOTED = 24


def hold_polls(district: District, namer: Namer, at: datetime) -> None:
    """In the first community that is built up: the office holds them, two of it count."""
    community = district.built_up()[0]
    posts = Post.objects.as_of(clock.local_date(at)).filter(area=community.area, role__in=OFFICE_ROLES)
    office = list(posts.select_related("user").order_by("pk")[:2])
    if len(office) < 2:
        raise LookupError("the office has too few people to count votes")
    counters = [post.user_id for post in office]
    desk = actor_for(office[0].user, at)
    building = community.buildings[1].area
    _vote(namer, building, counters, desk, at)
    _rate(community.buildings[0].area, at)


def _vote(namer: Namer, building: Area, counters: list[int], desk: Actor, at: datetime) -> None:
    poll = draft_poll(
        kind=Kind.CHOICE, title=f"{building}楼长推选", note="两位邻居自己报的名，一户一票。",
        electorate=Electorate.HOUSEHOLD, areas=[building],
        options=[Choice(namer.name(), note) for note in NOTES],
        rules=Rules(quorum_percent=50, has_paper=True, has_door_box=True, proxies_at_most=1),
        counters=counters, opens_at=at - timedelta(days=1), closes_at=at + timedelta(days=5), actor=desk,
        at=at - timedelta(days=2),
    )  # fmt: skip
    show_roll(poll_id=poll.pk, actor=desk, at=at - timedelta(days=2))
    fix_roll(poll_id=poll.pk, actor=desk, at=at - timedelta(days=2))
    open_box(poll_id=poll.pk, actor=desk, at=at - timedelta(days=1))
    for number, elector in enumerate(_electors(poll)[:6]):
        cast_ballot(elector=elector, values=[number % 2, 1 - number % 2], at=at - timedelta(hours=5))


def _rate(building: Area, at: datetime) -> None:
    began = at - timedelta(days=9)
    poll = open_poll(
        kind=Kind.STARS, title=f"{building}住户评楼长", electorate=Electorate.HOUSEHOLD, areas=[building],
        questions=QUESTIONS, counters=[], closes_at=at - timedelta(days=2), actor=SYSTEM, at=began,
    )  # fmt: skip
    for number, elector in enumerate(_electors(poll)[:VOTED]):
        cast_ballot(elector=elector, values=STARS[number % len(STARS)], at=began + timedelta(days=1))
    run_due_polls(at=at - timedelta(days=2))


def _electors(poll: Poll) -> list[Elector]:
    return list(Elector.objects.filter(poll=poll).select_related("poll").order_by("pk"))
