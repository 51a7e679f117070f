"""Marks of an order that end by themselves when it moves on: on the shelf, to be verified, to be explained.

Every step of an order passes here before it is written, so that no verb can forget a mark; what changes
goes out with the statement of the step.
"""

from __future__ import annotations

from louzhang.journal.walker import Step
from louzhang.workorders.lifecycle import IN_PROGRESS, SHELVABLE, Explanation, State
from louzhang.workorders.models import WorkOrder


def keep_marks(step: Step[WorkOrder]) -> None:
    """Take away what no longer holds where the step leads, and ask for verifying where the category wants it."""
    order, target = step.subject, step.target
    if order.shelved_until is not None and target not in SHELVABLE:
        step.set(shelved_until=None)
    if order.explanation == Explanation.ASKED and target != State.TAKEN:
        step.set(explanation="")
    if target in IN_PROGRESS and step.came_from not in IN_PROGRESS:
        _begin_again(step)
    if target == State.SETTLED and step.came_from in IN_PROGRESS:
        _ask_for_verifying(step)


def _begin_again(step: Step[WorkOrder]) -> None:
    if step.subject.explanation:
        step.set(explanation="")
    if step.subject.is_to_verify:
        step.set(is_to_verify=False)


def _ask_for_verifying(step: Step[WorkOrder]) -> None:
    """What was done on the spot has been seen there; what was explained has nothing to see."""
    order = step.subject
    if order.category.is_verified_on_spot and not order.is_settled_on_spot and not order.is_explained:
        step.set(is_to_verify=True)
