"""What the desk pages of training share: the tabs on top."""

from __future__ import annotations

from django.urls import reverse

from louzhang.shell.parts import Item

TABS = (
    ("培训安排", "training:desk"),
    ("课程和要求", "training:courses"),
    ("谁该学了", "training:dues"),
    ("挂职学习", "training:desk_postings"),
    ("工作室", "training:studios"),
    ("案例库", "training:cases"),
    ("楼长交流", "training:asks"),
)


def training_tabs(here: str) -> list[Item]:
    """The parts of training, the present one marked."""
    return [Item(label=label, url=reverse(name), current=name == here) for label, name in TABS]
