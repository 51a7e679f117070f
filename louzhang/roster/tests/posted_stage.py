"""What the tests of posted cadres share beside their fixtures."""

from __future__ import annotations

from datetime import datetime

from louzhang.fieldwork.actions.deeds import tell_deed
from louzhang.fieldwork.models import GoodDeed
from louzhang.kit import clock
from tests.cast import Cast


def works(cast: Cast, at: datetime) -> GoodDeed:
    """One record of the posted person's work."""
    return tell_deed(area=cast.areas["building"], words="演示：替邻居抬水", day=clock.local_date(at),
                     actor=cast.actor("department", at), at=at)  # fmt: skip
