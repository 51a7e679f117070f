"""`make bench-appraisal`: the month's appraisal of 2,000 chiefs from 1,000,000 events; writes bench/appraisal.json.

Fills a store of its own under var/bench-appraisal once: 20 communities, 2,000 buildings with a chief for each and
100,000 homes, and a million events of last month: orders taken, settled and rated, visits, errands, questions. Then
all communities are computed together as the worker does it, one alone as its desk does it, and one is published.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ["BENCH_VAR"] = os.environ.get("BENCH_VAR", str(ROOT / "var" / "bench-appraisal"))
from bench import field  # noqa: E402 - it reads where its store lies from the environment
from bench import run as bench  # noqa: E402

RESULTS = ROOT / "bench" / "appraisal.json"
ORDERS, ERRANDS, QUESTIONS, VISITS = 150_000, 40_000, 80_000, 120_000
EVENTS = 4 * ORDERS + 3 * ERRANDS + 2 * QUESTIONS + VISITS
LIMITS = {"month_of_all_chiefs": 20.0, "publish_one_community": 5.0}

CHIEFS = """
CREATE TEMPORARY TABLE chief AS
SELECT row_number() OVER (ORDER BY post.id) - 1 AS n, post.user_id, post.id AS post_id, post.area_id, area.path,
    ARRAY(SELECT above.id FROM areas_area AS above WHERE area.path LIKE above.path || '%' ORDER BY above.path) AS line
FROM areas_post AS post JOIN areas_area AS area ON area.id = post.area_id WHERE post.role = 'chief'
"""
EVENT = """
INSERT INTO journal_event (subject_kind, subject_id, seq, verb, happened_at, recorded_at, actor_kind, user_id, post_id,
    area_ids, audience, payload, words_digest, hash)
"""
# Of each subject: its chief, the moment it begins, an hour later each step.
STEP = """
SELECT '{kind}', g, {seq}, '{verb}', moment + interval '{seq} hours', moment + interval '{seq} hours', 'person',
    {user}, {post}, chief.line, 'handlers', {payload}, ''::bytea, ''::bytea
FROM (SELECT g, %(begin)s::timestamptz + make_interval(secs => (g * 7919) %% 2400000) AS moment
      FROM generate_series(1, {many}) AS g) AS begun JOIN chief ON chief.n = g %% %(chiefs)s
"""
STOPPED = """
CASE WHEN g %% 9 = 0 THEN '{"clocks": [{"do": "stop", "clock": "settle", "late": true}]}'::jsonb
    ELSE '{"clocks": [{"do": "stop", "clock": "settle"}]}'::jsonb END
"""
SOLVED = "jsonb_build_object('solved', g %% 7 <> 0, 'stars', 5)"
OWN, NOBODY = ("chief.user_id", "chief.post_id"), ("NULL", "NULL")
COURSES: tuple[tuple[str, int, str, tuple[str, str], str, int], ...] = (
    ("workorder", 1, "report", NOBODY, "'{}'::jsonb", ORDERS),
    ("workorder", 2, "take", OWN, "'{}'::jsonb", ORDERS),
    ("workorder", 3, "settle", OWN, STOPPED, ORDERS),
    ("workorder", 4, "rate", NOBODY, SOLVED, ORDERS),
    ("errand", 1, "ask", NOBODY, "'{}'::jsonb", ERRANDS),
    ("errand", 2, "hand_over", OWN, "'{}'::jsonb", ERRANDS),
    ("errand", 3, "confirm", NOBODY, """'{"way": "tap"}'::jsonb""", ERRANDS),
    ("inquiry", 1, "ask", NOBODY, "'{}'::jsonb", QUESTIONS),
    ("inquiry", 2, "answer", OWN, "'{}'::jsonb", QUESTIONS),
)
VISITED = """
INSERT INTO fieldwork_visit (uid, area_id, dwelling_id, household_id, visitor_id, post_id, outcome, met_ids, day,
    happened_at, received_at, chain_seq, chain_head)
SELECT gen_random_uuid(), dwelling.area_id, dwelling.id, household.id, chief.user_id, chief.post_id,
    CASE WHEN round.g %% 8 = 0 THEN 'nobody' ELSE 'met' END, '{}', (round.moment AT TIME ZONE 'Asia/Shanghai')::date,
    round.moment, round.moment, 1, ''::bytea
FROM (SELECT g, %(begin)s::timestamptz + make_interval(secs => (g * 7919) %% 2400000) AS moment
      FROM generate_series(1, %(visits)s) AS g) AS round
JOIN (SELECT *, row_number() OVER (ORDER BY id) AS n FROM register_household) AS household
    ON household.n = round.g * 7 %% %(homes)s + 1
JOIN register_dwelling AS dwelling ON dwelling.id = household.dwelling_id
JOIN areas_area AS leaf ON leaf.id = dwelling.area_id
JOIN chief ON chief.path = left(leaf.path, length(leaf.path) - 4)
"""
VISIT_EVENTS = """
SELECT 'visit', visit.id, 1, 'visit', visit.happened_at, visit.happened_at, 'person', visit.visitor_id, visit.post_id,
    ARRAY[visit.area_id], 'handlers', jsonb_build_object('outcome', visit.outcome, 'household', visit.household_id),
    ''::bytea, ''::bytea FROM fieldwork_visit AS visit
"""


def main() -> None:
    """Measure once and write it down."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    call_command("prepare_database", verbosity=0)
    from bench.floor import calibration, single_row_commits

    field.fill()
    happen()
    floor = single_row_commits(bench.pgbench())
    measured = [
        bench.figure_of("floor_single_row_commits", floor, "commits/s", clients=8),
        bench.figure_of("calibration_sum_range_1e7", calibration(), "s"),
        *measure(),
    ]
    RESULTS.write_text(json.dumps(bench.report_of(measured, settings), ensure_ascii=False, indent=1) + "\n", "utf-8")
    for figure in measured:
        limit = LIMITS.get(figure["name"])
        print(
            f"{figure['name']:32}{figure['value']:>12} {figure['unit']}" + (f"  (at most {limit:g})" if limit else "")
        )


def happen() -> None:
    """The events of last month, once."""
    from django.db import connection, transaction

    from louzhang.journal.models import Event
    from louzhang.kit import clock
    from louzhang.roster.queries.appraisal.spans import Span, last_month

    if Event.objects.filter(subject_kind="workorder").exists():
        return
    begin = Span(last_month(clock.now())).begin
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(CHIEFS)
        cursor.execute("SELECT count(*) FROM chief")
        given = {"begin": begin, "chiefs": cursor.fetchone()[0], "visits": VISITS, "homes": field.HOUSEHOLDS}
        for kind, seq, verb, (user, post), payload, many in COURSES:
            step = STEP.replace("{payload}", payload).replace("{kind}", kind).replace("{seq}", str(seq))
            step = step.replace("{verb}", verb).replace("{user}", user).replace("{post}", post)
            cursor.execute(EVENT + step.replace("{many}", str(many)), given)
        cursor.execute(VISITED, given)
        cursor.execute(EVENT + VISIT_EVENTS)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    print(f"appraisal store: {Event.objects.count()} events", flush=True)


def measure() -> Iterator[dict[str, Any]]:
    """All communities at once, one alone, one published; and that twice is the same."""
    from louzhang.journal.models import Event
    from louzhang.kit import clock
    from louzhang.roster.actions.appraisal import compute_month, compute_months
    from louzhang.roster.models.appraisal import AppraisalMonth, Standing
    from louzhang.roster.queries.appraisal.figures import figures_of
    from louzhang.roster.queries.appraisal.spans import Span, first_of

    months, office = begun()
    at = Span(first_of(clock.local_date(clock.now()))).begin + timedelta(hours=2)
    _, seconds = field.timed(lambda: compute_months(at=at))
    digests = dict(AppraisalMonth.objects.values_list("pk", "figures_digest"))
    events, people = Event.objects.filter(seq__gt=0).count(), Standing.objects.count()
    yield bench.figure_of("month_of_all_chiefs", seconds, "s", chiefs=people, events=events, communities=len(months))
    _, again = field.timed(lambda: compute_months(at=at))
    if dict(AppraisalMonth.objects.values_list("pk", "figures_digest")) != digests:
        raise RuntimeError("computing twice gave something else")
    yield bench.figure_of("the_same_again", again, "s")
    one = months[0]
    _, alone = field.timed(lambda: compute_month(month_id=one.pk, actor=office, at=at))
    yield bench.figure_of("month_of_one_community", alone, "s", chiefs=one.standings.count())
    yield publishing(one, office, at)
    post = Standing.objects.select_related("post__area").order_by("pk")[0].post
    took = sorted(field.timed(lambda: figures_of(post, one.month))[1] * 1000 for _ in range(20))
    yield bench.figure_of("own_figures_read", took[10], "ms")


def begun() -> tuple[list[Any], Any]:
    """A scheme of the district with every indicator that comes from events, and last month of each community."""
    from louzhang.areas.models import Area, LevelKind, Post
    from louzhang.areas.queries import actor_for, district
    from louzhang.journal.actor import SYSTEM
    from louzhang.kit import clock
    from louzhang.roster.actions.appraisal import adopt_scheme, open_month
    from louzhang.roster.indicators import KINDS, Source
    from louzhang.roster.models.appraisal import AppraisalMonth, Standing
    from louzhang.roster.presets.appraisal import SchemeDraft, Weighed
    from louzhang.roster.queries.appraisal.spans import last_month

    at = clock.now()
    Standing.objects.all().delete()
    AppraisalMonth.objects.all().delete()
    kinds = [kind for kind in KINDS.values() if kind.source == Source.EVENTS]
    weighed = tuple(Weighed(kind.key, 10, "", 24 if kind.needs_hours else None) for kind in kinds)
    root = district()
    assert root is not None
    draft = SchemeDraft("测量", "chief", weighed)
    scheme = adopt_scheme(draft=draft, area=root, actor=SYSTEM, at=at, starts_on=last_month(at))
    communities = list(Area.objects.of_kind(LevelKind.COMMUNITY).order_by("path"))
    months = [open_month(scheme=scheme, area=area, month=last_month(at), actor=SYSTEM, at=at) for area in communities]
    desk = Post.objects.select_related("user").get(area=communities[0], role="office_staff")
    return months, actor_for(desk.user, at)


def publishing(month: Any, office: Any, at: Any) -> dict[str, Any]:
    """One community published: one transaction, with the reviews that it opens."""
    from louzhang.roster.actions.appraisal import publish_month
    from louzhang.roster.models.appraisal_rulings import Review

    best = list(month.standings.filter(group=1).order_by("user_id").values_list("user_id", flat=True)[:3])
    _, seconds = field.timed(lambda: publish_month(month_id=month.pk, commended=best, actor=office, at=at))
    return bench.figure_of("publish_one_community", seconds, "s", reviews=Review.objects.count())


if __name__ == "__main__":
    main()
