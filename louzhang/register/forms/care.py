"""What is typed about care tags, consents, emergencies and protection orders; each carried out once per entry id."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Q

from louzhang.journal.actions import once
from louzhang.journal.actor import Actor
from louzhang.journal.forms import VerbForm, first_refusal, plain_body
from louzhang.register.actions.taken_numbers import met_numbers_logged
from louzhang.register.forms.fields import DayField
from louzhang.register.models import CareKind, Target, Way
from louzhang.register.queries.assessments import codes_switched_on
from louzhang.shell.widgets import ChipRadio, Words


def carry_out(form: VerbForm, name: str, perform: Callable[[], Any], *, actor: Actor, at: datetime) -> None:
    """Do what a form asks once per entry id; raises the form's first error, and the action's."""
    if not form.is_valid():
        raise first_refusal(form)

    def act() -> dict[str, str]:
        perform()
        return {"act": name}

    body = {"act": name, **plain_body(form)}
    with met_numbers_logged(is_typed=False, actor=actor, at=at):
        once(actor=actor, entry_id=form.cleaned_data["entry_id"], body=body, at=at, perform=act)


NOTHING_ON = "还没有启用的种类。请系统管理员在“个人信息保护”里先评估、再启用。"

NONE_NEEDED = "启用的种类里没有要单独同意的，可以直接记关爱标记。"


class CareKindField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not subscriptable at run time
    """A kind that was assessed and is in use."""

    def __init__(self) -> None:
        said = {"required": "请选择标记的种类。", "invalid_choice": "没有这个种类，请重新选择。"}
        super().__init__(CareKind.objects.none(), label="标记", widget=ChipRadio, empty_label=None, error_messages=said)

    def __deepcopy__(self, memo: dict[int, Any]) -> CareKindField:
        copied: CareKindField = super().__deepcopy__(memo)
        kinds = CareKind.objects.filter(ended_at=None, code__in=codes_switched_on(Target.CARE_KIND))
        copied.queryset = kinds.order_by("position", "pk")
        copied.help_text = "" if kinds.exists() else NOTHING_ON
        return copied


class HealthField(forms.CharField):
    """Words about somebody's health; never kept by the browser."""

    def __init__(self, **options: Any) -> None:
        widget = Words({"autocomplete": "off", "data-private": ""})
        super().__init__(label="健康情况：照看时要注意什么", max_length=200, required=False, widget=widget, **options)


class TagForm(VerbForm):
    """A care tag for somebody."""

    kind = CareKindField()
    purpose = forms.CharField(
        label="为这位居民做什么",
        max_length=100,
        error_messages={"required": "请写明要做什么，例如“每周探访一次”。"},
        help_text="没有目的不能保存。本人看得到这句话。",
    )
    health = HealthField(help_text="只有涉及健康的标记才填，可以不填。加密保存，每次打开都留记录。")
    ends_on = DayField(label="到哪天为止", help_text="到期自动删除，还需要就在到期前再看一次。")


class HealthForm(VerbForm):
    """What to heed of somebody's health."""

    health = HealthField(help_text="空着保存就删去原来的。")


class KeepForm(VerbForm):
    """Still needed, until when."""

    ends_on = DayField(label="延到哪天")


class ConsentForm(VerbForm):
    """Somebody consents to a kind, by word or in writing; a guardian for who cannot decide."""

    kind = CareKindField()
    way = forms.ChoiceField(
        label="怎么同意的", choices=[(Way.WORD, "口头"), (Way.PAPER, "书面")], widget=ChipRadio,
        error_messages={"required": "请选口头还是书面。"},
    )  # fmt: skip
    guardian = forms.TypedChoiceField(
        label="谁同意的", coerce=int, empty_value=None, required=False,
        help_text="本人不能自己决定，或未满 14 周岁，选监护人。",
    )  # fmt: skip

    def offer(self, adults: list[tuple[str, str]], *, is_child: bool) -> None:
        """The people who may decide for somebody, and the kinds that need a consent: of a child under 14 every one."""
        kind = self.fields["kind"]
        assert isinstance(kind, CareKindField)
        if not is_child and kind.queryset is not None:
            kind.queryset = kind.queryset.filter(Q(is_health=True) | Q(is_for_children=True))
            kind.help_text = "" if kind.queryset.exists() else NONE_NEEDED
        field = self.fields["guardian"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "本人"), *adults]


class ShelterForm(VerbForm):
    """A protection order."""

    document = forms.CharField(label="保护令文号", max_length=60, error_messages={"required": "请填写保护令的文号。"})
    ends_on = DayField(label="保护到哪天")


class ReasonForm(VerbForm):
    """Why."""

    reason = forms.CharField(label="出了什么急事", max_length=200, widget=Words, error_messages={
        "required": "请写明出了什么急事、要做什么，事后会告诉本人。"
    })  # fmt: skip
