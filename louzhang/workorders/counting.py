"""How many orders stand at which step, in the whole scope and on oneself: one query."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q

from louzhang.journal.actor import Actor
from louzhang.workorders.lifecycle import AWAITING_RESIDENT, OPEN, Relation, State
from louzhang.workorders.models import AnswerWay, Report, WorkOrder
from louzhang.workorders.scope import TOLD_FROM, relation_terms, waiting_term

LIVE = OPEN | AWAITING_RESIDENT
# Urgent orders sound on the desk until somebody has signed for them.
UNTAKEN = frozenset({State.REPORTED, State.ACCEPTED, State.DISPATCHED})


@dataclass(frozen=True, slots=True)
class StepCounts:
    """`here` counts every order in scope, `mine` those whose next step is the actor's.

    Keys of both are states; `here` also has `late`, `returned`, `unplaced`, `to_tell`, and
    `mine` has `to_tell`. `urgent` are urgent orders at the actor's desk or unit that nobody has
    signed for.
    """

    here: Mapping[str, int] = field(default_factory=dict)
    mine: Mapping[str, int] = field(default_factory=dict)
    urgent: int = 0

    @property
    def all_mine(self) -> int:
        """Everything whose next step is the actor's."""
        return sum(count for step, count in self.mine.items() if step != "to_tell")


def count_steps(actor: Actor, at: datetime) -> StepCounts:
    """Count the orders that are not over yet, by step and by whose turn it is (one query)."""
    waiting = Report.objects.filter(order=OuterRef("pk"), told_at=None).exclude(answer_way=AnswerWay.HERE)
    to_tell = Q(status__in=sorted(TOLD_FROM)) & Q(Exists(waiting))
    here = {
        **{state.value: Q(status=state.value) for state in LIVE},
        "late": Q(status__in=sorted(OPEN), promised_at__lt=at),
        "returned": Q(status__in=sorted(OPEN), return_count__gt=0),
        "unplaced": Q(status__in=sorted(OPEN), is_unplaced=True),
        "to_tell": to_tell,
    }
    terms = relation_terms(actor)
    nobody = Q(pk__in=[])
    turn = waiting_term(actor) or nobody
    desk = terms.get(Relation.DESK, nobody)
    at_hand = desk | terms.get(Relation.LEAD, nobody) | terms.get(Relation.HOLDER, nobody)
    mine = {state.value: Q(status=state.value) & turn for state in OPEN} | {"to_tell": desk & to_tell}
    counted = (
        WorkOrder.objects.visible_to(actor)
        .filter(status__in=sorted(LIVE))
        .aggregate(
            **{f"here_{step}": Count("pk", filter=term) for step, term in here.items()},
            **{f"mine_{step}": Count("pk", filter=term) for step, term in mine.items()},
            urgent=Count("pk", filter=at_hand & Q(is_urgent=True, status__in=sorted(UNTAKEN))),
        )
    )
    return StepCounts(
        here={step: counted[f"here_{step}"] for step in here},
        mine={step: counted[f"mine_{step}"] for step in mine},
        urgent=counted["urgent"],
    )
