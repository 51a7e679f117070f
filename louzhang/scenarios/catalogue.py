"""All scenarios by name; a further one is a further line."""

from louzhang.scenarios.bazhong import BAZHONG
from louzhang.scenarios.burst import BURST
from louzhang.scenarios.guta import GUTA
from louzhang.scenarios.houhu import HOUHU
from louzhang.scenarios.scenario import Scenario
from louzhang.scenarios.shouyang import SHOUYANG
from louzhang.scenarios.xihu import XIHU
from louzhang.scenarios.xingcheng import XINGCHENG
from louzhang.scenarios.yinrong import YINRONG

CATALOGUE: dict[str, Scenario] = {
    scenario.call: scenario for scenario in (BAZHONG, BURST, GUTA, HOUHU, SHOUYANG, XIHU, XINGCHENG, YINRONG)
}
