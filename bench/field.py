"""`make bench-field`: the doors of 100,000 households asked at once, and the morning lists of 2,000 holders.

Fills a store of its own under var/bench-field once: 20 communities with 2,000 buildings and a chief for each. Then it
opens a screening over all households, sends answers in batches of 200 by eight clients over `POST /sync`, reads the
progress, and makes the day's lists. Writes bench/field.json.
"""

from __future__ import annotations

import itertools
import json
import os
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ["BENCH_VAR"] = os.environ.get("BENCH_VAR", str(ROOT / "var" / "bench-field"))
from bench import run as bench  # noqa: E402 - it reads where its store lies from the environment

RESULTS = ROOT / "bench" / "field.json"
HOUSEHOLDS = int(os.environ.get("BENCH_HOUSEHOLDS", "100000"))
STREETS, COMMUNITIES, GRIDS, BUILDINGS, STAIRWELLS = 4, 5, 10, 10, 5
CLIENTS, ENTRIES = 8, 200
R1_VISITS = 29_992
SINCE = date(2020, 1, 1)
LIMITS = {
    "sync_household_answers": ("at least", 1500.0),
    "survey_start": ("at most", 10.0),
    "progress_of_the_district": ("at most", 50.0),
    "morning_lists": ("at most", 60.0),
}


def main() -> None:
    """Measure everything once and write it down."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    call_command("prepare_database", verbosity=0)
    from bench.floor import calibration, single_row_commits

    fill()
    floor = single_row_commits(bench.pgbench())
    measured = [
        bench.figure_of("floor_single_row_commits", floor, "commits/s", clients=CLIENTS),
        bench.figure_of("calibration_sum_range_1e7", calibration(), "s"),
    ]
    survey, seconds = timed(open_a_screening)
    measured.append(bench.figure_of("survey_start", seconds, "s", households=HOUSEHOLDS))
    measured += measure_sync(survey, floor)
    measured += measure_progress(survey)
    measured += measure_mornings()
    RESULTS.write_text(json.dumps(bench.report_of(measured, settings), ensure_ascii=False, indent=1) + "\n", "utf-8")
    for figure in measured:
        word, limit = LIMITS.get(figure["name"], ("", 0.0))
        print(f"{figure['name']:32}{figure['value']:>12} {figure['unit']}" + (f"  ({word} {limit:g})" if word else ""))


def timed(act: Callable[[], Any]) -> tuple[Any, float]:
    """What an act gives, and the seconds it took."""
    began = time.monotonic()
    return act(), time.monotonic() - began


# ---- The store ------------------------------------------------------------------------------------------------------


def fill() -> None:
    """Places, people who work there, homes: once."""
    from django.db import connection

    from louzhang.areas.models import Area, LevelKind
    from louzhang.journal.actor import SYSTEM
    from louzhang.kit import clock
    from louzhang.register.actions import lay_down_kinds
    from louzhang.register.actions.assessing import lay_down_assessments
    from louzhang.register.models import Household

    at = clock.now() - timedelta(days=400)
    if not Area.objects.get_queryset().exists():
        _found_places(at)
        lay_down_kinds(actor=SYSTEM, at=at)
        lay_down_assessments(actor=SYSTEM, at=at, in_use=True)
        _appoint(at)
        _lay_rhythms(at)
    missing = HOUSEHOLDS - Household.objects.count()
    if missing > 0:
        _pour_homes(list(Area.objects.of_kind(LevelKind.STAIRWELL).order_by("path")), missing, at)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def _found_places(at: datetime) -> None:
    from louzhang.areas.actions import found_root
    from louzhang.areas.actions.bulk import NewArea, add_areas
    from louzhang.areas.models import LevelKind
    from louzhang.journal.actor import SYSTEM

    found_root(name="测量区", code="B", actor=SYSTEM, at=at)
    kinds = (LevelKind.STREET, LevelKind.COMMUNITY, LevelKind.GRID, LevelKind.BUILDING, LevelKind.STAIRWELL)
    new, above = [], ["B"]
    for kind, many in zip(kinds, (STREETS, COMMUNITIES, GRIDS, BUILDINGS, STAIRWELLS), strict=True):
        here = [(f"{parent}-{number}", parent) for parent in above for number in range(1, many + 1)]
        new += [NewArea(code=code, name=f"{code}号", kind=kind, parent_code=parent) for code, parent in here]
        above = [code for code, _ in here]
    add_areas(areas=new, actor=SYSTEM, at=at)


def _appoint(at: datetime) -> None:
    from louzhang.accounts.actions.registering import register_people
    from louzhang.areas.actions.appointing import NewPost, appoint_posts
    from louzhang.areas.models import Area, LevelKind, PostKind
    from louzhang.areas.roles import Role
    from louzhang.journal.actor import SYSTEM

    wanted = (
        (LevelKind.DISTRICT, Role.OFFICE_STAFF, PostKind.PAID),
        (LevelKind.COMMUNITY, Role.OFFICE_STAFF, PostKind.PAID),
        (LevelKind.BUILDING, Role.CHIEF, PostKind.VOLUNTEER),
    )
    phones = itertools.count(1)
    for kind, role, sort in wanted:
        areas = list(Area.objects.of_kind(kind).order_by("path"))
        named = [("测量员", f"139{next(phones):08d}") for _ in areas]
        people = register_people(people=named, actor=SYSTEM, at=at)
        posts = [NewPost(user, role, area=area, kind=sort) for user, area in zip(people, areas, strict=True)]
        appoint_posts(posts=posts, actor=SYSTEM, at=at)


def _lay_rhythms(at: datetime) -> None:
    """The presets, and every home visited once a month by its chief."""
    from louzhang.areas.queries import district
    from louzhang.areas.roles import Role
    from louzhang.fieldwork.actions.proposing import lay_down_presets
    from louzhang.fieldwork.actions.rhythms import RhythmDraft, set_rhythm
    from louzhang.fieldwork.models import Span, Whom
    from louzhang.journal.actor import SYSTEM
    from louzhang.kit import clock

    lay_down_presets(actor=SYSTEM, at=at)
    monthly = RhythmDraft("每户每月走访", Whom.EACH, Role.CHIEF, Span.MONTH)
    root = district()
    assert root is not None
    set_rhythm(draft=monthly, area=root, starts_on=clock.local_date(at), actor=SYSTEM, at=at)


def _pour_homes(leaves: list[Any], missing: int, at: datetime) -> None:
    """Homes by COPY, their households with chains that have not begun, one resident each."""
    from django.db import transaction

    from louzhang.kit.sequences import reserve_ids
    from louzhang.kit.writing import pour_in
    from louzhang.register.models import Dwelling, Household, Resident, Stay

    tables = [model._meta.db_table for model in (Dwelling, Household, Resident, Stay)]
    for begun in range(HOUSEHOLDS - missing, HOUSEHOLDS, 20_000):
        ids = [reserve_ids(table, min(20_000, HOUSEHOLDS - begun)) for table in tables]
        rows: tuple[list[Any], ...] = ([], [], [], [])
        for place, (door, home, person, stay) in enumerate(zip(*ids, strict=True), start=begun):
            number, leaf = divmod(place, len(leaves))
            name = f"{number // 2 + 1}{number % 2 + 1:02d}"
            rows[0].append(Dwelling(pk=door, area=leaves[leaf], door=name, floor=number // 2 + 1, started_at=at))
            rows[1].append(Household(pk=home, dwelling_id=door, starts_on=SINCE))
            resident = Resident(pk=person, area=leaves[leaf], birth_year=1940 + place % 60, registered_at=at)
            resident.set_name("测量人")
            rows[2].append(resident)
            rows[3].append(Stay(pk=stay, resident_id=person, household_id=home, tie="head", starts_on=SINCE))
        with transaction.atomic():
            for part in rows:
                pour_in(part)
        print(f"field store: {begun + len(rows[0])} of {HOUSEHOLDS} homes", flush=True)


# ---- Asking ---------------------------------------------------------------------------------------------------------


def open_a_screening() -> Any:
    """A screening of the whole district by its office, for an emergency, with four questions; the start is timed."""
    from louzhang.areas.models import Post
    from louzhang.areas.queries import actor_for
    from louzhang.kit import clock
    from louzhang.surveys.actions.drafting import SurveyDraft, set_questions, write_survey
    from louzhang.surveys.actions.running import open_survey
    from louzhang.surveys.models import Basis, SurveyKind
    from louzhang.surveys.questions import Asked, Kind, Option

    at = clock.now()
    post = Post.objects.select_related("user", "area").order_by("pk")[0]
    office = actor_for(post.user, at)
    draft = SurveyDraft(
        kind=SurveyKind.SCREENING,
        title="测量",
        purpose="测量一次排查",
        basis=Basis.EMERGENCY,
        basis_words="测量",
        starts_at=at,
        ends_at=at + timedelta(days=1),
        purge_on=clock.local_date(at) + timedelta(days=30),
        area_ids=[post.area_id],
    )
    survey = write_survey(draft=draft, asker_area_id=post.area_id, actor=office, at=at)
    asked = (
        Asked("lives", "住几个人", Kind.NUMBER, least=0, most=20),
        Asked("back", "有没有人从外地回来", Kind.YES_NO),
        Asked("wants", "需要什么", Kind.MANY, options=(Option("a", "买菜"), Option("b", "买药")), is_needed=False),
        Asked("words", "还想说什么", Kind.TEXT, is_needed=False),
    )
    set_questions(survey_id=survey.pk, asked=asked, actor=office, at=at)
    return open_survey(survey_id=survey.pk, actor=office, at=at)


def measure_sync(survey: Any, floor: float) -> Iterator[dict[str, Any]]:
    """Answers a second of eight clients, each a community's own, and how long R1's visits take at that pace."""
    from bench.load import run_load

    servers = bench.start_servers()
    try:
        batches = _batches(survey)
        for _ in range(CLIENTS):
            run_load(bench.PORT, lambda: iter([next(batches)]), 1.5)
        load = run_load(bench.PORT, lambda: batches, bench.SECONDS)
        bad = {status: count for status, count in load.statuses.items() if status != 200}
        if bad:
            raise RuntimeError(f"answers other than 200: {bad}")
        answers = load.per_second * ENTRIES
        yield bench.figure_of(
            "sync_household_answers", answers, "answers/s", clients=CLIENTS, batch=ENTRIES,
            share_of_floor=round(answers / floor, 4), p50_ms=round(load.percentile(0.5), 1),
            p95_ms=round(load.percentile(0.95), 1), stored=_stored(survey),
        )  # fmt: skip
        yield bench.figure_of("seconds_for_29992_visits", R1_VISITS / answers, "s")
        yield from bench.memory_of(servers)
    finally:
        bench.stop_servers(servers)


def _stored(survey: Any) -> int:
    from louzhang.surveys.models import Answer

    return Answer.objects.filter(target__survey=survey).count()


def _batches(survey: Any) -> Iterator[bytes]:
    """Batches of doors, a community after the other in turn, by somebody of its office."""
    from bench.load import request_bytes
    from louzhang.accounts.actions import make_api_token
    from louzhang.areas.models import LevelKind, Post
    from louzhang.journal.actor import SYSTEM
    from louzhang.kit import clock
    from louzhang.surveys.models import Target

    at, parts = clock.now(), []
    for post in Post.objects.filter(area__level__kind=LevelKind.COMMUNITY).select_related("user", "area"):
        _, token = make_api_token(user=post.user, label="bench", is_read_only=False, actor=SYSTEM, at=at)
        below = Target.objects.filter(survey=survey, area__path__startswith=post.area.path).order_by("pk")
        parts.append((token, list(below.values_list("uid", flat=True))))
    for begun in range(0, max(len(homes) for _, homes in parts), ENTRIES):
        for token, homes in parts:
            head = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
            body = {"entries": [_entry(home, at) for home in homes[begun : begun + ENTRIES]]}
            yield request_bytes("POST", "/api/v1/sync", head, json.dumps(body).encode())


def _entry(home: uuid.UUID, at: datetime) -> dict[str, Any]:
    said = {"outcome": "answered", "q_lives": "3", "q_back": "no", "q_wants": "a", "q_words": "楼道灯不亮"}
    return {
        "id": str(uuid.uuid4()),
        "kind": "survey.answer",
        "row": str(home),
        "fields": said,
        "happened_at": at.astimezone(UTC).isoformat(),
    }


# ---- Reading and the morning ----------------------------------------------------------------------------------------


def measure_progress(survey: Any) -> Iterator[dict[str, Any]]:
    """The progress of the district, from its whole down to communities, as its page reads it."""
    from louzhang.areas.models import Area, LevelKind, Post
    from louzhang.areas.queries import actor_for
    from louzhang.kit import clock
    from louzhang.surveys.queries.progress import counts_below, own_roots, whole_of

    office = actor_for(Post.objects.order_by("pk")[0].user, clock.now())
    depth = len(Area.objects.of_kind(LevelKind.COMMUNITY)[0].path) // Area.steplen

    def read() -> None:
        paths = own_roots(survey, office)
        whole_of(survey, paths)
        counts_below(survey, paths, depth)

    read()
    took = sorted(timed(read)[1] * 1000 for _ in range(30))
    yield bench.figure_of("progress_of_the_district", took[15], "ms", p95_ms=round(took[28], 1), targets=HOUSEHOLDS)


def measure_mornings() -> Iterator[dict[str, Any]]:
    """The day's lists of all holders on the next working day, as the worker makes them in the morning."""
    from louzhang.fieldwork.actions.making import make_days
    from louzhang.fieldwork.models import DayItem, DayList
    from louzhang.kit import clock

    DayItem.objects.all().delete()
    DayList.objects.all().delete()
    at = clock.now() + timedelta(days=1)
    day = next(day for day in (clock.local_date(at) + timedelta(days=n) for n in range(7)) if day.weekday() < 5)
    holders, seconds = timed(lambda: make_days(day=day, at=at))
    yield bench.figure_of("morning_lists", seconds, "s", holders=holders, items=DayItem.objects.count())


if __name__ == "__main__":
    main()
