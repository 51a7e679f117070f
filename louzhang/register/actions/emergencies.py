"""紧急使用: to save life or health somebody opens what they otherwise may not; logged, and the person is told after."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.urls import reverse

from louzhang.accounts import limits
from louzhang.journal.actions import log_reveal
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import Conflict, InputRefused, NotThere
from louzhang.kit import clock
from louzhang.register.actions.keeping import tell
from louzhang.register.actions.telling import tell_bound
from louzhang.register.models import CareTag, EmergencyUse, Resident

SHORTEST_REASON = 6
REASON_LENGTH = 200
TITLE = "有人为救急看了您的关爱标记"


def look_in_emergency(*, resident_id: int, reason: str, actor: Actor, at: datetime) -> list[CareTag]:
    """Open every care tag of somebody the actor keeps, a child's too, because life or health is in danger.

    Whoever has bound their phone or account is told at once; for everybody else it waits on the office's list until
    somebody has told them. Raises `NotThere` out of scope, `InputRefused` for less than six signs of reason,
    `TooOften`.
    """
    resident = Resident.objects.kept_by(actor).current().filter(pk=resident_id).first()
    if resident is None or actor.user_id is None:
        raise NotThere("没有找到这位居民，或不在您负责的范围内。")
    if len(reason.strip()) < SHORTEST_REASON:
        raise InputRefused("请写明出了什么急事、要做什么，事后会告诉本人。", field="reason")
    limits.refuse_too_often({"reveal.person": str(actor.user_id)}, at)
    said = reason.strip()[:REASON_LENGTH]
    with transaction.atomic():
        use = EmergencyUse.objects.create(resident=resident, user_id=actor.user_id, used_at=at)
        log_reveal(
            subject_kind=Resident.subject_kind, subject_id=resident.pk, what="emergency",
            reason=said, actor=actor, at=at,
        )  # fmt: skip
        facts = {"resident": resident.pk}
        tell(use, "use", area_id=resident.area_id, actor=actor, at=at, payload=facts, words={"reason": said})
        _tell_bound(use, actor, at)
        rows = CareTag.objects.current(clock.local_date(at)).filter(resident=resident)
        return list(rows.select_related("kind", "author", "consent").order_by("kind__position", "pk"))


def _tell_bound(use: EmergencyUse, actor: Actor, at: datetime) -> None:
    if tell_bound(use.resident_id, use, title=TITLE, url=reverse("own:looks"), at=at):
        use.told_at = at
        tell(use, "tell", area_id=use.resident.area_id, actor=actor, at=at, save=("told_at",))


def tell_of_emergency(*, use_id: int, actor: Actor, at: datetime) -> EmergencyUse:
    """Note that the person has been told by word; raises `Conflict` where that is noted already."""
    with transaction.atomic():
        rows = EmergencyUse.objects.visible_to(actor).filter(pk=use_id).select_related("resident")
        use = rows.select_for_update(no_key=True, of=("self",)).first()
        if use is None or actor.user_id is None:
            raise NotThere("没有找到这次紧急使用，或它不在您的范围内。")
        if use.told_at is not None:
            raise Conflict("已经告诉过本人了。")
        use.told_at, use.told_by_id = at, actor.user_id
        tell(use, "tell", area_id=use.resident.area_id, actor=actor, at=at, save=("told_at", "told_by"))
    return use
