"""A need of the register becomes an order of whoever hands it on, at the place of the need."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.urls import reverse

from louzhang.areas.roles import FIELD_ROLES
from louzhang.journal.actor import Actor
from louzhang.journal.forms import VerbForm
from louzhang.register.courses import CourseMaker
from louzhang.register.models import Course, Need
from louzhang.shell.widgets import LongSelect
from louzhang.workorders.actions import Draft, report_workorder
from louzhang.workorders.forms.fields import WordsField
from louzhang.workorders.models import Category, Channel, Handling
from louzhang.workorders.queries.choices import by_group, offered_categories, suggested_categories


class NeedOrderForm(VerbForm):
    """Category and words; a need with questions of its category to answer is reported the usual way."""

    category = forms.ChoiceField(label="类别", widget=LongSelect, error_messages={"required": "请选择类别。"})
    words = WordsField(label="请办什么")

    def __init__(self, *args: Any, need: Need, **options: Any) -> None:
        super().__init__(*args, **options)
        self.leaves = [leaf for leaf in offered_categories() if leaf.handling == Handling.PLAIN]
        closest = suggested_categories(need.summary, self.leaves)
        groups = [(group.label, [(leaf.code, leaf.name) for leaf in group.choices]) for group in by_group(self.leaves)]
        chosen: Any = self.fields["category"]
        chosen.choices = [("", "请选择"), *groups]
        self.initial.setdefault("category", closest[0].code if closest else "")
        self.initial.setdefault("words", need.summary)

    def clean_category(self) -> Category:
        """The category of the code."""
        code = self.cleaned_data["category"]
        return next(leaf for leaf in self.leaves if leaf.code == code)


def _make(need: Need, said: Mapping[str, Any], actor: Actor, at: datetime) -> str:
    draft = Draft(channel=Channel.FIELD, category=said["category"], area=need.area, words=said["words"])
    return report_workorder(draft=draft, actor=actor, at=at).order.number


def _address(number: str, actor: Actor) -> str:
    return reverse("field:one" if actor.has_role(*FIELD_ROLES) else "desk:order", args=[number])


NEED_BECOMES_ORDER = CourseMaker(
    course=Course.ORDER, label="转为工单", form=NeedOrderForm, make=_make, address=_address
)
