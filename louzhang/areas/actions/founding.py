"""Founding a real district: its root, its levels' names, its first people, and how they sign in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from louzhang.accounts.actions import issue_sign_in_code, register_person
from louzhang.accounts.models import User
from louzhang.areas.actions.calendar import fill_coming_years
from louzhang.areas.actions.posts import appoint_post
from louzhang.areas.actions.tree import found_root, lock_tree
from louzhang.areas.actions.units import change_setting
from louzhang.areas.models import Area, AreaLevel, LevelKind, Post, PostKind
from louzhang.areas.queries import district
from louzhang.areas.roles import KEEPER_ROLES, Role
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import Conflict, InputRefused
from louzhang.kit.phones import InvalidPhone, normal_phone

PREFIX = re.compile(r"[A-Z]{2,4}")
LEVEL_NAME_LENGTH = 20


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A person to be registered: the name and the number they sign in with."""

    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class FirstPerson:
    """Somebody who can sign in now, with the one-time code in plain, this once."""

    user: User
    role: Role
    code: str


@dataclass(frozen=True, slots=True)
class Founded:
    """The district and the people who can sign in."""

    root: Area
    people: Sequence[FirstPerson]


def found_district(
    *,
    name: str,
    code: str,
    order_prefix: str,
    keepers: Mapping[Role, Newcomer],
    actor: Actor,
    at: datetime,
    desk: Newcomer | None = None,
    level_names: Mapping[str, str] | None = None,
    settings: Mapping[str, str] | None = None,
) -> Founded:
    """Found a district with its three administrators, who are three people (三员分立), and, if
    wished, a first person in its office; each gets a one-time code. Its working calendar is filled.

    A bare root that an import has made is taken over; a district with people in it is refused.

    Raises `InputRefused` for what is missing or wrong, `Conflict` where a district stands.
    """
    _refuse_input(name, code, order_prefix, level_names or {})
    newcomers = _newcomers(keepers, desk)
    with transaction.atomic():
        lock_tree()
        root = _root(name.strip(), code.strip(), actor, at)
        for kind, level_name in (level_names or {}).items():
            AreaLevel.objects.filter(kind=kind).update(name=level_name)
        for key, value in ({"place_name": root.name, "order_prefix": order_prefix} | dict(settings or {})).items():
            change_setting(key=key, value=value, actor=actor, at=at)
        fill_coming_years(actor=actor, at=at)
        users = [(_settle(newcomer, role, root, actor, at), role) for role, newcomer in newcomers]
        issuer = users[0][0]
        people = [
            FirstPerson(user, role, issue_sign_in_code(user=user, issuer=issuer, actor=actor, at=at))
            for user, role in users
        ]
    return Founded(root=root, people=people)


def _refuse_input(name: str, code: str, order_prefix: str, level_names: Mapping[str, str]) -> None:
    if not name.strip() or not code.strip():
        raise InputRefused("请填写区县的名称和编码。", field="name")
    if not PREFIX.fullmatch(order_prefix):
        raise InputRefused("工单号前缀要是两到四个大写字母，例如 XH。", field="order_prefix")
    for kind, level_name in level_names.items():
        if kind not in LevelKind.values:
            raise InputRefused(f"不认识层级“{kind}”，可以填：{'、'.join(LevelKind.values)}。", field="level_names")
        if not 0 < len(level_name) <= LEVEL_NAME_LENGTH:
            raise InputRefused(f"层级名称要在 1 到 {LEVEL_NAME_LENGTH} 字之间。", field="level_names")


def _newcomers(keepers: Mapping[Role, Newcomer], desk: Newcomer | None) -> list[tuple[Role, Newcomer]]:
    missing = [role.label for role in KEEPER_ROLES if role not in keepers]
    if missing:
        raise InputRefused(f"请指定{'、'.join(missing)}。", field="keepers")
    chosen = [(role, keepers[role]) for role in KEEPER_ROLES]
    chosen += [(Role.OFFICE_STAFF, desk)] if desk else []
    numbers: set[str] = set()
    for role, newcomer in chosen:
        try:
            number = normal_phone(newcomer.phone)
        except InvalidPhone as refusal:
            raise InputRefused(f"{role.label}：{refusal}", field=role) from None
        if not newcomer.name.strip():
            raise InputRefused(f"{role.label}：请填写姓名。", field=role)
        if number in numbers:
            raise InputRefused(
                "系统、安全、审计管理员和工作人员要是不同的人，各用各的电话号码，请另选一位。", field=role
            )
        numbers.add(number)
    return chosen


def _root(name: str, code: str, actor: Actor, at: datetime) -> Area:
    root = district()
    if root is None:
        return found_root(name=name, code=code, actor=actor, at=at)
    if Post.objects.exists():
        raise Conflict(f"这里已经建好了“{root.name}”，不能再建一个。要另建一个区县，请用另一个数据库。")
    if (root.name, root.code) != (name, code):
        raise Conflict(f"已经导入了“{root.name}”（编码 {root.code}），请用同样的名称和编码，或换一个空的数据库。")
    return root


def _settle(newcomer: Newcomer, role: Role, root: Area, actor: Actor, at: datetime) -> User:
    user = register_person(name=newcomer.name, phone=newcomer.phone, actor=actor, at=at)
    appoint_post(user=user, role=role, area=root, kind=PostKind.PAID, actor=actor, at=at)
    return user
