"""Settling by explanation (解释说明): what the law or a policy does not let anybody do, said plainly.

The unit proposes it with a legal basis, another person reads it before the reporter does. Such orders are
counted apart and stand outside 解决率.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from louzhang.journal.actor import Actor
from louzhang.journal.models import Event, Words
from louzhang.journal.refusals import NotYours
from louzhang.workorders.actions.walking import walk_order
from louzhang.workorders.lifecycle import Explanation
from louzhang.workorders.models import DutyClause, WorkOrder

PROPOSED = "settle_by_explanation"


def settle_by_explanation(
    *,
    order_id: int,
    explanation: str,
    basis: str,
    actor: Actor,
    at: datetime,
    clause: DutyClause | None = None,
    entry_id: UUID | None = None,
) -> WorkOrder:
    """The unit proposes to settle by explaining (解释说明): plain words for the reporter, and the legal basis."""
    given = {"explanation": explanation, "basis": basis}
    with walk_order(order_id, PROPOSED, actor=actor, at=at, given=given, entry_id=entry_id) as step:
        step.set(explanation=Explanation.ASKED.value, explainer_id=actor.user_id)
        if clause is not None:
            step.note(clause=clause.pk, clause_name=str(clause))
        step.say(explanation=explanation, basis=basis)
    return step.subject


def confirm_explanation(
    *, order_id: int, actor: Actor, at: datetime, note: str = "", entry_id: UUID | None = None
) -> WorkOrder:
    """A second reader at the desk or above agrees; it is settled, and the reporter reads explanation and basis.

    Raises `NotYours` for the one who proposed it.
    """
    with walk_order(order_id, "confirm_explanation", actor=actor, at=at, entry_id=entry_id) as step:
        refuse_first_reader(step.subject, actor)
        seq, facts = _proposal(step.subject)
        step.set(explanation=Explanation.AGREED.value, settled_at=at)
        step.note(explained_in=seq, **{name: facts[name] for name in ("clause", "clause_name") if name in facts})
        step.say(**_spoken(step.subject, seq), note=note)
    return step.subject


def return_explanation(
    *, order_id: int, reason: str, actor: Actor, at: datetime, entry_id: UUID | None = None
) -> WorkOrder:
    """The second reader does not agree; the unit goes on with the work.

    Raises `NotYours` for the one who proposed it.
    """
    given = {"reason": reason}
    with walk_order(order_id, "return_explanation", actor=actor, at=at, given=given, entry_id=entry_id) as step:
        refuse_first_reader(step.subject, actor)
        step.set(explanation="")
        step.say(reason=reason)
    return step.subject


def refuse_first_reader(order: WorkOrder, actor: Actor) -> None:
    """Raise for the person who wrote the explanation."""
    if actor.user_id is None or actor.user_id == order.explainer_id:
        raise NotYours("解释说明要由另一个人复核，不能由提出的人自己同意。请同事或上一级来看。")


def _proposal(order: WorkOrder) -> tuple[int, dict[str, Any]]:
    """Where in the chain the standing proposal lies, and its facts."""
    events = Event.objects.filter(subject_kind=order.subject_kind, subject_id=order.pk, verb=PROPOSED)
    seq, facts = events.order_by("-seq").values_list("seq", "payload")[:1].get()
    return seq, facts


def _spoken(order: WorkOrder, seq: int) -> dict[str, Any]:
    """The words as they were proposed: the second reader agrees to them or not."""
    rows = Words.objects.filter(subject_kind=order.subject_kind, subject_id=order.pk, seq=seq)
    spoken: dict[str, Any] = rows.values_list("spoken", flat=True).first() or {}
    return {name: spoken[name] for name in ("explanation", "basis") if name in spoken}
