"""Sheets from above: kept as they came, mapped once, filled for a stated purpose; one public function a verb."""

from __future__ import annotations

import hashlib
import tempfile
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction

from louzhang.areas.models import Area, Unit
from louzhang.fieldwork.blanks import BY_NAME, WHOLE, Layout, proposed, read_blank
from louzhang.fieldwork.models import Bulletin, BulletinBlank, BulletinFill
from louzhang.fieldwork.models.bulletins import Span
from louzhang.fieldwork.queries.bulletins import Filled, blank_of, filled_with, remembered
from louzhang.fieldwork.values import value_called, values_for
from louzhang.journal.actions import record
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import Conflict, InputRefused, NotThere, NotYours, TooLarge, TransitionRefused
from louzhang.kit import clock
from louzhang.kit.filling import filled
from louzhang.kit.tables import BadTable
from louzhang.register.queries.offices import own_ward_of

MOST_BYTES = 5 * 1024 * 1024
MOST_CELLS = 5_000
PURPOSE = (4, 100)
NOT_OWNER = "这张报表由上传它的单位维护，您可以填写和下载。"
NOTHING_ASKED = "没有在这个表里认出要填的表头。请检查是不是选错了文件，表头要写明要什么，例如“户数”“60岁以上”。"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came."""

    name: str
    content: bytes


def keep_bulletin(
    *, name: str, above: str, span: str, unit: Unit, upload: Upload, actor: Actor, at: datetime,
    entry_id: uuid.UUID | None = None,
) -> Bulletin:  # fmt: skip
    """Keep a blank from above with a first mapping by its words. Raises `NotYours`, `InputRefused`, `Conflict`."""
    if actor.is_read_only or unit.pk not in actor.unit_ids:
        raise NotYours("报表由本单位的人上传。")
    words = " ".join(name.split())
    if not words:
        raise InputRefused("请写报表的名称。", field="name")
    layout = _layout(upload, actor, at)
    try:
        with transaction.atomic():
            bulletin = Bulletin.objects.create(
                name=words, above=" ".join(above.split()), span=Span(span).value, owner=unit, made_at=at
            )
            _add_blank(bulletin, upload, layout, 1, actor, at)
            _tell(bulletin, "keep", actor, at, entry_id=entry_id)
    except IntegrityError:
        raise Conflict("本单位已经有同名的报表。表样变了，请在那张报表里上传新版。", field="name") from None
    return bulletin


def renew_blank(
    *, uid: uuid.UUID, upload: Upload, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> BulletinBlank:
    """The blank has changed: a new version, mapped as far as its headings are the old ones."""
    layout = _layout(upload, actor, at)
    with transaction.atomic():
        bulletin = _locked(uid, actor)
        last = blank_of(bulletin)
        if last.digest == _digest(upload):
            raise Conflict("这和现在的空表是同一个文件，不用再上传。", field="file")
        blank = _add_blank(bulletin, upload, layout, last.number + 1, actor, at)
        _tell(bulletin, "renew", actor, at, entry_id=entry_id, number=blank.number)
    return blank


def map_blank(
    *, uid: uuid.UUID, number: int, mapping: Mapping[str, Any], actor: Actor, at: datetime,
    entry_id: uuid.UUID | None = None,
) -> BulletinBlank:  # fmt: skip
    """Say what each heading and line means. Raises `Conflict` where a newer blank has come meanwhile."""
    known = {value.code for value in values_for(actor, at)}
    with transaction.atomic():
        bulletin = _locked(uid, actor)
        blank = blank_of(bulletin)
        if blank.number != number:
            raise Conflict("这张报表刚上传了新的空表，请按新表再对应一次。")
        blank.mapping = _checked(blank.layout, mapping, known)
        blank.mapped_at = at
        blank.save(update_fields=["mapping", "mapped_at"])
        _tell(bulletin, "map", actor, at, entry_id=entry_id, number=number)
    return blank


def fill_bulletin(
    *, uid: uuid.UUID, area_id: int, since: date, until: date, purpose: str, actor: Actor, at: datetime
) -> tuple[Bulletin, Area, bytes, Filled]:
    """The blank filled for a place and days, taken away for a stated purpose: who took it is kept.

    Raises `NotThere`, `InputRefused` without a purpose or for days to come.
    """
    words = " ".join(purpose.split())
    if not PURPOSE[0] <= len(words) <= PURPOSE[1]:
        raise InputRefused("请写明填这张表做什么、交给哪里，4 到 100 个字。这会留下记录。", field="purpose")
    refuse_days(since, until, at)
    bulletin = Bulletin.objects.visible_to(actor).filter(uid=uid).first()
    if bulletin is None or actor.user_id is None:
        raise NotThere("没有找到这张报表，或它不在您的范围内。")
    blank, ward = blank_of(bulletin, with_file=True), own_ward_of(actor, area_id)
    made = filled_with(blank, ward.area, since, until, actor=actor, at=at)
    try:
        content = filled(bytes(blank.content), made.puts())
    except BadTable as error:
        raise InputRefused(str(error), field="file") from error
    with transaction.atomic():
        row = Bulletin.objects.select_for_update(no_key=True).get(pk=bulletin.pk)
        facts = {"number": blank.number, "since": since.isoformat(), "until": until.isoformat(), "gaps": len(made.gaps)}
        event = record(
            row, "fill", actor=actor, at=at, payload={"area": ward.area.pk, **facts}, words={"purpose": words}
        )
        BulletinFill.objects.create(
            blank=blank, area=ward.area, since=since, until=until, user_id=actor.user_id, at=at, seq=event.seq,
            cells=len(made.slots), gaps=len(made.gaps),
        )  # fmt: skip
    return bulletin, ward.area, content, made


def put_away_bulletin(*, uid: uuid.UUID, actor: Actor, at: datetime) -> Bulletin:
    """It is asked for no more; versions and what was taken stay."""
    with transaction.atomic():
        bulletin = _locked(uid, actor)
        bulletin.ended_at = at
        _tell(bulletin, "put_away", actor, at, "ended_at")
    return bulletin


def refuse_days(since: date, until: date, at: datetime) -> None:
    """Raise `InputRefused` for days in the wrong order or to come."""
    if since > until:
        raise InputRefused("开始不能晚于结束，请重新选日期。", field="since")
    if until > clock.local_date(at):
        raise InputRefused("统计的日子还没有到，请选今天或以前。", field="until")
    if (until - since).days > 3 * 366:
        raise InputRefused("一次最多统计三年，请缩短日期。", field="since")


def _locked(uid: uuid.UUID, actor: Actor) -> Bulletin:
    rows = Bulletin.objects.visible_to(actor).filter(uid=uid).select_for_update(no_key=True, of=("self",))
    bulletin = rows.first()
    if bulletin is None:
        raise NotThere("没有找到这张报表，或它不在您的范围内。")
    if actor.is_read_only or bulletin.owner_id not in actor.unit_ids:
        raise NotYours(NOT_OWNER)
    if bulletin.ended_at is not None:
        raise TransitionRefused("这张报表已经停用。要再用，请重新上传。")
    return bulletin


def _digest(upload: Upload) -> str:
    return hashlib.sha256(upload.content).hexdigest()


def _layout(upload: Upload, actor: Actor, at: datetime) -> Layout:
    """What was read of a file; raises `TooLarge`, `InputRefused` with the reason."""
    if len(upload.content) > MOST_BYTES:
        raise TooLarge("空表不能超过 5 MB。请删去图片或多余的工作表再上传。", field="file")
    values = values_for(actor, at)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "blank.xlsx"
        path.write_bytes(upload.content)
        try:
            layout = read_blank(path, lambda text: value_called(text, values))
        except BadTable as error:
            raise InputRefused(str(error), field="file") from error
    slots = sum(len(sheet["columns"]) * len(sheet["rows"]) + len(sheet["cells"]) for sheet in layout["sheets"])
    if not any(sheet["columns"] or sheet["cells"] for sheet in layout["sheets"]):
        raise InputRefused(NOTHING_ASKED, field="file")
    if slots > MOST_CELLS:
        raise TooLarge(f"这张表要填的格子超过 {MOST_CELLS} 个。请拆成几张再上传。", field="file")
    return layout


def _add_blank(
    bulletin: Bulletin, upload: Upload, layout: Layout, number: int, actor: Actor, at: datetime
) -> BulletinBlank:
    values = values_for(actor, at)
    mapping = proposed(layout, lambda text: value_called(text, values), remembered(actor))
    return BulletinBlank.objects.create(
        bulletin=bulletin, number=number, file_name=Path(upload.name).name[-120:] or "空表.xlsx",
        digest=_digest(upload), content=upload.content, layout=layout, mapping=mapping, uploaded_at=at,
    )  # fmt: skip


def _checked(layout: Layout, mapping: Mapping[str, Any], known: set[str]) -> dict[str, Any]:
    """Only slots of this blank, only values there are."""
    found: dict[str, Any] = {}
    for sheet in layout["sheets"]:
        said = mapping.get(sheet["entry"], {})
        columns, rows, cells = (said.get(name, {}) for name in ("columns", "rows", "cells"))
        spots = [f"{each['row']}:{each['column']}" for each in sheet["cells"]]
        found[sheet["entry"]] = {
            "columns": {str(each["column"]): columns.get(str(each["column"]), "") for each in sheet["columns"]},
            "rows": {
                str(each["row"]): said_of if (said_of := rows.get(str(each["row"]), "")) in (WHOLE, BY_NAME) else ""
                for each in sheet["rows"]
            },
            "cells": {spot: cells.get(spot, "") for spot in spots},
        }
        meant = (*found[sheet["entry"]]["columns"].values(), *found[sheet["entry"]]["cells"].values())
        if any(code and code not in known for code in meant):
            raise InputRefused("选的数现在已经没有了，请重新选。", field="")
    return found


def _tell(
    bulletin: Bulletin, verb: str, actor: Actor, at: datetime, *save: str, entry_id: uuid.UUID | None = None,
    **facts: Any,
) -> None:  # fmt: skip
    record(bulletin, verb, actor=actor, at=at, payload=facts, entry_id=entry_id, save=save)
