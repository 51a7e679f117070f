"""Keeping the district's categories: add, change, end. Nothing is deleted."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from louzhang.areas.keeping import put_columns, reason_to_end, refuse_first
from louzhang.areas.rights import refuse_keeping
from louzhang.journal.actions import record
from louzhang.journal.actor import Actor
from louzhang.journal.models import Audience
from louzhang.journal.refusals import Conflict, InputRefused
from louzhang.workorders.models import Category, Handling

QUESTION_KINDS = {"text": "自己填写", "choice": "选一个"}
QUESTIONS_AT_MOST = 8
# An answer is posted as `answer_KEY`; this one is how the reporter wants to be answered.
TAKEN_KEYS = frozenset({"way"})
HOURS_AT_MOST = 24 * 365
KEEP_DAYS_AT_LEAST = 30
METRES_AT_MOST = 5_000
_LETTERS = re.compile("[a-z]{2}")
# The columns an administrator may change, and what they are called.
COLUMNS = {
    "name": "名称",
    "letters": "两字母",
    "promised_hours": "承诺时限",
    "is_urgent": "紧急",
    "handling": "办理方式",
    "photo_reason": "必须拍照的理由",
    "is_verified_on_spot": "结案前现场核实",
    "keywords": "联想词",
    "questions": "补充问题",
    "keep_days": "保留天数",
    "position": "排序",
    "official_code": "国标代码",
    "is_public_space": "公共地方的事",
    "same_metres": "相同的距离",
    "same_hours": "相同的时间",
    "groups_bursts": "成批提示合并",
}


def add_category(
    *, parent: Category | None, code: str, name: str, actor: Actor, at: datetime, **columns: Any
) -> Category:
    """Add a group (no parent) or a category below a group.

    Raises `InputRefused` for what is missing or wrong, `Conflict` for a code or letters in use.
    """
    refuse_keeping(actor)
    if parent is not None and (parent.parent_id is not None or parent.ended_at is not None):
        raise InputRefused("类别只有两级，请选一个在用的大类。", field="parent")
    row = Category(parent=parent, code=code.strip(), name=name.strip())
    put_columns(row, columns, COLUMNS)
    _refuse_wrong(row)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            facts = {"code": row.code, "name": row.name}
            record(row, "add", actor=actor, at=at, audience=Audience.DESK, payload=facts)
    except IntegrityError as error:
        raise _clash(error, row) from None
    return row


def change_category(*, category: Category, actor: Actor, at: datetime, **columns: Any) -> Category:
    """Change what is said of a category; orders already made keep their promised time.

    Raises `InputRefused`, `Conflict` for letters in use, an ended category, or a change between
    complaint and other handling while orders of it exist: whom they are hidden from hangs on it.
    """
    refuse_keeping(actor)
    try:
        with transaction.atomic():
            row = Category.objects.select_for_update(no_key=True).get(pk=category.pk)
            if row.ended_at is not None:
                raise Conflict("这个类别已经停用，不能再改。")
            changed = put_columns(row, columns, COLUMNS)
            if "handling" in changed and row.orders.exists():
                raise Conflict("已经有工单用这个类别，办理方式不能再改。请停用它，另建一个。", field="handling")
            _refuse_wrong(row)
            if changed:
                facts = {"name": row.name, "changed": [COLUMNS[name] for name in changed]}
                record(row, "change", actor=actor, at=at, audience=Audience.DESK, payload=facts, save=changed)
    except IntegrityError as error:
        raise _clash(error, row) from None
    return row


def end_category(*, category: Category, reason: str, actor: Actor, at: datetime) -> Category:
    """End a category: nothing new is reported under it; its orders stay as they are.

    Raises `Conflict` for a group with categories in use, or one that has ended.
    """
    refuse_keeping(actor)
    why = reason_to_end(reason)
    with transaction.atomic():
        row = Category.objects.select_for_update(no_key=True).get(pk=category.pk)
        if row.ended_at is not None:
            raise Conflict("这个类别已经停用了。")
        if row.children.filter(ended_at=None).exists():
            raise Conflict("这个大类下面还有在用的类别，请先停用它们。")
        row.ended_at = at
        facts = {"name": row.name, "reason": why}
        record(row, "end", actor=actor, at=at, audience=Audience.DESK, payload=facts, save=["ended_at"])
    return row


def _refuse_wrong(row: Category) -> None:
    letters = row.letters
    wrong = {
        "name": not row.name and "请填写名称。",
        "code": not row.code and "请填写代号。",
        "letters": letters and not _LETTERS.fullmatch(letters) and "两字母要是两个小写英文字母，比如 ls。",
        "promised_hours": not 1 <= row.promised_hours <= HOURS_AT_MOST and "承诺时限在 1 小时到一年之间。",
        "keep_days": row.keep_days < KEEP_DAYS_AT_LEAST
        and f"个人信息至少保留 {KEEP_DAYS_AT_LEAST} 天，否则居民来不及查询和评价。",
        "handling": row.handling not in Handling.values and "请选择办理方式。",
        "is_public_space": row.is_public_space
        and row.handling != Handling.PLAIN
        and "投诉和保护的事不能公开给邻居，请不要勾选“公共地方的事”。",
        "same_metres": not 1 <= row.same_metres <= METRES_AT_MOST and f"相同的距离在 1 到 {METRES_AT_MOST} 米之间。",
        "same_hours": not 1 <= row.same_hours <= HOURS_AT_MOST and "相同的时间在 1 小时到一年之间。",
    }
    refuse_first(wrong)
    _refuse_questions(row.questions)


def _refuse_questions(questions: list[dict[str, Any]]) -> None:
    if len(questions) > QUESTIONS_AT_MOST:
        raise InputRefused(f"补充问题最多 {QUESTIONS_AT_MOST} 个。", field="questions")
    for number, question in enumerate(questions, start=1):
        if not question.get("label"):
            raise InputRefused(f"第 {number} 个补充问题没有写问什么。", field="questions")
        if question.get("kind") not in QUESTION_KINDS:
            raise InputRefused(f"第 {number} 个补充问题请选怎么答。", field="questions")
        if question["kind"] == "choice" and len(question.get("choices", [])) < 2:
            raise InputRefused(f"第 {number} 个补充问题要有两个以上选项，用逗号隔开。", field="questions")
        if question.get("key") in TAKEN_KEYS:
            words = f"第 {number} 个补充问题的代号 {question['key']} 已有别的用处，请删掉这一行，再新写一行。"
            raise InputRefused(words, field="questions")
    keys = [question["key"] for question in questions]
    if len(set(keys)) != len(keys):
        raise InputRefused("有两个补充问题一样，请删掉一个。", field="questions")


def _clash(error: IntegrityError, row: Category) -> Conflict:
    if "letters" in str(error):
        return Conflict(f"两字母 {row.letters} 已经给了别的类别，请换两个。", field="letters")
    return Conflict(f"代号 {row.code} 已经在用，请换一个。", field="code")
