"""Loading the demo: everything or nothing, in one transaction, through the actions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from django.db import connection, transaction

from louzhang.accounts.models import User
from louzhang.areas.models import Area
from louzhang.demo.above import ask_from_above
from louzhang.demo.announcing import announce
from louzhang.demo.appraising import appraise
from louzhang.demo.asking import ask_around
from louzhang.demo.cases import CaseBook
from louzhang.demo.choosing_chiefs import choose_chiefs
from louzhang.demo.courses import Course
from louzhang.demo.deadlines import keep_time
from louzhang.demo.district import District
from louzhang.demo.duplicates import tell_duplicates
from louzhang.demo.electing import elect_a_head
from louzhang.demo.going_round import go_round
from louzhang.demo.honouring import honour
from louzhang.demo.hotline import answer_the_hotline
from louzhang.demo.joint import work_together
from louzhang.demo.laying_out import lay_out
from louzhang.demo.learning import learn
from louzhang.demo.lending_a_hand import lend_a_hand
from louzhang.demo.moving_in import move_everybody_in
from louzhang.demo.names import Namer
from louzhang.demo.notebooks import keep_notebooks
from louzhang.demo.older_system import bring_along
from louzhang.demo.oversight import look_after
from louzhang.demo.photographs import Album
from louzhang.demo.posting import send_cadres
from louzhang.demo.routing import lay_down
from louzhang.demo.sizes import FULL, Sizes, plan_places
from louzhang.demo.staffing import Staffing
from louzhang.demo.stories import share_out
from louzhang.demo.talks import let_them_talk
from louzhang.demo.timing import plan_times
from louzhang.demo.voices import Voices
from louzhang.demo.voting import hold_polls
from louzhang.journal.actor import SYSTEM
from louzhang.journal.refusals import Conflict
from louzhang.workorders.actions import load_preset, load_starter_categories


@dataclass(frozen=True, slots=True)
class Scene:
    """What every later part is made from."""

    district: District
    namer: Namer
    rng: Random
    at: datetime


# Everything beside the matters, in the order in which one builds on another.
LATER: tuple[Callable[[Scene], object], ...] = (
    lambda scene: announce(scene.district, scene.at),
    lambda scene: let_them_talk(scene.district, scene.at),
    lambda scene: move_everybody_in(scene.district, scene.namer, scene.rng, scene.at),
    lambda scene: _count_rows(),
    lambda scene: keep_notebooks(scene.district, scene.namer, scene.at),
    lambda scene: ask_around(scene.district, scene.at),
    lambda scene: ask_from_above(scene.district, scene.at),
    lambda scene: lend_a_hand(scene.district, scene.at),
    lambda scene: choose_chiefs(scene.district, scene.namer, scene.at),
    lambda scene: elect_a_head(scene.district, scene.namer, scene.at),
    lambda scene: send_cadres(scene.district, scene.at),
    lambda scene: learn(scene.district, scene.at),
    lambda scene: appraise(scene.district, scene.at),
    lambda scene: honour(scene.district, scene.at),
    lambda scene: hold_polls(scene.district, scene.namer, scene.at),
    lambda scene: go_round(scene.district, scene.at),
)
SEED = 20250901
COUNTED_AT = (0, 20, 150)
STEPS = 3
DAYS_BEFORE = 30  # the district stood this long before the first matter


def load_demo(
    *,
    at: datetime,
    sizes: Sizes = FULL,
    advance: Callable[[], object] = lambda: None,
) -> None:
    """Make the demo district with its people and matters up to this moment.

    `advance` is called after each of the `STEPS` of the ground, then after each matter, then after each part of
    `LATER`. Raises `Conflict` where anything stands already.
    """
    if Area.objects.get_queryset().exists() or User.objects.exists():
        raise Conflict("演示区只能载入空的数据库，而这个数据库里已经有内容。要看演示，请换一个空的数据库。")
    rng = Random(SEED)  # noqa: S311 - the same demo every time, nothing secret
    namer = Namer(rng)
    with transaction.atomic():
        founded = at - timedelta(days=sizes.days + DAYS_BEFORE)
        district = lay_out(plan_places(sizes), sizes, founded, rng)
        advance()
        Staffing(district, sizes, namer).fill()
        advance()
        load_starter_categories(actor=SYSTEM, at=founded)
        load_preset(key="plain", actor=SYSTEM, at=founded)
        lay_down(district, at)
        advance()
        _tell_stories(district, sizes, namer, rng, at, advance)
        scene = Scene(district, namer, rng, at)
        for part in LATER:
            part(scene)
            advance()


def _tell_stories(
    district: District, sizes: Sizes, namer: Namer, rng: Random, at: datetime, advance: Callable[[], object]
) -> None:
    """Walk every matter along its story, in the order in which they were reported."""
    stories = share_out(sizes.orders)
    planned = sorted(
        ((plan_times(story, at, sizes.days, rng), story) for story in stories), key=lambda pair: pair[0][0]
    )
    book = CaseBook(district, Voices(district, namer, rng), rng)
    album = Album(rng, sizes.photos)
    bring_along(district, book, sizes.older_orders, at - timedelta(days=sizes.days), rng)
    for number, (times, story) in enumerate(planned):
        if number in COUNTED_AT:
            _count_rows()
        Course(book.make(story), district, book, album, rng).run(story.steps.split(), times)
        advance()
    look_after(district, at)
    work_together(district, at)
    keep_time(district, at)
    tell_duplicates(district, at)
    answer_the_hotline(district, at)


def _count_rows() -> None:
    """Tell the planner how many rows there are; without it every lock of an order reads whole tables."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
