"""What the demo is asked from above: one task let in, one waiting, one declined, one sheet that fills itself."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

import xlsxwriter

from louzhang.areas.models import Area, Unit
from louzhang.demo.district import District
from louzhang.fieldwork.actions.admitting import admit_admission, decline_admission
from louzhang.fieldwork.actions.bulletins import Upload, keep_bulletin
from louzhang.fieldwork.actions.campaigning import CampaignDraft, ask_campaign
from louzhang.fieldwork.models import Admission
from louzhang.journal.actor import Actor
from louzhang.kit import clock

ASKERS = ("housing", "justice")
SHEET_HEADINGS = ("户数", "总人数", "60岁以上", "80岁以上", "受理件数", "办结件数", "走访户数", "残疾人数")


def ask_from_above(district: District, at: datetime) -> None:
    """Two departments and the district's office ask; the first street answers, and keeps a monthly sheet."""
    built = district.built_up()
    if not built:
        return
    street = built[0].street
    desk = district.actor(district.desks[street.pk][0])
    first, second = (district.units[key] for key in ASKERS)
    admitted = _ask(
        district, first, street, at - timedelta(hours=30), "冬季用气安全入户", "入户看一看软管和报警器，提醒通风",
        ("家里几口人", "用的是管道气还是罐装气", "软管要不要换"),
    )  # fmt: skip
    answers = {"a1": "prefilled"}
    admit_admission(
        uid=admitted.uid, answers=answers, reason="周末人在家，请周末多走。", actor=desk, at=at - timedelta(hours=26)
    )
    declined = _ask(
        district, second, street, at - timedelta(hours=20), "普法知晓率入户填表", "了解居民普法知晓情况",
        ("姓名", "联系电话", "年龄", "知道社区法律顾问吗"),
    )  # fmt: skip
    decline_admission(
        uid=declined.uid, reason="这周网格员在做供暖前摸底，已经排满。登记里有的请不要再问，放到下月和走访一起做。",
        actor=desk, at=at - timedelta(hours=18),
    )  # fmt: skip
    _ask(
        district, first, street, at - timedelta(hours=3), "出租房屋电动车充电入户检查", "核对出租房有没有在楼道里充电",
        ("是不是出租", "住几个人", "电动车在哪里充电"), days=10, minutes=8,
    )  # fmt: skip
    _keep_sheet(district, street, desk, at - timedelta(days=2))


def _ask(
    district: District, unit: Unit, street: Area, at: datetime, title: str, purpose: str, asked: tuple[str, ...],
    days: int = 6, minutes: int = 4,
) -> Admission:  # fmt: skip
    """A bulk visiting task of a department, waiting for the street."""
    day = clock.local_date(at)
    draft = CampaignDraft(
        kind="visit", title=title, purpose=purpose, starts_on=day, ends_on=day + timedelta(days=days), minutes=minutes,
        area_ids=[street.pk], asked=asked,
    )  # fmt: skip
    campaign = ask_campaign(draft=draft, unit=unit, actor=district.actor(district.members[unit.pk][0]), at=at)
    return Admission.objects.get(source_uid=campaign.uid)


def _keep_sheet(district: District, street: Area, desk: Actor, at: datetime) -> None:
    places = [community.area.name for community in district.communities if community.street.pk == street.pk]
    keep_bulletin(
        name="社区人口和服务月报", above="区民政局", span="month", unit=district.offices[street.pk],
        upload=Upload("社区人口和服务月报.xlsx", blank_sheet(places)), actor=desk, at=at,
    )  # fmt: skip


def blank_sheet(places: list[str]) -> bytes:
    """A blank as it comes from above: a title, two rows of headings, a line a place, sums by formula."""
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept, {"in_memory": True}) as book:
        title = book.add_format({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"})
        head = book.add_format({"bold": True, "border": 1, "align": "center", "bg_color": "#DDEBF7", "text_wrap": True})
        cell = book.add_format({"border": 1, "align": "center"})
        sheet = book.add_worksheet("月报")
        last = len(SHEET_HEADINGS)
        sheet.merge_range(0, 0, 0, last, "社区人口和服务月报", title)
        sheet.write(1, 0, "填报单位")
        sheet.merge_range(2, 0, 3, 0, "社区", head)
        sheet.merge_range(2, 1, 2, 4, "人口", head)
        sheet.merge_range(2, 5, 2, last, "服务", head)
        for column, words in enumerate(SHEET_HEADINGS, start=1):
            sheet.write(3, column, words, head)
        for row, name in enumerate(places, start=4):
            sheet.write(row, 0, name, cell)
            for column in range(1, last + 1):
                sheet.write_blank(row, column, None, cell)
        end = 4 + len(places)
        sheet.write(end, 0, "合计", cell)
        for column in range(1, last + 1):
            letter = chr(ord("A") + column)
            sheet.write_formula(end, column, f"=SUM({letter}5:{letter}{end})", cell)
        sheet.write(end + 2, 0, "填表人：")
        sheet.set_column(0, last, 12)
        book.add_worksheet("代码").hide()
    return kept.getvalue()
