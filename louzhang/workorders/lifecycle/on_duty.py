"""A red case that nobody takes: the clock calls who is on duty, one after the other. The order stays where it is."""

from __future__ import annotations

from louzhang.workorders.lifecycle.rows import transition
from louzhang.workorders.lifecycle.states import Relation, State

S, R = State, Relation

# Nobody has signed for it yet.
UNTAKEN = frozenset({S.REPORTED, S.ACCEPTED, S.DISPATCHED})

ON_DUTY = (transition("call_duty", "叫值班人员", UNTAKEN, (), {R.SYSTEM}, said="没有人接，叫了值班人员"),)
