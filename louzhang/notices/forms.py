"""What people type: how they want to be reached, a notice for the own building."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms

from louzhang.areas.models import Area, AreaQuerySet
from louzhang.kit import clock
from louzhang.notices.channels import Channel
from louzhang.notices.models import BuildingNotice, Preference
from louzhang.notices.timing import is_quiet_hour
from louzhang.shell.widgets import ChipBoxes, Day, Words

HOURS = [(str(hour), f"{hour}:00") for hour in range(24)]
AS_IT_COMES = ("", "有消息就发（5 分钟内合成一次）")
WHOLE_HOUR = {"invalid_choice": "请从 0 点到 23 点里选一个整点。", "required": "请选择一个整点。"}
USUAL_DAYS = 3


def _hour(typed: str) -> int | None:
    return int(typed) if typed else None


class PreferenceForm(forms.Form):
    """Channels of this place, hours, an address for mail where mail is offered."""

    channels = forms.MultipleChoiceField(label="除了站内，还发到哪里", required=False, widget=ChipBoxes)
    email = forms.EmailField(
        label="邮箱",
        required=False,
        max_length=120,
        help_text="加密保存，只用来发消息提醒。",
        error_messages={"invalid": "请填写完整的邮箱地址，比如 name@example.org。"},
    )
    digest_hour = forms.TypedChoiceField(
        label="什么时候发",
        required=False,
        coerce=_hour,
        empty_value=None,
        choices=[AS_IT_COMES, *((value, f"每天 {label} 汇总成一次") for value, label in HOURS)],
        help_text="紧急的随时发。",
        error_messages=WHOLE_HOUR,
    )
    quiet_from = forms.TypedChoiceField(label="免打扰从", coerce=int, choices=HOURS, error_messages=WHOLE_HOUR)
    quiet_to = forms.TypedChoiceField(
        label="免打扰到",
        coerce=int,
        choices=HOURS,
        help_text="这段时间只发紧急的；从和到选同一个钟点，就是不设免打扰。",
        error_messages=WHOLE_HOUR,
    )

    def __init__(self, *args: Any, offered: list[Channel], **options: Any) -> None:
        super().__init__(*args, **options)
        chosen: Any = self.fields["channels"]
        chosen.choices = [(channel.name, channel.label) for channel in offered]
        if not offered:
            del self.fields["channels"]
        if "email" not in {channel.name for channel in offered}:
            del self.fields["email"]

    @staticmethod
    def said(preference: Preference) -> dict[str, Any]:
        """What a person has chosen, for a form that is shown."""
        return {
            "channels": preference.channels,
            "email": preference.email,
            "digest_hour": "" if preference.digest_hour is None else preference.digest_hour,
            "quiet_from": preference.quiet_from,
            "quiet_to": preference.quiet_to,
        }

    def clean(self) -> dict[str, Any]:
        """A digest outside the quiet hours; an address where mail is chosen."""
        cleaned = super().clean() or self.cleaned_data
        hour, since, until = (cleaned.get(name) for name in ("digest_hour", "quiet_from", "quiet_to"))
        if hour is not None and since is not None and until is not None and is_quiet_hour(hour, since, until):
            self.add_error("digest_hour", "汇总的时间在免打扰时段里，请换一个时间，或改免打扰时段。")
        if "email" in cleaned.get("channels", []) and not cleaned.get("email") and "email" not in self.errors:
            self.add_error("email", "选了邮件，请填写收件的邮箱。")
        return cleaned


class BuildingNoticeForm(forms.Form):
    """One notice; `places` are those the writer looks after, the end is a day."""

    area = forms.ModelChoiceField(
        Area.objects.none(), label="发给哪里", empty_label=None, error_messages={"required": "请选择楼栋或网格。"}
    )
    title = forms.CharField(
        label="标题", max_length=BuildingNotice._meta.get_field("title").max_length,
        error_messages={"required": "请写标题，比如：停水通知。"},
    )  # fmt: skip
    words = forms.CharField(
        label="内容", max_length=BuildingNotice._meta.get_field("words").max_length,
        widget=Words, error_messages={"required": "请写内容：什么事、什么时候、要大家做什么。"},
        help_text="住户都能看到，请不要写某一户的姓名、门牌和电话。",
    )  # fmt: skip
    until = forms.DateField(
        label="显示到哪天",
        widget=Day,
        error_messages={"required": "请选择显示到哪一天。", "invalid": "请选择一个日期。"},
    )

    def __init__(self, *args: Any, places: AreaQuerySet, **options: Any) -> None:
        super().__init__(*args, **options)
        area: Any = self.fields["area"]
        area.queryset = places
        area.label_from_instance = _place_label

    @property
    def ends_at(self) -> datetime:
        """The end of the chosen day; only for a valid form."""
        return clock.day_start(self.cleaned_data["until"] + timedelta(days=1))


def _place_label(area: Area) -> str:
    return f"{area.name}（{area.level.name}）"


def first_notice(at: datetime, template: str, area_id: int | None) -> dict[str, Any]:
    """What a new notice begins with: the sentence of a template, one's place, the usual end."""
    title, words = TEMPLATES.get(template, ("", ""))
    until = clock.local_date(at) + timedelta(days=USUAL_DAYS)
    return {"area": area_id, "title": title, "words": words, "until": until}


TEMPLATES = {
    "water": ("停水通知", "因管道维修，本楼将临时停水，请提前储水。恢复时间以现场为准，给您带来不便请谅解。"),
    "power": ("停电通知", "因线路检修，本楼将临时停电，请提前做好准备，乘电梯的住户请留意时间。"),
    "meeting": ("开会通知", "今晚饭后在楼下碰头，商量楼里的事，请每户来一位。"),
    "safety": ("安全提醒", "请不要在楼道停放和充电电动车，出门关好水电燃气。"),
    "weather": ("天气提醒", "预计有大风降雨，请收好阳台和窗台上的物品，关好门窗。"),
}
