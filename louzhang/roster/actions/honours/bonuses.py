"""奖金发放: two people tick each bonus off; accounts are given by their holders and opened with a logged reason."""

from __future__ import annotations

import re
import uuid
from datetime import datetime

from django.db import transaction

from louzhang.journal.actions import log_reveal
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import Conflict, InputRefused, NotThere, NotYours
from louzhang.journal.walker import walk
from louzhang.kit import clock
from louzhang.roster.lifecycle.honours import BONUS_LOOP, BonusState, BonusTie
from louzhang.roster.models.honours import Bonus, PayAccount

UNKNOWN = "没有找到这笔奖金，或它不在您的范围内。"
NUMBER = re.compile(r"\d{8,30}")
BANK_LENGTH = 40


def tick_bonus(*, bonus_id: int, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> Bonus:
    """Say that the money was handed out: the first tick waits for another person's, who makes it paid.

    Raises what the walker raises, `Conflict` for the same person twice, `NotYours` for one's own bonus.
    """
    with walk(BONUS_LOOP, Bonus.objects.all(), bonus_id, "tick", actor=actor, at=at, entry_id=entry_id) as step:
        bonus = step.subject
        if actor.user_id is None or bonus.user_id == actor.user_id:
            raise NotYours("自己的奖金要由同事核对。")
        if bonus.status == BonusState.OWED:
            step.set(first_by_id=actor.user_id)
        elif bonus.first_by_id == actor.user_id:
            raise Conflict("您已经核对过，要由另一个人再核对一次。")
        else:
            step.lead_to(BonusState.PAID)
            step.set(second_by_id=actor.user_id, paid_on=clock.local_date(at))
    return step.subject


def untick_bonus(*, bonus_id: int, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> Bonus:
    """The first tick was a mistake."""
    with walk(BONUS_LOOP, Bonus.objects.all(), bonus_id, "untick", actor=actor, at=at, entry_id=entry_id) as step:
        step.set(first_by_id=None)
    return step.subject


def cancel_bonus(*, bonus_id: int, reason: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> Bonus:
    """It is not paid, with the reason: declined by its person, paid by somebody else."""
    rows, given = Bonus.objects.all(), {"reason": reason}
    with walk(BONUS_LOOP, rows, bonus_id, "cancel", actor=actor, at=at, given=given, entry_id=entry_id) as step:
        step.say(words=reason.strip())
    return step.subject


def keep_account(*, number: str, bank: str, actor: Actor, at: datetime) -> PayAccount:
    """Somebody gives the account their bonuses go to, or empties it with blank words."""
    if actor.user_id is None or actor.is_read_only:
        raise NotYours("收款账户由本人填写。")
    digits = re.sub(r"[\s-]", "", number)
    if digits and not NUMBER.fullmatch(digits):
        raise InputRefused("账号是 8 到 30 位数字，请核对。", field="number")
    if digits and not 0 < len(bank.strip()) <= BANK_LENGTH:
        raise InputRefused(f"请写明开户银行，最多 {BANK_LENGTH} 个字。", field="bank")
    with transaction.atomic():
        account, _ = PayAccount.objects.select_for_update().get_or_create(
            user_id=actor.user_id, defaults={"changed_at": at}
        )
        account.seal(number=digits, bank=bank.strip() if digits else "")
        account.changed_at = at
        account.save(update_fields=["number_sealed", "bank_sealed", "changed_at"])
    return account


def reveal_account(*, bonus_id: int, reason: str, actor: Actor, at: datetime) -> tuple[str, str]:
    """The whole account and its bank, for the office that pays, while it is owed; logged."""
    rows = Bonus.objects.tied(actor, BonusTie.DESK)
    bonus = rows.filter(pk=bonus_id, status__in=[BonusState.OWED.value, BonusState.TICKED.value]).first()
    account = PayAccount.objects.filter(user_id=bonus.user_id).first() if bonus is not None else None
    if bonus is None or account is None or actor.is_read_only:
        raise NotThere(UNKNOWN)
    if not reason.strip():
        raise InputRefused("请写明为什么要看完整的账号，这会留下记录。", field="reason")
    log_reveal(
        subject_kind=PayAccount.subject_kind, subject_id=account.pk, what="number", reason=reason.strip()[:200],
        actor=actor, at=at,
    )  # fmt: skip
    return account.open_field("number"), account.open_field("bank")
