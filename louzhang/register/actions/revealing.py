"""Opening what is sealed: with a reason, logged where nobody can change it, and so often an hour per person."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from louzhang.accounts import limits
from louzhang.journal.actions import log_reveal
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import InputRefused, NotThere, NotYours
from louzhang.kit import clock
from louzhang.register.actions.consenting import refuse_strange_child
from louzhang.register.ages import CHILD_UNTIL, is_under
from louzhang.register.models import Resident

REASON_LENGTH = 200
REVEALED = ("id_number", "phone", "birth_date")


def reveal_resident(*, resident_id: int, what: str, reason: str, actor: Actor, at: datetime) -> str:
    """The plain ID number, phone or birth date of a resident, for whoever keeps the place and for themselves.

    Of a child under 14 only for who looks after children. Health opens with the care tag it belongs to
    (`caring.open_health`), never here. Call outside a transaction: the count stays when the rest is refused. Raises
    `NotThere` out of scope, `NotYours` for a program that may only look, `InputRefused` without a reason, `TooOften`.
    """
    resident = Resident.objects.visible_to(actor).current().filter(pk=resident_id).first()
    if resident is None or what not in REVEALED:
        raise NotThere("没有找到这位居民，或不在您负责的范围内。")
    refuse_strange_child(resident, actor, is_child=is_under(resident, CHILD_UNTIL, clock.local_date(at)))
    if actor.is_read_only:
        raise NotYours("这个访问令牌只能查看遮盖后的登记，不能打开号码。")
    if len(reason.strip()) < 2:
        raise InputRefused("请写明为什么要查看，这会留下记录，本人也能看到。", field="reason")
    limits.refuse_too_often({"reveal.person": str(actor.user_id or actor.device)}, at)
    with transaction.atomic():
        log_reveal(
            subject_kind=Resident.subject_kind,
            subject_id=resident.pk,
            what=what,
            reason=reason.strip()[:REASON_LENGTH],
            actor=actor,
            at=at,
        )
        return resident.open_field(what)
