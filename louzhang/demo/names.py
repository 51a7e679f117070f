"""Names and numbers of nobody: common surnames and given names put together by chance, marked 演示."""

from __future__ import annotations

from itertools import count
from random import Random

MARK = "·演示"
SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋"
    "蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段"
)
GIVEN = (
    "秀兰 桂英 玉珍 淑华 凤英 丽华 春梅 红霞 晓燕 雪梅 海燕 婷婷 佳怡 思远 志强 建国 国强 建军 永福 德胜 "
    "文斌 宏伟 立新 长江 振华 庆春 宝山 玉田 连生 树林 明辉 晓东 海涛 洪波 子涵 雨欣 浩然 天宇 俊杰 宇航 "
    "敏 静 芳 丽 艳 娟 霞 萍 玲 红 军 勇 杰 涛 明 超 刚 平 辉 斌 伟 鹏 磊 洋 波 凯 健 峰 强 宁"
).split()
FIRST_NUMBER = 1990000_0000
LAST_NUMBER = 1990000_9999


class Namer:
    """Gives every person another name and another number out of a range that the demo keeps to."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._used: set[str] = set()
        self._numbers = count(FIRST_NUMBER)

    def name(self) -> str:
        """A name nobody else of the demo has."""
        while True:
            name = f"{self._rng.choice(SURNAMES)}{self._rng.choice(GIVEN)}{MARK}"
            if name not in self._used:
                self._used.add(name)
                return name

    def number(self) -> str:
        """The next number of the range 19900000000 to 19900009999."""
        number = next(self._numbers)
        if number > LAST_NUMBER:
            raise ValueError("the demo has used up its telephone numbers")
        return str(number)
