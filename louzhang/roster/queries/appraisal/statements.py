"""What counts as a case of each indicator, as SQL over the rows of what happened: written once, for figures and rows.

Each statement ends in a relation `cases(place, user_id, subject_id, is_good)`, a case once a person. `seat` has who
held which post when. Nothing asks who holds a post today, and nothing outside the month makes a case.
"""

from __future__ import annotations

SEAT = """
seat AS MATERIALIZED (
    SELECT * FROM unnest(
        %(places)s::bigint[], %(users)s::bigint[], %(posts)s::bigint[], %(sinces)s::timestamptz[],
        %(untils)s::timestamptz[], %(paths)s::text[], %(mains)s::boolean[]
    ) AS held(place, user_id, post_id, since, until, path, is_main)
)"""

# Who is credited with something done by `{e}`: in an own post there, or, standing in for another of the same community,
# in the own main post. One community alone and all together count the same.
CREDIT = """
    JOIN areas_post AS held ON held.id = {e}.post_id AND held.role = %(role)s
    JOIN seat ON seat.user_id = {e}.user_id AND {e}.happened_at >= seat.since AND {e}.happened_at < seat.until
        AND (seat.post_id = held.id OR (seat.is_main AND held.user_id <> {e}.user_id AND EXISTS (
            SELECT 1 FROM seat AS other WHERE other.place = seat.place AND other.post_id = held.id
        )))
"""
IN_MONTH = "{e}.happened_at >= %(begin)s AND {e}.happened_at < %(end)s AND {e}.recorded_at >= %(recorded_from)s"
# Nobody owes anything for a day on which somebody stood in by a leave.
PRESENT = """NOT EXISTS (
    SELECT 1 FROM fieldwork_leave AS away WHERE away.post_id = seat.post_id AND away.starts_on <= {day}
        AND away.ends_on > {day} AND (away.ended_at IS NULL OR away.ended_at > {moment})
)"""
HERE = "AND {e}.area_ids && %(places_once)s::bigint[]"
OVER = """'{"clocks": [{"do": "tell", "clock": "settle", "told": "over"}]}'::jsonb"""
LATE = """'{"clocks": [{"do": "stop", "clock": "settle", "late": true}]}'::jsonb"""

# The last settling of each order in the month by each person; what was found not to be so is none.
_SETTLED = """
taken_apart AS (
    SELECT event.subject_id, max(event.seq) FILTER (WHERE event.verb = 'refute') AS refuted,
        max(event.seq) AS reopened
    FROM journal_event AS event
    WHERE event.subject_kind = 'workorder' AND event.verb IN ('refute', 'reopen') AND {in_month} {here}
    GROUP BY event.subject_id
),
done AS (
    SELECT seat.place, seat.user_id, event.subject_id, max(event.seq) AS seq,
        bool_or(event.payload @> {late}) AS is_late
    FROM journal_event AS event {credit}
    WHERE event.subject_kind = 'workorder' AND event.verb IN ('settle', 'settle_on_spot')
        AND event.user_id = ANY(%(users)s) AND {in_month}
    GROUP BY seat.place, seat.user_id, event.subject_id
)"""

_ORDERS_IN_TIME = """
over AS (
    SELECT event.subject_id, max(event.seq) AS seq, max(event.happened_at) AS happened_at
    FROM journal_event AS event
    WHERE event.subject_kind = 'workorder' AND event.verb = 'overdue' AND event.payload @> {over} AND {in_month} {here}
    GROUP BY event.subject_id
),
owed AS (
    SELECT DISTINCT ON (over.subject_id) over.subject_id, over.happened_at, event.verb, event.user_id, event.post_id
    FROM over JOIN journal_event AS event ON event.subject_kind = 'workorder' AND event.subject_id = over.subject_id
        AND event.seq < over.seq AND event.verb IN ('take', 'send_back', 'transfer', 'arbitrate', 'dispatch')
    ORDER BY over.subject_id, event.seq DESC
),
found AS (
    SELECT done.place, done.user_id, done.subject_id, NOT done.is_late AS is_good
    FROM done LEFT JOIN taken_apart AS apart USING (subject_id)
    WHERE (apart.refuted IS NULL OR apart.refuted < done.seq) AND NOT (done.is_late AND EXISTS (
        SELECT 1 FROM journal_event AS event WHERE event.subject_kind = 'workorder'
            AND event.subject_id = done.subject_id AND event.verb = 'overdue' AND event.happened_at < %(begin)s
            AND event.payload @> {over}
    ))
    UNION ALL
    SELECT seat.place, seat.user_id, owed.subject_id, false FROM owed {credit_owed} WHERE owed.verb = 'take'
),
cases AS (
    SELECT place, user_id, subject_id, bool_and(is_good) AS is_good FROM found GROUP BY place, user_id, subject_id
)"""

_ORDERS_REOPENED = """
cases AS (
    SELECT done.place, done.user_id, done.subject_id, COALESCE(apart.reopened > done.seq, false) AS is_good
    FROM done LEFT JOIN taken_apart AS apart USING (subject_id)
)"""

# The last word of the month about each order, for who settled it before; one's own word about oneself is none.
_ORDERS_SOLVED = """
said AS (
    SELECT DISTINCT ON (event.subject_id) event.subject_id, event.seq, event.user_id AS teller,
        (event.payload ->> 'solved')::boolean AS is_good
    FROM journal_event AS event
    WHERE event.subject_kind = 'workorder' AND event.verb IN ('rate', 'tell', 'close')
        AND jsonb_typeof(event.payload -> 'solved') = 'boolean' AND {in_month} {here}
    ORDER BY event.subject_id, event.seq DESC
),
settler AS (
    SELECT DISTINCT ON (said.subject_id) said.subject_id, said.is_good, said.teller, event.user_id, event.post_id,
        event.happened_at
    FROM said JOIN journal_event AS event ON event.subject_kind = 'workorder' AND event.subject_id = said.subject_id
        AND event.seq < said.seq AND event.verb IN ('settle', 'settle_on_spot', 'confirm_explanation')
    ORDER BY said.subject_id, event.seq DESC
),
cases AS (
    SELECT seat.place, seat.user_id, settler.subject_id, settler.is_good
    FROM settler {credit} WHERE settler.teller IS DISTINCT FROM settler.user_id
)"""

_VISITS_DUE = """
beat AS (
    SELECT * FROM unnest(%(beat_paths)s::text[], %(beat_days)s::int[]) AS rhythm(path, days)
),
ground AS (
    SELECT DISTINCT ON (area.id) area.id, area.path, beat.days
    FROM areas_area AS area JOIN beat ON area.path >= beat.path AND area.path < beat.path || '~'
    WHERE EXISTS (SELECT 1 FROM seat WHERE area.path >= seat.path AND area.path < seat.path || '~')
    ORDER BY area.id, beat.days
),
home AS MATERIALIZED (
    SELECT household.id, ground.path, ground.days
    FROM ground JOIN register_dwelling AS dwelling ON dwelling.area_id = ground.id
    JOIN register_household AS household ON household.dwelling_id = dwelling.id
    WHERE household.starts_on < %(first_day)s AND (household.ends_on IS NULL OR household.ends_on >= %(next_day)s)
        AND household.id <> ALL(%(sheltered)s::bigint[])
),
rounded AS (
    SELECT visit.household_id, max(visit.happened_at) FILTER (WHERE visit.happened_at < %(begin)s) AS before,
        min(visit.happened_at) FILTER (WHERE visit.happened_at >= %(begin)s) AS first
    FROM fieldwork_visit AS visit
    WHERE visit.outcome IN ('met', 'declined') AND visit.happened_at < %(end)s AND visit.household_id IS NOT NULL
        AND visit.happened_at >= %(begin)s - make_interval(days => %(longest)s)
        AND visit.area_id IN (SELECT id FROM ground)
    GROUP BY visit.household_id
),
due AS (
    SELECT home.id, home.path, rounded.first, GREATEST(
        %(begin)s::timestamptz, COALESCE(rounded.before + make_interval(days => home.days), %(begin)s)
    ) AS moment
    FROM home LEFT JOIN rounded ON rounded.household_id = home.id
),
walked AS (
    SELECT due.id, visit.visitor_id AS user_id, visit.post_id, visit.happened_at
    FROM due JOIN fieldwork_visit AS visit ON visit.household_id = due.id AND visit.happened_at = due.first
    WHERE due.moment < %(end)s AND visit.outcome IN ('met', 'declined')
),
cases AS (
    SELECT seat.place, seat.user_id, walked.id AS subject_id, true AS is_good FROM walked {credit}
    GROUP BY seat.place, seat.user_id, walked.id
    UNION ALL
    SELECT seat.place, seat.user_id, due.id, false
    FROM due JOIN LATERAL (
        SELECT * FROM seat
        WHERE due.path LIKE seat.path || '%%' AND due.moment >= seat.since AND due.moment < seat.until
        ORDER BY length(seat.path) DESC, seat.post_id LIMIT 1
    ) AS seat ON true
    WHERE due.first IS NULL AND due.moment < %(end)s AND {present}
)"""

_ERRANDS_CONFIRMED = """
said AS (
    SELECT DISTINCT ON (event.subject_id) event.subject_id, event.seq, event.verb = 'confirm' AS is_good
    FROM journal_event AS event
    WHERE event.subject_kind = 'errand' AND event.verb IN ('confirm', 'not_yet') AND {in_month} {here}
        AND event.payload ->> 'way' IS DISTINCT FROM 'word'
    ORDER BY event.subject_id, event.seq DESC
),
runner AS (
    SELECT DISTINCT ON (said.subject_id) said.subject_id, said.is_good, event.user_id, event.post_id,
        event.happened_at
    FROM said JOIN journal_event AS event ON event.subject_kind = 'errand' AND event.subject_id = said.subject_id
        AND event.seq < said.seq AND event.verb = 'hand_over'
    ORDER BY said.subject_id, event.seq DESC
),
cases AS (SELECT seat.place, seat.user_id, runner.subject_id, runner.is_good FROM runner {credit})"""

# Answers in time for whoever gave them; what nobody answered in time for who held the place when the time was over.
_ANSWERS_IN_TIME = """
asked AS (
    SELECT event.subject_id, event.seq, event.happened_at, event.area_ids,
        event.happened_at + make_interval(hours => %(hours)s) AS due
    FROM journal_event AS event
    WHERE event.subject_kind = 'inquiry' AND event.verb IN ('ask', 'ask_more') {here}
        AND event.happened_at >= %(begin)s - make_interval(hours => %(hours)s) AND event.happened_at < %(end)s
),
reply AS (
    SELECT DISTINCT ON (asked.subject_id, asked.seq) asked.subject_id, asked.seq, asked.due, asked.area_ids,
        event.verb, event.user_id, event.post_id, event.happened_at
    FROM asked LEFT JOIN journal_event AS event ON event.subject_kind = 'inquiry'
        AND event.subject_id = asked.subject_id AND event.seq > asked.seq
        AND event.verb IN ('answer', 'turn', 'close', 'ask_more')
    ORDER BY asked.subject_id, asked.seq, event.seq
),
found AS (
    SELECT seat.place, seat.user_id, reply.subject_id, true AS is_good FROM reply {credit}
    WHERE reply.verb IN ('answer', 'turn') AND reply.happened_at <= reply.due
        AND reply.happened_at >= %(begin)s AND reply.happened_at < %(end)s
    UNION ALL
    SELECT seat.place, seat.user_id, reply.subject_id, false
    FROM reply JOIN areas_post AS held ON held.role = %(role)s AND held.area_id = ANY(reply.area_ids)
    JOIN seat ON seat.post_id = held.id AND reply.due >= seat.since AND reply.due < seat.until
    WHERE (reply.happened_at IS NULL OR reply.happened_at > reply.due)
        AND reply.due >= %(begin)s AND reply.due < %(end)s AND {present}
),
cases AS (
    SELECT place, user_id, subject_id, bool_and(is_good) AS is_good FROM found GROUP BY place, user_id, subject_id
)"""


def _filled(text: str, credited: str = "event", present: tuple[str, str] = ("", "")) -> str:
    day, moment = present
    return text.format(
        credit=CREDIT.format(e=credited), credit_owed=CREDIT.format(e="owed"), in_month=IN_MONTH.format(e="event"),
        here=HERE.format(e="event"), over=OVER, late=LATE, present=PRESENT.format(day=day, moment=moment),
    )  # fmt: skip


_LOCAL = "(({moment}) AT TIME ZONE %(zone)s)::date"
STATEMENTS: dict[str, str] = {
    "orders_in_time": _filled(_SETTLED) + "," + _filled(_ORDERS_IN_TIME),
    "orders_solved": _filled(_ORDERS_SOLVED, "settler"),
    "orders_reopened": _filled(_SETTLED) + "," + _filled(_ORDERS_REOPENED),
    "visits_due": _filled(_VISITS_DUE, "walked", (_LOCAL.format(moment="due.moment"), "due.moment")),
    "errands_confirmed": _filled(_ERRANDS_CONFIRMED, "runner"),
    "answers_in_time": _filled(_ANSWERS_IN_TIME, "reply", (_LOCAL.format(moment="reply.due"), "reply.due")),
}
# The kind of subject behind a case of each.
SUBJECTS = {
    "orders_in_time": "workorder",
    "orders_solved": "workorder",
    "orders_reopened": "workorder",
    "visits_due": "household",
    "errands_confirmed": "errand",
    "answers_in_time": "inquiry",
}

COUNTED = "SELECT place, user_id, count(*), count(*) FILTER (WHERE is_good) FROM cases GROUP BY place, user_id"
LISTED = "SELECT subject_id, is_good FROM cases WHERE place = %(place)s AND user_id = %(user)s ORDER BY subject_id"


def counting(kind: str) -> str:
    """The statement that counts the cases of everybody."""
    return f"WITH {SEAT}, {STATEMENTS[kind]} {COUNTED}"


def listing(kind: str) -> str:
    """The statement that names the cases of one person."""
    return f"WITH {SEAT}, {STATEMENTS[kind]} {LISTED}"
