"""The marks that the verbs beside the main loop keep on an order: urged, supervised, shelved, explained, to verify."""

from __future__ import annotations

from django.db import models

from louzhang.accounts.models import User
from louzhang.workorders.lifecycle import SHELVABLE, STANDING, Explanation, State


class Overseen(models.Model):
    """Marks of an order; only the walker's actions write them.

    `supervision` is the state of the supervision that stands, blank without one; `explanation` tells whether
    the order is to be settled by explanation (proposed by `explainer`) or was. On the shelf (`shelved_until`,
    the day of its review) it is open and in nobody's time. While it `is_to_verify` it may not be closed.
    """

    urge_count = models.PositiveIntegerField("催办次数", default=0, db_default=0)
    urged_at = models.DateTimeField(null=True, blank=True)
    supervision = models.CharField("督办", max_length=8, default="", blank=True, db_default="")
    shelved_until = models.DateField("挂账到", null=True, blank=True)
    explanation = models.CharField("解释说明", max_length=8, default="", blank=True, db_default="")
    explainer = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    is_to_verify = models.BooleanField("待核实", default=False, db_default=False)

    class Meta:
        abstract = True

    @property
    def is_explained(self) -> bool:
        """Whether it was settled by explanation; such orders are outside 解决率."""
        return self.explanation == Explanation.AGREED


OVERSEEN_CONSTRAINTS: list[models.BaseConstraint] = [
    models.CheckConstraint(
        condition=models.Q(supervision__in=["", *sorted(state.value for state in STANDING)]),
        name="order_supervision_known",
    ),
    models.CheckConstraint(
        condition=models.Q(shelved_until=None) | models.Q(status__in=sorted(state.value for state in SHELVABLE)),
        name="order_shelved_in_hand",
    ),
    models.CheckConstraint(
        condition=models.Q(explanation="")
        | (models.Q(explanation=Explanation.ASKED.value, status=State.TAKEN.value, explainer__isnull=False))
        | (models.Q(explanation=Explanation.AGREED.value) & ~models.Q(status=State.TAKEN.value)),
        name="order_explanation_whole",
    ),
]
OVERSEEN_INDEXES: list[models.Index] = [
    models.Index(fields=["-id"], condition=~models.Q(supervision=""), name="order_supervised"),
    models.Index(fields=["shelved_until"], condition=models.Q(shelved_until__isnull=False), name="order_shelved"),
    models.Index(fields=["category", "-id"], condition=~models.Q(explanation=""), name="order_explained"),
    models.Index(fields=["-id"], condition=models.Q(is_to_verify=True), name="order_to_verify"),
]
