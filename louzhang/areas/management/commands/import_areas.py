"""`manage.py import_areas FILE --root CODE`: the places of a district from a list."""

import argparse
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from louzhang.areas.actions import import_areas
from louzhang.areas.actions.importing import Imported
from louzhang.areas.imports import FileRefused, Problem, read_listing
from louzhang.areas.models import AreaLevel, LevelKind
from louzhang.journal.actor import SYSTEM
from louzhang.journal.refusals import Refusal
from louzhang.kit import clock
from louzhang.kit.progress import Progress
from louzhang.kit.tables import BadTable, read_table

MOST_LINES = 50


class Command(BaseCommand):
    """Import the subtree under a code; all of it or nothing."""

    help = "从 CSV 或 xlsx 导入区划（列：code,name,parent_code,level），全部成功或全部不导入；重复导入不会增加。"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Ask for the file and the code at the top of what is wanted."""
        parser.add_argument("file", type=Path, metavar="FILE", help="列表文件")
        parser.add_argument("--root", required=True, metavar="CODE", help="只导入这个编码和它下面的地点")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, plan, store, and say what was done; exit 1 with every problem and nothing stored."""
        bar = Progress(0, "导入区划", self.stdout)

        def expect(total: int) -> None:
            bar.total = total

        try:
            done = import_areas(
                listing=read_listing(read_table(options["file"]), _level_names()),
                root_code=options["root"].strip(),
                actor=SYSTEM,
                at=clock.now(),
                expect=expect,
                advance=bar.advance,
            )
        except FileRefused as refused:
            raise CommandError(_listed("没有导入任何内容，文件里有这些问题：", refused.problems)) from None
        except (BadTable, Refusal) as refusal:
            raise CommandError(f"没有导入任何内容。{refusal}") from None
        bar.close()
        self._tell(done)

    def _tell(self, done: Imported) -> None:
        counts = Counter(row.kind for row in done.added)
        kinds = "，".join(f"{kind.label} {counts[kind]}" for kind in LevelKind if counts[kind])
        self.stdout.write(f"导入了 {len(done.added)} 个地点{f'（{kinds}）' if kinds else ''}。")
        if done.plan.skipped:
            self.stdout.write(f"已经有的 {done.plan.skipped} 个跳过了，没有改动。")
        if done.plan.changed:
            self.stdout.write(_listed("这些和本区现在的不同，请到“区划”页面核对：", done.plan.changed))


def _level_names() -> dict[str, str]:
    names = {kind.label: kind.value for kind in LevelKind}
    return names | {level.name: level.kind for level in AreaLevel.objects.all()}


def _listed(heading: str, problems: list[Problem]) -> str:
    lines = [heading, *(f"  {problem}" for problem in problems[:MOST_LINES])]
    if len(problems) > MOST_LINES:
        lines.append(f"  还有 {len(problems) - MOST_LINES} 处没有列出，改好上面的再试一次。")
    return "\n".join(lines)
