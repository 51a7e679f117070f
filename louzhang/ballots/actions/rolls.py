"""名册: made from the register, shown for some days with objections, fixed; then every elector has an envelope."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from secrets import SystemRandom

from django.db.models import Q

from louzhang.ballots.actions.walking import walk_poll
from louzhang.ballots.envelopes import Envelope, seal_bundle
from louzhang.ballots.models import SLOTS, Bundle, Elector, Objection, Poll
from louzhang.ballots.queries.electing import Entitled, entitled_in, members_of
from louzhang.ballots.round_keys import make_key
from louzhang.journal.actor import Actor
from louzhang.journal.models import Event
from louzhang.journal.refusals import Conflict, InputRefused, NotThere, NotYours
from louzhang.journal.ties import own_term
from louzhang.register.models import Binding, Household, Stay
from louzhang.register.models.bindings import own_households

NOBODY = "这些地方还没有登记住户，没有人可以投。请先登记住户，或换一个范围。"
NOT_HERE = "这一户不在这次投票的范围里。请向社区问清楚在哪里投。"
Place = tuple[Bundle | None, int | None]
NOWHERE: Place = (None, None)
_lots = SystemRandom()


def show_roll(*, poll_id: int, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> Poll:
    """Make the roll from the register as it is now and show it for the days of the rule (R3).

    Raises what the walker raises, `InputRefused` where nobody has a vote or the days no longer fit before the opening.
    """
    with walk_poll(poll_id, "show_roll", actor=actor, at=at, entry_id=entry_id) as step:
        poll = step.subject
        until = at + timedelta(days=poll.objection_days)
        if until > poll.opens_at:
            raise InputRefused(
                f"名册要公示 {poll.objection_days} 天，赶不上开始投票的时间。请把开始的时间往后改。", field="opens_at"
            )
        entitled = entitled_in(poll, at)
        if not entitled:
            raise InputRefused(NOBODY, field="areas")
        _write_roll(poll, entitled)
        step.set(roll_until=until, entitled=len(entitled))
        step.note(entitled=len(entitled))
    return step.subject


def object_to_roll(
    *,
    poll_id: int,
    household: Household,
    wants_in: bool,
    words: str,
    actor: Actor,
    at: datetime,
    resident_id: int | None = None,
    entry_id: uuid.UUID | None = None,
) -> Objection:
    """Say that the own household (or oneself) is missing on the roll, or wrongly there; a counter says it for others.

    Raises what the walker raises, `NotThere` for another's household or one that lies elsewhere, `Conflict` where the
    same is waiting already.
    """
    with walk_poll(poll_id, "object", actor=actor, at=at, entry_id=entry_id, words=words) as step:
        poll = step.subject
        _refuse_foreign(poll, household, resident_id, actor)
        waiting = poll.objections.filter(_of(household.pk, resident_id), is_upheld=None)
        if waiting.exists():
            raise Conflict("这条异议已经提过，计票人正在核对。请等答复。")
        step.say(words=words.strip())
        objection = Objection(
            poll=poll, household=household, resident_id=resident_id, wants_in=wants_in, seq=poll.chain_seq + 1
        )
        objection.save(force_insert=True)
    return objection


def _of(household_id: int, resident_id: int | None) -> Q:
    return Q(household_id=household_id, resident_id=resident_id)


def _refuse_foreign(poll: Poll, household: Household, resident_id: int | None, actor: Actor) -> None:
    if household.dwelling.area_id not in poll.area_ids or poll.is_of_households != (resident_id is None):
        raise NotThere(NOT_HERE)
    if "counter" not in poll.relations_now and not own_households(actor).filter(pk=household.pk).exists():
        raise NotThere(NOT_HERE)
    if resident_id is None:
        return
    own = own_term(actor, "user_id")
    is_own = own is not None and Binding.objects.filter(own, resident_id=resident_id, ended_at=None).exists()
    lives = Stay.objects.filter(resident_id=resident_id, household=household, ends_on=None).exists()
    if not lives or not (is_own or "counter" in poll.relations_now):
        raise NotThere(NOT_HERE)


def settle_objection(
    *,
    poll_id: int,
    objection_uid: uuid.UUID,
    is_upheld: bool,
    words: str,
    actor: Actor,
    at: datetime,
    entry_id: uuid.UUID | None = None,
) -> Objection:
    """A counter answers an objection with a sentence and puts the roll right where it was upheld.

    Raises what the walker raises, `NotThere` for one that is not there, `Conflict` for one that was answered,
    `NotYours` for the own one.
    """
    with walk_poll(poll_id, "settle", actor=actor, at=at, entry_id=entry_id, words=words) as step:
        poll = step.subject
        objection = poll.objections.select_for_update(of=("self",)).filter(uid=objection_uid).first()
        if objection is None:
            raise NotThere("没有找到这条异议，请刷新页面。")
        if objection.is_upheld is not None:
            raise Conflict("这条异议已经答复过。请刷新页面看结果。")
        if _said_by(poll, objection, actor):
            raise NotYours("这条异议是您自己提的，请另一位计票人来答复。")
        step.say(words=words.strip())
        objection.is_upheld, objection.answer_seq = is_upheld, poll.chain_seq + 1
        objection.save(update_fields=["is_upheld", "answer_seq"])
        if is_upheld:
            _put_right(poll, objection)
            step.set(entitled=poll.electors.count())
        step.note(upheld=is_upheld)
    return objection


def _said_by(poll: Poll, objection: Objection, actor: Actor) -> bool:
    """Whether the actor has objected themselves: nobody both asks for a change of the roll and makes it."""
    spoken = Event.objects.filter(subject_kind=poll.subject_kind, subject_id=poll.pk, seq=objection.seq)
    return spoken.filter(user_id=actor.user_id or 0).exists()


def _put_right(poll: Poll, objection: Objection) -> None:
    there = poll.electors.filter(_of(objection.household_id, objection.resident_id))
    if not objection.wants_in:
        there.delete()
    elif not there.exists():
        one = Entitled(objection.household_id, objection.resident_id)
        Elector.objects.create(
            poll=poll, household_id=one.household_id, resident_id=one.resident_id, member_ids=members_of([one])[one]
        )


def fix_roll(*, poll_id: int, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> Poll:
    """The roll holds: it is written anew in the order of a lot, and everybody on it gets an envelope under a new key.

    Raises what the walker raises, `Conflict` while the roll is still shown, an objection waits, or nobody is left.
    """
    with walk_poll(poll_id, "fix_roll", actor=actor, at=at, entry_id=entry_id) as step:
        poll = step.subject
        if poll.roll_until is not None and at < poll.roll_until:
            raise Conflict("名册还在公示，公示期满才能定下来。")
        if poll.objections.filter(is_upheld=None).exists():
            raise Conflict("还有异议没有答复。请计票人先逐条答复，再定名册。")
        left = poll.electors.exclude(resident__ended_at__isnull=False).order_by("pk")
        entitled = [Entitled(*row) for row in left.values_list("household_id", "resident_id")]
        if not entitled:
            raise Conflict(NOBODY)
        _write_roll(poll, entitled, _lay_envelopes(poll, len(entitled)))
        step.set(entitled=len(entitled))
        step.note(entitled=len(entitled))
    return step.subject


def _write_roll(poll: Poll, entitled: Sequence[Entitled], places: Sequence[Place] = ()) -> None:
    """Store the roll in the order of a lot; each row gets one of the places, where there are some."""
    poll.electors.all().delete()
    drawn = list(entitled)
    _lots.shuffle(drawn)
    members = members_of(drawn)
    Elector.objects.bulk_create(
        Elector(
            poll=poll, household_id=each.household_id, resident_id=each.resident_id, bundle=bundle, slot=slot,
            member_ids=members[each],
        )
        for each, (bundle, slot) in zip(drawn, places or [NOWHERE] * len(drawn), strict=True)
    )  # fmt: skip


def _lay_envelopes(poll: Poll, count: int) -> list[Place]:
    """Empty envelopes for so many, in bundles of 128 and all of one length; the places in the order of a lot."""
    bundles = [Bundle(poll=poll, uid=uuid.uuid4()) for _ in range(-(-count // SLOTS))]
    key = make_key(poll.uid)
    for bundle in bundles:
        bundle.sealed = seal_bundle(key, poll.uid, bundle.uid, [Envelope()] * SLOTS)
    Bundle.objects.bulk_create(bundles)
    places: list[Place] = [(bundles[place % len(bundles)], place // len(bundles)) for place in range(count)]
    _lots.shuffle(places)
    return places
