"""All scenarios by name; a further one is a further line."""

from louzhang.scenarios.burst import BURST
from louzhang.scenarios.scenario import Scenario

CATALOGUE: dict[str, Scenario] = {scenario.name: scenario for scenario in (BURST,)}
