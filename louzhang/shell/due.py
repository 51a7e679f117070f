"""How pressing a deadline is, said once for chips, cards and rows."""

from datetime import datetime, timedelta

SOON = timedelta(hours=4)


def due_kind(due_at: datetime, now: datetime) -> str:
    """`overdue`, `soon` (less than four hours left) or `plain`: the kind of chip and the tone of a card."""
    if due_at < now:
        return "overdue"
    return "soon" if due_at - now < SOON else "plain"
