"""How many orders stand at which step, in the whole scope and on oneself: one query."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db.models import BooleanField, Case, Count, Q, Value, When

from louzhang.accounts.models import User
from louzhang.journal.actor import Actor
from louzhang.notices.queries import unread_term
from louzhang.workorders.lifecycle import (
    AWAITING_RESIDENT,
    LOOP,
    ONLY_WHILE,
    OPEN,
    Explanation,
    Relation,
    State,
    SupervisionState,
)
from louzhang.workorders.models import AnswerWay, Report, WorkOrder
from louzhang.workorders.queries.former import sees_all, ties_of_now
from louzhang.workorders.queries.orders import Filters, list_orders
from louzhang.workorders.scope import CONTESTED, TOLD_FROM, office_ids, relation_terms

LIVE = OPEN | AWAITING_RESIDENT
# Columns of an order that its figures follow from as they are; those that hold text.
PLAIN = ("status", "is_unplaced", "is_urgent", "is_to_verify", "supervision", "explanation")
TEXTS = frozenset({"status", "supervision", "explanation"})
# Urgent orders sound on the desk until somebody has signed for them.
UNTAKEN = frozenset({State.REPORTED, State.ACCEPTED, State.DISPATCHED})
COUNTED_ANEW_AT_MOST = 5_000
KEPT_SECONDS = 5
# The relations in which somebody does the next step, and those whose desk an urgent order rings at.
DOING = (
    Relation.DESK,
    Relation.HOLDER,
    Relation.LEAD,
    Relation.TELLER,
    Relation.ASKED,
    Relation.HELPING,
    Relation.ARBITER,
    Relation.ADDRESSEE,
)
AT_HAND = frozenset({Relation.DESK, Relation.HOLDER, Relation.LEAD})
# The main verbs that only some of the orders in their state are open to (`ONLY_WHILE`).
ONLY_SOME = {
    step.verb: Q(**ONLY_WHILE[step.verb][0])
    for step in LOOP
    if step.is_main and step.verb in ONLY_WHILE and step.relations & frozenset(DOING)
}
HERE = (
    *(state.value for state in LIVE), "late", "raised", "soon", "asking", "returned", "unplaced", "to_tell",
    "supervised", "shelved", "to_verify", "explaining",
)  # fmt: skip
# Working lists beside the steps: what is in them stands at a step as well.
BESIDE = ("to_tell", "supervised", "to_verify")
MINE = (*(state.value for state in OPEN), *BESIDE)


@dataclass(frozen=True, slots=True)
class StepCounts:
    """`here` counts every order in scope, `mine` those whose next step is the actor's.

    Keys of both are states; `here` also has `late`, `soon`, `asking`, `returned`, `unplaced`, `to_tell`,
    `supervised`, `shelved`, `to_verify`, `explaining`, and `mine` has those of `BESIDE`. `urgent` are
    urgent orders at the actor's desk or unit that nobody has signed for. `unread` are the lines of the
    actor's inbox that came with the same query; None where it was not asked.
    """

    here: Mapping[str, int] = field(default_factory=dict)
    mine: Mapping[str, int] = field(default_factory=dict)
    urgent: int = 0
    unread: int | None = None

    @property
    def all_mine(self) -> int:
        """Everything whose next step is the actor's."""
        return sum(count for step, count in self.mine.items() if step not in BESIDE)


def count_steps(actor: Actor, at: datetime) -> StepCounts:
    """Count the orders that are not over yet, by step and by whose turn it is (one query at most).

    What is counted over a whole district is kept for a few seconds, so that pages do not wait for
    it; in a smaller place every page counts anew.
    """
    key = f"desk.counts:{actor.owner_key}:{hash((actor.seats, actor.unit_ids))}"
    kept: StepCounts | None = cache.get(key)
    if kept is not None:
        return kept
    counts = _count(actor, at)
    if sum(counts.here[state.value] for state in LIVE) > COUNTED_ANEW_AT_MOST:
        cache.set(key, replace(counts, unread=None), KEPT_SECONDS)
    return counts


def _count(actor: Actor, at: datetime) -> StepCounts:
    """The database tells every order's marks once and counts the equal ones; which figures an
    order belongs to follows from its marks.
    """
    terms = relation_terms(actor)
    marks = {f"is_{relation}": terms[relation] for relation in DOING if relation in terms} | {
        "is_late": Q(due_at__isnull=False, due_at__lt=at),
        "is_soon": Q(due_at__isnull=False, soon_at__isnull=False, soon_at__lte=at, due_at__gte=at),
        "is_raised": Q(overdue_area__isnull=False, overdue_area__in=office_ids(actor)),
        "is_asking": ~Q(asked=""),
        "is_returned": Q(return_count__gt=0),
        "is_contested": CONTESTED,
        "is_to_tell": Q(status__in=sorted(TOLD_FROM), pk__in=_waiting_order_ids()),
        "is_shelved": Q(shelved_until__isnull=False),
        **{f"may_{verb}": condition for verb, condition in ONLY_SOME.items()},
        **_present(actor),
        **({"is_over": terms[Relation.OVER]} if Relation.OVER in terms else {}),
    }
    columns = (*PLAIN, *marks)
    counted = (
        WorkOrder.objects.visible_among(actor, Q(status__in=sorted(LIVE)))
        .order_by()
        .annotate(**{name: _mark(condition) for name, condition in marks.items()})
        .values(*columns)
        .annotate(count=Count("pk"), unread=Value(0))
        .union(_beside(actor, columns), all=True)
    )
    here, mine, urgent = Counter(dict.fromkeys(HERE, 0)), Counter(dict.fromkeys(MINE, 0)), 0
    unread: int | None = None
    for group in counted:
        if not group["status"]:
            unread = group["unread"]
            continue
        relations = {relation for relation in DOING if group.get(f"is_{relation}")}
        for step in _steps_here(group):
            here[step] += group["count"]
        for step in _steps_mine(group, relations):
            mine[step] += group["count"]
        if group["is_urgent"] and group["status"] in UNTAKEN and relations & AT_HAND:
            urgent += group["count"]
    return StepCounts(here=here, mine=mine, urgent=urgent, unread=unread)


def _present(actor: Actor) -> dict[str, Q]:
    """A mark of those who have to do with an order now: to the others its clocks and marks are not told."""
    return {} if sees_all(actor) else {"is_now": ties_of_now(actor) or Q(pk__in=())}


def _mark(condition: Q) -> Case:
    """A condition as a column; one that nothing can meet is false, where Django alone would write a number."""
    return Case(When(condition, then=Value(value=True)), default=Value(value=False), output_field=BooleanField())


def _beside(actor: Actor, columns: Sequence[str]) -> Any:
    """One more row of the same shape, without a status: what else the navigation counts."""
    blank = {name: Value("") if name in TEXTS else Value(value=False) for name in columns}
    row = User.objects.filter(pk=actor.user_id or 0).order_by().annotate(**blank).values(*columns)
    return row.annotate(count=Value(0), unread=unread_term(actor))


def count_categories(actor: Actor, filters: Filters) -> list[tuple[str, str, int]]:
    """Code, name and number of the orders of a list by category, the most first (one query)."""
    rows = list_orders(actor, filters).order_by().values_list("category__code", "category__name")
    counted = rows.annotate(count=Count("pk")).order_by("-count", "category__code")
    return [(code, name, count) for code, name, count in counted]


def _waiting_order_ids() -> Any:
    return Report.objects.filter(told_at=None).exclude(answer_way=AnswerWay.HERE).values("order_id")


def _steps_here(group: Mapping[str, Any]) -> Iterator[str]:
    status = State(group["status"])
    is_open = status in OPEN
    if not group.get("is_now", True):
        return iter((status.value,))
    marks = {
        status.value: True,
        "late": group["is_late"],
        "raised": group["is_late"] and group["is_raised"],
        "soon": group["is_soon"],
        "asking": group["is_asking"],
        "returned": is_open and group["is_returned"],
        "unplaced": is_open and group["is_unplaced"],
        "to_tell": group["is_to_tell"],
        "supervised": group["supervision"] != "",
        "shelved": group["is_shelved"],
        "to_verify": group["is_to_verify"],
        "explaining": group["explanation"] == Explanation.ASKED,
    }
    return (step for step, is_so in marks.items() if is_so)


def _steps_mine(group: Mapping[str, Any], relations: set[Relation]) -> Iterator[str]:
    status = State(group["status"])
    barred = "dispatch" if group["is_contested"] else ""
    main = [step.verb for step in LOOP.allowed(status, relations) if step.is_main and step.verb != barred]
    if any(group.get(f"may_{verb}", True) for verb in main):
        yield status.value
    if group["is_to_tell"] and Relation.DESK in relations:
        yield "to_tell"
    if group["is_to_verify"] and Relation.DESK in relations:
        yield "to_verify"
    if _is_supervision_mine(group, relations):
        yield "supervised"


def _is_supervision_mine(group: Mapping[str, Any], relations: set[Relation]) -> bool:
    """To be signed for or answered here, or answered and to be lifted from here."""
    if group["supervision"] == SupervisionState.REPLIED:
        return bool(group.get("is_over"))
    return Relation.ADDRESSEE in relations  # which holds only while a supervision stands
