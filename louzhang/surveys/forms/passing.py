"""Who helps with a part of a survey."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django import forms

from louzhang.accounts.models import User
from louzhang.journal.actions import once
from louzhang.journal.actor import Actor
from louzhang.journal.forms import VerbForm, first_refusal, plain_body
from louzhang.surveys.actions.passing import pass_on_share, take_back_share
from louzhang.surveys.models import Share, Survey


class PassForm(VerbForm):
    """One person, or nobody."""

    person = forms.TypedChoiceField(
        label="分给谁", required=False, coerce=int, empty_value=None,
        help_text="对方在自己的手机上就能看到这些门牌并登记；您自己也还能登记。",
        error_messages={"invalid_choice": "请从名单里选。"},
    )  # fmt: skip

    def prepare(self, people: Iterable[User]) -> None:
        """The names to choose from."""
        field: Any = self.fields["person"]
        field.choices = [("", "不分，自己来"), *((person.pk, person.name) for person in people)]


def pass_once(form: PassForm, survey: Survey, share: Share, *, actor: Actor, at: datetime) -> None:
    """Pass on or take back, once per entry id; raises the form's first error, and the action's."""
    if not form.is_valid():
        raise first_refusal(form)
    entry_id, person = form.cleaned_data["entry_id"], form.cleaned_data["person"]
    where = {"survey_id": survey.pk, "area_id": share.area_id}

    def act() -> Mapping[str, Any]:
        if person is None:
            take_back_share(**where, actor=actor, at=at, entry_id=entry_id)
        else:
            pass_on_share(**where, user_id=person, actor=actor, at=at, entry_id=entry_id)
        return {}

    once(actor=actor, entry_id=entry_id, body={**where, **plain_body(form)}, at=at, perform=act)
