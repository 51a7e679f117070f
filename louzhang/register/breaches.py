"""Drafts of the two notices after a leak (PIPL 57): to the people concerned and to the authority. Nothing is stored."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

TO_PEOPLE = """关于个人信息安全事件的告知

您好：
{day}，{what}。可能涉及您的{fields_leaked}。
原因：{cause}。
我们已经采取的措施：{done}。
您可以这样保护自己：{advice}。
有疑问请联系：{contact}。

{place}
{today}"""

TO_AUTHORITY = """个人信息安全事件报告

一、发生时间：{day}
二、事件经过：{what}
三、涉及的个人信息种类：{fields_leaked}
四、涉及人数：约 {people} 人
五、原因：{cause}
六、可能造成的危害：上述信息被他人知悉、用于冒充或骚扰。
七、已采取的补救措施：{done}
八、告知本人的情况：已起草告知书，建议本人：{advice}
九、个人信息处理者的联系方式：{contact}

{place}
{today}"""


def drafts_of(given: Mapping[str, Any], *, place: str, today: date) -> list[tuple[str, str]]:
    """The notice to the people and the report to the authority, each with its name."""
    said = {name: value.strip().rstrip("。") if isinstance(value, str) else value for name, value in given.items()}
    said |= {"day": spoken(given["happened_on"]), "today": spoken(today), "place": place}
    return [("告知本人", TO_PEOPLE.format(**said)), ("报告主管部门", TO_AUTHORITY.format(**said))]


def spoken(day: date) -> str:
    """A day in full."""
    return f"{day.year}年{day.month}月{day.day}日"
