"""What orders add to the settings of the district: one row a page."""

from __future__ import annotations

from louzhang.areas.sections import Section, add_section

# Label, address, icon, what it is about; in this order.
PAGES = (
    ("类别", "categories:list", "category", "居民能反映的事：两级类别、承诺时限、联想词和补充问题。"),
    (
        "时限",
        "clocks:list",
        "hourglass",
        "签收、先行联系和办结要在多久以内：按类别和紧急程度，怎么延长，什么时候提醒。",
    ),
    (
        "派单规则",
        "routing:list",
        "arrows-exchange",
        "交办时建议交给谁：按类别、地点和时间排好顺序的规则，可以先试算。",
    ),
    ("权责清单", "duties:list", "clipboard-list", "哪件事归哪个单位管、依据什么；派单建议和疑难工单会商都引用它。"),
    ("答复模板", "replies:list", "message", "受理、不予受理、办结和反馈时常写的话，一选就填好，还能改。"),
)
FIRST = 25


def set_up() -> None:
    """Register the pages; called once when the app is ready."""
    for order, (label, name, icon, words) in enumerate(PAGES, start=FIRST):
        add_section(Section(label=label, name=name, icon=icon, words=words), order=order)
