"""Running a scenario: a schema of its own, the play, the figures."""

from __future__ import annotations

import time
from collections.abc import Mapping

from louzhang.scenarios.scenario import Scenario, Told
from louzhang.scenarios.schema import schema_of_ones_own


def run(scenario: Scenario, told: Told) -> Mapping[str, int | float | str]:
    """Play a scenario and give its figures with the seconds it took; those of making the schema apart.

    The schema is dropped also after an error and Ctrl-C.
    """
    began = time.monotonic()
    told("建立独立的库结构")
    with schema_of_ones_own(scenario.name):
        ready = time.monotonic()
        figures = dict(scenario.play(told))
        played = time.monotonic() - ready
    return figures | {"seconds": round(played, 1), "seconds_of_schema": round(ready - began, 1)}
