"""`make bench-register`, first half: the register's search at 1,000,000 made-up residents.

Fills a store under var/bench-register-search by COPY, once, and measures a search by two characters, initials, address
and phone for somebody who keeps one community, for somebody who keeps all communities of a street, and over the
whole district, which the clock alone may read. Rows of the register end at the community, so the last two are more
than anybody sees in a place that runs: they show where the limit lies. Beside the time by the clock stands that of
our own processor, since the machine may have other work. BENCH_RESIDENTS sets the size. Writes
bench/register_search.json.
"""

from __future__ import annotations

import json
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.chdir(ROOT)
os.environ["LOUZHANG_VAR"] = os.environ.get("BENCH_VAR", str(ROOT / "var" / "bench-register-search"))
os.environ["LOUZHANG_ROLE"] = "owner"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
SIZE = int(os.environ.get("BENCH_RESIDENTS", "1000000"))
RESULTS = ROOT / "bench" / "register_search.json"
STREETS, COMMUNITIES, GRIDS, BUILDINGS, STAIRWELLS = 10, 8, 10, 10, 3
PEOPLE_A_HOME, DOORS_A_FLOOR = 3, 2
BATCH = 20_000
ROUNDS, PAGES = 60, 20
SEED = 79143
SINCE = date(2020, 1, 1)
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
GIVEN = (
    "秀英桂兰淑珍玉华建国志强明晓东文斌雪梅春红子涵雨欣浩然宇航丽静军伟芳敏艳娟霞涛超勇杰磊洋波辉刚平鹏健峰宁"
    "思远佳怡婷海燕立新长江振庆宝山田连生树林俊天永福德胜凤玲萍凯龙飞云清秋月荷莲菊竹松柏石金银铁成功业兴旺"
)


def main() -> None:
    """Fill what is missing, measure, write down."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("prepare_database", verbosity=0)
    from bench.floor import calibration

    started = time.monotonic()
    _fill()
    filled = time.monotonic() - started
    figures = [*_measure(), *_measure_pages()]
    report = {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {"cpus": os.cpu_count(), "load": round(os.getloadavg()[0], 1), "python": platform.python_version()},
        "calibration_sum_range_1e7_s": round(calibration(), 3),
        "residents": _count(),
        "seconds_of_filling": round(filled, 1),
        "measurements": figures,
    }
    RESULTS.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    for figure in figures:
        spent = f"p50 {figure['p50_ms']:>7.1f} ms   p95 {figure['p95_ms']:>7.1f} ms"
        print(f"{figure['scope']:<10}{figure['search']:<16}{spent}")


def _count() -> int:
    from louzhang.register.models import Resident

    return Resident.objects.count()


def _fill() -> None:
    """A district with its homes and people, all or what is missing."""
    from django.db import connection

    from louzhang.areas.models import Area, LevelKind

    if not Area.objects.get_queryset().exists():
        _found_places()
    leaves = list(Area.objects.of_kind(LevelKind.STAIRWELL).order_by("path").values_list("pk", flat=True))
    missing = SIZE - _count()
    if missing > 0:
        _pour_homes(leaves, missing)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def _found_places() -> None:
    from louzhang.areas.actions import found_root
    from louzhang.areas.actions.bulk import NewArea, add_areas
    from louzhang.areas.models import LevelKind
    from louzhang.journal.actor import SYSTEM
    from louzhang.kit import clock

    at = clock.now()
    found_root(name="测量区", code="B", actor=SYSTEM, at=at)
    levels = (
        (LevelKind.STREET, "街道", STREETS), (LevelKind.COMMUNITY, "社区", COMMUNITIES),
        (LevelKind.GRID, "号网格", GRIDS),
        (LevelKind.BUILDING, "号楼", BUILDINGS), (LevelKind.STAIRWELL, "单元", STAIRWELLS),
    )  # fmt: skip
    new: list[NewArea] = []
    above = ["B"]
    for kind, word, many in levels:
        here = []
        for parent in above:
            for number in range(1, many + 1):
                code = f"{parent}-{number}"
                new.append(NewArea(code=code, name=_name(kind, number, parent, word), kind=kind, parent_code=parent))
                here.append(code)
        above = here
    add_areas(areas=new, actor=SYSTEM, at=at)


def _name(kind: str, number: int, parent: str, word: str) -> str:
    """Buildings of a community are numbered through, as they are outside; the rest by their parent."""
    if kind == "building":
        return f"{(int(parent.rsplit('-', 1)[1]) - 1) * BUILDINGS + number}{word}"
    sign = GIVEN[number] + GIVEN[number + 7] if kind == "community" else ""
    return f"{sign}{word}" if sign else f"{number}{word}"


def _pour_homes(leaves: Sequence[int], missing: int) -> None:
    from louzhang.kit import clock, pinyin
    from louzhang.kit.sequences import reserve_ids
    from louzhang.kit.writing import pour_in
    from louzhang.register.models import Dwelling, Household, Stay

    rng = Random(SEED + _count())  # noqa: S311 - the same people every time, nothing secret
    at, started = clock.now(), time.monotonic()
    sounds = {sign: pinyin.sort_key(sign, person=False) for sign in set(SURNAMES + GIVEN)}
    first_home = Dwelling.objects.count()
    for begun in range(0, missing, BATCH):
        people = min(BATCH, missing - begun)
        homes = -(-people // PEOPLE_A_HOME)
        dwellings, households = [], []
        for place, pk, home in zip(
            range(homes), reserve_ids("register_dwelling", homes), reserve_ids("register_household", homes), strict=True
        ):
            floor, leaf = divmod(first_home + place, len(leaves))
            door = f"{floor // DOORS_A_FLOOR + 1}{floor % DOORS_A_FLOOR + 1:02d}"
            dwellings.append(
                Dwelling(pk=pk, area_id=leaves[leaf], door=door, floor=floor // DOORS_A_FLOOR + 1, started_at=at)
            )
            households.append(Household(pk=home, dwelling_id=pk, starts_on=SINCE))
        residents, stays = [], []
        for place, pk, stay in zip(
            range(people), reserve_ids("register_resident", people), reserve_ids("register_stay", people), strict=True
        ):
            home = place // PEOPLE_A_HOME
            residents.append(_person(pk, dwellings[home].area_id, rng, sounds, at))
            tie = "head" if place % PEOPLE_A_HOME == 0 else "other"
            stays.append(Stay(pk=stay, resident_id=pk, household_id=households[home].pk, tie=tie, starts_on=SINCE))
        for rows in (dwellings, households, residents, stays):
            pour_in(rows)
        first_home += homes
        print(f"register store: {begun + people} of {missing} people, {time.monotonic() - started:.0f} s", flush=True)


def _person(pk: int, area_id: int, rng: Random, sounds: dict[str, str], at: datetime) -> Any:
    """Somebody who never was: real search terms and phone index, numbers that nobody could open."""
    from louzhang.kit import bigrams
    from louzhang.register.models import Resident, phone_index

    signs = rng.choice(SURNAMES) + rng.choice(GIVEN) + (rng.choice(GIVEN) if rng.random() < 0.85 else "")
    spoken = [sounds[sign] for sign in signs]
    return Resident(
        pk=pk,
        area_id=area_id,
        name=signs,
        name_key=" ".join(spoken),
        initials="".join(sound[0] for sound in spoken),
        search_terms=bigrams.bigrams(signs),
        birth_year=1930 + pk % 90,
        id_index=f"{pk:064x}",
        id_number_sealed="k1:" + "x" * 60,
        phone_sealed="k1:" + "x" * 52,
        phone_index=phone_index(_phone(pk)),
        checked_on=SINCE,
        registered_at=at,
    )


def _phone(pk: int) -> str:
    return f"135{pk:08d}"


def _measure() -> Iterator[dict[str, Any]]:
    from louzhang.register.models import phone_index
    from louzhang.register.queries.searching import search_by_index, search_register, show_people

    def by_phone(actor: Any, index: str) -> Any:
        return show_people(search_by_index(actor, phone_index=index))

    for scope, actor in _actors().items():
        people, places = _samples(actor)
        cases: dict[str, tuple[Callable[[Any, str], Any], Sequence[str]]] = {
            "two_characters": (search_register, [name[:2] for _, name, _ in people]),
            "given_name": (search_register, [name[-2:] for _, name, _ in people]),
            "initials": (search_register, [initials for _, _, initials in people]),
            "address": (search_register, places),
            "phone": (by_phone, [phone_index(_phone(pk)) for pk, _, _ in people]),
        }
        for name, (search, asked) in cases.items():
            yield {"scope": scope, "search": name, **_timed(partial(search, actor), asked)}


def _measure_pages() -> Iterator[dict[str, Any]]:
    """What a community has to mend, and the tables of the district."""
    from louzhang.areas.models import Area
    from louzhang.kit import clock
    from louzhang.register.actions.counting import count_stale
    from louzhang.register.queries.offices import Ward
    from louzhang.register.queries.quality import count_faults
    from louzhang.register.queries.statistics import sheets_of

    count_stale(at=clock.now())
    keeper, today = _actors()["community"], clock.local_date(clock.now())
    district = Ward(Area.objects.get(depth=1), is_inside=False)
    yield {"scope": "community", "search": "quality", **_timed(lambda _: count_faults(keeper, today), range(PAGES))}
    yield {"scope": "district", "search": "numbers", **_timed(lambda _: sheets_of(district, clock.now()), range(PAGES))}


def _timed(search: Callable[[Any], Any], asked: Sequence[Any]) -> dict[str, float]:
    for one in asked[:5]:
        search(one)
    times = []
    cpu = time.process_time()
    for one in asked:
        started = time.perf_counter()
        found = search(one)
        times.append((time.perf_counter() - started) * 1000)
        if getattr(found, "is_empty", not found):
            raise RuntimeError("a search found nobody; the store does not hold what is asked for")
    cpu = (time.process_time() - cpu) * 1000 / len(asked)
    times.sort()
    p50, p95 = (round(times[int(len(times) * share)], 2) for share in (0.5, 0.95))
    least = round(times[0], 2)
    return {"p50_ms": p50, "p95_ms": p95, "least_ms": least, "own_cpu_ms": round(cpu, 2), "searches": len(times)}


def _actors() -> dict[str, Any]:
    """Who keeps one community, who keeps those of a street, and the clock."""
    from louzhang.areas.models import Area, LevelKind
    from louzhang.areas.roles import Role
    from louzhang.journal.actor import SYSTEM, Actor, ActorKind, Seat

    communities = list(Area.objects.of_kind(LevelKind.COMMUNITY).order_by("path").select_related("level"))
    street = communities[0].path[: -Area.steplen]

    def keeper(areas: Sequence[Area]) -> Actor:
        seats = [
            Seat(post_id=area.pk, role=Role.SECRETARY, area_id=area.pk, rank=area.level.rank, path=area.path)
            for area in areas
        ]
        return Actor(kind=ActorKind.PERSON, user_id=1, seats=tuple(seats))

    return {
        "community": keeper(communities[:1]),
        "street": keeper([area for area in communities if area.path.startswith(street)]),
        "district": SYSTEM,
    }


def _samples(actor: Any) -> tuple[list[tuple[int, str, str]], list[str]]:
    """People in scope to look for, and addresses of them."""
    from louzhang.areas.queries.spoken import spoken_places
    from louzhang.register.models import Resident, Stay

    rows = Resident.objects.kept_by(actor).current()
    ids = list(rows.order_by("pk").values_list("pk", flat=True)[: ROUNDS * 200])
    chosen = ids[:: max(1, len(ids) // ROUNDS)][:ROUNDS]
    people = list(rows.filter(pk__in=chosen).values_list("pk", "name", "initials"))
    stays = Stay.objects.filter(resident__in=chosen).select_related("household__dwelling__area")
    homes = [stay.household.dwelling for stay in stays]
    places = spoken_places([home.area for home in homes])
    return people, [f"{places[home.area_id]}{home.door}" for home in homes]


if __name__ == "__main__":
    main()
