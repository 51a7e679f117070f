"""What the community does with an import: bring a file, agree on its columns, confirm, give up, ask it back."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import BinaryIO

from django.db import transaction

from louzhang.areas.models import Area
from louzhang.journal.actions import record
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import InputRefused, NotYours, TooLarge, TooOften
from louzhang.journal.walker import Step, walk
from louzhang.kit import queue
from louzhang.register.actions.assessing import refuse_switched_off, refuse_unassessed
from louzhang.register.actions.importing.pieces import keep_file
from louzhang.register.import_course import LOOP, OPEN
from louzhang.register.imports.columns import LABELS, Column
from louzhang.register.models import ImportBatch, ImportProgress, Target
from louzhang.register.models.imports import ImportBatchQuerySet, importing_areas
from louzhang.register.scope import refuse_looking_only

MEGABYTES = 30
LARGEST = MEGABYTES * 1024 * 1024
OPEN_AT_ONCE = 5
SUFFIXES = (".xlsx", ".csv")
# What is stored sealed of these columns, by its name in the register.
SENSITIVE: Mapping[str, str] = {Column.ID_NUMBER: "id_number", Column.PHONE: "phone", Column.BIRTH: "birth_date"}
WORK = "louzhang.register.tasks.work_on_import"


def defer_work(batch_id: int) -> bool:
    """Leave what comes next to the worker; False when it waits there already."""
    return queue.defer(WORK, key=f"import:{batch_id}", batch_id=batch_id)


def upload_import(
    *, area: Area, stream: BinaryIO, suffix: str, size: int, actor: Actor, at: datetime, uid: uuid.UUID | None = None
) -> ImportBatch:
    """Bring a file for the register of a community; the worker reads it.

    The same `uid` again gives the batch already there. Raises `NotYours` for whoever does not work in its office,
    `InputRefused` for another kind of file or before the import is assessed and switched on, `TooLarge`, `TooOften`
    with several imports open.
    """
    refuse_looking_only(actor)
    if actor.user_id is None or area.pk not in importing_areas(actor):
        raise NotYours("人房登记由社区导入，请由本社区的工作人员来做。")
    if uid and (known := ImportBatch.objects.visible_to(actor).filter(uid=uid, area=area).first()):
        return known
    refuse_switched_off(Target.IMPORT_TYPE, "residents")
    _refuse_file(suffix, size)
    if ImportBatch.objects.filter(area=area, status__in=OPEN).count() >= OPEN_AT_ONCE:
        raise TooOften("本社区有几个导入还没有做完，请先做完或放弃它们。")
    with transaction.atomic():
        batch = ImportBatch(uid=uid or uuid.uuid4(), area=area, suffix=suffix, size=size, uploaded_at=at, moved_at=at)
        batch.user_id = actor.user_id
        batch.save(force_insert=True)
        ImportProgress.objects.create(batch=batch, started_at=at)
        keep_file(batch, stream)
        facts = {"suffix": suffix, "size": size}
        record(batch, "upload", actor=actor, at=at, payload=facts, area_ids=batch.event_area_ids())
        defer_work(batch.pk)
    return batch


def _refuse_file(suffix: str, size: int) -> None:
    if suffix not in SUFFIXES:
        hint = "带宏的 xlsm 和旧的 xls 请先" if suffix in (".xlsm", ".xls", ".xlsb", ".et") else "请"
        raise InputRefused(f"只能导入 xlsx 或 CSV 表格，{hint}另存为 xlsx 再上传。", field="file")
    if size > LARGEST:
        raise TooLarge(f"文件超过 {MEGABYTES} MB，请拆成几个文件，或删去多余的工作表。", field="file")
    if not size:
        raise InputRefused("这个文件是空的，请重新选择。", field="file")


def map_import(*, batch_id: int, columns: Sequence[str], actor: Actor, at: datetime) -> ImportBatch:
    """Agree on what each column is; the worker holds every line against the register.

    Raises `InputRefused` for a column that is chosen twice, is unknown, must not be read or is not assessed yet, or
    where none says the place.
    """
    with _step(batch_id, "map", actor, at, given={"columns": columns}) as step:
        _refuse_columns(columns, step.subject)
        refuse_unassessed({SENSITIVE[column]: True for column in columns if column in SENSITIVE}, actor)
        step.set(columns=list(columns), problem="")
        step.note(columns=sorted(column for column in columns if column))
        _set_to_work(step)
    return step.subject


def _refuse_columns(columns: Sequence[str], batch: ImportBatch) -> None:
    headings, never = batch.found["headings"], batch.found["never"]
    if len(columns) != len(headings) or any(column and column not in LABELS for column in columns):
        raise InputRefused("各列没有选全，请重新选择。", field="columns")
    chosen = [column for column in columns if column]
    for column in chosen:
        if chosen.count(column) > 1:
            raise InputRefused(f"有两列都选了“{LABELS[column]}”，请只留一列。", field="columns")
    if any(column and heading in never for heading, column in zip(headings, columns, strict=True)):
        raise InputRefused("登记里不收的列不能读入，请选“不读入”。", field="columns")
    if not {Column.DOOR, Column.ADDRESS} & set(chosen):
        raise InputRefused("请选出哪一列是门牌或完整住址，不然不知道住在哪里。", field="columns")


def confirm_import(*, batch_id: int, actor: Actor, at: datetime) -> ImportBatch:
    """Have what the preview shows carried in.

    Raises `InputRefused` where there is nothing to carry in.
    """
    with _step(batch_id, "confirm", actor, at) as step:
        counts = step.subject.counts
        if not any(counts.get(name) for name in ("new", "moved", "changed")):
            raise InputRefused("没有要新增、搬动或更改的行，不用导入。")
        step.set(confirmed_by_id=actor.user_id, problem="")
        step.note(counts=counts)
        _set_to_work(step)
    return step.subject


def return_import(*, batch_id: int, actor: Actor, at: datetime) -> ImportBatch:
    """Ask to take back what an import made; the worker does, unless something of it was touched since."""
    with _step(batch_id, "return", actor, at) as step:
        step.set(problem="", confirmed_by_id=actor.user_id)
        _set_to_work(step)
    return step.subject


def drop_import(*, batch_id: int, actor: Actor, at: datetime) -> ImportBatch:
    """Give up an import that was not carried in; the worker deletes what was brought."""
    with _step(batch_id, "drop", actor, at) as step:
        step.set(moved_at=at)
        defer_work(batch_id)
    return step.subject


def _set_to_work(step: Step[ImportBatch]) -> None:
    step.set(moved_at=step.at)
    ImportProgress.objects.filter(batch=step.subject).update(done=0, total=0, started_at=step.at)
    defer_work(step.subject.pk)


def _step(
    batch_id: int, verb: str, actor: Actor, at: datetime, given: Mapping[str, object] | None = None
) -> AbstractContextManager[Step[ImportBatch]]:
    rows: ImportBatchQuerySet = ImportBatch.objects.all()
    return walk(LOOP, rows, batch_id, verb, actor=actor, at=at, given=given)
