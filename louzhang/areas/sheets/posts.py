"""任职 by file: who, in which post, at which area or unit, from when to when, with whom beside.

A person is named by phone number, or by the number an export gives instead of it (`User.uid`): phones
never leave by a list.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from louzhang.accounts.models import User
from louzhang.accounts.queries import by_typed_phone
from louzhang.areas import actions
from louzhang.areas.forms.people import RegisterPersonForm
from louzhang.areas.forms.units import usual_kind
from louzhang.areas.models import Area, Post, PostKind, Title, Unit
from louzhang.areas.queries.finding_people import appointable_person
from louzhang.areas.rights import areas_visible_to, posts_visible_to, units_visible_to
from louzhang.areas.roles import Role
from louzhang.areas.sheets.cells import choice_of, day_of, judged
from louzhang.areas.sheets.frame import INFORMING, Bring, Cells, Column, Outcome, Sheet, Told, compared
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import Conflict, InputRefused, NotThere
from louzhang.kit import clock

ROLES = {role.label: role for role in Role}
KINDS = {kind.label: kind.value for kind in PostKind}
COLUMNS = (
    Column("姓名", "登记的姓名。", "王小芳", is_needed=True),
    Column("手机号", "用来登录的手机号；没有登记过的人按姓名和手机号登记。和人员编号填一样就行。", "13900000000"),
    Column("人员编号", "导出的文件里有，代替手机号；导出的文件没有手机号。"),
    Column("职务", "职务名称，或角色的名称，见“职务”表。", Role.CHIEF.label, is_needed=True),
    Column("角色", "可以不填；职务名称停用后靠它认出以前的任职。"),
    Column("地点编码", "在哪个地点任职，见“地点”表。地点编码和单位填一样。", "B1"),
    Column("单位", "在哪个承办单位任职，填单位名称，见“单位”表。"),
    Column("在哪里", INFORMING, is_read=False),
    Column(
        "性质", f"可以填：{'、'.join(KINDS)}；不填时，楼长和单元长是志愿，其他是在编在岗。", PostKind.VOLUNTEER.label
    ),
    Column("从", "从哪天起；不填就是今天。", "2026-03-02"),
    Column("到", "到哪天止，这一天不再任职；没有定就不填。"),
    Column("替岗人", "可以不填；要是登记过的人，同时填替岗人手机号或替岗人编号。"),
    Column("替岗人手机号", "和替岗人编号填一样就行。"),
    Column("替岗人编号", "导出的文件里有，代替手机号。"),
)
HEAD = tuple(column.name for column in COLUMNS if column.name not in {"手机号", "替岗人手机号"})
NOT_OPEN = "这个号码已经有账号并且有任职，不在您的范围内，请联系上一级办公室。"


@dataclass(frozen=True, slots=True)
class _Line:
    """One line, understood but for its people."""

    role: Role
    title: str
    area: Area | None
    unit: Unit | None
    kind: str
    starts_on: date | None
    ends_on: date | None


def opened(actor: Actor, at: datetime) -> Bring:
    """Carry in one post by the verbs of the appoint page."""
    titles = {title.name: title for title in Title.objects.filter(ended_at=None)}

    def bring(cells: Cells) -> Told:
        line = _read(cells, actor, titles)
        person = _find(cells, "手机号", "人员编号")
        what = f"{cells.get('姓名', '')}，{cells.get('职务', '')}"
        standing = _standing(person, line, actor, at)
        if standing is not None:
            return _compared(standing, line, cells, what)
        post = _appoint(cells, line, person, titles, actor, at)
        return Told(Outcome.ADDED, what, str(post.area or post.unit))

    return bring


def _read(cells: Cells, actor: Actor, titles: Mapping[str, Title]) -> _Line:
    role, title = _role(cells, titles)
    area, unit = _place(cells, actor)
    starts_on, ends_on = day_of(cells.get("从", ""), "从"), day_of(cells.get("到", ""), "到")
    kind = choice_of(cells["性质"], KINDS, "性质") if cells.get("性质") else usual_kind(role)
    return _Line(role, title, area, unit, kind, starts_on, ends_on)


def _role(cells: Cells, titles: Mapping[str, Title]) -> tuple[Role, str]:
    """The role, and the name of the title where the post has one."""
    said = cells.get("职务", "")
    if not said:
        raise InputRefused("请填写职务。")
    if cells.get("角色"):
        role = Role(choice_of(cells["角色"], ROLES, "角色"))
        return role, "" if said == role.label else said
    if said in titles:
        return Role(titles[said].role), said
    return Role(choice_of(said, ROLES, "职务")), ""


def _place(cells: Cells, actor: Actor) -> tuple[Area | None, Unit | None]:
    """Exactly one area or unit in scope, one in use before one that has ended."""
    code, name = cells.get("地点编码", ""), cells.get("单位", "")
    if bool(code) == bool(name):
        raise InputRefused("地点编码和单位要填一样，只填一样。")
    if code:
        areas = areas_visible_to(actor).filter(code=code).select_related("level").defer("outline")
        area: Area | None = areas.order_by("-ended_at").first()
        if area is None:
            raise InputRefused(f"没有编码为“{code[:30]}”的地点，或它不在您的范围内。")
        return area, None
    units = units_visible_to(actor).filter(name=name).prefetch_related("served_areas__area")
    unit = units.order_by("-ended_at").first()
    if unit is None:
        raise InputRefused(f"没有叫“{name[:30]}”的单位，或它不在您的范围内。")
    return None, unit


def _find(cells: Cells, phone_column: str, number_column: str) -> User | None:
    """The person with an account that a line names; None for a phone nobody has."""
    phone, number = cells.get(phone_column, ""), cells.get(number_column, "")
    if not number:
        return by_typed_phone(phone)
    try:
        uid = uuid.UUID(number)
    except ValueError:
        raise InputRefused(f"{number_column}“{number[:36]}”不对，请照导出的文件填。") from None
    person = User.objects.filter(uid=uid, ended_at=None).first()
    if person is None:
        raise InputRefused(f"没有这个{number_column}的人，请改填{phone_column}。")
    if phone and by_typed_phone(phone) != person:
        raise InputRefused(f"{phone_column}和{number_column}不是同一个人，请只填一样。")
    return person


def _standing(person: User | None, line: _Line, actor: Actor, at: datetime) -> Post | None:
    """The post of the same person, role and place, from the same day or, where none is said, standing now."""
    if person is None:
        return None
    posts = posts_visible_to(actor).filter(user=person, role=line.role, area=line.area, unit=line.unit)
    if line.starts_on is not None:
        posts = posts.filter(starts_on=line.starts_on)
    else:
        posts = posts.filter(Q(ends_on=None) | Q(ends_on__gt=clock.local_date(at)))
    post: Post | None = posts.select_related("user", "stand_in", "title").order_by("-pk").first()
    return post


def _compared(post: Post, line: _Line, cells: Cells, what: str) -> Told:
    pairs = {
        "姓名": (post.user.name, cells.get("姓名", "")),
        "职务": (post.title.name if post.title else "", line.title),
        "性质": (post.kind, line.kind if cells.get("性质") else post.kind),
        "到": (post.ends_on, line.ends_on),
        "替岗人": (post.stand_in.name if post.stand_in else "", cells.get("替岗人", "")),
    }
    return compared({label: pair for label, pair in pairs.items() if label in cells}, what)


def _appoint(
    cells: Cells, line: _Line, person: User | None, titles: Mapping[str, Title], actor: Actor, at: datetime
) -> Post:
    if line.title and line.title not in titles:
        raise InputRefused(f"没有“{line.title[:20]}”这个职务名称，或它已停用。请对照样表里的“职务”填写。")
    starts_on = line.starts_on or clock.local_date(at)
    if line.ends_on is not None and line.ends_on <= starts_on:
        raise InputRefused("结束的日期要在开始的日期以后。")
    terms: dict[str, Any] = {
        "role": line.role,
        "area": line.area,
        "unit": line.unit,
        "kind": line.kind,
        "title": titles[line.title] if line.title else None,
        "starts_on": starts_on,
        "ends_on": line.ends_on,
        "stand_in": _stand_in(cells, actor, at),
    }
    if person is None:
        said = judged(RegisterPersonForm({"name": cells.get("姓名", ""), "phone": cells.get("手机号", "")}))
        return actions.appoint_newcomer(actor=actor, at=at, **said, **terms)
    known = _open(actor, person, cells.get("姓名", ""), at)
    return actions.appoint_known(user=known, actor=actor, at=at, **terms)


def _stand_in(cells: Cells, actor: Actor, at: datetime) -> User | None:
    columns = ("替岗人", "替岗人手机号", "替岗人编号")
    if not any(cells.get(column) for column in columns):
        return None
    person = _find(cells, *columns[1:])
    if person is None:
        raise InputRefused("没有找到替岗人，请填替岗人手机号；替岗人要先登记。")
    return _open(actor, person, cells.get("替岗人", ""), at, "替岗人")


def _open(actor: Actor, person: User, name: str, at: datetime, label: str = "姓名") -> User:
    """The person, if the actor may appoint them and the name is theirs."""
    try:
        found = appointable_person(actor, person.uid, at)
    except NotThere:
        raise Conflict(NOT_OPEN) from None
    if found.name != name:
        raise InputRefused(f"这个号码登记的是另一个姓名，请核对{label}和号码。")
    return found


def choices(actor: Actor) -> Mapping[str, Sequence[Sequence[str]]]:
    """Titles, places and units, to choose from."""
    titles = Title.objects.filter(ended_at=None).order_by("role", "name")
    areas = areas_visible_to(actor).current().select_related("level").only("code", "name", "level__name")
    units = units_visible_to(actor).filter(ended_at=None, office_area=None).order_by("name_key", "pk")
    return {
        "职务": [
            ["职务", "角色"],
            *([title.name, Role(title.role).label] for title in titles),
            *([r, r] for r in ROLES),
        ],
        "地点": [["地点编码", "名称", "层级"], *([area.code, area.name, area.level.name] for area in areas)],
        "单位": [["单位"], *([unit.name] for unit in units)],
    }


POSTS = Sheet(name="任职", columns=COLUMNS, opened=opened, lists=choices)
