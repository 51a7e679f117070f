"""推荐和自荐: who is named for a place, by whom; and what they answer (R3, R8). Nobody stands without consent."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import IntegrityError, transaction

from louzhang.accounts.models import User
from louzhang.journal.actions import record
from louzhang.journal.actor import Actor, ActorKind
from louzhang.journal.models import Audience
from louzhang.journal.refusals import Conflict, InputRefused, NotThere, NotYours, TransitionRefused
from louzhang.kit import codes, crypto
from louzhang.roster.actions.choosing.electing import bar_from_polls
from louzhang.roster.actions.choosing.keeping import (
    locked_round,
    number_typed,
    refuse_reviewer,
    refuse_words,
    walk_nominee,
)
from louzhang.roster.actions.choosing.namesakes import locked_namesakes, meant, tell_apart
from louzhang.roster.lifecycle.choosing import NAMING, RoundState, Tie
from louzhang.roster.models.choosing import (
    ConsentWay,
    NamingWay,
    Nomination,
    Nominee,
    Outcome,
    Round,
    Vacancy,
)
from louzhang.roster.models.choosing_scope import home_paths
from louzhang.roster.queries.choosing.known import resident_of
from louzhang.roster.queries.choosing.rounds import find_nominee, find_round

NAME_AT_MOST = 40
NAMED_AT_MOST = 3
NAMED_BEFORE = "您已经在这个位置的人选里了，请到“我被推荐的”里答复；还没有的，用社区给您的查询码打开。"
OVER = "推荐已经结束。还想推荐人，请联系社区，看能不能延长。"
BY_OFFICE = (NamingWay.COMMUNITY, NamingWay.PAPER)


@dataclass(frozen=True, slots=True)
class Naming:
    """Who is named for which place and why; `phone` finds an account and lets the community reach them.

    `same` answers whether it is the one of that name who was named before: their number, or `ANOTHER`, of whom `which`
    then says something that tells them apart.
    """

    vacancy: uuid.UUID
    name: str
    words: str
    phone: str = ""
    same: str = ""
    which: str = ""


def name_person(
    *, round_uid: uuid.UUID, naming: Naming, way: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> Nominee:
    """Name somebody for a place; who was named before gets one more voice, so that nobody stands there twice. Of one
    name there may be two people: then it is asked.

    Residents name for the place they live in, up to three people; the office of the community writes down its own
    and those on paper. Raises `NotYours`, `InputRefused`, `TransitionRefused` once naming is over, `Conflict` for a
    second voice of the same resident.
    """
    words, name, phone = _said(naming)
    _refuse_nameless(actor)
    if way in BY_OFFICE and not phone:
        _refuse_namesake(name, actor)
    row = find_round(actor, round_uid)
    try:
        with transaction.atomic():
            vacancy = _vacancy(locked_round(row.pk), naming.vacancy)
            _refuse_naming(row, vacancy, way, actor)
            given = replace(naming, name=name, phone=phone, words=words)
            nominee = _named(vacancy, given, way, actor, at, entry_id)
            _voice(nominee, way, actor, at)
    except IntegrityError:
        raise Conflict("您已经推荐过这位。请等本人答复。", field="name") from None
    return nominee


def offer_oneself(
    *, round_uid: uuid.UUID, naming: Naming, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> Nominee:
    """自荐: somebody who lives in the community offers to do it; that is the consent. `words` is what they say.

    Raises what `name_person` raises.
    """
    words, name, phone = _said(naming)
    _refuse_nameless(actor)
    row = find_round(actor, round_uid, Tie.RESIDENT, Tie.NOMINEE)
    try:
        with transaction.atomic():
            locked = locked_round(row.pk)
            vacancy = _vacancy(locked, naming.vacancy)
            if locked.status != RoundState.NOMINATING:
                raise TransitionRefused(OVER)
            namesakes = locked_namesakes(vacancy, name)
            if meant(namesakes, naming.same, phone) is not None:
                raise Conflict(NAMED_BEFORE, field="name")
            nominee = _new(vacancy, name, phone, NamingWay.SELF, at)
            nominee.user_id = actor.user_id
            nominee.device_hash = "" if actor.user_id is not None else actor.device
            tell_apart(nominee, namesakes, naming.which, actor, at)
            _know(nominee, name, phone)
            nominee.save(force_insert=True)
            _tell(nominee, "name", actor, at, words, entry_id)
            _voice(nominee, NamingWay.SELF, actor, at)
            with walk_nominee(nominee.pk, "consent", actor=actor, at=at) as step:
                step.say(statement=words)
                step.set(consented_at=at, consent_way=ConsentWay.TAP.value, consent_seq=step.subject.chain_seq + 1)
    except IntegrityError:
        raise Conflict(NAMED_BEFORE, field="name") from None
    return step.subject


def _said(naming: Naming) -> tuple[str, str, str]:
    return refuse_words(naming.words, "words"), _name(naming.name), number_typed(naming.phone)


def _name(typed: str) -> str:
    name = " ".join(typed.split())
    if not name or len(name) > NAME_AT_MOST:
        raise InputRefused("请写姓名，最多四十个字。", field="name")
    return name


def _refuse_nameless(actor: Actor) -> None:
    if actor.is_read_only:
        raise NotYours("这个访问令牌只能查看，不能推荐。")
    if actor.kind is ActorKind.DEVICE and not actor.device:
        raise InputRefused("浏览器没有保存 Cookie，请允许本站使用 Cookie，刷新后再提交。")


def _refuse_namesake(name: str, actor: Actor) -> None:
    """Raise where somebody of the office writes down their own name: without a number nobody knows it is not them."""
    if User.objects.filter(pk=actor.user_id or 0, name=name).exists():
        raise InputRefused("这个姓名和您的一样。是您自己的，请自荐；是同名的人，请写上他的电话。", field="phone")


def _vacancy(row: Round, uid: uuid.UUID) -> Vacancy:
    found = row.vacancies.filter(uid=uid, outcome=Outcome.OPEN).select_related("area__level").first()
    if found is None:
        raise InputRefused("这个位置不在这次选任里，请重新选。", field="vacancy")
    found.round = row
    return found


def _refuse_naming(row: Round, vacancy: Vacancy, way: str, actor: Actor) -> None:
    if way in BY_OFFICE:
        if Tie.DESK not in row.relations_now:
            raise NotYours("社区推荐和纸质推荐由社区办公室来记。")
        if vacancy.round.status not in NAMING:
            raise TransitionRefused(OVER)
        return
    if way != NamingWay.RESIDENT:
        raise InputRefused("请选是怎么推荐的。", field="way")
    if vacancy.round.status != RoundState.NOMINATING:
        raise TransitionRefused(OVER)
    if vacancy.area.path not in home_paths(actor):
        raise NotYours("只有住在这里、认证过本人的居民可以推荐。您可以自荐，或请住在这里的邻居推荐。")
    own = Nomination.objects.filter(nominee__vacancy=vacancy, way=NamingWay.RESIDENT)
    mine = own.filter(user_id=actor.user_id) if actor.user_id is not None else own.filter(device_hash=actor.device)
    if mine.count() >= NAMED_AT_MOST:
        raise Conflict(f"一个位置每人最多推荐 {NAMED_AT_MOST} 位。", field="name")


def _named(
    vacancy: Vacancy, naming: Naming, way: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None
) -> Nominee:
    namesakes = locked_namesakes(vacancy, naming.name)
    known = meant(namesakes, naming.same, naming.phone)
    if known is not None:
        _tell(known, "support", actor, at, naming.words, entry_id)
        return known
    nominee = _new(vacancy, naming.name, naming.phone, way, at)
    if naming.phone:
        person = User.objects.by_phone(naming.phone)
        is_free = person is not None and not Nominee.objects.filter(vacancy=vacancy, user=person).exists()
        nominee.user = person if is_free else None
    tell_apart(nominee, namesakes, naming.which, actor, at)
    _know(nominee, naming.name, naming.phone)
    nominee.save(force_insert=True)
    _tell(nominee, "name", actor, at, naming.words, entry_id)
    return nominee


def _know(nominee: Nominee, name: str, phone: str) -> None:
    """Find a nominee in the register, unless another of the same place is that row already."""
    found = resident_of(nominee.vacancy, name, phone, nominee.user_id)
    if found is not None and not Nominee.objects.filter(vacancy=nominee.vacancy, resident=found).exists():
        nominee.resident = found


def _new(vacancy: Vacancy, name: str, phone: str, way: str, at: datetime) -> Nominee:
    nominee = Nominee(round=vacancy.round, vacancy=vacancy, way=way, named_at=at)
    nominee.seal(name=name, phone=phone, code=codes.tracking_code())
    return nominee


def _tell(nominee: Nominee, verb: str, actor: Actor, at: datetime, words: str, entry_id: uuid.UUID | None) -> None:
    record(
        nominee, verb, actor=actor, at=at, audience=Audience.HANDLERS, words={"words": words},
        payload={"vacancy": nominee.vacancy_id, "way": nominee.way}, area_ids=nominee.event_area_ids(),
        entry_id=entry_id,
    )  # fmt: skip


def _voice(nominee: Nominee, way: str, actor: Actor, at: datetime) -> None:
    Nomination.objects.create(
        nominee=nominee, way=way, named_at=at, user_id=actor.user_id,
        device_hash=actor.device if actor.user_id is None else "",
    )  # fmt: skip


def join_nominee(*, code: str, actor: Actor, at: datetime) -> Nominee:
    """Somebody opens what they were named for with the code the community gave (in its normal form).

    Raises `NotThere`, `Conflict` where another account or phone has opened it before.
    """
    gone = NotThere("没有找到这个查询码。请核对社区给您的十位字母和数字，不分大小写。")
    if actor.is_system or actor.is_read_only or not (actor.user_id or actor.device):
        raise gone
    with transaction.atomic():
        rows = Nominee.objects.select_related("round__area", "vacancy__area")
        nominee = rows.select_for_update(no_key=True, of=("self",)).filter(code_hash=crypto.token_hash(code)).first()
        if nominee is None or not nominee.round.is_open:
            raise gone
        is_same = nominee.user_id == actor.user_id if actor.user_id is not None else nominee.device_hash == actor.device
        if is_same:
            return nominee
        if nominee.user_id is not None or nominee.device_hash:
            raise Conflict("这个查询码已经在另一部手机或另一个账号上用过了。请用那一部，或联系社区。")
        refuse_reviewer(nominee, actor.user_id)
        nominee.user_id = actor.user_id
        nominee.device_hash = "" if actor.user_id is not None else actor.device
        if nominee.resident_id is None:
            _know(nominee, nominee.name, nominee.open_field("phone"))
        _keep_joined(nominee, actor, at)
        bar_from_polls(nominee, actor, at)
    return nominee


def _keep_joined(nominee: Nominee, actor: Actor, at: datetime) -> None:
    try:
        with transaction.atomic():
            record(
                nominee, "join", actor=actor, at=at, audience=Audience.PARTIES,
                save=("user", "device_hash", "resident"), area_ids=nominee.event_area_ids(),
            )  # fmt: skip
    except IntegrityError:
        raise Conflict("您已经是这个位置的另一位人选了，请联系社区核对。") from None


def consent(
    *, uid: uuid.UUID, actor: Actor, at: datetime, statement: str = "", words: str = "",
    entry_id: uuid.UUID | None = None,
) -> Nominee:  # fmt: skip
    """The nominee stands, by a tap; or in writing, which the office records with a sentence on how it was given."""
    said = refuse_words(statement, "statement", may_be_blank=True)
    nominee, is_own = _answering(uid, actor)
    how = "" if is_own else refuse_words(words, "words")
    with transaction.atomic():
        locked_round(nominee.round_id)
        with walk_nominee(nominee.pk, "consent", actor=actor, at=at, entry_id=entry_id) as step:
            way = ConsentWay.TAP if is_own else ConsentWay.WRITING
            step.set(consented_at=at, consent_way=way.value, consent_seq=step.subject.chain_seq + 1)
            step.note(way=way.value)
            step.say(statement=said, words=how)
    return step.subject


def decline(
    *, uid: uuid.UUID, actor: Actor, at: datetime, words: str = "", entry_id: uuid.UUID | None = None
) -> Nominee:
    """The nominee does not stand; nobody asks why."""
    return _answer(uid, "decline", words, actor, at, entry_id)


def withdraw(
    *, uid: uuid.UUID, actor: Actor, at: datetime, words: str = "", entry_id: uuid.UUID | None = None
) -> Nominee:
    """The nominee stands no more, at any step before the appointment."""
    return _answer(uid, "withdraw", words, actor, at, entry_id)


def _answer(uid: uuid.UUID, verb: str, words: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None) -> Nominee:
    nominee, is_own = _answering(uid, actor)
    said = refuse_words(words, "words", may_be_blank=is_own)
    with transaction.atomic():
        locked_round(nominee.round_id)
        with walk_nominee(nominee.pk, verb, actor=actor, at=at, entry_id=entry_id) as step:
            step.say(words=said)
    return step.subject


def _answering(uid: uuid.UUID, actor: Actor) -> tuple[Nominee, bool]:
    nominee = find_nominee(actor, uid, Tie.NOMINEE, Tie.DESK)
    return nominee, Tie.NOMINEE in nominee.relations_now
