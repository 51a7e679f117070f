"""`make bench-register`: 100,000 made-up people of 40,000 households come from a workbook into the register.

Everything runs for real against an embedded PostgreSQL under var/bench-register: the file is uploaded, read,
previewed, stored and taken back by the actions the pages use; the worker's parts run in processes of their own, whose
memory is measured. Each run adds a community of its own. IMPORT_PEOPLE sets the size; the floor of reading is the
same file unpacked and parsed, that of writing the same people by one COPY into a table without indexes.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.chdir(ROOT)
VAR = Path(os.environ.get("BENCH_VAR", str(ROOT / "var" / "bench-register")))
os.environ["LOUZHANG_VAR"] = str(VAR)
os.environ["LOUZHANG_ROLE"] = "owner"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
PEOPLE = int(os.environ.get("IMPORT_PEOPLE", "100000"))
HOUSEHOLDS = PEOPLE * 2 // 5
STAIRWELLS, DOORS = 5, 100  # of a building, of a stairwell
HEAD = ("楼栋", "单元", "门牌", "房屋类型", "与户主关系", "姓名", "性别", "出生日期", "证件号码", "电话", "户籍地址")
SURNAMES, GIVEN = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许", "安宁和平福寿康乐春夏秋冬山河江海云月星辰"
FAMILY = (("户主", 1), ("配偶", 2), ("子女", 1))
LIMITS = {"import_preview": 20.0, "import_commit": 30.0, "import_preview_rss": 500.0, "import_commit_rss": 500.0}


def main() -> None:
    """Measure once and print a line for each figure."""
    if sys.argv[1:2] == ["--part"]:
        do_part(int(sys.argv[2]))
        return
    import django

    django.setup()
    from django.core.management import call_command

    call_command("prepare_database", verbosity=0)
    figures = measure()
    for name, value, unit in figures:
        most = f"  (at most {LIMITS[name]:g})" if name in LIMITS else ""
        print(f"{name:28} {value:>10.2f} {unit}{most}")
    (VAR / "register_import.json").write_text(
        json.dumps({"measured_at": datetime.now(UTC).isoformat(timespec="seconds"), "people": PEOPLE,
                    "load_average": os.getloadavg(), "figures": figures}, indent=1) + "\n", encoding="utf-8",
    )  # fmt: skip


def measure() -> list[tuple[str, float, str]]:
    """Make a community and its workbook, carry it in, take it back."""
    from bench.floor import calibration
    from louzhang.areas.queries import actor_for
    from louzhang.kit import clock
    from louzhang.register.actions.importing import confirm_import, map_import, return_import, upload_import
    from louzhang.register.models import ImportBatch

    community, user, run = made_community()
    path = made_workbook(run)
    figures = [("calibration_sum_range_1e7", calibration(), "s"), ("workbook", path.stat().st_size / 2**20, "MiB")]
    actor = actor_for(user, clock.now())
    with path.open("rb") as file:
        batch = upload_import(
            area=community, stream=file, suffix=".xlsx", size=path.stat().st_size, actor=actor, at=clock.now()
        )
    figures += in_a_worker("read_headings", batch.pk)
    columns = ImportBatch.objects.get(pk=batch.pk).columns
    map_import(batch_id=batch.pk, columns=columns, actor=actor, at=clock.now())
    figures += in_a_worker("import_preview", batch.pk)
    counts = ImportBatch.objects.get(pk=batch.pk).counts
    if (counts["people"], counts["households"], counts["wrong"]) != (PEOPLE, HOUSEHOLDS, 0):
        raise RuntimeError(f"the preview found something else: {counts}")
    confirm_import(batch_id=batch.pk, actor=actor, at=clock.now())
    figures += in_a_worker("import_commit", batch.pk)
    figures += floors(path)
    return_import(batch_id=batch.pk, actor=actor, at=clock.now())
    figures += in_a_worker("import_take_back", batch.pk)
    path.unlink()
    return figures


def in_a_worker(name: str, batch_id: int) -> list[tuple[str, float, str]]:
    """What is due with an import, done by a process of its own: seconds, those of computing, the most memory."""
    command = [sys.executable, str(Path(__file__)), "--part", str(batch_id)]
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=900).stdout
    seconds, busy, memory = json.loads(said.splitlines()[-1])
    return [(name, seconds, "s"), (f"{name}_cpu", busy, "s"), (f"{name}_rss", memory, "MiB")]


def do_part(batch_id: int) -> None:
    """The worker's part, in this process."""
    import django

    django.setup()
    from django.db import connection

    from louzhang.kit import clock
    from louzhang.register.actions.importing import go_on

    connection.ensure_connection()
    started = time.perf_counter()
    go_on(batch_id=batch_id, at=clock.now())
    seconds = time.perf_counter() - started
    status = Path("/proc/self/status").read_text(encoding="ascii")  # getrusage would count the parent before `exec` too
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    print(json.dumps([seconds, time.process_time(), int(peak.split()[1]) / 1024]))


def made_community() -> tuple[Any, Any, int]:
    """A community of buildings, stairwells and one clerk, and its number."""
    from louzhang.accounts.actions import register_person
    from louzhang.areas.actions import appoint_post
    from louzhang.areas.models import Area, PostKind
    from louzhang.areas.roles import Role
    from louzhang.journal.actor import SYSTEM
    from louzhang.kit import clock
    from louzhang.register.actions.assessing import lay_down_assessments
    from louzhang.register.actions.kinds import lay_down_kinds

    at = clock.now() - timedelta(minutes=1)
    street = founded_street(at)
    run = Area.objects.filter(level__kind="community").count() + 1
    community = built(street, run, at)
    lay_down_kinds(actor=SYSTEM, at=at)
    lay_down_assessments(actor=SYSTEM, at=at, in_use=True)
    user = register_person(name="演示社区", phone=f"139{run:08d}", actor=SYSTEM, at=at)
    appoint_post(user=user, role=Role.OFFICE_STAFF, area=community, unit=None, kind=PostKind.PAID, actor=SYSTEM, at=at)
    return Area.objects.get(pk=community.pk), user, run


def founded_street(at: datetime) -> Any:
    """The street of the store, founded with its district the first time."""
    from louzhang.areas.actions import add_area, found_root
    from louzhang.areas.models import Area, AreaLevel
    from louzhang.journal.actor import SYSTEM

    if street := Area.objects.filter(code="B-S").first():
        return street
    root = found_root(name="测量区", code="B", actor=SYSTEM, at=at)
    level = AreaLevel.objects.get(kind="street")
    return add_area(parent=root, level=level, name="测量街道", code="B-S", actor=SYSTEM, at=at)


def built(street: Any, run: int, at: datetime) -> Any:
    """A community with as many buildings as its households need."""
    from django.db import transaction

    from louzhang.areas.actions import add_area
    from louzhang.areas.models import Area, AreaLevel
    from louzhang.journal.actor import SYSTEM

    levels = {level.kind: level for level in AreaLevel.objects.all()}

    def below(parent: Any, kind: str, name: str, code: str) -> Any:
        parent = Area.objects.get(pk=parent.pk)
        return add_area(parent=parent, level=levels[kind], name=name, code=code, actor=SYSTEM, at=at)

    with transaction.atomic():
        community = below(street, "community", f"{run}号社区", f"B-{run}")
        grid = below(community, "grid", "1号网格", f"B-{run}-g")
        for number in range(1, -(-HOUSEHOLDS // (STAIRWELLS * DOORS)) + 1):
            building = below(grid, "building", f"{number}号楼", f"B-{run}-{number}")
            for stairwell in range(1, STAIRWELLS + 1):
                below(building, "stairwell", f"{stairwell}单元", f"B-{run}-{number}-{stairwell}")
    return community


def made_workbook(run: int) -> Path:
    """The made-up people of a community as a workbook; places stand in the first line of a household only."""
    import xlsxwriter

    path = VAR / f"import-{run}.xlsx"
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("演示住户")
        sheet.write_row(0, 0, HEAD)
        for line in range(PEOPLE):
            sheet.write_row(line + 1, 0, person_of(line, run))
    return path


def person_of(line: int, run: int) -> list[str]:
    """One line: five people to two households."""
    from louzhang.kit.id_numbers import check_digit

    pair, place = divmod(line, 5)
    home, member = (2 * pair, place) if place < 3 else (2 * pair + 1, place - 3)
    building, rest = divmod(home, STAIRWELLS * DOORS)
    stairwell, door = divmod(rest, DOORS)
    tie, sex = FAMILY[member]
    born = date(1930, 1, 1) + timedelta(days=line * 7 % 30_000)
    number = f"{990000 + run}{born:%Y%m%d}{line // 5 % 490 * 2 + sex % 2 + 1:03d}"
    name = f"{SURNAMES[line % 20]}{GIVEN[line // 20 % 20]}{GIVEN[line // 400 % 20]}·演示"
    where = [f"{building + 1}号楼", f"{stairwell + 1}单元", f"{door // 4 + 1}{door % 4 + 1:02d}", "自住"]
    is_woman = int(number[16]) % 2 == 0
    who = [tie, name, "女" if is_woman else "男", born.isoformat(), number + check_digit(number), f"138{line:08d}"]
    return [*(where if member == 0 else [""] * 4), *who, "演示省演示县" if line % 5 == 4 else ""]


def floors(path: Path) -> list[tuple[str, float, str]]:
    """What nothing can be faster than: the file unpacked and parsed once, the people copied into a bare table once."""
    from xml.parsers import expat

    from django.db import connection, transaction

    from louzhang.kit.workbooks import Workbook

    started = time.perf_counter()
    with zipfile.ZipFile(path) as archive, archive.open("xl/worksheets/sheet1.xml") as content:
        parser = expat.ParserCreate()
        while chunk := content.read(2**18):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    read = time.perf_counter() - started
    book = Workbook(path)
    rows = [[*cells, *[""] * (len(HEAD) - len(cells))] for _, cells in book.rows(book.sheets[0])]
    started = time.perf_counter()
    columns = ", ".join(f"c{place} text" for place in range(len(HEAD)))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE bench_people ({columns}) ON COMMIT DROP")
        with cursor.copy("COPY bench_people FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    return [("floor_parse_of_the_sheet", read, "s"), ("floor_copy_of_the_people", time.perf_counter() - started, "s")]


if __name__ == "__main__":
    main()
