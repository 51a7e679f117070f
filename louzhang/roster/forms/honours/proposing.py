"""What is typed to put somebody forward, and about one honour afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from louzhang.areas.models import Area, Post
from louzhang.areas.roles import Role
from louzhang.journal.forms import VerbForm
from louzhang.roster.lifecycle.honours import MISSING
from louzhang.roster.models.honours import HonourKind
from louzhang.roster.models.honours.honours import WORDS_AT_MOST
from louzhang.roster.queries.honours.hanging import Candidate
from louzhang.roster.queries.honours.months import months_back
from louzhang.shell.widgets import ChipRadio, LongSelect, Words

TOO_LONG = f"最多写 {WORDS_AT_MOST} 个字，请缩短。"


def words_field(label: str, missing: str, help_text: str = "", *, required: bool = True) -> forms.CharField:
    """A few sentences."""
    return forms.CharField(
        label=label, required=required, max_length=WORDS_AT_MOST, widget=Words, help_text=help_text,
        error_messages={"required": MISSING.get(missing, missing), "max_length": TOO_LONG},
    )  # fmt: skip


class SeatForm(forms.Form):
    """Which kind of which place; chosen first, since it decides who can be chosen."""

    seat = forms.ChoiceField(label="哪里的哪种荣誉", widget=LongSelect)

    def prepare(self, areas: Sequence[Area], kinds: Sequence[HonourKind]) -> None:
        """Give what each place gives; places in the order given."""
        groups = [
            (
                area.name,
                [
                    (f"{area.pk}:{kind.uid}", f"{area.name} {kind.name}")
                    for kind in kinds
                    if kind.level == area.level.kind
                ],
            )
            for area in areas
        ]
        give_choices(self, "seat", [(name, choices) for name, choices in groups if choices])


class HonourForm(VerbForm):
    """Who or which building, for which month, why."""

    month = forms.ChoiceField(label="哪个月的")
    post = forms.TypedChoiceField(
        label="推荐谁", coerce=int, widget=LongSelect,
        error_messages={"required": "请从名单里选一个人。", "invalid_choice": "请从名单里选一个人。"},
    )  # fmt: skip
    building = forms.TypedChoiceField(
        label="推荐哪栋楼", coerce=int, widget=LongSelect,
        error_messages={"required": "请选一栋楼。", "invalid_choice": "请选一栋楼。"},
    )  # fmt: skip
    words = words_field("为什么", "words", "公示、证书和光荣榜上用这句话。写做了什么事，不写家里的情况。")

    def prepare(
        self, kind: HonourKind, day: date, posts: Sequence[Post], houses: Sequence[Area], commended: set[int]
    ) -> None:
        """Give who or what there is to choose from; what the kind is not for is left out."""
        give_choices(self, "month", months_back(day, kind.often))
        if kind.is_for_people:
            del self.fields["building"]
            give_choices(self, "post", [("", "请选择"), *((str(post.pk), _said(post, commended)) for post in posts)])
        else:
            del self.fields["post"]
            give_choices(self, "building", [("", "请选择"), *((str(house.pk), house.name) for house in houses)])


def _said(post: Post, commended: set[int]) -> str:
    title = post.title.name if post.title is not None else Role(post.role).label
    mark = "（当月考核被表扬）" if post.pk in commended else ""
    return f"{post.area} {title} {post.user.name}{mark}"


class HereForm(VerbForm):
    """A resident's sentence about somebody who looks after the building."""

    post = forms.ChoiceField(label="推荐谁", widget=ChipRadio, error_messages={"required": "请选推荐谁。"})
    kind = forms.ChoiceField(label="推荐什么", widget=ChipRadio, error_messages={"required": "请选推荐什么。"})
    words = words_field("用一句话说说为什么", "words", "社区会核对，再公示。公示里会写这句话，不写是谁推荐的。")

    def prepare(self, people: Sequence[tuple[str, str]], kinds: Sequence[HonourKind]) -> None:
        """Give who and what there is; what does not fit is said after sending."""
        give_choices(self, "post", people)
        give_choices(self, "kind", [(str(kind.uid), kind.name) for kind in kinds])


class FlagsForm(VerbForm):
    """The buildings of a month, each with its reason."""

    def prepare(self, houses: Sequence[Candidate]) -> None:
        """One reason a building; blank ones are not chosen."""
        for each in houses:
            note = "；".join(part for part in ("现在挂着红旗" if each.has_flag else "", each.figure) if part)
            self.fields[f"b_{each.building.pk}"] = forms.CharField(
                label=each.building.name, required=False, max_length=WORDS_AT_MOST, help_text=note,
                error_messages={"max_length": TOO_LONG},
            )  # fmt: skip

    def reasons(self) -> dict[int, str]:
        """What was written, by building."""
        said = self.cleaned_data.items()
        return {int(name[2:]): words for name, words in said if name.startswith("b_") and words.strip()}


class CheckForm(VerbForm):
    """The check: words if one likes, and that nothing ties one to the nominee."""

    words = words_field("审核意见", "words", "可以不写。", required=False)
    has_no_interest = forms.BooleanField(
        label="我和被推荐人没有亲属、同住等利害关系", error_messages={"required": MISSING["has_no_interest"]}
    )


class ReasonForm(VerbForm):
    """Why."""

    reason = words_field("原因", "reason")


class ObjectForm(VerbForm):
    """What speaks against it."""

    words = words_field("您的意见", "words", "只有社区能看到是什么意见，不会告诉本人是谁提的；答复在这一页看。")


class AnswerForm(VerbForm):
    """What the office found."""

    answer = words_field("答复", "answer", "提意见的人能看到。")
    is_upheld = forms.BooleanField(label="意见属实，不能授予", required=False)


def give_choices(form: forms.BaseForm, name: str, choices: Sequence[tuple[Any, Any]]) -> None:
    """Give a field what there is to choose from."""
    field: Any = form.fields[name]
    field.choices = choices
