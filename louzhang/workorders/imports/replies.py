"""答复模板 by file: one line a template."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from louzhang.areas.sheets import INFORMING, Bring, Column, Outcome, Sheet, Told, compared
from louzhang.areas.sheets.cells import choice_of, judged
from louzhang.journal.actor import Actor
from louzhang.kit import clock
from louzhang.workorders.actions import add_reply
from louzhang.workorders.forms.replies import CAN_FILL, ReplyWords
from louzhang.workorders.imports.named import category_of
from louzhang.workorders.lifecycle import LOOP
from louzhang.workorders.models import ReplyTemplate
from louzhang.workorders.plain_words import REPLY_FIELDS
from louzhang.workorders.queries.policies import spoken_category

Cells = Mapping[str, str]
STEPS = {LOOP[step].label: step for step in REPLY_FIELDS}
COLUMNS = (
    Column("用在哪一步", f"可以填：{'、'.join(STEPS)}。", "反馈", is_needed=True),
    Column("类别代号", "类别或大类的代号；不填就是所有类别。"),
    Column("类别", INFORMING, is_read=False),
    Column("名称", "选模板时看到的几个字；已经有的跳过，不改动。", "已修好", is_needed=True),
    Column("内容", f"可以写 {CAN_FILL}。", "您反映的事办好了。", is_needed=True),
    Column("建议", "只有“不予受理”有这一栏。"),
    Column("停用时间", "填了的行不导入。"),
)
HEAD = tuple(column.name for column in COLUMNS)


def line_of(reply: ReplyTemplate) -> tuple[object, ...]:
    """A template as a line of the file."""
    return (
        LOOP[reply.step].label, reply.category.code if reply.category else "", spoken_category(reply.category),
        reply.name, reply.words, reply.advice, clock.local_date(reply.ended_at) if reply.ended_at else "",
    )  # fmt: skip


def opened(actor: Actor, at: datetime) -> Bring:
    """Carry in one template by `add_reply`."""

    def bring(cells: Cells) -> Told:
        name = cells.get("名称", "")
        if cells.get("停用时间"):
            return Told(Outcome.ENDED, name)
        step = choice_of(cells.get("用在哪一步", ""), STEPS, "用在哪一步")
        category = category_of(cells.get("类别代号", ""))
        said = judged(ReplyWords({"name": name, "words": cells.get("内容", ""), "advice": cells.get("建议", "")}))
        standing = ReplyTemplate.objects.filter(step=step, category=category, name=said["name"], ended_at=None).first()
        if standing is not None:
            return compared({"内容": (standing.words, said["words"]), "建议": (standing.advice, said["advice"])}, name)
        add_reply(step=step, category=category, actor=actor, at=at, **said)
        return Told(Outcome.ADDED, name, LOOP[step].label)

    return bring


REPLIES = Sheet(name="答复模板", columns=COLUMNS, opened=opened)
