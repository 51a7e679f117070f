"""职务名称 by file: what the district calls the posts of a role."""

from __future__ import annotations

from datetime import datetime

from louzhang.areas import actions
from louzhang.areas.forms.units import TitleForm
from louzhang.areas.models import Title
from louzhang.areas.roles import Role
from louzhang.areas.sheets.cells import choice_of, judged
from louzhang.areas.sheets.frame import INFORMING, Bring, Cells, Column, Outcome, Sheet, Told, compared
from louzhang.journal.actor import Actor

ROLES = {role.label: role.value for role in Role}
COLUMNS = (
    Column("名称", "本区的叫法；已经有的跳过，不改动。", "楼栋长", is_needed=True),
    Column("角色", f"对应的角色：{'、'.join(ROLES)}。", Role.CHIEF.label, is_needed=True),
    Column("现任人数", INFORMING, is_read=False),
    Column("停用时间", "填了的行不导入。"),
)
HEAD = tuple(column.name for column in COLUMNS)


def opened(actor: Actor, at: datetime) -> Bring:
    """Carry in one title by `add_title`."""

    def bring(cells: Cells) -> Told:
        name = cells.get("名称", "")
        if cells.get("停用时间"):
            return Told(Outcome.ENDED, name)
        role = choice_of(cells.get("角色", ""), ROLES, "角色")
        standing = Title.objects.filter(name=name, ended_at=None).first()
        if standing is not None:
            return compared({"角色": (standing.role, role)}, name)
        actions.add_title(actor=actor, at=at, **judged(TitleForm({"name": name, "role": role})))
        return Told(Outcome.ADDED, name)

    return bring


TITLES = Sheet(name="职务名称", columns=COLUMNS, opened=opened)
