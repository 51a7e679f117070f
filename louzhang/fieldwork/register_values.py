"""What the register, visits and the place itself say in a sheet from above."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.db.models.functions import Left

from louzhang.areas.models import Area
from louzhang.fieldwork.models import Met, Visit
from louzhang.fieldwork.values import Ask, Cell, Source, Told, Value, add_source
from louzhang.journal.actor import Actor
from louzhang.kit import clock
from louzhang.register.models import DwellingKind
from louzhang.register.queries.counts import Numbers, count_rows
from louzhang.register.scope import keeps_area

PLACE, REGISTER, VISITS = "place", "register", "visits"
# Age groups: code, words, from which age, below which.
AGES = (
    ("under7", ("0-6岁", "学龄前", "6岁以下"), 0, 7),
    ("minors", ("未成年人", "18岁以下"), 0, 18),
    ("adults", ("18-59岁", "18至59岁"), 18, 60),
    ("from60", ("60岁以上", "60周岁以上", "老年人"), 60, 1000),
    ("from65", ("65岁以上", "65周岁以上"), 65, 1000),
    ("from80", ("80岁以上", "80周岁以上", "高龄"), 80, 1000),
)
PLACES = (
    Value("place.name", "地点名称", "地点和时间", ("填报单位", "单位名称", "社区名称", "所属社区", "填报社区")),
    Value("place.until", "统计到哪一天", "地点和时间", ("填报日期", "填表日期", "填报时间", "截止日期")),
    Value("place.span", "统计的时间段", "地点和时间", ("所属期", "统计时间", "统计周期", "报告期", "所属月份")),
)
_REGISTER = (
    Value("register.homes", "户数", "人房登记", ("户数", "总户数", "家庭数", "常住户")),
    Value(
        "register.people", "人数", "人房登记", ("人数", "总人数", "人口数", "常住人口", "人口总数", "居民数"),
    ),
    Value("register.doors", "房屋数", "人房登记", ("房屋数", "房屋总数", "住房套数", "房屋套数")),
    *(
        Value(f"register.{code}", f"{words[0]}人数", "人房登记", words)
        for code, words, _, _ in AGES
    ),
)  # fmt: skip
_VISITS = (
    Value("visits.made", "走访次数", "走访", ("走访次数", "入户次数", "走访户次"), span=True),
    Value("visits.homes", "走访户数", "走访", ("走访户数", "入户走访", "走访户", "入户数"), span=True),
    Value("visits.met", "见到人的走访", "走访", ("见面率", "见到人", "入户成功"), span=True),
)


def register_values(actor: Actor, at: datetime) -> Sequence[Value]:
    """Homes, people by age, doors by kind; one query."""
    kinds = DwellingKind.objects.filter(ended_at=None).order_by("position", "pk").values_list("code", "name")
    of_kind = (Value(f"register.kind-{code}", f"房屋：{name}", "人房登记", (f"{name}数", name)) for code, name in kinds)
    return (*_REGISTER, *of_kind)


def read_register(codes: Collection[str], ask: Ask) -> Told:
    """Counts of each place; three queries, one more for kinds."""
    has_kinds = any(code.startswith("register.kind-") for code in codes)
    kinds = dict(DwellingKind.objects.values_list("pk", "code")) if has_kinds else {}
    paths = [place.path for place in ask.places]
    roots = [path for path in paths if not any(path != other and path.startswith(other) for other in paths)]
    is_close = any(keeps_area(ask.actor, place) for place in ask.places)
    step, day = max(len(path) for path in paths), clock.local_date(ask.at)
    numbers = count_rows(roots, step=step, day=day, is_close=is_close)
    told: dict[tuple[str, str], Cell] = {}
    for place in ask.places:
        counts = _counts_of(place, numbers, kinds, day.year)
        if any(counts.values()):  # a place without any entry is not known to be empty
            told.update({(code, place.path): counts[code] for code in codes if _is_known(code)})
    return told


def _is_known(code: str) -> bool:
    return code.startswith("register.kind-") or code in {value.code for value in _REGISTER}


def _counts_of(place: Area, numbers: Numbers, kinds: dict[int, str], year: int) -> Counter[str]:
    counts: Counter[str] = Counter()
    for (path, key), number in numbers.doors.items():
        if path.startswith(place.path):
            counts["register.doors"] += number
            counts[f"register.kind-{kinds.get(key or 0, '')}"] += number
    counts["register.homes"] = sum(number for (path, _), number in numbers.homes.items() if path.startswith(place.path))
    for (path, born), number in numbers.people.items():
        if path.startswith(place.path):
            counts["register.people"] += number
            age = year - born if born is not None else None
            for code, _, since, below in AGES:
                counts[f"register.{code}"] += number if age is not None and since <= age < below else 0
    return counts


def read_visits(codes: Collection[str], ask: Ask) -> Told:
    """Visits in the days, of each place; one query a level of the tree."""
    told: dict[tuple[str, str], Cell] = {}
    rows = Visit.objects.filter(day__gte=ask.since, day__lt=ask.until + timedelta(days=1)).order_by()
    for step in sorted({len(place.path) for place in ask.places}):
        paths = [place.path for place in ask.places if len(place.path) == step]
        here = rows.filter(area__in=Area.objects.get_queryset().under_paths(paths).order_by().values("pk"))
        counted = here.annotate(at=Left("area__path", step)).values("at").annotate(
            made=Count("pk"), homes=Count("dwelling", distinct=True), met=Count("pk", filter=Q(outcome=Met.MET))
        )  # fmt: skip
        counts: dict[str, dict[str, Any]] = {row["at"]: {**row} for row in counted}
        told.update({
            (code, path): counts.get(path, {}).get(code.partition(".")[2], 0) for code in codes for path in paths
        })  # fmt: skip
    return told


def read_places(codes: Collection[str], ask: Ask) -> Told:
    """The place and the days themselves, in words."""
    words = {
        "place.until": f"{ask.until:%Y-%m-%d}",
        "place.span": f"{ask.since:%Y-%m-%d} 至 {ask.until:%Y-%m-%d}",
    }
    return {(code, place.path): words.get(code, place.name) for code in codes for place in ask.places}


def add_sources() -> None:
    """Register the sources of this app."""
    add_source(Source(PLACE, lambda actor, at: PLACES, read_places))
    add_source(Source(REGISTER, register_values, read_register, hides_small=True))
    add_source(Source(VISITS, lambda actor, at: _VISITS, read_visits))
