"""`manage.py import_workorders FILE --map MAP.toml`: another system's orders, stored as history."""

import argparse
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from louzhang.accounts.models import User
from louzhang.areas.queries import actor_for
from louzhang.journal.actor import SYSTEM, Actor
from louzhang.journal.refusals import Refusal
from louzhang.kit import clock
from louzhang.kit.progress import Progress
from louzhang.kit.tables import BadTable, write_error_rows
from louzhang.workorders.imports.history import HistoryRun, survey_file
from louzhang.workorders.imports.maps import BadMap, read_map
from louzhang.workorders.imports.places import fallback_area


class Command(BaseCommand):
    """Import another system's history; running it twice adds nothing."""

    help = "导入别的系统的历史工单（CSV 或 xlsx）。重复运行不会重复存入，中断后再运行一次会接着导入。"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Ask for the file and its map."""
        parser.add_argument("file", type=Path, help="CSV 或 xlsx 文件")
        parser.add_argument("--map", type=Path, required=True, help="对照表（TOML），例如 docs/examples/la311.toml")
        parser.add_argument("--errors", type=Path, help="拒绝的行写到这个文件（CSV，只有本机用户可读）")
        parser.add_argument("--person", type=int, help="以这位人员的名义导入（人员编号），不写则记为系统")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check everything first, then store and say what came of it."""
        began = time.monotonic()
        try:
            run, errors = self._import(options)
        except (BadMap, BadTable) as error:
            raise CommandError(str(error)) from error
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(
            f"读取 {run.read}，存入 {run.stored}，已有 {run.known}，拒绝 {run.refused}，"
            f"用时 {time.monotonic() - began:.1f} 秒"
        )
        if run.refused:
            self.stdout.write(f"拒绝的行和原因在 {errors}，改正后可以再导入。")
        else:
            errors.unlink()

    def _import(self, options: dict[str, Any]) -> tuple[HistoryRun, Path]:
        path: Path = options["file"]
        plan = read_map(options["map"])
        fallback_area(plan.area)
        survey = survey_file(path, plan)
        at = clock.now()
        run = HistoryRun(path=path, plan=plan, actor=_actor(options["person"]), at=at)
        errors = _error_file(options["errors"], path)
        try:
            with Progress(survey.rows, "导入", self.stdout) as progress:
                write_error_rows(errors, survey.header, run.refusals(progress.advance))
        except KeyboardInterrupt:
            raise CommandError(f"已中断，这次存入了 {run.stored} 件。再运行一次会接着导入。") from None
        return run, errors


def _actor(person: int | None) -> Actor:
    if person is None:
        return SYSTEM
    user = User.objects.filter(pk=person).first()
    if user is None:
        raise CommandError(f"没有编号为 {person} 的人员，请核对后重试。")
    return actor_for(user, clock.now())


def _error_file(chosen: Path | None, source: Path) -> Path:
    """Where refused rows go; a place that cannot be written is said before anything is stored."""
    target = chosen or settings.VAR / "imports" / f"{source.stem}-errors.csv"
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        target.touch(mode=0o600)
    except OSError as error:
        raise CommandError(f"错误文件 {target} 写不进去，请用 --errors 换一个位置。") from error
    if target.resolve() == source.resolve():
        raise CommandError("错误文件不能和要导入的是同一个文件，请换一个名字。")
    return target
