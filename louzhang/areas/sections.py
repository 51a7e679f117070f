"""The parts of the district's settings. An app above adds its own in `AppConfig.ready()`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from louzhang.areas.rights import READERS
from louzhang.journal.actor import Actor
from louzhang.shell.parts import Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One part of the settings: its first page, and in a sentence what is kept there."""

    label: str
    name: str
    icon: str
    words: str
    roles: Sequence[str] = READERS


_sections: list[tuple[int, Section]] = []


def add_section(section: Section, *, order: int) -> None:
    """Add a part; a smaller `order` stands further up."""
    if (order, section) not in _sections:
        _sections.append((order, section))
        _sections.sort(key=lambda entry: entry[0])


def section_items(actor: Actor, here: str, *, note: str | None = None) -> list[Item]:
    """The parts this actor may open, as entries; `note` stands in place of the sentences."""
    return [
        Item(
            label=section.label,
            url=reverse(section.name),
            icon=section.icon if note is None else "",
            note=section.words if note is None else note,
            current=here.startswith(reverse(section.name)),
        )
        for _, section in _sections
        if actor.has_role(*section.roles)
    ]


OWN = (
    Section(
        label="区划", name="settings:areas", icon="sitemap", words="区县、街镇、社区、网格、楼栋和单元；边界和位置。"
    ),
    Section(
        label="承办单位",
        name="settings:units",
        icon="building",
        words="部门、执法队、物业、业委会、共建单位和服务范围。",
    ),
    Section(
        label="任职",
        name="settings:posts",
        icon="id-badge-2",
        words="谁在哪里任什么职，从哪天到哪天，谁替岗，哪里还空缺。",
    ),
    Section(
        label="职务名称", name="settings:titles", icon="address-book", words="本区怎么称呼各种职务，对应哪个角色。"
    ),
    Section(
        label="工作日历",
        name="calendar:year",
        icon="calendar",
        words="哪些天上班：公布的放假和调休，本区自己改的日子。",
    ),
    Section(
        label="上班时间",
        name="calendar:hours",
        icon="clock",
        words="几点到几点上班，午休，全天值班的单位；时限只算这些时间。",
    ),
    Section(
        label="参数和开关",
        name="settings:registry",
        icon="settings",
        words="平台名称、期限、服务电话，以及要有依据和截止日期的开关。",
    ),
)


def add_own_sections() -> None:
    """Register what this app keeps."""
    for place, section in enumerate(OWN):
        add_section(section, order=10 * (place + 1))
