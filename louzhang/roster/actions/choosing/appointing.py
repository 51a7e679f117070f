"""聘任: the chosen get their posts, those who held them before leave, every place gets its certificate (R3, R8)."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from louzhang.accounts.actions import register_person
from louzhang.accounts.models import User
from louzhang.areas.actions import appoint_post, end_post
from louzhang.areas.models import SINGLE_HOLDER_ROLES, Post
from louzhang.areas.roles import Role
from louzhang.journal.actions import record
from louzhang.journal.actor import Actor
from louzhang.journal.models import Audience
from louzhang.journal.refusals import InputRefused, TransitionRefused
from louzhang.kit import clock
from louzhang.kit.phones import InvalidPhone, normal_phone
from louzhang.roster.actions.choosing.electing import bar_from_polls
from louzhang.roster.actions.choosing.keeping import locked_round, refuse_reviewer, walk_nominee, walk_round
from louzhang.roster.lifecycle.choosing import NomineeState, Tie
from louzhang.roster.models.choosing import Nominee, Outcome, Round, Vacancy
from louzhang.roster.queries.choosing.rounds import find_nominee, find_round, open_vacancies

AHEAD_AT_MOST = timedelta(days=366)


def reach_nominee(*, uid: uuid.UUID, phone: str, actor: Actor, at: datetime) -> Nominee:
    """The office notes the number of a nominee; the account with it, where there is one, is theirs.

    Raises `InputRefused` for a wrong number, or one whose account stands for the same place already.
    """
    try:
        normal = normal_phone(phone)
    except InvalidPhone as refusal:
        raise InputRefused(str(refusal), field="phone") from None
    found = find_nominee(actor, uid, Tie.DESK)
    with transaction.atomic():
        locked_round(found.round_id)
        nominee = (
            Nominee.objects.select_related("round__area", "vacancy").select_for_update(of=("self",)).get(pk=found.pk)
        )
        person = User.objects.by_phone(normal)
        others = Nominee.objects.filter(vacancy_id=nominee.vacancy_id, user=person).exclude(pk=nominee.pk)
        if person is not None and others.exists():
            raise InputRefused("这个号码的人已经是这个位置的另一位人选了，请核对。", field="phone")
        if person is not None:
            refuse_reviewer(nominee, person.pk)
        nominee.seal(phone=normal)
        if nominee.user_id is None and not nominee.device_hash:
            nominee.user = person
        record(
            nominee, "reach", actor=actor, at=at, audience=Audience.DESK, save=("phone_sealed", "user"),
            area_ids=nominee.event_area_ids(),
        )  # fmt: skip
        bar_from_polls(nominee, actor, at)
    return nominee


def appoint_round(
    *, uid: uuid.UUID, starts_on: date, ends_on: date | None, actor: Actor, at: datetime,
    entry_id: uuid.UUID | None = None,
) -> Round:  # fmt: skip
    """Everybody chosen gets the post from a day on; who held it before leaves that day, and what was due goes on.

    Raises `TransitionRefused` where a place has nobody chosen any more, `InputRefused` for days that cannot be or a
    person without a number, and what `areas.actions.appoint_post` raises. All places or none.
    """
    _refuse_days(starts_on, ends_on, at)
    row = find_round(actor, uid, Tie.DESK)
    with transaction.atomic(), walk_round(row.pk, "appoint", actor=actor, at=at, entry_id=entry_id) as step:
        made = []
        for vacancy in open_vacancies(step.subject):
            nominee = vacancy.nominees.filter(status=NomineeState.CHOSEN.value).first()
            if nominee is None:
                raise TransitionRefused("有的位置没有拟任人选了。请换一位重新公示，或把这个位置移出这次选任。")
            post = _appoint(step.subject, vacancy, nominee, starts_on, ends_on, actor, at)
            made.append(post.pk)
        step.set(ended_at=at)
        step.note(posts=made)
    return step.subject


def _refuse_days(starts_on: date, ends_on: date | None, at: datetime) -> None:
    today = clock.local_date(at)
    if not today <= starts_on <= today + AHEAD_AT_MOST:
        raise InputRefused("请选从哪天起聘任：从今天起，最晚一年以后。", field="starts_on")
    if ends_on is not None and ends_on <= starts_on:
        raise InputRefused("任期的最后一天要在开始以后。没有期限的请留空。", field="ends_on")


def _appoint(
    row: Round, vacancy: Vacancy, nominee: Nominee, starts_on: date, ends_on: date | None, actor: Actor, at: datetime
) -> Post:
    person = _person(vacancy, nominee, actor, at)
    for post in _leaving(vacancy, person, starts_on):
        end_post(post=post, actor=actor, at=at, ends_on=max(starts_on, post.starts_on))
    post = appoint_post(
        user=person, role=Role(vacancy.role), area=vacancy.area, kind=row.kind, title=row.title, starts_on=starts_on,
        ends_on=ends_on, actor=actor, at=at,
    )  # fmt: skip
    with walk_nominee(nominee.pk, "appoint", actor=actor, at=at) as step:
        step.set(user_id=person.pk, device_hash="")
        step.note(post=post.pk)
    vacancy.post, vacancy.outcome = post, Outcome.FILLED
    vacancy.certificate = f"{starts_on.year}{post.pk:06d}"
    vacancy.save(update_fields=["post", "outcome", "certificate"])
    return post


def _leaving(vacancy: Vacancy, person: User, starts_on: date) -> list[Post]:
    """Who holds the place on that day: the one holder of a single seat, else whom the round is to replace."""
    rows = Post.objects.filter(area_id=vacancy.area_id).filter(Q(ends_on=None) | Q(ends_on__gt=starts_on))
    if vacancy.role in SINGLE_HOLDER_ROLES:
        return list(rows.filter(Q(role=vacancy.role) | Q(user=person)).select_related("area").order_by("pk"))
    return list(rows.filter(Q(pk=vacancy.outgoing_id) | Q(user=person)).select_related("area").order_by("pk"))


def _person(vacancy: Vacancy, nominee: Nominee, actor: Actor, at: datetime) -> User:
    if nominee.user is not None:
        return nominee.user
    phone = nominee.open_field("phone")
    if not phone:
        place = vacancy.area.name
        raise InputRefused(f"{place}的拟任人选还没有登录账号，请先在人选的页面上补手机号，再聘任。")
    known = User.objects.by_phone(phone)
    if known is not None:
        refuse_reviewer(nominee, known.pk)
    return known or register_person(name=nominee.name, phone=phone, actor=actor, at=at)
