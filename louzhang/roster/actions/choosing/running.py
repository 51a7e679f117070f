"""The steps of a round: closing and extending the naming, going on, dropping a place, breaking off."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from louzhang.areas.queries.working_time import working_time
from louzhang.journal.actor import SYSTEM, Actor
from louzhang.journal.refusals import InputRefused, TransitionRefused
from louzhang.kit import clock
from louzhang.roster.actions.choosing import electing
from louzhang.roster.actions.choosing.keeping import refuse_words, walk_nominee, walk_round
from louzhang.roster.actions.choosing.starting import NOMINATES_AT_MOST
from louzhang.roster.lifecycle.choosing import NomineeState, RoundState, StepKind, Tie
from louzhang.roster.models.choosing import Nominee, Outcome, Round, Vacancy
from louzhang.roster.queries.choosing.rounds import find_round, open_objections, open_vacancies

S, N = RoundState, NomineeState
# What the nominees of a place must be for the round to leave a state.
ELIGIBLE = {S.CONSENTING: N.STANDING, S.REVIEWING: N.PASSED}
STEP_OF = {S.REVIEWING: StepKind.REVIEW, S.ELECTING: StepKind.ELECTION, S.NOTICING: StepKind.NOTICE}
ORDER = (S.CONSENTING, S.REVIEWING, S.ELECTING, S.NOTICING, S.APPOINTING)


@dataclass(frozen=True, slots=True)
class Choice:
    """Whom the office puts forward where several could be, by the id of the place, and why; how places vote."""

    nominees: Mapping[int, str] = field(default_factory=dict)
    words: str = ""
    election: electing.Election | None = None


def extend_round(
    *, uid: uuid.UUID, until: date | None, reason: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> Round:
    """More time to name people; also where nobody was named."""
    row = find_round(actor, uid)
    given = {"until": until, "reason": reason}
    with walk_round(row.pk, "extend", actor=actor, at=at, given=given, entry_id=entry_id) as step:
        today = clock.local_date(at)
        last = max(today, step.subject.nominate_until or today)
        if until is None or not last < until <= today + NOMINATES_AT_MOST:
            raise InputRefused("请选比现在更晚的一天，最长三个月。", field="until")
        step.set(nominate_until=until)
        step.note(until=until.isoformat())
        step.say(reason=refuse_words(reason, "reason"))
    return step.subject


def close_nominations(*, uid: uuid.UUID, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> Round:
    """Naming is over: by the office, or by the clock after the last day. With nobody named the round waits."""
    row = find_round(actor, uid)
    with walk_round(row.pk, "close", actor=actor, at=at, entry_id=entry_id) as step:
        until = step.subject.nominate_until
        if actor.is_system and until is not None and clock.local_date(at) <= until:
            raise TransitionRefused("推荐还没有到最后一天。")
        if not step.subject.nominees.exists():
            step.lead_to(S.EMPTY)
    return step.subject


def go_on(*, uid: uuid.UUID, choice: Choice, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> Round:
    """The next step that the round takes. What is left out on the way stands in the event with its reason.

    Raises `TransitionRefused` where a place has nobody who could go on, reviews or counts are missing;
    `InputRefused` where several could be put forward and none is named.
    """
    row = find_round(actor, uid)
    with walk_round(row.pk, "go_on", actor=actor, at=at, entry_id=entry_id) as step:
        here, to = RoundState(step.came_from), step.subject.next_state()
        vacancies = open_vacancies(step.subject)
        if here == S.ELECTING:
            _take_elected(vacancies, actor, at)
        else:
            _refuse_undecided(step.subject, here)
            eligible = _eligible(step.subject, vacancies, here)
            _let_lapse(step.subject, actor, at)
            if to in (S.NOTICING, S.APPOINTING):
                _put_forward(vacancies, eligible, choice, actor, at)
        step.lead_to(to)
        step.note(left_out=_left_out(step.subject, here, to))
        step.say(words=choice.words.strip())
        if to == S.ELECTING:
            electing.open_polls(step.subject, vacancies, choice.election, actor, at)
        if to == S.NOTICING:
            step.set(**notice_from(step.subject, at))
    return step.subject


def _take_elected(vacancies: Sequence[Vacancy], actor: Actor, at: datetime) -> None:
    for vacancy in vacancies:
        elected = electing.elected_for(vacancy)
        others = vacancy.nominees.filter(status__in=electing.CANDIDATES).exclude(pk=elected.pk).order_by("pk")
        settle_on(elected, list(others), actor, at)


def notice_from(row: Round, at: datetime) -> dict[str, datetime]:
    """A notice that begins now stands to the close of its last working day; the first day is not counted."""
    return {"noticed_at": at, "notice_until": working_time().closing(at, row.notice_days)}


def _refuse_undecided(row: Round, here: RoundState) -> None:
    if here != S.REVIEWING:
        return
    waiting = row.nominees.filter(status=N.STANDING.value, vacancy__outcome=Outcome.OPEN).count()
    if waiting:
        raise TransitionRefused(f"还有 {waiting} 位没有考察结果。请先写明每位通过还是不通过。")


def _eligible(row: Round, vacancies: Sequence[Vacancy], here: RoundState) -> dict[int, list[Nominee]]:
    state = ELIGIBLE[here]
    found: dict[int, list[Nominee]] = {vacancy.pk: [] for vacancy in vacancies}
    for nominee in row.nominees.filter(status=state.value).order_by("pk"):
        if nominee.vacancy_id in found:
            found[nominee.vacancy_id].append(nominee)
    lacking = sum(1 for people in found.values() if not people)
    if lacking or not found:
        raise TransitionRefused(
            f"还有 {lacking} 个位置没有人选。请延长推荐、请人答复，或把这些位置移出这次选任并写明原因。"
        )
    return found


def _let_lapse(row: Round, actor: Actor, at: datetime) -> None:
    """Who has not answered by now does not stand."""
    for pk in list(row.nominees.filter(status=N.NAMED.value).order_by("pk").values_list("pk", flat=True)):
        with walk_nominee(pk, "lapse", actor=actor, at=at):
            pass


def _put_forward(
    vacancies: Sequence[Vacancy], eligible: Mapping[int, list[Nominee]], choice: Choice, actor: Actor, at: datetime
) -> None:
    for vacancy in vacancies:
        people = eligible[vacancy.pk]
        wanted = choice.nominees.get(vacancy.pk, "")
        chosen = people[0] if len(people) == 1 else next((row for row in people if str(row.uid) == wanted), None)
        if chosen is None:
            raise InputRefused("有的位置不止一位人选，请选出拟任的一位。", field=f"place_{vacancy.pk}")
        if len(people) > 1 and not choice.words.strip():
            raise InputRefused("有几位人选的，请写一句为什么是这一位。", field="words")
        settle_on(chosen, [row for row in people if row != chosen], actor, at)


def settle_on(chosen: Nominee, others: Sequence[Nominee], actor: Actor, at: datetime) -> None:
    """One is to be appointed, the others are not."""
    with walk_nominee(chosen.pk, "choose", actor=actor, at=at):
        pass
    for nominee in others:
        with walk_nominee(nominee.pk, "pass_over", actor=actor, at=at):
            pass


def _left_out(row: Round, here: RoundState, to: RoundState) -> list[dict[str, str]]:
    between = ORDER[ORDER.index(here) + 1 : ORDER.index(to)]
    steps = {STEP_OF[state].value for state in between if state in STEP_OF}
    return [{"step": each["step"], "why": each["why"]} for each in row.steps if each["step"] in steps]


def end_notice(*, uid: uuid.UUID, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> Round:
    """The notice has stood its working days and every objection is answered; by the clock or the office."""
    row = find_round(actor, uid)
    with walk_round(row.pk, "end_notice", actor=actor, at=at, entry_id=entry_id) as step:
        until = step.subject.notice_until
        if until is not None and at < until:
            raise TransitionRefused(f"公示要到 {clock.speak(until, at)}，还没有期满。")
        if waiting := open_objections(step.subject):
            raise TransitionRefused(f"还有 {waiting} 条异议没有答复，答复以后才能进入下一步。")
    return step.subject


def renotice(
    *, uid: uuid.UUID, nominee: uuid.UUID, reason: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> Round:
    """Another one of those who passed is put forward for a place that lost its own; the notice begins again."""
    row = find_round(actor, uid)
    given = {"nominee": nominee, "reason": reason}
    with walk_round(row.pk, "renotice", actor=actor, at=at, given=given, entry_id=entry_id) as step:
        found = step.subject.nominees.filter(uid=nominee, status=N.NOT_CHOSEN.value).select_related("vacancy").first()
        if found is None or found.vacancy.outcome != Outcome.OPEN:
            raise InputRefused("只能从这个位置考察通过、没有选上的人里另选一位。", field="nominee")
        if found.vacancy.nominees.filter(status=N.CHOSEN.value).exists():
            raise InputRefused("这个位置还有拟任人选。请先取消原来的人选。", field="nominee")
        with walk_nominee(found.pk, "choose", actor=actor, at=at):
            pass
        is_shown = step.subject.runs(StepKind.NOTICE)
        step.lead_to(S.NOTICING if is_shown else S.APPOINTING)
        if is_shown:
            step.set(**notice_from(step.subject, at))
        step.say(reason=refuse_words(reason, "reason"))
    return step.subject


def drop_vacancy(
    *, uid: uuid.UUID, vacancy: uuid.UUID, reason: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> Round:
    """One place leaves the round with a reason; the last one ends by breaking the round off."""
    row = find_round(actor, uid)
    given = {"vacancy": vacancy, "reason": reason}
    with walk_round(row.pk, "drop", actor=actor, at=at, given=given, entry_id=entry_id) as step:
        places = open_vacancies(step.subject)
        place = next((each for each in places if each.uid == vacancy), None)
        if place is None:
            raise InputRefused("这个位置已经不在这次选任里。", field="vacancy")
        if len(places) == 1:
            raise InputRefused("这是最后一个位置，请直接中止这次选任。", field="vacancy")
        electing.stop_polls([place], reason.strip(), actor, at)
        _drop([place], step.subject.chain_seq + 1)
        step.note(vacancy=place.pk)
        step.say(reason=refuse_words(reason, "reason"))
    return step.subject


def break_off(*, uid: uuid.UUID, reason: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> Round:
    """End a round without anybody; its places are free for another one."""
    row = find_round(actor, uid, Tie.DESK, Tie.ABOVE)
    with walk_round(row.pk, "break_off", actor=actor, at=at, given={"reason": reason}, entry_id=entry_id) as step:
        vacancies = open_vacancies(step.subject)
        electing.stop_polls(vacancies, reason.strip(), actor, at)
        _drop(vacancies, step.subject.chain_seq + 1)
        step.set(ended_at=at)
        step.say(reason=refuse_words(reason, "reason"))
    return step.subject


def _drop(vacancies: Sequence[Vacancy], seq: int) -> None:
    for vacancy in vacancies:
        vacancy.outcome, vacancy.why_dropped_seq = Outcome.DROPPED, seq
        vacancy.save(update_fields=["outcome", "why_dropped_seq"])


def turn_rounds(*, at: datetime, most: int = 200) -> int:
    """What the clock does: naming ends after its last day, a notice after its working days (worker); how many."""
    today = clock.local_date(at)
    rows = Round.objects.open().order_by("pk")
    closing = rows.filter(status=S.NOMINATING.value, nominate_until__lt=today)
    ending = rows.filter(status=S.NOTICING.value, notice_until__lte=at).exclude(objections__status="open")
    turned = sum(_turned(close_nominations, row.uid, at) for row in closing[:most])
    return turned + sum(_turned(end_notice, row.uid, at) for row in ending[:most])


def _turned(turn: Callable[..., Round], uid: uuid.UUID, at: datetime) -> bool:
    try:
        with transaction.atomic():
            turn(uid=uid, actor=SYSTEM, at=at)
    except TransitionRefused:
        return False
    return True
