"""Which answers of the demo's screening need somebody: a leak becomes an order, a cold home a call."""

from __future__ import annotations

from datetime import datetime

from louzhang.areas.roles import Role
from louzhang.journal.actor import Actor
from louzhang.surveys.actions.following_up import RuleDraft, add_follow_up_rule
from louzhang.surveys.models import Course, Survey
from louzhang.workorders.models import Category


def set_rules(survey: Survey, desk: Actor, at: datetime) -> None:
    """The worker makes the order and the calls once it has read the answers."""
    questions = dict(survey.questions.values_list("key", "pk"))
    leak = Category.objects.get(code="pipe-leak", ended_at=None)
    drafts = (
        RuleDraft(questions["damage"], Course.ORDER, "供暖前排查：家里水管或暖气漏水，请上门修",
                  {"answers": ["yes"]}, category=leak),
        RuleDraft(questions["warm"], Course.VISIT, "家里不热，请带测温仪去看看",
                  {"answers": ["a3"]}, role=Role.CHIEF, days=3),
    )  # fmt: skip
    for draft in drafts:
        add_follow_up_rule(survey_id=survey.pk, draft=draft, actor=desk, at=at)
