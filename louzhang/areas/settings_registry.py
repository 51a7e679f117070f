"""Every switch and setting of the district, typed: what it is, its default, what it asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST = 200


@dataclass(frozen=True, slots=True)
class Entry:
    """One setting. `needs_end` asks for a reason and an end date (a database constraint).

    A text must match `pattern` where there is one, or be one of `choices` (value, label), a number lie
    between 1 and `most`; `says` is the sentence for a value that does not.
    """

    key: str
    label: str
    default: str | int | bool
    help: str = ""
    needs_end: bool = False
    is_hidden: bool = False
    pattern: str = ""
    most: int = 365
    says: str = ""
    choices: tuple[tuple[str, str], ...] = ()

    def wrong(self, value: str | int | bool) -> str | None:  # noqa: FBT001 - a setting may be a switch
        """What is wrong with a value of the right type, as a sentence; None where nothing is."""
        if isinstance(value, bool):
            return None
        if isinstance(value, int):
            return None if 1 <= value <= self.most else f"请填 1 到 {self.most} 之间的整数。"
        if len(value) > LONGEST:
            return f"最多 {LONGEST} 个字，请缩短。"
        if self.choices:
            return None if value in dict(self.choices) else self.says
        return None if not self.pattern or re.fullmatch(self.pattern, value) else self.says


REGISTRY: dict[str, Entry] = {
    entry.key: entry
    for entry in (
        Entry(
            "place_name", "平台名称", "楼长", "显示在每一页的页眉。", pattern=r"\S.{0,19}", says="请填 1 到 20 个字。"
        ),
        Entry(
            "order_prefix",
            "工单号前缀",
            "LZ",
            "两到四个大写字母。",
            pattern=r"[A-Z]{2,4}",
            says="请填两到四个大写字母。",
        ),
        Entry("hotline", "服务电话", "", "居民联系不上社区时拨打的公开电话。"),
        Entry("filing_number", "备案号", "", "显示在页脚，没有就留空。"),
        Entry("rating_days", "评价期限（天）", 7, "反馈后多少天内可以评价，过期自动结案。"),
        Entry("reopen_days", "重开期限（天）", 10, "反馈或结案后多少天内可以重开。"),
        Entry("duty_minutes", "紧急等几分钟", 3, "紧急的事几分钟没有人接，就叫下一位值班人员。"),
        Entry("inquiry_hours", "提问等多久（小时）", 24, "居民在微邻里问的话，多少小时没人回答就显示给社区。"),
        Entry("inquiry_days", "提问保留（天）", 7, "回答以后多少天提问人没再说话，就自动结束。"),
        Entry("day_hour", "几点排好当天的清单", 6, "每天这个钟点，给网格员、楼长排好每日工作清单。", most=12),
        Entry("desk_minutes", "留给坐班的分钟", 120, "在编人员每天有多少分钟不排进清单：开会、接待、登记。", most=480),
        Entry("volunteer_minutes", "志愿者一天几分钟", 60, "志愿的楼长、单元长一天最多排多少分钟的事。", most=480),
        Entry("minutes_visit", "走访一户几分钟", 15, "排每日工作清单时按这个算。", most=240),
        Entry("minutes_order", "办一件工单几分钟", 30, "排每日工作清单时按这个算。", most=240),
        Entry("minutes_tell", "上门反馈几分钟", 10, "排每日工作清单时按这个算。", most=240),
        Entry("minutes_call", "回答一个提问几分钟", 5, "排每日工作清单时按这个算。", most=240),
        Entry("minutes_share", "排查一户几分钟", 8, "排每日工作清单时按这个算。", most=240),
        Entry("minutes_check", "检查一个点位几分钟", 10, "排每日工作清单时按这个算。", most=240),
        Entry("minutes_patrol", "巡查一趟几分钟", 60, "排每日工作清单时按这个算。", most=480),
        Entry("minutes_errand", "代办一件事几分钟", 30, "排每日工作清单时按这个算。", most=240),
        Entry("minutes_presence", "到片区一次几分钟", 120, "第一书记等到片区一次，排清单时按这个算。", most=480),
        Entry("minutes_added", "社区安排的事几分钟", 20, "社区没有写多久的，排清单时按这个算。", most=240),
        Entry(
            "choosing_without_nomination",
            "选任不公开推荐的理由",
            "",
            "留空就公开推荐。写了理由才省去这一步，理由写在选任页面上。",
        ),
        Entry(
            "choosing_without_review", "选任不考察的理由", "", "留空就考察。写了理由才省去这一步，理由写在选任页面上。"
        ),
        Entry(
            "choosing_without_election",
            "选任不投票的理由",
            "本区由推荐、考察、公示产生，不统一组织投票；村组和小区可以在选任时加上投票。",
            "留空就投票。写了理由才省去这一步，理由写在选任页面上。",
        ),
        Entry(
            "choosing_without_notice", "选任不公示的理由", "", "留空就公示。写了理由才省去这一步，理由写在选任页面上。"
        ),
        Entry("choosing_nominate_days", "选任推荐几天", 7, "从公布那天起，推荐和自荐开放多少天。", most=60),
        Entry("choosing_notice_days", "选任公示几个工作日", 5, "从第二天起算，按工作日历。", most=30),
        Entry("choosing_reviewers", "选任考察至少几个人", 2, "每位人选至少有几个人写考察意见，不少于两个人。", most=9),
        Entry("choosing_term_months", "任期（月）", 36, "聘任时带出的任期，可以改。", most=120),
        Entry("choosing_ends_soon_days", "任期快满（天）", 60, "任期还剩多少天，就算快要空出来。", most=365),
        Entry("choosing_replace_percent", "多少住户提出才评议调换（%）", 20, "每户算一次，至少三户。", most=100),
        Entry(
            "map_tiles",
            "地图底图地址",
            "",
            "瓦片地址模板；留空也能用，只显示边界和点位。",
            pattern=r"(https?://\S+)?",
            says="请填以 https:// 开头的地址，或留空。",
        ),
        Entry(
            "map_datum",
            "地图底图坐标系",
            "wgs84",
            "底图按哪个坐标系画的。天地图选 CGCS2000，高德、腾讯选 GCJ-02；选错了点位会偏几百米。",
            choices=(("wgs84", "CGCS2000、WGS 84（天地图）"), ("gcj02", "GCJ-02（高德、腾讯）")),
            says="请从给出的坐标系里选一个。",
        ),
        Entry("map_credit", "地图署名", "", "显示在地图角上，如“天地图 GS（2024）0650号”。"),
        Entry(
            "anonymous_paused",
            "暂停免登录反映",
            False,
            "紧急情况下暂停；要写明依据和截止日期，首页会说明。",
            needs_end=True,
        ),
        Entry("is_demo", "演示", False, "由演示数据写入。", is_hidden=True),
    )
}


def keys_needing_end() -> list[str]:
    """Keys whose rows must carry a reason and an end."""
    return sorted(key for key, entry in REGISTRY.items() if entry.needs_end)
