"""What is typed about a leave."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms

from louzhang.accounts.models import User
from louzhang.areas.models import Post
from louzhang.fieldwork.forms.errands import title_of
from louzhang.fieldwork.queries.handing import stand_ins_of
from louzhang.journal.forms import VerbForm
from louzhang.register.forms.fields import DayField
from louzhang.shell.widgets import LongSelect


class LeaveForm(VerbForm):
    """From when to when, and who stands in; nobody is asked why."""

    starts_on = DayField(label="从哪天")
    last_day = DayField(label="到哪天（含）")
    stand_in = forms.TypedChoiceField(
        label="谁来替岗", coerce=int, widget=LongSelect, error_messages={"required": "请选谁来替岗。"}
    )

    def __init__(self, *args: Any, post: Post, at: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        chosen: Any = self.fields["stand_in"]
        others = stand_ins_of(post, at)
        chosen.choices = [
            ("", "请选择"),
            *((str(row.user_id), f"{row.user.name}（{title_of(row)}）") for row in others),
        ]

    def given(self) -> dict[str, Any]:
        """As the action takes it: the end is the day on which the post comes back."""
        said = super().given()
        return {
            "starts_on": said["starts_on"],
            "ends_on": said["last_day"] + timedelta(days=1),
            "stand_in": User.objects.get(pk=said["stand_in"]),
        }
