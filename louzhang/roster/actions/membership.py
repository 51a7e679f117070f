"""本人登记: education and skills for planning trainings, membership of the party by consent; both go by one tap.

What somebody tells of themselves leaves no more in the journal than that their own entries were changed (R3).
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from louzhang.accounts.models import User
from louzhang.areas.models import Post
from louzhang.areas.roles import FIELD_ROLES, Role
from louzhang.journal.actions import record
from louzhang.journal.actor import SYSTEM, Actor
from louzhang.journal.models import Audience
from louzhang.journal.refusals import Conflict, InputRefused, NotYours
from louzhang.kit import clock
from louzhang.roster.models.membership import (
    BRANCH_LENGTH,
    OTHER_LENGTH,
    ConsentWay,
    Education,
    MemberKind,
    OwnEntry,
    PartyMembership,
    Skill,
)

CHANGED = "change_own"
FIRST_YEAR = 1940
ASK_FIRST = "先请本人同意，再登记。"


@dataclass(frozen=True, slots=True)
class Told:
    """What a member says of the membership."""

    kind: str
    since_year: int | None = None
    branch: str = ""
    is_listed: bool = False


def keep_own_entry(
    *, education: str, skills: Sequence[str], other: str, has_agreed: bool, actor: Actor, at: datetime,
    entry_id: uuid.UUID | None = None,
) -> OwnEntry:  # fmt: skip
    """Somebody with a post writes down the own education and skills, for planning trainings and nothing else."""
    user_id = _own_id(actor)
    if not has_agreed:
        raise InputRefused("请先勾选同意，再保存。", field="has_agreed")
    return _keep(user_id, education, skills, other, actor, at, entry_id)


def record_entry_on_paper(
    *, user: User, education: str, skills: Sequence[str], other: str, has_paper: bool, actor: Actor, at: datetime,
    entry_id: uuid.UUID | None = None,
) -> OwnEntry:  # fmt: skip
    """The secretary writes it down from a paper the person signed."""
    _refuse_paper(user, has_paper=has_paper, actor=actor, at=at)
    return _keep(user.pk, education, skills, other, actor, at, entry_id)


def take_back_own_entry(*, actor: Actor, at: datetime) -> None:
    """One tap: education and skills are gone."""
    user_id = _own_id(actor)
    with transaction.atomic():
        entry = _locked(user_id)
        entry.education, entry.skills, entry.given_at = "", [], None
        entry.seal(other="")
        _note(entry, actor, at, None, "education", "skills", "other_sealed", "given_at")


def join_by_tap(*, told: Told, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> PartyMembership:
    """A member says so on the own phone. Raises `NotYours` without a post, `Conflict` where it stands already."""
    return _join(_own_id(actor), told, ConsentWay.TAP, actor, at, entry_id)


def join_on_paper(
    *, user: User, told: Told, has_paper: bool, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> PartyMembership:
    """The secretary writes it down from a paper the member signed; afterwards nobody but the member reads it.

    Where it stands already nothing changes, and the secretary hears the same: who is a member cannot be tried out.
    """
    _refuse_paper(user, has_paper=has_paper, actor=actor, at=at)
    try:
        return _join(user.pk, told, ConsentWay.PAPER, actor, at, entry_id)
    except Conflict:
        return PartyMembership.objects.get(user=user)


def end_membership(*, actor: Actor, at: datetime) -> None:
    """One tap: the row is gone. Raises nothing where there is none."""
    with transaction.atomic():
        entry = _locked(_own_id(actor))
        PartyMembership.objects.filter(user_id=entry.user_id).delete()
        _note(entry, actor, at, None)


def purge_own_entries(*, at: datetime) -> int:
    """Empty the entries of people who hold no post any more (worker); gives how many."""
    holding = Post.objects.as_of(clock.local_date(at)).values("user_id")
    left = OwnEntry.objects.exclude(user_id__in=holding).exclude(given_at=None)
    members = PartyMembership.objects.exclude(user_id__in=holding)
    people = {*left.values_list("user_id", flat=True), *members.values_list("user_id", flat=True)}
    for user_id in sorted(people):
        _purge(user_id, at)
    return len(people)


def _purge(user_id: int, at: datetime) -> None:
    with transaction.atomic():
        entry = _locked(user_id)
        entry.education, entry.skills, entry.given_at = "", [], None
        entry.seal(other="")
        PartyMembership.objects.filter(user_id=user_id).delete()
        _note(entry, SYSTEM, at, None, "education", "skills", "other_sealed", "given_at")


def _keep(
    user_id: int, education: str, skills: Sequence[str], other: str, actor: Actor, at: datetime,
    entry_id: uuid.UUID | None,
) -> OwnEntry:  # fmt: skip
    if education not in ("", *Education.values) or set(skills) - set(Skill.values):
        raise InputRefused("请从给出的里面选。", field="education")
    if len(other) > OTHER_LENGTH:
        raise InputRefused(f"最多 {OTHER_LENGTH} 个字，请缩短。", field="other")
    if not (education or skills or other.strip()):
        raise InputRefused("请至少填一项；都不想填的，用“全部删除”。", field="education")
    with transaction.atomic():
        entry = _locked(user_id)
        entry.education, entry.skills, entry.given_at = education, list(skills), at
        entry.seal(other=other.strip())
        _note(entry, actor, at, entry_id, "education", "skills", "other_sealed", "given_at")
    return entry


def _join(
    user_id: int, told: Told, way: ConsentWay, actor: Actor, at: datetime, entry_id: uuid.UUID | None
) -> PartyMembership:
    _refuse_told(told, at)
    try:
        with transaction.atomic():
            entry = _locked(user_id)
            row = PartyMembership(
                user_id=user_id, kind=told.kind, since_year=told.since_year, way=way, is_listed=told.is_listed,
                given_at=at,
            )  # fmt: skip
            row.seal(branch=told.branch.strip())
            row.save(force_insert=True)
            _note(entry, actor, at, entry_id)
    except IntegrityError:
        raise Conflict("已经登记过了。要改的，请先删除再登记。", field="kind") from None
    return row


def _refuse_told(told: Told, at: datetime) -> None:
    if told.kind not in MemberKind.values:
        raise InputRefused("请选正式还是预备。", field="kind")
    year = told.since_year
    if year is not None and not FIRST_YEAR <= year <= clock.local_date(at).year:
        raise InputRefused("请填四位数的年份，或留空。", field="since_year")
    if len(told.branch) > BRANCH_LENGTH:
        raise InputRefused(f"支部名称最多 {BRANCH_LENGTH} 个字。", field="branch")


def _own_id(actor: Actor) -> int:
    """Whose entry it is: a person with a post in the field, with the own account."""
    if actor.user_id is None or actor.is_read_only or not actor.has_role(*FIELD_ROLES):
        raise NotYours("本人登记由楼长、单元长、网格员自己填写。")
    return actor.user_id


def _refuse_paper(user: User, *, has_paper: bool, actor: Actor, at: datetime) -> None:
    """Raise unless a secretary writes down what somebody who serves below them has signed."""
    offices = [seat.path for seat in actor.seats_with(Role.SECRETARY) if seat.path]
    posts = Post.objects.as_of(clock.local_date(at)).filter(user=user, role__in=FIELD_ROLES, area__isnull=False)
    paths = [post.area.path for post in posts.select_related("area") if post.area is not None]
    is_below = any(path.startswith(office) for path in paths for office in offices)
    if actor.is_read_only or actor.user_id is None or not is_below:
        raise NotYours("纸质登记由本社区书记录入。")
    if not has_paper:
        raise InputRefused(f"请确认本人签了字的纸在您手里。{ASK_FIRST}", field="has_paper")


def _locked(user_id: int) -> OwnEntry:
    entry, _ = OwnEntry.objects.select_for_update().get_or_create(user_id=user_id)
    return entry


def _note(entry: OwnEntry, actor: Actor, at: datetime, entry_id: uuid.UUID | None, *save: str) -> None:
    record(entry, CHANGED, actor=actor, at=at, audience=Audience.PARTIES, entry_id=entry_id, save=save)
