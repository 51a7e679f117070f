"""Which unit may not have an order: ended, complained about, one of its people complained about, or too low."""

from __future__ import annotations

from datetime import datetime

from louzhang.areas.models import Unit
from louzhang.journal.refusals import InputRefused
from louzhang.workorders.models import Handling, WorkOrder
from louzhang.workorders.queries.addressees import NEVER_GUARDED, office_to_ask, units_of_accused


def refuse_for(order: WorkOrder, unit: Unit, at: datetime, *, field: str = "unit") -> None:
    """Raise unless the unit may be given the order, or a part of it; names the field of the form."""
    refuse_unit(order, unit, field=field)
    refuse_unit_of_accused(order, unit, at, field=field)


def refuse_unit(order: WorkOrder, unit: Unit, *, field: str = "unit") -> None:
    """Raise unless the unit can be given this order."""
    if unit.ended_at is not None:
        raise InputRefused("这个承办单位已经停用，请另选一个。", field=field)
    if order.category.handling == Handling.GUARDED and unit.kind in NEVER_GUARDED:
        raise InputRefused("这类事项关系到人身安全，不能交给物业、业委会或共建单位。", field=field)
    if order.about_unit_id == unit.pk:
        raise InputRefused("这件事投诉的就是这个单位，请交给别的单位办理。", field=field)
    office = unit.office_area
    if office is not None and office.level.rank > order.floor_rank:
        raise InputRefused("这件事由上一级受理，不能交给下级办公室，请选别的单位。", field=field)


def refuse_unit_of_accused(order: WorkOrder, unit: Unit, at: datetime, *, field: str = "unit") -> None:
    """Raise where somebody whom the complaint names works in the unit: the colleagues would read it."""
    if unit.pk in units_of_accused(order, at):
        other = office_to_ask(order, at)
        raise InputRefused(
            f"这件事投诉的人就在“{unit.name}”任职，不能交给他的同事办理。请交给{other}，或别的他不在其中任职的单位。",
            field=field,
        )
