"""Words that are written again and again: templates of what residents read, by category and step."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from louzhang.journal.models import Chained
from louzhang.workorders.models.categories import Category

REPLY_LENGTH = 1_000


class ReplyTemplate(Chained):
    """答复模板: words with placeholders for one step of a category, its group or any.

    `step` is the verb whose words it fills. `words` go into the first text of that verb's form,
    `advice` into the second one where it has two (decline: the reason, then what to do instead).
    """

    subject_kind = "reply_template"

    step = models.CharField("用在哪一步", max_length=20)
    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.PROTECT, related_name="replies")
    name = models.CharField("名称", max_length=40)
    words = models.CharField("内容", max_length=REPLY_LENGTH)
    advice = models.CharField("建议", max_length=REPLY_LENGTH, default="", blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "答复模板"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["step", "category", "name"],
                condition=models.Q(ended_at=None),
                nulls_distinct=False,
                name="reply_template_name_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name
