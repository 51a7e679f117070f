"""What is typed about rounds: starting one, naming people, their answers, reviews, objections, appointing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms

from louzhang.accounts.forms import PhoneField
from louzhang.accounts.models import User
from louzhang.areas.models import PostKind, Title
from louzhang.ballots.rules import ELECTORATE_LABELS, Electorate
from louzhang.journal.forms import VerbForm
from louzhang.kit import clock, codes
from louzhang.kit.typed import uid_of
from louzhang.register.forms.fields import DayField
from louzhang.roster.actions.choosing import ANOTHER, FINDINGS, Choice, Election
from louzhang.roster.lifecycle.choosing import CRITERIA, MISSING, STEP_LABELS, RoundState, StepKind
from louzhang.roster.models.choosing import WORDS_AT_MOST, NamingWay, Nominee, Round
from louzhang.roster.queries.choosing.rounds import Place
from louzhang.shell.widgets import ChipBoxes, ChipRadio, LongSelect, Words

TOO_LONG = f"最多写 {WORDS_AT_MOST} 个字，请缩短。"
WHICH_AT_MOST = 60
Namesakes = Callable[[UUID | None, str], Sequence[tuple[str, str]]]
QUORUMS = (("50", "至少一半的户（人）参加"), ("34", "至少三分之一参加"), ("0", "不限"))
CRITERION_HELPS = {
    "virtue": "为人怎么样，举一件事。",
    "ability": "能办什么事，会和人打交道吗。",
    "work": "做过什么，看得到的。",
    "people": "认识哪些住户，大家认不认他。",
    "place": "楼里、院里、地下室熟不熟。",
    "matters": "知道居民家里有什么难处。",
}


def words_field(
    label: str, missing: str = "words", help_text: str = "", *, required: bool = True, rows: int = 3
) -> forms.CharField:
    """A few sentences."""
    return forms.CharField(
        label=label, max_length=WORDS_AT_MOST, required=required, widget=Words({"rows": rows}), help_text=help_text,
        error_messages={"required": MISSING.get(missing, missing), "max_length": TOO_LONG},
    )  # fmt: skip


def place_field(places: Sequence[Place], *, label: str = "哪个位置", required: bool = True) -> forms.UUIDField:
    """One of the places that are still open; a single one is chosen already."""
    field: Any = forms.ChoiceField(label=label, required=required, error_messages={"required": MISSING["vacancy"]})
    field.widget = LongSelect()
    open_ones = [(str(place.vacancy.uid), place.name) for place in places]
    field.choices = open_ones if len(places) == 1 and required else [("", "请选择"), *open_ones]
    field.initial = open_ones[0][0] if len(open_ones) == 1 and required else ""
    given: forms.UUIDField = field
    return given


class StartForm(VerbForm):
    """What a round is for and how long people may be named."""

    words = words_field("为什么选、选什么样的人", "请写一句为什么选任、选什么样的人，居民会看到。")
    until = DayField(label="推荐到哪一天", required=False)
    extra = forms.MultipleChoiceField(label="规则之外再加", required=False, widget=ChipBoxes)
    notice_days = forms.IntegerField(label="公示几个工作日", min_value=1, max_value=30)
    kind = forms.ChoiceField(label="这个任职是", choices=PostKind.choices, widget=ChipRadio, initial=PostKind.VOLUNTEER)
    title = forms.ModelChoiceField(label="叫什么", queryset=Title.objects.none(), required=False)

    def __init__(self, *args: Any, rule: Mapping[str, Any], role: str, at: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        left = [step for step in rule["steps"] if not step["runs"]]
        extra: Any = self.fields["extra"]
        extra.choices = [(step["step"], STEP_LABELS[StepKind(step["step"])]) for step in left]
        if not left:
            del self.fields["extra"]
        days: Any = self.fields["notice_days"]
        days.min_value = days.initial = rule["notice_days"]
        days.help_text = f"区里规定不少于 {rule['notice_days']} 个工作日。"
        if any(step["step"] == StepKind.NOMINATION for step in left):
            self.fields["until"].help_text = "加上公开推荐的才要填。"
        else:
            self.fields["until"].required = True
        self.fields["until"].initial = clock.local_date(at) + timedelta(days=rule["nominate_days"])
        self.fields["kind"].help_text = "财政发工资、发补贴的是在编在岗，不算志愿者。"
        title: Any = self.fields["title"]
        title.queryset = Title.objects.filter(role=role, ended_at=None).order_by("name")
        if not title.queryset.exists():
            del self.fields["title"]


def nobody(vacancy: UUID | None, name: str) -> list[tuple[str, str]]:
    """Nobody of that name was named before."""
    return []


class NamingForm(VerbForm):
    """Who, for which place, why."""

    name = forms.CharField(
        label="推荐谁", max_length=40, error_messages={"required": "请写他的姓名。"},
        widget=forms.TextInput({"autocomplete": "off", "data-private": ""}),
    )  # fmt: skip
    phone = PhoneField(
        label="怎么联系他", required=False, help_text="知道就写，方便社区问他愿不愿意。不公开。",
        widget=forms.TextInput({"type": "tel", "inputmode": "tel", "autocomplete": "off", "data-private": ""}),
    )  # fmt: skip
    words = words_field("为什么推荐他", "请写一句为什么推荐。", "写您看到的事，社区和考察的人会看。")

    def __init__(self, *args: Any, places: Sequence[Place], namesakes: Namesakes = nobody, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["vacancy"] = place_field(places)
        if self.is_bound:
            self._ask_which(namesakes(uid_of(self.data.get("vacancy")), str(self.data.get("name", ""))))
        self.order_fields(["vacancy", "name", "same", "which", "phone", "words", "way"])

    def _ask_which(self, known: Sequence[tuple[str, str]]) -> None:
        """Where somebody of the name was named before: whether it is the same person, and who it is if not."""
        if not known:
            return
        self.fields["same"] = forms.ChoiceField(
            label="同名，是同一位吗",
            required=False,
            choices=[*known, (ANOTHER, "是另一位，只是同名")],
            widget=ChipRadio({"data-wanted": ""}),
        )
        self.fields["which"] = forms.CharField(
            label="另一位是哪一位", max_length=WHICH_AT_MOST, required=False,
            help_text="只是同名的才要填：写门牌或哪年生。只有社区看，不公开。",
            widget=forms.TextInput({"autocomplete": "off", "data-private": ""}),
        )  # fmt: skip


class DeskNamingForm(NamingForm):
    """The same at the desk: the community's own, or what came on paper."""

    way = forms.ChoiceField(
        label="怎么推荐的", widget=ChipRadio, initial=NamingWay.COMMUNITY,
        choices=[(NamingWay.COMMUNITY, NamingWay.COMMUNITY.label), (NamingWay.PAPER, NamingWay.PAPER.label)],
    )  # fmt: skip


class OfferForm(NamingForm):
    """自荐."""

    words = words_field("您自己怎么说", "请写几句自己能为大家做什么。", "同意公开的自我介绍，邻居会看到。")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["name"].label = "您的姓名"
        self.fields["phone"].label, self.fields["phone"].help_text = "您的电话", "社区联系您用，不公开。"
        self.fields["phone"].required = True


class ConsentForm(VerbForm):
    """A nominee stands."""

    statement = words_field(
        "自我介绍", help_text="同意以后，您的姓名和这几句话，住在这里的人会看到，公示时也会写姓名。", required=False
    )


class WrittenConsentForm(ConsentForm):
    """The office records a consent in writing."""

    words = words_field("本人怎么同意的", "请写一句本人是怎么书面同意的。", "比如：3月5日本人到社区签了同意书。")


class WordsForm(VerbForm):
    """One sentence."""

    words = words_field("写一句")


class LeaveForm(VerbForm):
    """Not standing: nobody asks why."""

    words = words_field("想说的", required=False)


class ReasonForm(VerbForm):
    """Why."""

    reason = words_field("原因", "reason", "选任的页面和记录里都会写着。")


class PhoneForm(VerbForm):
    """The number of a nominee."""

    phone = PhoneField(widget=forms.TextInput({"type": "tel", "autocomplete": "off", "data-private": ""}))


class LinkForm(VerbForm):
    """Which row of the register a nominee is."""

    resident = forms.ChoiceField(label="登记里是哪一位", required=False, widget=ChipRadio({"data-wanted": ""}))

    def __init__(self, *args: Any, people: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        chosen: Any = self.fields["resident"]
        chosen.choices = [*people, ("", "都不是，或登记里没有")]


class ReviewForm(VerbForm):
    """Six sentences."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for key, label in CRITERIA.items():
            self.fields[key] = words_field(label, key, CRITERION_HELPS[key], rows=2)


class ExtendForm(ReasonForm):
    """More days."""

    until = DayField(label="推荐到哪一天")
    field_order = ("until", "reason")


class DropForm(ReasonForm):
    """Which place leaves."""

    def __init__(self, *args: Any, places: Sequence[Place], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["vacancy"] = place_field(places)
        self.order_fields(["vacancy", "reason"])


class RenoticeForm(ReasonForm):
    """Whom instead."""

    nominee = forms.UUIDField(label="改由谁", error_messages={"required": MISSING["nominee"]})
    field_order = ("nominee", "reason")

    def __init__(self, *args: Any, people: Sequence[tuple[Nominee, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["nominee"].widget = LongSelect(
            choices=[("", "请选择"), *((str(row.uid), f"{place} {row.label}") for row, place in people)]
        )


class AppointForm(VerbForm):
    """From which day to which."""

    starts_on = DayField(label="从哪天起")
    ends_on = DayField(label="任期到哪天", required=False, help_text="这一天不在任期里。没有期限的留空。")


class GoOnForm(VerbForm):
    """Who is put forward where several could be, and how a place votes where it does."""

    def __init__(
        self, *args: Any, row: Round, places: Sequence[Place], counters: Sequence[User], at: datetime, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.votes = row.next_state() == RoundState.ELECTING
        if self.votes:
            self._add_election(counters, clock.local_date(at))
        elif row.next_state() != RoundState.REVIEWING and row.status != RoundState.ELECTING:
            self._add_choices(places, "standing" if row.status == RoundState.CONSENTING else "passed")

    def _add_choices(self, places: Sequence[Place], state: str) -> None:
        for place in places:
            people = [row for row in place.nominees if row.status == state]
            if len(people) > 1:
                self.fields[f"place_{place.vacancy.pk}"] = forms.ChoiceField(
                    label=f"{place.name}拟任", widget=ChipRadio, choices=[(str(row.uid), row.label) for row in people],
                    error_messages={"required": "请选出拟任的一位。"},
                )  # fmt: skip
        if self.fields.keys() - {"entry_id"}:
            self.fields["words"] = words_field("为什么是这几位", "请写一句为什么是这一位。", "居民看得到。")

    def _add_election(self, counters: Sequence[User], today: date) -> None:
        self.fields["closes_on"] = DayField(label="投票到哪一天", initial=today + timedelta(days=7))
        self.fields["electorate"] = forms.ChoiceField(
            label="谁来投", choices=[(each.value, words) for each, words in ELECTORATE_LABELS.items()],
            widget=ChipRadio, initial=Electorate.HOUSEHOLD,
        )  # fmt: skip
        self.fields["quorum"] = forms.ChoiceField(
            label="要多少人参加才算数", choices=QUORUMS, widget=ChipRadio, initial="50"
        )
        self.fields["roll_days"] = forms.IntegerField(
            label="名册先公示几天",
            min_value=0,
            max_value=15,
            initial=3,
            help_text="公示期里可以对名册提意见，过后自动开始投票。",
        )
        self.fields["counters"] = forms.MultipleChoiceField(
            label="两位计票人", choices=[(str(person.pk), person.name) for person in counters], widget=ChipBoxes,
            help_text="候选人、现任和替岗的人不能计票。", error_messages={"required": "请选两位计票人。"},
        )  # fmt: skip
        self.fields["paper"] = forms.BooleanField(label="可以用纸票", required=False)
        self.fields["door"] = forms.BooleanField(label="可以送票上门", required=False)

    def choice(self) -> Choice:
        """What was typed, for the action."""
        said = self.cleaned_data
        chosen = {int(name.removeprefix("place_")): value for name, value in said.items() if name.startswith("place_")}
        return Choice(chosen, said.get("words", ""), self._election() if self.votes else None)

    def _election(self) -> Election:
        said = self.cleaned_data
        return Election(
            closes_at=clock.day_start(said["closes_on"] + timedelta(days=1)),
            counters=[int(pk) for pk in said["counters"]], electorate=said["electorate"],
            quorum_percent=int(said["quorum"]), roll_days=said["roll_days"],
            has_paper=said["paper"], has_door_box=said["door"],
        )  # fmt: skip


class ObjectForm(VerbForm):
    """What speaks against it."""

    words = words_field("您的意见", "请写明什么事实，社区才能核实。", "写时间、地点和事情。只有社区办公室能看。")
    name = forms.CharField(
        label="您怎么称呼", max_length=40, required=False,
        help_text="可以不写。写了也只有社区知道，不会告诉被提意见的人。",
        widget=forms.TextInput({"autocomplete": "off", "data-private": ""}),
    )  # fmt: skip
    phone = PhoneField(label="电话", required=False, help_text="方便社区向您核实，可以不写。")

    def __init__(self, *args: Any, places: Sequence[Place], **options: Any) -> None:
        super().__init__(*args, **options)
        if len(places) > 1:
            self.fields["vacancy"] = place_field(places, label="对哪个位置", required=False)
        self.order_fields(["vacancy", "words", "name", "phone"])


class AnswerForm(VerbForm):
    """What the office found."""

    finding = forms.ChoiceField(
        label="核实下来",
        choices=list(FINDINGS.items()),
        widget=ChipRadio,
        error_messages={"required": MISSING["finding"]},
    )
    answer = words_field("答复", "answer", "提意见的人凭查询码能看到。")


class CodeForm(VerbForm):
    """Ten letters and figures."""

    code = forms.CharField(
        label="查询码", max_length=40, widget=forms.TextInput({"autocomplete": "off", "data-private": ""}),
        error_messages={"required": "请填写查询码。"},
    )  # fmt: skip

    def clean_code(self) -> str:
        """In its normal form."""
        normal = codes.normal_tracking_code(self.cleaned_data["code"])
        if normal is None:
            raise forms.ValidationError("查询码是十位字母和数字，不分大小写。请核对后重填。")
        return normal


class ReplaceForm(VerbForm):
    """Whom, and why."""

    post_id = forms.TypedChoiceField(
        label="说的是谁", coerce=int, widget=ChipRadio, error_messages={"required": "请选是哪一位。"}
    )
    words = words_field(
        "为什么", "请写一句为什么提出调换。", "写您看到的事。被提的人看不到，社区只看到内容，不看到是哪一家。"
    )

    def __init__(self, *args: Any, people: Sequence[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        chosen: Any = self.fields["post_id"]
        chosen.choices = [(str(pk), label) for pk, label in people]
        if len(people) == 1:
            chosen.initial = str(people[0][0])
