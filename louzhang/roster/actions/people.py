"""A list of those who serve leaves the house: for a stated purpose, logged for each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from louzhang.accounts import limits
from louzhang.accounts.models import User
from louzhang.areas.models import Area
from louzhang.areas.rights import sees_area
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.journal.actions import log_reveal
from louzhang.journal.actor import Actor
from louzhang.journal.models import Reveal
from louzhang.journal.refusals import InputRefused, NotYours
from louzhang.kit import clock
from louzhang.kit.sequences import reserve_ids
from louzhang.kit.writing import pour_in
from louzhang.roster.queries.people import Person, memberships_to_list, people_below

PURPOSE_LENGTH = (4, 100)
WHAT = "roster"


@dataclass(frozen=True, slots=True)
class Taken:
    """What leaves: the people and the mark that says who took them and what for."""

    people: list[Person]
    mark: str


def export_people(*, area: Area, purpose: str, actor: Actor, at: datetime, role: str = "") -> Taken:
    """Those who serve at a place as a list; each of them gets a row of who took it and what for.

    Membership stands beside those who agreed to that too, nobody else. Call outside a transaction. Raises `NotYours`
    for whoever works in no office over the place, `InputRefused` without a purpose, `TooOften`.
    """
    if actor.user_id is None or actor.is_read_only or not actor.has_role(*OFFICE_ROLES) or not sees_area(actor, area):
        raise NotYours("名册由本社区和上级办公室的工作人员导出。")
    purpose = " ".join(purpose.split())
    if not PURPOSE_LENGTH[0] <= len(purpose) <= PURPOSE_LENGTH[1]:
        raise InputRefused("请写明导出来做什么，4 到 100 个字。这会留下记录。", field="purpose")
    limits.refuse_too_often({"export.person": str(actor.user_id)}, at)
    with transaction.atomic():
        people = people_below(actor, clock.local_date(at), area=area, role=role)
        ids = sorted({person.post.user_id for person in people})
        _log(ids, area, purpose, actor, at)
        listed = memberships_to_list(ids)
    people = [replace(person, membership=listed.get(person.post.user_id, "")) for person in people]
    return Taken(people, _mark(area, purpose, actor, at))


def _log(user_ids: Sequence[int], area: Area, purpose: str, actor: Actor, at: datetime) -> None:
    first = log_reveal(subject_kind="area", subject_id=area.pk, what=WHAT, reason=purpose, actor=actor, at=at)
    pour_in(
        [
            Reveal(
                pk=pk, subject_kind="user", subject_id=user_id, what=WHAT, reason=purpose, at=at,
                actor_kind=first.actor_kind, user_id=first.user_id, post_id=first.post_id, token_id=first.token_id,
            )
            for user_id, pk in zip(user_ids, reserve_ids(Reveal._meta.db_table, len(user_ids)), strict=True)
        ]
    )  # fmt: skip


def _mark(area: Area, purpose: str, actor: Actor, at: datetime) -> str:
    name = User.objects.values_list("name", flat=True).get(pk=actor.user_id or 0)
    when = f"{clock.local(at):%Y-%m-%d %H:%M}"
    return f"{area.name}队伍名册 · 导出人 {name} · {when} · 用途：{purpose} · 仅限本用途，用完删除，不得转发"
