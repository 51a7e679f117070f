"""What is typed in a work log."""

from __future__ import annotations

from typing import Any

from django import forms

from louzhang.areas.models import Area
from louzhang.fieldwork.forms.patrols import PlainCategoryField
from louzhang.fieldwork.models.work_logs import SENTENCE_AT_MOST
from louzhang.journal.actor import Actor
from louzhang.journal.forms import VerbForm
from louzhang.kit import clock
from louzhang.shell.widgets import LongSelect, Words
from louzhang.workorders.models import WORDS_AT_MOST, Category
from louzhang.workorders.queries.places import own_places


class SentenceForm(VerbForm):
    """One's own words beside the day."""

    sentence = forms.CharField(
        label="想补充的", required=False, max_length=SENTENCE_AT_MOST, widget=Words({"rows": 3, "data-grow": ""}),
        help_text="一两句就行，不写也能发。不写居民的姓名和病情。",
    )  # fmt: skip


class CommentForm(VerbForm):
    """A word back."""

    comment = forms.CharField(
        label="批一句", max_length=SENTENCE_AT_MOST, widget=Words({"rows": 2, "data-grow": ""}),
        error_messages={"required": "请写一句话。"},
    )  # fmt: skip


class LogFaultForm(VerbForm):
    """A fault in a log: which kind, where, what."""

    category = PlainCategoryField(label="哪类事")
    area = forms.TypedChoiceField(
        label="在哪里", coerce=int, widget=LongSelect, error_messages={"required": "请选在哪里。"}
    )
    words = forms.CharField(
        label="要办什么", max_length=WORDS_AT_MOST, widget=Words({"rows": 2, "data-grow": ""}),
        error_messages={"required": "请写一句要办什么。"},
    )  # fmt: skip

    def __init__(self, *args: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        kinds: Any = self.fields["category"]
        kinds.offer()
        self.kinds = kinds
        chosen: Any = self.fields["area"]
        groups = own_places(actor, clock.now())
        chosen.choices = [("", "请选择")] + [
            (group.label, [(choice.value, choice.label) for choice in group.choices]) for group in groups
        ]

    def given(self) -> dict[str, Any]:
        """As the action takes it."""
        said = super().given()
        category: Category = self.kinds.leaf(said["category"])
        area: Area = Area.objects.select_related("level").get(pk=said["area"])
        return {"category": category, "area": area, "words": said["words"]}
