"""What is typed about errands and good deeds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms

from louzhang.accounts.forms import PhoneField
from louzhang.areas.models import Post
from louzhang.fieldwork.actions.deeds import WORDS_AT_MOST as DEED_AT_MOST
from louzhang.fieldwork.actions.errands import BY_CODE, BY_TAP, BY_WORD, VERBS, ErrandDraft, ask_errand
from louzhang.fieldwork.lifecycle.errands import MISSING, Tie
from louzhang.fieldwork.models import Errand, ErrandKind
from louzhang.fieldwork.models.errands import WORDS_AT_MOST
from louzhang.fieldwork.queries.errands import agents_for
from louzhang.journal.actions import once
from louzhang.journal.actor import Actor
from louzhang.journal.forms import VerbForm, first_refusal, plain_body
from louzhang.kit import clock
from louzhang.register.forms.fields import DayField
from louzhang.register.queries.sites import places_to_choose
from louzhang.shell.widgets import ChipRadio, LongSelect, Words
from louzhang.workorders.forms.fields import UuidListField

TOO_LONG = f"最多写 {WORDS_AT_MOST} 个字，请缩短。"


def _words(label: str, missing: str, help_text: str = "", rows: int = 3) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=WORDS_AT_MOST, widget=Words({"rows": rows, "data-grow": ""}), help_text=help_text,
        error_messages={"required": MISSING.get(missing, missing), "max_length": TOO_LONG},
    )  # fmt: skip


class AskErrandForm(VerbForm):
    """What is to be done, how to be reached."""

    kind = forms.ChoiceField(
        label="哪一种", choices=ErrandKind.choices, widget=ChipRadio, error_messages={"required": "请选是哪一种。"}
    )
    words = _words("要办什么", "请写一句要办什么。", "比如：帮我把医保材料交到社区窗口。不用写证件号码。")
    wanted_on = DayField(label="希望哪天办好", required=False)
    name = forms.CharField(label="怎么称呼您", max_length=40, required=False)
    phone = PhoneField(label="电话", max_length=30, required=False)
    door = forms.CharField(
        label="门牌", max_length=30, required=False, help_text="要上门取材料的请写，比如 302。",
        widget=forms.TextInput({"autocomplete": "off", "data-private": ""}),
    )  # fmt: skip


class WriteErrandForm(AskErrandForm):
    """The same, written down by who looks after the place."""

    area = forms.TypedChoiceField(
        label="在哪里", coerce=int, widget=LongSelect, error_messages={"required": "请选在哪里。"}
    )
    field_order = ("kind", "words", "area", "door", "name", "phone", "wanted_on")

    def __init__(self, *args: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["name"].label, self.fields["door"].help_text = "居民怎么称呼", ""
        chosen: Any = self.fields["area"]
        chosen.choices = [("", "请选择"), *places_to_choose(actor)]


class MoveForm(VerbForm):
    """The base of what is done with an errand."""

    def __init__(self, *args: Any, errand: Errand, at: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.prepare(errand, at)

    def prepare(self, errand: Errand, at: datetime) -> None:
        """Choices that hang on the errand."""


class CollectForm(MoveForm):
    """What was taken."""

    papers = _words("收了什么，一行一样", "papers", "收条上就是这些，给居民一份。不写证件号码。", rows=4)


class HandOverForm(MoveForm):
    """What came of it, with a photo where somebody is away."""

    words = _words("办得怎么样、交回了什么", "words")
    photos = UuidListField(label="照片", required=False)

    def prepare(self, errand: Errand, at: datetime) -> None:
        """A photo is asked of who looks after an empty home; it is never forced."""
        if errand.kind == ErrandKind.ABSENT:
            self.fields["photos"].help_text = "人不在家，拍一张让他放心。不拍到别人。"


class ConfirmErrandForm(MoveForm):
    """How whoever ran it knows."""

    way = forms.ChoiceField(label="怎么确认的", widget=ChipRadio, error_messages={"required": MISSING["way"]})
    code = forms.CharField(
        label="本人手机上的六位数", required=False, max_length=10,
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "numeric"}),
    )  # fmt: skip

    def prepare(self, errand: Errand, at: datetime) -> None:
        """The asker taps; who ran it types the digits, or notes the word of who has no phone."""
        way: Any = self.fields["way"]
        if Tie.ASKER in errand.relations_now:
            way.choices = [(BY_TAP, "办好了")]
            way.initial = BY_TAP
            del self.fields["code"]
            return
        way.choices = [(BY_WORD, "本人说办好了")]
        if not errand.is_for_another:
            way.choices = [(BY_CODE, "本人念六位数"), *way.choices]
        else:
            del self.fields["code"]
        way.initial = way.choices[0][0]


class ReasonForm(MoveForm):
    """Why."""

    reason = _words("为什么", "reason")


class PassOnForm(MoveForm):
    """To whom."""

    post = forms.TypedChoiceField(
        label="交给谁", coerce=int, widget=LongSelect, error_messages={"required": MISSING["post"]}
    )

    def prepare(self, errand: Errand, at: datetime) -> None:
        """Those of the place but the present one."""
        chosen: Any = self.fields["post"]
        others = [row for row in agents_for(errand.area, at) if row.pk != errand.agent_id]
        chosen.choices = [("", "请选择"), *((str(row.pk), f"{title_of(row)} {row.user.name}") for row in others)]


def title_of(post: Post) -> str:
    """Where and as what somebody works."""
    place = post.area.name if post.area is not None else ""
    return f"{place} {post.title or post.get_role_display()}".strip()


MOVE_FORMS: Mapping[str, type[MoveForm]] = {
    "take": MoveForm,
    "collect": CollectForm,
    "hand_over": HandOverForm,
    "confirm": ConfirmErrandForm,
    "not_yet": ReasonForm,
    "pass_on": PassOnForm,
    "decline": ReasonForm,
    "withdraw": MoveForm,
}


def ask_once(form: AskErrandForm, *, area: Any, is_for_another: bool, actor: Actor, at: datetime) -> str:
    """Ask once per entry id; gives the uid. Raises the form's first error, and the action's."""
    if not form.is_valid():
        raise first_refusal(form)
    entry_id, said = form.cleaned_data["entry_id"], form.given()
    said.pop("area", None)
    draft = ErrandDraft(area=area, is_for_another=is_for_another, **said)

    def act() -> Mapping[str, Any]:
        return {"uid": str(ask_errand(draft=draft, actor=actor, at=at, entry_id=entry_id).uid)}

    body = {"act": "errand.ask", "area": area.pk, **plain_body(form)}
    return str(once(actor=actor, entry_id=entry_id, body=body, at=at, perform=act)["uid"])


def move_once(form: MoveForm, verb: str, errand: Errand, actor: Actor, at: datetime) -> None:
    """Do one verb once per entry id; raises the form's first error, and the action's."""
    if not form.is_valid():
        raise first_refusal(form)
    entry_id = form.cleaned_data["entry_id"]

    def act() -> Mapping[str, Any]:
        action: Any = VERBS[verb]
        action(errand_id=errand.pk, actor=actor, at=at, entry_id=entry_id, **form.given())
        return {"errand": str(errand.uid)}

    body = {"act": f"errand.{verb}", "errand": errand.pk, **plain_body(form)}
    once(actor=actor, entry_id=entry_id, body=body, at=at, perform=act)


class DeedForm(VerbForm):
    """A good deed in a line."""

    area = forms.TypedChoiceField(
        label="在哪里", coerce=int, widget=LongSelect, error_messages={"required": "请选在哪里。"}
    )
    day = DayField(label="哪天")
    words = forms.CharField(
        label="什么事", max_length=DEED_AT_MOST, widget=Words({"rows": 3, "data-grow": ""}),
        error_messages={"required": "请用一两句话写是什么事。"},
    )  # fmt: skip
    name = forms.CharField(
        label="谁做的", max_length=40, required=False, help_text="本人同意了才写，不写也算一件。",
        widget=forms.TextInput({"autocomplete": "off", "data-private": ""}),
    )  # fmt: skip
    has_agreed = forms.BooleanField(label="本人同意记名字", required=False)

    def __init__(self, *args: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial.setdefault("day", clock.local_date(clock.now()))
        chosen: Any = self.fields["area"]
        chosen.choices = [("", "请选择"), *places_to_choose(actor)]


class DeedsAsked(forms.Form):
    """What an address narrows the list to: some days, a place."""

    area = forms.IntegerField(required=False)
    since = forms.DateField(required=False)
    until = forms.DateField(required=False)
