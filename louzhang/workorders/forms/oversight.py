"""Forms of what is done beside the main loop: urging, supervising, the shelf, verifying, explaining."""

from __future__ import annotations

from typing import Any

from django import forms

from louzhang.kit import clock
from louzhang.shell.widgets import Day
from louzhang.workorders.forms.fields import UuidListField, VerbForm, WordsField
from louzhang.workorders.lifecycle import MISSING
from louzhang.workorders.models import DutyClause


class DayField(forms.DateField):
    """A day that must be chosen."""

    def __init__(self, *, label: str, missing: str, help_text: str = "") -> None:
        super().__init__(
            label=label,
            widget=Day,
            help_text=help_text,
            error_messages={"required": missing, "invalid": "日期没有写对，请重新选择。"},
        )


class UrgeForm(VerbForm):
    """Urge: a word if one likes."""

    words = WordsField(label="想说的话", rows=2)


class SuperviseForm(VerbForm):
    """Supervise: what is demanded, and by which day it is to be answered."""

    demand = WordsField(label="督办要求", required=MISSING["demand"])
    due_date = DayField(label="要求在哪一天以前回复", missing=MISSING["due_date"])


class SignForm(VerbForm):
    """Sign for a supervision: a note if one likes."""

    note = WordsField(label="说明", rows=2)


class SupervisionReplyForm(VerbForm):
    """Answer a supervision."""

    reply = WordsField(label="督办回复", required="请写下督办回复，说明办到哪一步、做了什么。")
    photos = UuidListField(label="照片", required=False)


class LiftForm(VerbForm):
    """Lift a supervision, or take an order from the shelf: why, if one likes to say."""

    reason = WordsField(label="说明", rows=2)


class ShelveForm(VerbForm):
    """Put on the shelf: why, in words the reporter reads, and the day of review."""

    explanation = WordsField(label="给反映人的说明", required=MISSING["explanation"])
    review_date = DayField(label="复查日期", missing=MISSING["review_date"])


class EscalateForm(VerbForm):
    """Hand to the next level: why."""

    reason = WordsField(label="为什么要上一级办", required=MISSING["reason"])


class VerifyForm(VerbForm):
    """Verify: what was seen on the spot."""

    note = WordsField(label="现场看到的情况", required="请写一句在现场看到的情况。", rows=2)
    photos = UuidListField(label="现场照片", required=False)


class RefuteForm(VerbForm):
    """What was seen on the spot is not done."""

    reason = WordsField(label="哪里还没有办好", required="请写明哪里还没有办好。", rows=2)
    photos = UuidListField(label="现场照片", required=False)


class ExplainForm(VerbForm):
    """Settle by explanation: the words the reporter will read, the legal basis, perhaps a duty clause."""

    explanation = WordsField(label="给反映人的解释", required=MISSING["explanation"])
    basis = WordsField(label="依据", required=MISSING["basis"], rows=2)
    clause = forms.ModelChoiceField(
        DutyClause.objects.none(),
        label="权责清单条目",
        required=False,
        empty_label="不对应某一条",
        error_messages={"invalid_choice": "这一条已经不在权责清单里，请重新选择。"},
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        clause: Any = self.fields["clause"]
        today = clock.local_date(clock.now())
        held = DutyClause.objects.filter(ended_at=None, starts_on__lte=today).exclude(ends_on__lte=today)
        clause.queryset = held.order_by("code", "pk")


class ConfirmForm(VerbForm):
    """The second reader agrees."""

    note = WordsField(label="复核意见", rows=2)


class ReturnForm(VerbForm):
    """The second reader does not agree: why."""

    reason = WordsField(label="为什么不同意", required=MISSING["reason"])


OVERSIGHT_FORMS: dict[str, type[VerbForm]] = {
    "urge": UrgeForm,
    "supervise": SuperviseForm,
    "sign_supervision": SignForm,
    "reply_supervision": SupervisionReplyForm,
    "lift_supervision": LiftForm,
    "shelve": ShelveForm,
    "unshelve": LiftForm,
    "escalate": EscalateForm,
    "verify": VerifyForm,
    "refute": RefuteForm,
    "settle_by_explanation": ExplainForm,
    "confirm_explanation": ConfirmForm,
    "return_explanation": ReturnForm,
}
