"""What people ask about their own data: filed with a clock, carried out or declined with a reason (PIPL 44 to 50)."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.urls import reverse

from louzhang.accounts import limits
from louzhang.areas.queries.working_time import working_time
from louzhang.areas.roles import OFFICE_ROLES, Role
from louzhang.journal.actions import record
from louzhang.journal.actor import SYSTEM, Actor
from louzhang.journal.models import Audience
from louzhang.journal.refusals import Conflict, InputRefused
from louzhang.journal.walker import Step, walk
from louzhang.kit.id_numbers import InvalidIdNumber, birth_date_of, normal_id_number
from louzhang.kit.phones import InvalidPhone, normal_phone
from louzhang.register.actions.consenting import withdraw_consent
from louzhang.register.actions.erasing import erase_resident
from louzhang.register.actions.keeping import tell
from louzhang.register.actions.residents import correct_resident
from louzhang.register.actions.telling import tell_bound, tell_sitting
from louzhang.register.lifecycle import REQUESTS
from louzhang.register.models import REMINDED_BEFORE, WORKING_DAYS, About, Right, RightsRequest
from louzhang.register.models.shelters import sheltered
from louzhang.register.queries.own import own_resident
from louzhang.register.queries.places import community_of
from louzhang.register.queries.requests import working_days_left
from louzhang.register.scope import refuse_looking_only

WISH_LENGTH = 300
REASON_LENGTH = 300
NAME_LENGTH = 40
ANSWERED = "您关于自己登记的请求有了答复"
REMINDED = (f"有一个本人请求 {REMINDED_BEFORE} 个工作日内要答复", "有一个本人请求今天要答复")


def ask_right(*, right: str, about: str = "", wish: str = "", actor: Actor, at: datetime) -> RightsRequest:
    """File a request about one's own entry; it is to be answered within fifteen working days.

    Raises `NotThere` for who is not bound, `InputRefused` for a blank or impossible wish, `Conflict` where the same
    is asked already.
    """
    refuse_looking_only(actor)
    if right not in (Right.CORRECT, Right.DELETE):
        raise InputRefused("请选择您想怎么做。", field="right")
    words = _checked_wish(about, wish) if right == Right.CORRECT else wish.strip()[:WISH_LENGTH]
    return _file(right, about if right == Right.CORRECT else "", words, actor, at)


def _checked_wish(about: str, wish: str) -> str:
    """What is to stand there, in the form it is stored in."""
    words = wish.strip()
    if about not in About.values:
        raise InputRefused("请选择哪一项要更正。", field="about")
    if not words or len(words) > WISH_LENGTH:
        raise InputRefused(f"请填写应该是什么，最多 {WISH_LENGTH} 个字。", field="wish")
    try:
        return _NORMAL.get(About(about), str)(words)
    except (InvalidPhone, InvalidIdNumber, ValueError) as error:
        sentence = str(error) if isinstance(error, InvalidPhone | InvalidIdNumber) else "请写成 1980-01-31 这样的日期。"
        raise InputRefused(sentence, field="wish") from None


def _short(words: str) -> str:
    return words[:NAME_LENGTH]


def _day(words: str) -> str:
    return date.fromisoformat(words).isoformat()


_NORMAL: Mapping[About, Callable[[str], str]] = {
    About.NAME: _short,
    About.PHONE: normal_phone,
    About.ID_NUMBER: normal_id_number,
    About.BIRTH_DATE: _day,
}


def _file(right: str, about: str, wish: str, actor: Actor, at: datetime) -> RightsRequest:
    with transaction.atomic():
        resident = own_resident(actor)
        rows = RightsRequest.objects.filter(resident=resident, right=right, about=about).open()
        if rows.exists():
            raise Conflict("您已经提过这个请求，正在办理。要改内容，请先收回原来的。")
        due_at = working_time().closing(at, WORKING_DAYS)
        request = RightsRequest(
            uid=uuid.uuid4(), resident=resident, right=right, about=about, asked_at=at, due_at=due_at
        )
        request.seal(wish=wish)
        request.save(force_insert=True)
        facts = {"right": right, "about": about, "resident": resident.pk}
        line = request.event_area_ids()
        record(request, "ask", actor=actor, at=at, audience=Audience.PARTIES, payload=facts, area_ids=line)
    return request


def note_copy(*, actor: Actor, at: datetime) -> RightsRequest:
    """The person takes a copy with them: asked and carried out at once, and kept as a request like any other.

    Call outside a transaction: the count stays when the rest is refused. Raises `TooOften`.
    """
    refuse_looking_only(actor)
    limits.refuse_too_often({"copy.person": str(actor.user_id or actor.device)}, at)
    with transaction.atomic():
        request = _file(Right.COPY, "", "", actor, at)
        _carry_out_at_once(request, at)
    return request


def withdraw_own_consent(*, consent_id: int, actor: Actor, at: datetime) -> RightsRequest:
    """The person withdraws a consent in one tap: carried out at once, and kept as a request like any other."""
    with transaction.atomic():
        request = _file(Right.WITHDRAW, "", "", actor, at)
        withdraw_consent(consent_id=consent_id, actor=actor, at=at)
        _carry_out_at_once(request, at)
    return request


def _carry_out_at_once(request: RightsRequest, at: datetime) -> None:
    with walk(REQUESTS, RightsRequest.objects, request.pk, "grant", actor=SYSTEM, at=at) as step:
        step.set(answered_at=at)


def grant_request(*, request_id: int, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> RightsRequest:
    """The office does what was asked: corrects the column, or erases the whole entry.

    What is no column of the person was corrected by hand before. Raises what `correct_resident` raises.
    """
    with walk(REQUESTS, RightsRequest.objects, request_id, "grant", actor=actor, at=at, entry_id=entry_id) as step:
        request: RightsRequest = step.subject
        _tell(request, at)
        if request.right == Right.CORRECT and request.about != About.OTHER:
            correct_resident(resident_id=request.resident_id, actor=actor, at=at, **_changes(request))
        elif request.right == Right.DELETE:
            erase_resident(resident_id=request.resident_id, actor=actor, at=at)
        _answer(step, at)
    return request


def _changes(request: RightsRequest) -> dict[str, Any]:
    wish = request.open_field("wish")
    if request.about == About.BIRTH_DATE:
        return {"birth_date": date.fromisoformat(wish)}
    born = birth_date_of(wish) if request.about == About.ID_NUMBER else None
    return {request.about: wish} | ({"birth_date": born} if born else {})


def decline_request(
    *, request_id: int, reason: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> RightsRequest:
    """The office may not do it and says why; the person can complain with that in hand."""
    given = {"reason": reason}
    with walk(
        REQUESTS, RightsRequest.objects, request_id, "decline", actor=actor, at=at, given=given, entry_id=entry_id
    ) as step:
        step.say(reason=reason.strip()[:REASON_LENGTH])
        request: RightsRequest = step.subject
        _tell(request, at)
        _answer(step, at)
    return request


def retract_request(*, request_id: int, actor: Actor, at: datetime) -> RightsRequest:
    """Who asked no longer wants it."""
    with walk(REQUESTS, RightsRequest.objects, request_id, "retract", actor=actor, at=at) as step:
        request: RightsRequest = step.subject
        _answer(step, at)
    return request


def remind_of_requests(*, at: datetime) -> int:
    """Tell the office of requests that fall due soon, and again on the day (worker); gives how many.

    Of somebody whom a protection order shields the secretary alone is told.
    """
    told = 0
    waiting = RightsRequest.objects.open().filter(reminders__lt=len(REMINDED))
    for pk in list(waiting.order_by("due_at", "pk").values_list("pk", flat=True)):
        with transaction.atomic():
            rows = waiting.filter(pk=pk).select_related("resident").select_for_update(no_key=True, of=("self",))
            request = rows.first()
            if request is not None and (stage := _stage(request, at)) > request.reminders:
                _remind(request, stage, at)
                told += 1
    return told


def _stage(request: RightsRequest, at: datetime) -> int:
    """How many reminders are due by a moment."""
    left = working_days_left(request, at)
    return 2 if not left else 1 if left <= REMINDED_BEFORE else 0


def _remind(request: RightsRequest, stage: int, at: datetime) -> None:
    request.reminders = stage
    place = request.resident.area_id
    tell(request, "remind", area_id=place, actor=SYSTEM, at=at, payload={"reminders": stage}, save=("reminders",))
    is_hidden = sheltered().filter(resident_id=request.resident_id).exists()
    roles = [Role.SECRETARY] if is_hidden else OFFICE_ROLES
    url = reverse("rights:one", args=[request.uid])
    tell_sitting([community_of(place)], roles, request, title=REMINDED[stage - 1], url=url, at=at)


def _tell(request: RightsRequest, at: datetime) -> None:
    tell_bound(request.resident_id, request, title=ANSWERED, url=reverse("own:rights"), at=at)


def _answer(step: Step[RightsRequest], at: datetime) -> None:
    """Stop the clock and let go of what was wished: it has been taken over, or nobody needs it."""
    step.set(answered_at=at, wish_sealed="")
