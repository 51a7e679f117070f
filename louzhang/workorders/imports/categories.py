"""类别 by file: groups and categories, one line each, with their extra questions in one cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms

from louzhang.areas.sheets import Bring, Column, Outcome, Sheet, Told, compared
from louzhang.areas.sheets.cells import choice_of, judged
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import InputRefused
from louzhang.kit import clock
from louzhang.workorders.actions import add_category
from louzhang.workorders.actions.categorising import QUESTIONS_AT_MOST
from louzhang.workorders.forms.categories import AddCategoryForm, AddGroupForm, QuestionForm, split
from louzhang.workorders.models import Category, Handling

Cells = Mapping[str, str]
HANDLINGS = {kind.label: kind.value for kind in Handling}
YES, MUST = {"是": "on", "否": ""}, "必答"
PARTING = str.maketrans({"|": "｜", "；": "，", ";": "，"})
OFFICIAL_AT_MOST = 20
COLUMNS = (
    Column("代号", "接口和文件用的英文代号，不能重复；已经有的跳过，不改动。", "pipe-leak", is_needed=True),
    Column("大类", "属于哪个大类，填名称或代号；不填，这一行就是一个大类。", "设施"),
    Column("名称", "居民看到的名称。", "水管漏水", is_needed=True),
    Column("两字母", "两个小写英文字母，不能和别的类别相同；可以不填。", "ls"),
    Column("承诺时限（小时）", "不填是 72 小时。", "24"),
    Column("紧急", "是或否。", "否"),
    Column("办理方式", f"可以填：{'、'.join(HANDLINGS)}；不填是{Handling.PLAIN.label}。", Handling.PLAIN.label),
    Column("必须拍照的理由", "写了理由，办结时就一定要有照片；一般不填。"),
    Column("联想词", "居民常说的词，用空格隔开。", "水管 漏水 爆管"),
    Column(
        "补充问题",
        f"问什么|选项，选项|{MUST}；后两段可以不写。几个之间用分号隔开，最多 {QUESTIONS_AT_MOST} 个。",
        "几楼漏水|必答",
    ),
    Column("保留天数", "结案多少天以后抹去个人信息；不填是 1095 天。", "1095"),
    Column("排序", "小的排在前面；不填是 0。", "1"),
    Column("国标代码", "有就填。"),
    Column("相同的距离（米）", "相距不超过这么远的提示可能是同一件事；不填是 50 米。", "50"),
    Column("相同的时间（小时）", "前后相差不超过这么久的才提示；不填是 72 小时。", "72"),
    Column("成批提示合并", "是或否。", "否"),
    Column("公共地方的事", "是或否；是的可以公开一句说明给邻居。", "否"),
    Column("结案前现场核实", "是或否；是的要有人到现场看过才能结案。", "否"),
    Column("停用时间", "填了的行不导入。"),
)
HEAD = tuple(column.name for column in COLUMNS)
# Columns whose words go through the form as they are typed, and the field each is.
FIELDS = {
    "代号": "code",
    "名称": "name",
    "两字母": "letters",
    "承诺时限（小时）": "promised_hours",
    "必须拍照的理由": "photo_reason",
    "联想词": "keywords",
    "保留天数": "keep_days",
    "排序": "position",
    "相同的距离（米）": "same_metres",
    "相同的时间（小时）": "same_hours",
}
# Columns of yes or no.
SWITCHES = {"紧急": "is_urgent", "成批提示合并": "groups_bursts", "公共地方的事": "is_public_space",
            "结案前现场核实": "is_verified_on_spot"}  # fmt: skip


def line_of(row: Category, groups: Mapping[str, int]) -> tuple[object, ...]:
    """A category as a line of the file; `groups` counts the groups by name, so that a code stands in for one of two."""
    return (
        row.code, _group_name(row, groups), row.name, row.letters, row.promised_hours,
        "是" if row.is_urgent else "", Handling(row.handling).label, row.photo_reason, row.keywords,
        _asked(row.questions), row.keep_days, row.position, row.official_code,
        row.same_metres, row.same_hours, "是" if row.groups_bursts else "", "是" if row.is_public_space else "",
        "是" if row.is_verified_on_spot else "",
        clock.local(row.ended_at).date() if row.ended_at else "",
    )  # fmt: skip


def _group_name(row: Category, groups: Mapping[str, int]) -> str:
    if row.parent is None:
        return ""
    return row.parent.name if groups.get(row.parent.name, 0) == 1 else row.parent.code


def _asked(questions: Sequence[Mapping[str, Any]]) -> str:
    return "；".join(
        "|".join(
            part
            for part in (
                _plain(question["label"]),
                "，".join(_plain(choice) for choice in question.get("choices", [])),
                MUST if question.get("required") else "",
            )
            if part
        )
        for question in questions
    )


def _plain(words: str) -> str:
    """Words without the signs that part a cell."""
    return " ".join(words.translate(PARTING).split())


def opened(actor: Actor, at: datetime) -> Bring:
    """Carry in one group or category by `add_category`."""

    def bring(cells: Cells) -> Told:
        what = cells.get("名称", "")
        if cells.get("停用时间"):
            return Told(Outcome.ENDED, what)
        parent = _parent(cells.get("大类", ""))
        said = _said(cells, parent)
        standing = Category.objects.filter(code=said["code"], ended_at=None).first()
        if standing is not None:
            return _compared(standing, parent, said, cells)
        add_category(parent=parent, actor=actor, at=at, **said)
        return Told(Outcome.ADDED, what, parent.name if parent else "大类")

    return bring


def _parent(typed: str) -> Category | None:
    if not typed:
        return None
    groups = Category.objects.filter(parent=None, ended_at=None)
    found = list(groups.filter(code=typed)) or list(groups.filter(name=typed))
    if not found:
        raise InputRefused(f"没有“{typed[:30]}”这个大类，请先新增它，或在文件里也写上它这一行。")
    if len(found) > 1:
        raise InputRefused(f"有 {len(found)} 个大类叫“{typed[:30]}”，请改填代号。")
    return found[0]


def _said(cells: Cells, parent: Category | None) -> dict[str, Any]:
    """What the forms of the pages understand of a line."""
    form_class: type[AddGroupForm | AddCategoryForm] = AddGroupForm if parent is None else AddCategoryForm
    typed = {name: cells.get(heading) or _usual(form_class, name) for heading, name in FIELDS.items()}
    if parent is None:
        return judged(AddGroupForm(typed))
    typed["handling"] = choice_of(cells.get("办理方式") or Handling.PLAIN.label, HANDLINGS, "办理方式")
    typed |= {name: choice_of(cells.get(label) or "否", YES, label) for label, name in SWITCHES.items()}
    said = judged(AddCategoryForm(typed | {"parent": parent.pk}, groups=[parent]))
    del said["parent"]
    official = cells.get("国标代码", "")
    if len(official) > OFFICIAL_AT_MOST:
        raise InputRefused(f"国标代码最多 {OFFICIAL_AT_MOST} 个字，请缩短。")
    return said | {"official_code": official, "questions": _questions(cells.get("补充问题", ""))}


def _usual(form_class: type[forms.Form], name: str) -> Any:
    field = form_class.base_fields.get(name)
    return "" if field is None or field.initial is None else field.initial


def _questions(cell: str) -> list[dict[str, Any]]:
    lines = [line.strip() for line in cell.replace("\n", "；").split("；") if line.strip()]
    return [_question(f"q{number}", line) for number, line in enumerate(lines, start=1)]


def _question(key: str, line: str) -> dict[str, Any]:
    label, *more = (part.strip() for part in line.split("|"))
    choices = [part for part in more if part and part != MUST]
    if len(choices) > 1:
        raise InputRefused(f"补充问题“{label[:20]}”里的竖线多了，请写成：问什么|选项，选项|{MUST}。")
    typed = {"label": label, "kind": "choice" if choices else "text", "choices": "".join(choices)}
    said = judged(QuestionForm(typed))
    question = {"key": key, "label": said["label"], "kind": said["kind"], "required": MUST in more}
    return question | ({"choices": split(said["choices"])} if choices else {})


def _compared(row: Category, parent: Category | None, said: Mapping[str, Any], cells: Cells) -> Told:
    columns = FIELDS if parent is not None else {"名称": "name", "排序": "position"}
    columns = columns | (SWITCHES | {"办理方式": "handling", "国标代码": "official_code"} if parent else {})
    pairs: dict[str, tuple[Any, Any]] = {label: (getattr(row, name), said[name]) for label, name in columns.items()}
    pairs["大类"] = (row.parent_id, parent.pk if parent else None)
    if parent is not None:
        pairs["补充问题"] = (_asked(row.questions), _asked(said["questions"]))
    return compared({label: pair for label, pair in pairs.items() if label in cells}, row.name)


def groups_first(cells: Cells) -> int:
    """Groups come before what lies below them."""
    return 1 if cells.get("大类") else 0


def groups_to_choose(actor: Actor) -> Mapping[str, Sequence[Sequence[str]]]:
    """The groups in use, to choose from."""
    groups = Category.objects.filter(parent=None, ended_at=None).order_by("position", "pk")
    return {"大类": [["大类", "代号"], *([group.name, group.code] for group in groups)]}


CATEGORIES = Sheet(name="类别", columns=COLUMNS, opened=opened, rank=groups_first, lists=groups_to_choose)
