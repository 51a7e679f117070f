"""`manage.py scenario NAME`: play a course of events in a schema of its own and print what came of it."""

import argparse
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from louzhang.scenarios.catalogue import CATALOGUE
from louzhang.scenarios.running import run


class Command(BaseCommand):
    """Play one scenario; the last line is JSON, everything else goes to the error stream."""

    help = "在独立的数据库模式里按自己的时钟演一个情景，最后一行是 JSON。做完、出错或中断都会删掉这个模式。"
    requires_system_checks = ()

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Take the name of a scenario."""
        names = "；".join(f"{scenario.call}（{scenario.words}）" for scenario in CATALOGUE.values())
        parser.add_argument("name", help=f"情景的名字：{names}")
        for part in sorted({scenario.part for scenario in CATALOGUE.values() if scenario.part}):
            parser.add_argument(
                f"--{part}", dest="part", action="store_const", const=part, default="", help="演哪一部分"
            )

    def handle(self, *args: Any, **options: Any) -> None:
        """Play it, tell the stages, print the figures."""
        asked = f"{options['name']} --{options['part']}" if options["part"] else options["name"]
        scenario = CATALOGUE.get(asked)
        if scenario is None:
            raise CommandError(f"没有“{asked}”这个情景，可以选：{'、'.join(CATALOGUE)}。")
        try:
            figures = run(scenario, lambda stage: self.stderr.write(f"{stage}……"))
        except KeyboardInterrupt:
            raise CommandError("中断了，这个情景的库结构已经删掉。") from None
        self.stdout.write(json.dumps(figures, ensure_ascii=False))
