"""What is typed about a visit: few taps, and folded away whatever was learnt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from louzhang.fieldwork.actions.visiting import WORDS_AT_MOST
from louzhang.fieldwork.models import Met
from louzhang.fieldwork.models.visits import MINUTES_AT_MOST
from louzhang.fieldwork.queries.visit_rows import RESULTS, VisitsAsked
from louzhang.journal.forms import VerbForm
from louzhang.register.forms.care import CareKindField
from louzhang.register.forms.door import SAME
from louzhang.register.forms.fields import NAME_LENGTH, DayField
from louzhang.register.models import ReachHour, ReachWay, Speech
from louzhang.shell.widgets import ChipRadio, LongSelect, Words
from louzhang.workorders.forms.fields import UuidListField
from louzhang.workorders.models import WORDS_AT_MOST as ORDER_WORDS_AT_MOST
from louzhang.workorders.models import Category, Handling
from louzhang.workorders.queries.choices import by_group, offered_categories

# How a household wishes to be reached, by the names that the entry and the register share.
REACH = ("way", "hour", "speech")
CARE = ("care_who", "care_kind", "care_purpose", "care_until")
MINUTES = [("", "不记"), ("5", "5 分钟"), ("15", "15 分钟"), ("30", "半小时"), ("60", "1 小时")]
WHOLE_CARE = "请把关照的事写完整：给谁、哪种、做什么、到哪天。"


class VisitForm(VerbForm):
    """One visit: what came of it, and as far as there was anything, what was learnt."""

    outcome = forms.ChoiceField(
        label="见到人了吗", choices=Met.choices, widget=ChipRadio, error_messages={"required": "请选走访的结果。"}
    )
    minutes = forms.IntegerField(
        label="用了多久", required=False, min_value=1, max_value=MINUTES_AT_MOST,
        widget=ChipRadio(choices=MINUTES),
        error_messages={"invalid": "请填几分钟，或者不记。", "max_value": f"最多 {MINUTES_AT_MOST} 分钟。"},
    )  # fmt: skip
    words = forms.CharField(
        label="了解到什么", required=False, max_length=WORDS_AT_MOST,
        widget=Words({"rows": 3, "data-grow": "", "data-private": ""}),
        help_text="不写病情和号码。负责这里的人能看到。",
    )  # fmt: skip
    unchanged = forms.BooleanField(label="登记的情况没变", required=False)
    way = forms.ChoiceField(label="怎么联系最好", choices=[SAME, *ReachWay.choices], widget=ChipRadio, required=False)
    hour = forms.ChoiceField(label="什么时候方便", choices=[SAME, *ReachHour.choices], widget=ChipRadio, required=False)
    speech = forms.ChoiceField(label="怎么说话", choices=[SAME, *Speech.choices], widget=ChipRadio, required=False)
    need = forms.CharField(
        label="需要什么", required=False, max_length=100, help_text="一句话，记进需求清单。",
        widget=forms.TextInput({"autocomplete": "off", "data-private": ""}),
    )  # fmt: skip
    category = forms.ChoiceField(label="哪类事", required=False, widget=LongSelect)
    problem = forms.CharField(
        label="请办什么", required=False, max_length=ORDER_WORDS_AT_MOST,
        widget=Words({"rows": 2, "data-grow": "", "data-private": ""}),
        help_text="变成工单，交社区受理。",
    )  # fmt: skip
    photos = UuidListField(label="照片", required=False)
    care_who = forms.CharField(
        label="关照谁", required=False, max_length=NAME_LENGTH, help_text="写登记的姓名。",
        widget=forms.TextInput({"autocomplete": "off", "data-private": ""}),
    )  # fmt: skip
    care_kind = CareKindField()
    care_purpose = forms.CharField(
        label="为这位居民做什么", required=False, max_length=100, help_text="没有目的不能保存。本人看得到这句话。",
        widget=forms.TextInput({"autocomplete": "off", "data-private": ""}),
    )  # fmt: skip
    care_until = DayField(label="到哪天为止", required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.leaves = [leaf for leaf in offered_categories() if leaf.handling == Handling.PLAIN]
        groups = [(group.label, [(leaf.code, leaf.name) for leaf in group.choices]) for group in by_group(self.leaves)]
        chosen: Any = self.fields["category"]
        chosen.choices = [("", "没有要办的事"), *groups]
        self.fields["care_kind"].required = False

    def clean_category(self) -> Category | None:
        """The category of the code; none where there is nothing to see to."""
        code = self.cleaned_data["category"]
        return next((leaf for leaf in self.leaves if leaf.code == code), None)

    def clean(self) -> dict[str, Any]:
        """A matter has category and words, a care mark all its parts."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors:
            self._refuse_half(cleaned)
        return cleaned

    def _refuse_half(self, cleaned: Mapping[str, Any]) -> None:
        if bool(cleaned["category"]) != bool(cleaned["problem"].strip()):
            name, said = ("problem", "请写一句请办什么。") if cleaned["category"] else ("category", "请选是哪类事。")
            self.add_error(name, said)
        elif cleaned["photos"] and not cleaned["category"]:
            self.add_error("category", "照片跟着工单走，请选是哪类事，再写一句请办什么。")
        given = [name for name in CARE if cleaned[name]]
        if given and len(given) < len(CARE):
            self.add_error(next(name for name in CARE if not cleaned[name]), WHOLE_CARE)


class VisitsAskedForm(forms.Form):
    """What an address narrows the list of visits to: some days, a place, what came of them."""

    area = forms.IntegerField(required=False)
    since = forms.DateField(required=False)
    until = forms.DateField(required=False)
    result = forms.ChoiceField(required=False, choices=[("", ""), *RESULTS.items()])

    def asked(self) -> VisitsAsked:
        """As the query takes it; what makes no sense narrows nothing."""
        said = self.cleaned_data if self.is_valid() else {}
        return VisitsAsked(
            since=said.get("since"), until=said.get("until"), area_id=said.get("area"), result=said.get("result", "")
        )

    def spoken(self) -> str:
        """What came of them, in words."""
        return RESULTS.get(self.asked().result, "")
