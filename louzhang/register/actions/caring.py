"""关爱标记: set with a purpose, looked at again, ended; opened by a logged tap; in an emergency told afterwards."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from louzhang.accounts import limits
from louzhang.areas.rights import refuse_keeping
from louzhang.journal.actions import log_reveal, record
from louzhang.journal.actor import Actor
from louzhang.journal.models import Audience
from louzhang.journal.refusals import Conflict, InputRefused, NotThere, NotYours
from louzhang.kit import clock
from louzhang.register.actions.assessing import refuse_switched_off, refuse_unassessed
from louzhang.register.actions.consenting import counts_as_child, refuse_strange_child
from louzhang.register.actions.keeping import kept, tell
from louzhang.register.actions.stays import standing
from louzhang.register.care_kinds import STANDARD_CARE, CareDraft
from louzhang.register.forbidden import refuse_forbidden
from louzhang.register.models import CareKind, CareTag, Consent, Resident, Target

MONTH = timedelta(days=30)
PURPOSE_LENGTH = 100
HEALTH_LENGTH = 200
REASON_LENGTH = 200
WHY = "请写明为什么要看，这会留下记录，本人也能看到。"


def lay_down_care_kinds(*, actor: Actor, at: datetime, drafts: tuple[CareDraft, ...] = STANDARD_CARE) -> int:
    """Lay down the standard kinds where the district has none of that code yet; none is in use before its assessment.

    Raises `NotYours` for whoever does not keep the district, `InputRefused` for a name that must not be.
    """
    refuse_keeping(actor)
    with transaction.atomic():
        taken = set(CareKind.objects.filter(ended_at=None).values_list("code", flat=True))
        fresh = [draft for draft in drafts if draft.code not in taken]
        for position, draft in enumerate(fresh, start=len(taken) + 1):
            for words in (draft.name, draft.purpose):
                refuse_forbidden(words, field="name")
            kind = CareKind.objects.create(position=position, **draft.columns())
            facts = {"code": kind.code, "name": kind.name}
            record(kind, "add", actor=actor, at=at, audience=Audience.DESK, payload=facts)
    return len(fresh)


def add_care_tag(
    *, resident_id: int, kind_id: int, purpose: str, ends_on: date, actor: Actor, at: datetime, health: str = ""
) -> CareTag:
    """Note that somebody is to be looked after, what for and until when; `health` is what to heed, sealed.

    Raises `InputRefused` without a purpose, for an end too far away, for a kind that is not in use or needs a
    consent that nobody gave, and for words about health with a kind that is not about it; `Conflict` where the tag
    stands already; `NotYours` for a child under 14.
    """
    refuse_unassessed({"health": health}, actor)
    with transaction.atomic():
        resident = standing(resident_id, actor)
        kind = _kind_in_use(kind_id)
        words = _checked(purpose, kind, ends_on, at)
        is_child = counts_as_child(resident, kind, at)
        refuse_strange_child(resident, actor, is_child=is_child)
        if CareTag.objects.filter(resident=resident, kind=kind, ended_at=None, purged_at=None).exists():
            raise Conflict("这位居民已经有这个标记，请在原来的标记上改到期日。")
        consent = _consent(resident, kind, is_needed=kind.is_health or is_child)
        today = clock.local_date(at)
        tag = CareTag(
            resident=resident, kind=kind, purpose=words, legal_basis=kind.legal_basis, author_id=actor.user_id,
            is_child=is_child, needs_consent=kind.is_health or is_child, consent=consent, noted_on=today,
            review_on=min(ends_on, today + kind.review_months * MONTH), ends_on=ends_on,
        )  # fmt: skip
        tag.seal(health=_checked_health(health, kind))
        tag.save(force_insert=True)
        said = {"kind": kind.name, "purpose": words}
        tell(tag, "add", area_id=resident.area_id, actor=actor, at=at, payload={"resident": resident.pk}, words=said)
    return tag


def _kind_in_use(kind_id: int) -> CareKind:
    kind = CareKind.objects.filter(pk=kind_id, ended_at=None).first()
    if kind is None:
        raise InputRefused("请选择标记的种类。", field="kind")
    refuse_switched_off(Target.CARE_KIND, kind.code)
    return kind


def _checked(purpose: str, kind: CareKind, ends_on: date, at: datetime) -> str:
    words = " ".join(purpose.split())
    if not 2 <= len(words) <= PURPOSE_LENGTH:
        raise InputRefused(
            f"请写明要为这位居民做什么，2 到 {PURPOSE_LENGTH} 个字，例如“每周探访一次”。", field="purpose"
        )
    refuse_forbidden(words, field="purpose")
    _refuse_end(kind, ends_on, at)
    return words


def _checked_health(health: str, kind: CareKind) -> str:
    words = " ".join(health.split())
    if words and not kind.is_health:
        raise InputRefused(f"“{kind.name}”不涉及健康，健康情况请空着。", field="health")
    if len(words) > HEALTH_LENGTH:
        raise InputRefused(f"健康情况最多写 {HEALTH_LENGTH} 个字，只写要注意什么。", field="health")
    refuse_forbidden(words, field="health")
    return words


def note_health(*, tag_id: int, health: str, actor: Actor, at: datetime) -> CareTag:
    """Say anew what to heed of somebody's health, or nothing any more, on a tag that rests on a consent.

    The event says that it was changed and nothing of it. Raises `InputRefused` for a kind that is not about health
    and for a field that no assessment has switched on.
    """
    refuse_unassessed({"health": health}, actor)
    with transaction.atomic():
        tag = _standing_tag(tag_id, actor)
        assert tag.kind is not None
        tag.seal(health=_checked_health(health, tag.kind))
        area_id = tag.resident.area_id
        tell(tag, "note_health", area_id=area_id, actor=actor, at=at, save=("health_sealed",))
    return tag


def open_health(*, tag_id: int, reason: str, actor: Actor, at: datetime) -> str:
    """What is to be heeded of somebody's health, with a reason that is logged; for who keeps the tag and for oneself.

    Call outside a transaction: the count stays when the rest is refused. Raises `NotThere` out of scope, `NotYours`
    for a program that may only look, `InputRefused` without a reason, `TooOften`.
    """
    tag = CareTag.objects.visible_to(actor).current(clock.local_date(at)).filter(pk=tag_id).first()
    if tag is None:
        raise NotThere("没有找到这个标记，或它不在您的范围内。")
    if actor.is_read_only:
        raise NotYours("这个访问令牌只能查看遮盖后的登记，不能打开健康情况。")
    if len(reason.strip()) < 2:
        raise InputRefused(WHY, field="reason")
    limits.refuse_too_often({"reveal.person": str(actor.user_id or actor.device)}, at)
    with transaction.atomic():
        log_reveal(
            subject_kind=Resident.subject_kind, subject_id=tag.resident_id, what="health",
            reason=reason.strip()[:REASON_LENGTH], actor=actor, at=at,
        )  # fmt: skip
        return tag.open_field("health")


def _refuse_end(kind: CareKind, ends_on: date, at: datetime) -> None:
    today = clock.local_date(at)
    if not today < ends_on <= today + (kind.longest_months * MONTH + timedelta(days=kind.longest_months)):
        raise InputRefused(
            f"到期日要在今天以后，最长 {kind.longest_months} 个月，到时再看还需不需要。", field="ends_on"
        )


def _consent(resident: Resident, kind: CareKind, *, is_needed: bool) -> Consent | None:
    if not is_needed:
        return None
    consent = Consent.objects.in_force().filter(resident=resident, kind=kind).first()
    if consent is None:
        who = "本人（不能自己决定的由监护人）" if kind.is_health else "监护人"
        raise InputRefused(f"“{kind.name}”要先有{who}的单独同意。请先问，同意了再记。", field="kind")
    return consent


def keep_care_tag(*, tag_id: int, ends_on: date, actor: Actor, at: datetime) -> CareTag:
    """Somebody has looked again and it is still needed, until a later day."""
    with transaction.atomic():
        tag = _standing_tag(tag_id, actor)
        kind = tag.kind
        assert kind is not None
        _refuse_end(kind, ends_on, at)
        today = clock.local_date(at)
        tag.review_on, tag.ends_on = min(ends_on, today + kind.review_months * MONTH), ends_on
        area_id = tag.resident.area_id
        tell(tag, "keep", area_id=area_id, actor=actor, at=at, save=("review_on", "ends_on"))
    return tag


def end_care_tag(*, tag_id: int, actor: Actor, at: datetime) -> CareTag:
    """It is no longer needed: off the pages now, purged tonight."""
    with transaction.atomic():
        tag = _standing_tag(tag_id, actor)
        tag.ended_at = at
        tell(tag, "end", area_id=tag.resident.area_id, actor=actor, at=at, save=("ended_at",))
    return tag


def _standing_tag(tag_id: int, actor: Actor) -> CareTag:
    tag: CareTag = kept(CareTag.objects.all(), tag_id, actor, "resident__area", "kind")
    if tag.ended_at is not None or tag.purged_at is not None:
        raise Conflict("这个标记已经结束。")
    return tag


def look_at_care(*, resident_id: int, reason: str, actor: Actor, at: datetime) -> list[CareTag]:
    """Open what the mark 关 of a resident stands for, with a reason that is logged.

    Call outside a transaction: the count stays when the rest is refused. Raises `NotThere` out of scope,
    `InputRefused` without a reason, `TooOften`.
    """
    if not Resident.objects.visible_to(actor).current().filter(pk=resident_id).exists():
        raise NotThere("没有找到这位居民，或不在您负责的范围内。")
    if len(reason.strip()) < 2:
        raise InputRefused(WHY, field="reason")
    limits.refuse_too_often({"reveal.person": str(actor.user_id or actor.device)}, at)
    with transaction.atomic():
        log_reveal(
            subject_kind=Resident.subject_kind, subject_id=resident_id, what="care",
            reason=reason.strip()[:REASON_LENGTH], actor=actor, at=at,
        )  # fmt: skip
        rows = CareTag.objects.visible_to(actor).current(clock.local_date(at)).filter(resident=resident_id)
        return list(rows.select_related("kind", "author", "consent").order_by("kind__position", "pk"))
