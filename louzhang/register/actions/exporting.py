"""A file of people leaves the register: for a stated purpose, masked unless the post allows otherwise, logged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from louzhang.accounts import limits
from louzhang.accounts.models import User
from louzhang.areas.models import Area
from louzhang.journal.actions import log_reveal
from louzhang.journal.actor import Actor
from louzhang.journal.models import Reveal
from louzhang.journal.refusals import InputRefused, NotYours, TooLarge
from louzhang.kit import clock
from louzhang.kit.sequences import reserve_ids
from louzhang.kit.writing import pour_in
from louzhang.register.models import Resident, Stay
from louzhang.register.models.imports import importing_areas
from louzhang.register.queries.exporting import EXPORT, HEAD, MOST, exported, lines_of_people, may_export_whole

PURPOSE_LENGTH = (4, 100)


@dataclass(frozen=True, slots=True)
class Taken:
    """What leaves: the heading and the lines, and the mark that says who took it."""

    head: Sequence[str]
    lines: list[list[str]]
    mark: str


def export_residents(*, area: Area, purpose: str, is_whole: bool, actor: Actor, at: datetime) -> Taken:
    """The people of a community as a table; each of them, and the place, gets a row of who took them and what for.

    Call outside a transaction: the count stays when the rest is refused. Raises `NotYours` for whoever does not
    work in the office, or asks for whole numbers without being its secretary; `InputRefused` without a purpose,
    `TooLarge`, `TooOften`.
    """
    if actor.user_id is None or actor.is_read_only or area.pk not in importing_areas(actor):
        raise NotYours("住户登记由本社区的工作人员导出。")
    purpose = " ".join(purpose.split())
    if not PURPOSE_LENGTH[0] <= len(purpose) <= PURPOSE_LENGTH[1]:
        raise InputRefused("请写明导出来做什么，4 到 100 个字。这会留下记录，本人也能看到。", field="purpose")
    if is_whole and not may_export_whole(actor, area):
        raise NotYours("完整的证件号码和电话只有社区书记能导出。请导出遮盖过的，或请书记来办。")
    limits.refuse_too_often({"export.person": str(actor.user_id)}, at)
    with transaction.atomic():
        stays = exported(actor, area)
        if len(stays) > MOST:
            raise TooLarge(f"一次最多导出 {MOST} 人。")
        _log(stays, area, f"{purpose}（完整号码）" if is_whole else purpose, actor, at)
        lines = list(lines_of_people(stays, area, is_whole=is_whole))
    return Taken(HEAD, lines, _mark(area, purpose, actor, at, is_whole=is_whole))


def _log(stays: Sequence[Stay], area: Area, purpose: str, actor: Actor, at: datetime) -> None:
    said = {"what": EXPORT, "reason": purpose, "actor": actor, "at": at}
    first = log_reveal(subject_kind="area", subject_id=area.pk, **said)  # type: ignore[arg-type]  # one mapping of all
    rows = [
        Reveal(
            pk=pk,
            subject_kind=Resident.subject_kind,
            subject_id=stay.resident_id,
            what=EXPORT,
            reason=purpose,
            at=at,
            actor_kind=first.actor_kind,
            user_id=first.user_id,
            post_id=first.post_id,
            token_id=first.token_id,
        )
        for stay, pk in zip(stays, reserve_ids(Reveal._meta.db_table, len(stays)), strict=True)
    ]
    pour_in(rows)


def _mark(area: Area, purpose: str, actor: Actor, at: datetime, *, is_whole: bool) -> str:
    name = User.objects.values_list("name", flat=True).get(pk=actor.user_id or 0)
    how = "未遮盖" if is_whole else "已遮盖"
    when = f"{clock.local(at):%Y-%m-%d %H:%M}"
    return f"{area.name}住户登记（{how}）· 导出人 {name} · {when} · 用途：{purpose} · 仅限本用途，用完删除，不得转发"
