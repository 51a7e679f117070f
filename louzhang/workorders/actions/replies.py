"""Keeping the reply templates: add, change, end. Nothing is deleted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from louzhang.areas.keeping import put_columns, reason_to_end, refuse_first
from louzhang.areas.rights import refuse_keeping
from louzhang.journal.actions import record
from louzhang.journal.actor import Actor
from louzhang.journal.models import Audience
from louzhang.journal.refusals import Conflict, InputRefused
from louzhang.workorders.models import Category, ReplyTemplate
from louzhang.workorders.plain_words import PLACEHOLDERS, REPLY_FIELDS, unknown_placeholders

# The columns that may be changed, and what they are called; a template keeps its step.
COLUMNS = {"category": "类别", "name": "名称", "words": "内容", "advice": "建议"}


def add_reply(
    *,
    step: str,
    category: Category | None,
    name: str,
    words: str,
    actor: Actor,
    at: datetime,
    advice: str = "",
) -> ReplyTemplate:
    """Add a template for a step of a category, a group or any (None).

    Raises `InputRefused` for what is missing or cannot be filled in, `Conflict` for a name in use.
    """
    refuse_keeping(actor)
    row = ReplyTemplate(step=step, category=category, name=name.strip(), words=words.strip(), advice=advice.strip())
    _refuse_wrong(row)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            _record(row, "add", actor, at)
    except IntegrityError:
        raise _taken(row) from None
    return row


def change_reply(*, reply: ReplyTemplate, actor: Actor, at: datetime, **columns: Any) -> ReplyTemplate:
    """Change a template; what was sent with it before stays as it was.

    Raises `InputRefused`, `Conflict` for a name in use or one that has ended.
    """
    refuse_keeping(actor)
    row = ReplyTemplate()
    try:
        with transaction.atomic():
            row = _standing(reply)
            changed = put_columns(row, columns, COLUMNS)
            _refuse_wrong(row)
            if changed:
                _record(row, "change", actor, at, {"changed": [COLUMNS[name] for name in changed]}, changed)
    except IntegrityError:
        raise _taken(row) from None
    return row


def end_reply(*, reply: ReplyTemplate, reason: str, actor: Actor, at: datetime) -> ReplyTemplate:
    """End a template: it is offered no more.

    Raises `InputRefused` without a reason, `Conflict` for one that has ended.
    """
    refuse_keeping(actor)
    why = reason_to_end(reason)
    with transaction.atomic():
        row = _standing(reply)
        row.ended_at = at
        _record(row, "end", actor, at, {"reason": why}, ["ended_at"])
    return row


def _standing(reply: ReplyTemplate) -> ReplyTemplate:
    rows = ReplyTemplate.objects.select_for_update(no_key=True, of=("self",)).select_related("category")
    row = rows.get(pk=reply.pk)
    if row.ended_at is not None:
        raise Conflict("这个模板已经停用了。")
    return row


def _taken(row: ReplyTemplate) -> Conflict:
    return Conflict(f"这一步、这个类别已经有叫“{row.name}”的模板了，请换个名称。", field="name")


def _refuse_wrong(row: ReplyTemplate) -> None:
    known = "、".join(f"{{{label}}}" for label in PLACEHOLDERS.values())
    strange = {name: unknown_placeholders(getattr(row, name)) for name in ("words", "advice")}
    category = row.category
    wrong = {
        "step": row.step not in REPLY_FIELDS and "请选择用在哪一步。",
        "name": not row.name and "请填写名称。",
        "words": not row.words and "请填写内容。",
        "category": category is not None and category.ended_at is not None and "这个类别已经停用，请另选一个。",
        "advice": bool(row.advice) and len(REPLY_FIELDS.get(row.step, ())) < 2 and "这一步没有建议这一栏，请留空。",
    }
    refuse_first(wrong)
    for field, names in strange.items():
        if names:
            raise InputRefused(f"不认识“{{{names[0]}}}”，花括号里可以用：{known}。", field=field)


def _record(
    row: ReplyTemplate,
    verb: str,
    actor: Actor,
    at: datetime,
    facts: dict[str, Any] | None = None,
    save: Iterable[str] = (),
) -> None:
    said = {"step": row.step, "category": row.category_id, "name": row.name, "words": row.words, "advice": row.advice}
    record(row, verb, actor=actor, at=at, audience=Audience.DESK, payload=said | (facts or {}), save=save)
