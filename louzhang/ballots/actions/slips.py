"""投票单、委托、送票上门: what counters arrange for electors while a round runs, so that everybody can vote."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from louzhang.ballots.actions.running import refuse_lost_key
from louzhang.ballots.actions.walking import walk_poll
from louzhang.ballots.envelopes import Mark, open_bundle
from louzhang.ballots.lifecycle import PollState
from louzhang.ballots.models import Elector, Poll
from louzhang.ballots.queries.apart import homes_kept_away
from louzhang.ballots.queries.rolls import NOT_ON_ROLL, shown_electors
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import Conflict, InputRefused, NotThere, TransitionRefused
from louzhang.kit import codes, crypto
from louzhang.kit.writing import update_values

SLIPS_AT_ONCE = 200
_WITH = ("household__dwelling__area__level", "resident", "bundle")


@dataclass(frozen=True, slots=True)
class Slip:
    """A slip as it is printed: whose it is and its code, which nobody can print a second time."""

    elector: Elector
    code: str


def print_slips(
    *,
    poll_id: int,
    actor: Actor,
    at: datetime,
    area_id: int | None = None,
    elector_uid: uuid.UUID | None = None,
    entry_id: uuid.UUID | None = None,
) -> list[Slip]:
    """Make codes for whoever has none yet (of one leaf, where it is named), or a new one for one elector who lost it.

    The codes exist in the answer alone; the roll keeps their hashes. A new slip ends the old one; how many were made
    anew stands beside the result. At most 200 at once. Raises what the walker raises, `NotThere` for an elector of
    another roll, `Conflict` where everybody has a slip.
    """
    with walk_poll(poll_id, "print_slips", actor=actor, at=at, entry_id=entry_id) as step:
        poll = step.subject
        electors = _wanted(poll, actor, area_id, elector_uid)
        slips = [Slip(elector, codes.tracking_code()) for elector in electors]
        update_values(Elector, ["code_hash"], [(each.elector.pk, crypto.token_hash(each.code)) for each in slips])
        again = sum(bool(each.elector.code_hash) for each in slips)
        step.note(slips=len(slips), again=again)
        if again:
            step.set(slips_again=poll.slips_again + again)
    return slips


def _wanted(poll: Poll, actor: Actor, area_id: int | None, elector_uid: uuid.UUID | None) -> Sequence[Elector]:
    rows = shown_electors(poll, actor).select_related(*_WITH)
    if elector_uid is not None:
        found = list(rows.filter(uid=elector_uid))
        if not found:
            raise NotThere(NOT_ON_ROLL)
        return found
    place = Q() if area_id is None else Q(household__dwelling__area_id=area_id)
    order = ("household__dwelling__area__path", "household__dwelling__floor", "household__dwelling__position", "pk")
    found = list(rows.filter(place, code_hash="").order_by(*order)[:SLIPS_AT_ONCE])
    if not found:
        raise Conflict("这里每一票的投票单都打印过了。丢了的，请在名册里逐个补发。")
    return found


def register_proxy(
    *,
    poll_id: int,
    principal_uid: uuid.UUID,
    proxy_uid: uuid.UUID | None,
    actor: Actor,
    at: datetime,
    entry_id: uuid.UUID | None = None,
) -> Elector:
    """A counter writes down that one elector votes for another who asked for it in writing; None takes it back.

    Raises what the walker raises, `NotThere` for somebody not on the roll, `InputRefused` for a proxy the rule does not
    allow: oneself, one who has given their own vote away, one with too many, one who stands for election or holds a
    post there; `Conflict` for a vote that was cast already.
    """
    with walk_poll(poll_id, "register_proxy", actor=actor, at=at, entry_id=entry_id) as step:
        poll = step.subject
        if not poll.proxies_at_most:
            raise Conflict("这次投票的规则没有委托投票。")
        principal = _on_roll(poll, principal_uid)
        proxy = _on_roll(poll, proxy_uid) if proxy_uid is not None else None
        if proxy is not None:
            _refuse_proxy(poll, principal, proxy, at)
        _refuse_voted(poll, principal)
        principal.proxy = proxy
        principal.save(update_fields=["proxy"])
        step.note(is_back=proxy is None)
    return principal


def _on_roll(poll: Poll, uid: uuid.UUID) -> Elector:
    found = poll.electors.select_related("household", "bundle").filter(uid=uid).first()
    if found is None:
        raise NotThere(NOT_ON_ROLL)
    return found


def _refuse_proxy(poll: Poll, principal: Elector, proxy: Elector, at: datetime) -> None:
    if proxy.pk == principal.pk:
        raise InputRefused("不能委托给自己，请选另一票。", field="proxy")
    if proxy.proxy_id is not None or principal.principals.exists():
        raise InputRefused("受委托的人不能再委托别人。请选一位自己投票的人。", field="proxy")
    if proxy.principals.exclude(pk=principal.pk).count() >= poll.proxies_at_most:
        raise InputRefused(f"一个人最多替 {poll.proxies_at_most} 票，这位已经满了。请选别的人。", field="proxy")
    if proxy.household_id in homes_kept_away(poll, at):
        raise InputRefused("候选人和在这里任职的人家里不能替别人投票。请选别的人。", field="proxy")


def _refuse_voted(poll: Poll, elector: Elector) -> None:
    bundle, key, items = elector.bundle, refuse_lost_key(poll), poll.items.count()
    if bundle is not None and elector.slot is not None:
        envelopes = open_bundle(key, poll.uid, bundle.uid, bundle.sealed, items)
        if envelopes[elector.slot].mark != Mark.NOTHING:
            raise Conflict("这一票已经投过或领了纸票，不能再改委托。")


def ask_for_box(*, elector: Elector, wanted: bool, at: datetime) -> None:
    """Ask for the box to be brought to the door, or take it back; the roll says so, no event.

    Raises `TransitionRefused` where the rule has no box for doors or the round is over.
    """
    with transaction.atomic():
        poll = Poll.objects.get(pk=elector.poll_id)
        in_time = poll.status in (PollState.FIXED, PollState.OPEN) and at < poll.closes_at
        if not (poll.has_door_box and in_time):
            raise TransitionRefused("这次投票现在不能要求送票上门。请联系计票人。")
        Elector.objects.filter(pk=elector.pk).update(wants_box=wanted)
