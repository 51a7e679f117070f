"""`manage.py found_district`: a real district, ready for its first people."""

import argparse
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from louzhang.accounts.actions.signing_in import CODE_HOURS
from louzhang.areas.actions import Founded, Newcomer, found_district
from louzhang.areas.models import LevelKind, Post
from louzhang.areas.queries import district
from louzhang.areas.roles import KEEPER_ROLES, Role
from louzhang.journal.actor import SYSTEM
from louzhang.journal.refusals import Refusal
from louzhang.kit import clock
from louzhang.kit.codes import SIGN_IN_DIGITS
from louzhang.register.actions import lay_down_kinds
from louzhang.register.actions.assessing import lay_down_assessments
from louzhang.register.actions.caring import lay_down_care_kinds
from louzhang.workorders.actions import load_preset, load_starter_categories

QUESTIONS = {
    "name": "区县名称（例如 溪湖区）",
    "code": "区县编码（六位行政区划代码）",
    "prefix": "工单号前缀（两到四个大写字母）",
}
PEOPLE = {**{role: role.value for role in KEEPER_ROLES}, Role.OFFICE_STAFF: "desk"}


class Command(BaseCommand):
    """Found the district and print the first people's sign-in codes, once."""

    help = "建立一个真实的区县：根、办公室、类别、三位管理员和他们的一次性登录码。没有给出的内容会逐项询问。"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Take everything as options, so that it can run unasked."""
        for option, question in QUESTIONS.items():
            parser.add_argument(f"--{option}", help=question)
        for role, option in PEOPLE.items():
            flag = f"--{option.replace('_', '-')}"
            parser.add_argument(flag, nargs=2, metavar=("NAME", "PHONE"), dest=option, help=f"{role.label}：姓名 电话")
        parser.add_argument("--hotline", default="", help="公开的服务电话，可以以后再填")
        parser.add_argument(
            "--level",
            action="append",
            default=[],
            metavar="KIND=NAME",
            help=f"本区自己的层级名称，例如 grid=网格；KIND 为 {'、'.join(LevelKind.values)}",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask for what is missing, found, and tell the codes."""
        root = district()
        if root is not None and Post.objects.exists():
            raise CommandError(f"这里已经建好了“{root.name}”，不能再建一个。要另建一个区县，请用另一个数据库。")
        words = {option: options[option] or self._ask(option, question) for option, question in QUESTIONS.items()}
        keepers = {role: self._newcomer(role, options[PEOPLE[role]]) for role in KEEPER_ROLES}
        at = clock.now()
        try:
            with transaction.atomic():
                founded = found_district(
                    name=words["name"],
                    code=words["code"],
                    order_prefix=words["prefix"].strip().upper(),
                    keepers=keepers,
                    desk=self._desk(options["desk"]),
                    level_names=_level_names(options["level"]),
                    settings={"hotline": options["hotline"]} if options["hotline"] else {},
                    actor=SYSTEM,
                    at=at,
                )
                categories = load_starter_categories(actor=SYSTEM, at=at)
                load_preset(key="plain", actor=SYSTEM, at=at)
                lay_down_kinds(actor=SYSTEM, at=at)
                lay_down_care_kinds(actor=SYSTEM, at=at)
                lay_down_assessments(actor=SYSTEM, at=at, in_use=False)
        except Refusal as refusal:
            raise CommandError(f"没有建立。{refusal}") from None
        self._tell(founded, categories)

    def _newcomer(self, role: Role, given: list[str] | None) -> Newcomer:
        if given:
            return Newcomer(*given)
        option = PEOPLE[role].replace("_", "-")
        return Newcomer(self._ask(option, f"{role.label}的姓名"), self._ask(option, f"{role.label}的手机号"))

    def _desk(self, given: list[str] | None) -> Newcomer | None:
        if given:
            return Newcomer(*given)
        if not sys.stdin.isatty():
            return None
        name = self._ask("desk", "指挥中心第一位工作人员的姓名（没有就直接回车）")
        return Newcomer(name, self._ask("desk", "这位工作人员的手机号")) if name else None

    def _ask(self, option: str, question: str) -> str:
        if not sys.stdin.isatty():
            raise CommandError(f"没有建立。缺少“{question}”，请加上 --{option}，或在终端里运行后回答。")
        return input(f"{question}：").strip()

    def _tell(self, founded: Founded, categories: int) -> None:
        self.stdout.write(
            f"“{founded.root.name}”建好了，办公室是“{founded.root.office.name}”，类别 {categories} 个，时限先用示例。"
        )
        self.stdout.write(f"下面的登录码只显示这一次，{CODE_HOURS} 小时内有效，各用一次，请分别交给本人：")
        half = SIGN_IN_DIGITS // 2
        for person in founded.people:
            code = f"{person.code[:half]} {person.code[half:]}"
            self.stdout.write(f"  {person.role.label}  {person.user.name}  {code}")
        self.stdout.write(
            "接下来：manage.py import_areas FILE --root CODE 导入街道和社区，再由系统管理员登录添加人员。"
        )


def _level_names(given: list[str]) -> dict[str, str]:
    names = {}
    for pair in given:
        kind, separator, name = pair.partition("=")
        if not separator:
            raise CommandError(f"没有建立。--level 要写成 KIND=NAME，例如 grid=网格，现在是“{pair}”。")
        names[kind.strip()] = name.strip()
    return names
