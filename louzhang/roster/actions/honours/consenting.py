"""本人同意: people without a post agree to stand, to be on the wall, to a photo; every yes is taken back in one tap.

Who has no account says it on paper, which somebody of the office holds in their hand; who was confirmed as a resident
on a phone says it there.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import transaction

from louzhang.journal.actions import erase_files, erase_subject
from louzhang.journal.actor import SYSTEM, Actor
from louzhang.journal.refusals import Conflict, InputRefused, NotYours
from louzhang.journal.walker import Step
from louzhang.kit import clock
from louzhang.register.models import Resident
from louzhang.roster.actions.honours.asking import NOT_GIVEN, stop_asking, unname_on_ballots
from louzhang.roster.actions.honours.walking import walk_honour
from louzhang.roster.lifecycle.honours import LIVE, HonourState, Tie
from louzhang.roster.models.honours import Honour
from louzhang.workorders.actions.photographs import claim_attachments

OWN, PAPER = "own", "paper"
TAKEN_DOWN: Final = "本人撤下照片"
UNNAMED: Final = "本人不愿留名"
NO_PAPER: Final = "请确认本人签了字的纸在您手里。先请本人同意，再登记。"
KEPT_LONG_ENOUGH: Final = "没有授予，保存期满"
BLANKED = ("resident_id", "name_sealed", "on_wall_at", "photo_uid", "erased_at")


def consent_to_stand(
    *, honour_id: int, actor: Actor, at: datetime, has_paper: bool = False, entry_id: uuid.UUID | None = None
) -> Honour:
    """Somebody without a post agrees to stand: masked on notice, nothing else. Without it nobody checks it."""
    with walk_honour(honour_id, "consent", actor, at, {}, entry_id) as step:
        if not step.subject.has_no_account:
            raise Conflict("有任职的人不用登记，上不上光荣榜由本人自己定。")
        if step.subject.consented_on is not None:
            raise Conflict("本人的同意已经登记过了。")
        step.note(way=_way(step, has_paper=has_paper))
        step.set(consented_on=clock.local_date(at))
    return step.subject


def join_wall(
    *, honour_id: int, actor: Actor, at: datetime, has_paper: bool = False, entry_id: uuid.UUID | None = None
) -> Honour:
    """The person agrees to stand on the wall with name, post and the reason."""
    with walk_honour(honour_id, "join_wall", actor, at, {}, entry_id) as step:
        honour = step.subject
        if not honour.kind.has_wall or honour.building_id is not None or honour.erased_at is not None:
            raise Conflict("这种荣誉不上光荣榜，或本人不愿留名。")
        if honour.holder_id is not None and Tie.NOMINEE not in honour.relations_now:
            raise NotYours("上不上光荣榜由本人在“我的荣誉”里自己定。")
        step.note(way=_way(step, has_paper=has_paper))
        step.set(on_wall_at=at)
    return step.subject


def leave_wall(*, honour_id: int, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> Honour:
    """The person takes it back by one tap, and the photo goes with it; nobody asks why."""
    with transaction.atomic():
        with walk_honour(honour_id, "leave_wall", actor, at, {}, entry_id) as step:
            step.set(on_wall_at=None, photo_uid=None)
        erase_photo(step.subject, actor, at)
    return step.subject


def give_photo(
    *, honour_id: int, photos: Sequence[uuid.UUID], actor: Actor, at: datetime, has_paper: bool = False,
    entry_id: uuid.UUID | None = None,
) -> Honour:  # fmt: skip
    """One photo for the wall, by the person or with their yes on paper; one given before is erased.

    Raises what the walker raises, `Conflict` for who is not on the wall, `InputRefused` for anything but one photo.
    """
    if len(photos) > 1:
        raise InputRefused("光荣榜上只放一张照片，请留一张。", field="photos")
    with transaction.atomic():
        _erase_earlier(honour_id, actor, at)
        with walk_honour(honour_id, "give_photo", actor, at, {"photos": list(photos) or None}, entry_id) as step:
            honour = step.subject
            if honour.on_wall_at is None:
                raise Conflict("本人同意上光荣榜以后，才能放照片。")
            facts = claim_attachments(
                honour, photos, actor=actor, seq=honour.chain_seq + 1, is_photos_only=True
            )  # fmt: skip
            step.note(way=_way(step, has_paper=has_paper), attachments=facts)
            step.set(photo_uid=photos[0])
    return step.subject


def _erase_earlier(honour_id: int, actor: Actor, at: datetime) -> None:
    """The photo that hangs there now goes first, so that its tombstone stands before the new one."""
    honour = Honour.objects.all().locked_for(actor, honour_id)
    if honour is not None and honour.photo_uid is not None:
        erase_photo(honour, actor, at)


def withdraw_photo(*, honour_id: int, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> Honour:
    """The photo goes, from the wall and from the store; the name stays."""
    with transaction.atomic():
        with walk_honour(honour_id, "withdraw_photo", actor, at, {}, entry_id) as step:
            if step.subject.photo_uid is None:
                raise Conflict("这里没有照片。")
            step.set(photo_uid=None)
        erase_photo(step.subject, actor, at)
    return step.subject


def forget_honour(*, honour_id: int, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> Honour:
    """Somebody without a post does not want to be named: name, reason and photo go, a row without them stays.

    What was not awarded yet ends with it.
    """
    with transaction.atomic():
        with walk_honour(honour_id, "forget", actor, at, {}, entry_id) as step:
            honour = step.subject
            if not honour.has_no_account:
                raise Conflict("有任职的人请在“我的荣誉”里从光荣榜撤下。")
            if honour.status == HonourState.AWARDED:
                step.lead_to(HonourState.AWARDED)
            else:
                step.set(ended_at=at)
            blanked = _unname(honour, at)
            step.set(**{name: getattr(honour, name) for name in blanked})
        erase_subject(step.subject, rule=UNNAMED, actor=actor, at=at, area_ids=step.subject.event_area_ids())
        if step.subject.status != HonourState.AWARDED:
            stop_asking(step.subject, NOT_GIVEN, at)
    return step.subject


def forget_resident(resident: Resident, rule: str, actor: Actor, at: datetime) -> None:
    """Whoever is erased from the register is named in no honour either; what was under way ends."""
    rows = Honour.objects.filter(resident=resident).select_related("kind", "area").order_by("pk")
    for honour in rows.select_for_update(no_key=True, of=("self",)):
        was_live = honour.status in LIVE and honour.status != HonourState.AWARDED
        if was_live:
            honour.status, honour.ended_at = HonourState.WITHDRAWN.value, at
        save = ("status", "ended_at", *_unname(honour, at))
        erase_subject(honour, rule=rule, actor=actor, at=at, area_ids=honour.event_area_ids(), save=save)
        if was_live:
            stop_asking(honour, NOT_GIVEN, at)


def purge_ended(*, before: datetime, at: datetime) -> int:
    """Empty what was not awarded to people without a post and ended before a moment; gives how many."""
    states = [HonourState.DECLINED.value, HonourState.WITHDRAWN.value, HonourState.REVOKED.value]
    rows = Honour.objects.filter(status__in=states, ended_at__lt=before, holder=None, building=None, erased_at=None)
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    for honour_id in ids:
        with transaction.atomic():
            honour = rows.filter(pk=honour_id).select_for_update(no_key=True, of=("self",)).first()
            if honour is not None:
                save = _unname(honour, at)
                erase_subject(honour, rule=KEPT_LONG_ENOUGH, actor=SYSTEM, at=at, save=save,
                              area_ids=honour.event_area_ids())  # fmt: skip
    return len(ids)


def _unname(honour: Honour, at: datetime) -> tuple[str, ...]:
    unname_on_ballots(honour)
    honour.resident, honour.name_sealed, honour.on_wall_at, honour.photo_uid = None, "", None, None
    honour.erased_at = at
    return BLANKED


def erase_photo(honour: Honour, actor: Actor, at: datetime) -> None:
    """The photo of a locked honour goes from the store; nothing where it has none."""
    erase_files(honour, rule=TAKEN_DOWN, actor=actor, at=at, area_ids=honour.event_area_ids())


def _way(step: Step[Honour], *, has_paper: bool) -> str:
    """By whom it was said: on the own phone, or on a paper that lies in the office."""
    if Tie.NOMINEE in step.subject.relations_now:
        return OWN
    if not has_paper:
        raise InputRefused(NO_PAPER, field="has_paper")
    return PAPER
