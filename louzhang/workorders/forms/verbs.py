"""One small form a verb: what the verb takes, parsed to what its action expects."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms

from louzhang.areas.models import Post, Unit
from louzhang.journal.actions import once
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import NotThere
from louzhang.journal.walker import refuse_unless_open
from louzhang.kit import clock
from louzhang.shell.widgets import ChipRadio, Stars
from louzhang.workorders.actions import VERBS
from louzhang.workorders.forms.duplicates import DUPLICATE_FORMS
from louzhang.workorders.forms.fields import (
    AreaField,
    CategoryField,
    UuidListField,
    VerbForm,
    WordsField,
    first_refusal,
    plain_body,
)
from louzhang.workorders.forms.joint import JOINT_FORMS, UnitsField
from louzhang.workorders.forms.oversight import OVERSIGHT_FORMS
from louzhang.workorders.forms.proposals import ProposalField
from louzhang.workorders.forms.time import TIME_FORMS
from louzhang.workorders.lifecycle import LOOP, MISSING
from louzhang.workorders.models import CallResult, WorkOrder
from louzhang.workorders.queries import UNKNOWN, find_order, id_of_number


class NoteForm(VerbForm):
    """Accept, take: a note if one likes."""

    note = WordsField(label="说明", rows=2)


class DeclineForm(VerbForm):
    """Decline: why, and what to do instead."""

    reason = WordsField(label="不予受理的理由", required=MISSING["reason"])
    advice = WordsField(label="给反映人的建议", required=MISSING["advice"])


class SeatField(forms.ModelChoiceField[Post]):
    """A post held today."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            Post.objects.none(),
            label="承办人",
            error_messages={"required": MISSING["seat"], "invalid_choice": "这个任职已经结束，请另选承办人。"},
            **options,
        )


class SeatedForm(VerbForm):
    """Forms that name a seat look only among the posts of today."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        seat: Any = self.fields["seat"]
        seat.queryset = Post.objects.as_of(clock.local_date(clock.now())).select_related("area__level", "unit")


class DispatchForm(SeatedForm):
    """Dispatch: to which unit, inside it to which seat, and a note."""

    unit = forms.ModelChoiceField(
        Unit.objects.filter(ended_at=None),
        label="承办单位",
        error_messages={"required": MISSING["unit"], "invalid_choice": "没有这个承办单位，请重新选择。"},
    )
    seat = SeatField(required=False)
    assists = UnitsField(label="协办单位", required=False)
    note = WordsField(label="交办说明", rows=2)
    proposal = ProposalField()


class AssignForm(SeatedForm):
    """Assign: which seat of the unit holds it."""

    seat = SeatField()
    note = WordsField(label="说明", rows=2)


class SettleForm(VerbForm):
    """Settle: what was done, with photos."""

    note = WordsField(label="办理情况", required=MISSING["note"])
    photos = UuidListField(label="办后照片", required=False)


class ReasonForm(VerbForm):
    """Send back, reopen: why."""

    reason = WordsField(label="理由", required=MISSING["reason"])


class AnswerForm(VerbForm):
    """Report back: the answer that the reporters read."""

    answer = WordsField(label="给反映人的答复", required=MISSING["answer"])


class RateForm(VerbForm):
    """Rate: stars, solved or not, words."""

    stars = forms.TypedChoiceField(
        label="评几颗星",
        choices=[(str(stars), label) for stars, label in Stars.CHOICES],
        coerce=int,
        widget=Stars,
        error_messages={"required": MISSING["stars"], "invalid_choice": MISSING["stars"]},
    )
    solved = forms.TypedChoiceField(
        label="解决了吗",
        choices=[("yes", "已解决"), ("no", "未解决")],
        coerce=lambda value: value == "yes",
        widget=ChipRadio,
        error_messages={"required": MISSING["solved"], "invalid_choice": MISSING["solved"]},
    )
    words = WordsField(label="想说的话", rows=2)


class CloseForm(VerbForm):
    """Close: what came of telling the reporter, where somebody had to."""

    call_result = forms.ChoiceField(
        label="告知结果",
        choices=[("", "不需要告知"), *CallResult.choices],
        required=False,
        error_messages={"invalid_choice": "请选择告知结果。"},
    )
    words = WordsField(label="说明", rows=2)


class TellForm(VerbForm):
    """Tell, or call back: what came of it, and whether it is solved."""

    call_result = forms.ChoiceField(
        label="告知结果",
        choices=CallResult.choices,
        error_messages={"required": MISSING["call_result"], "invalid_choice": MISSING["call_result"]},
    )
    solved = forms.TypedChoiceField(
        label="解决了吗",
        choices=[("", "没有问"), ("yes", "已解决"), ("no", "未解决，重新办理")],
        coerce=lambda value: value == "yes",
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": MISSING["solved"]},
    )
    words = WordsField(label="说明", rows=2)


class WithdrawForm(VerbForm):
    """Withdraw: why, if one likes to say."""

    reason = WordsField(label="为什么撤回", rows=2)


class RecategoriseForm(VerbForm):
    """Correct the category."""

    category = CategoryField()
    reason = WordsField(label="说明", rows=2)


class RelocateForm(VerbForm):
    """Correct the place."""

    area = AreaField(error_messages={"required": MISSING["area"]})
    longitude = forms.FloatField(required=False, min_value=-180, max_value=180, widget=forms.HiddenInput)
    latitude = forms.FloatField(required=False, min_value=-90, max_value=90, widget=forms.HiddenInput)
    reason = WordsField(label="说明", rows=2)


class CommentForm(VerbForm):
    """Say something on the order."""

    words = WordsField(label="留言", required=MISSING["words"], rows=2)
    photos = UuidListField(label="照片", required=False)


VERB_FORMS: dict[str, type[VerbForm]] = {
    "accept": NoteForm,
    "decline": DeclineForm,
    "dispatch": DispatchForm,
    "assign": AssignForm,
    "take": NoteForm,
    "settle": SettleForm,
    "settle_on_spot": SettleForm,
    "send_back": ReasonForm,
    "report_back": AnswerForm,
    "tell": TellForm,
    "rate": RateForm,
    "close": CloseForm,
    "reopen": ReasonForm,
    "withdraw": WithdrawForm,
    "recategorise": RecategoriseForm,
    "relocate": RelocateForm,
    "comment": CommentForm,
    "call_duty": VerbForm,
    **DUPLICATE_FORMS,
    **TIME_FORMS,
    **OVERSIGHT_FORMS,
    **JOINT_FORMS,
}


def verb_form(verb: str, data: Any = None) -> VerbForm:
    """The form of a verb; a fresh one carries a new entry id.

    Raises `NotThere` for a verb that does not exist.
    """
    if verb not in LOOP:
        raise NotThere("没有这个操作，请刷新页面后重试。")
    if data is None:
        return VERB_FORMS[verb](initial={"entry_id": uuid.uuid4()})
    return VERB_FORMS[verb](data)


def perform(verb: str, *, number: str, form: VerbForm, actor: Actor, at: datetime) -> Mapping[str, Any]:
    """Do a verb once per entry id and say where the order stands now.

    Scope, relation and state are the walker's; only for an invalid form they are asked here
    first, so that a stale page hears of the state before the missing input. Raises `NotThere`,
    `NotYours`, `TransitionRefused`, the form's first error as `InputRefused`, and whatever the
    action raises.
    """
    if not form.is_valid():
        order = find_order(actor, number)
        if order is None:
            raise NotThere(UNKNOWN)
        refuse_unless_open(LOOP, LOOP[verb], order)
        raise first_refusal(form)
    order_id = id_of_number(number)
    if order_id is None:
        raise NotThere(UNKNOWN)

    def act() -> Mapping[str, Any]:
        action: Any = VERBS[verb]
        entry_id = form.cleaned_data["entry_id"]
        moved: WorkOrder = action(order_id=order_id, actor=actor, at=at, entry_id=entry_id, **form.given())
        return {"number": moved.number, "status": str(moved.status), "label": moved.status_label}

    body = {"verb": verb, "order": order_id, **plain_body(form)}
    return once(actor=actor, entry_id=form.cleaned_data["entry_id"], body=body, at=at, perform=act)
