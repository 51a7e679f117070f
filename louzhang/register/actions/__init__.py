"""Writes of the register, one public function a verb of the field."""

from louzhang.register.actions.bulk import Batch, ResidentDraft
from louzhang.register.actions.dwellings import (
    alter_dwelling,
    change_kind,
    check_dwelling,
    end_dwelling,
    found_dwelling,
    vacate_dwelling,
)
from louzhang.register.actions.households import move_in, move_out, record_reach
from louzhang.register.actions.kinds import (
    KindDraft,
    add_dwelling_kind,
    change_dwelling_kind,
    end_dwelling_kind,
    lay_down_kinds,
)
from louzhang.register.actions.moves import change_head, leave, move_resident
from louzhang.register.actions.needs import hand_on_need, raise_need, reopen_need, tick_off_need
from louzhang.register.actions.registrations import record_registration
from louzhang.register.actions.residents import (
    check_resident,
    correct_resident,
    record_birth,
    record_death,
    register_resident,
)
from louzhang.register.actions.revealing import reveal_resident

__all__ = [
    "Batch",
    "KindDraft",
    "ResidentDraft",
    "add_dwelling_kind",
    "alter_dwelling",
    "change_dwelling_kind",
    "change_head",
    "change_kind",
    "check_dwelling",
    "check_resident",
    "correct_resident",
    "end_dwelling",
    "end_dwelling_kind",
    "found_dwelling",
    "hand_on_need",
    "lay_down_kinds",
    "leave",
    "move_in",
    "move_out",
    "move_resident",
    "raise_need",
    "record_birth",
    "record_death",
    "record_reach",
    "record_registration",
    "register_resident",
    "reopen_need",
    "reveal_resident",
    "tick_off_need",
    "vacate_dwelling",
]
