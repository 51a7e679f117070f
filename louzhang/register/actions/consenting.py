"""单独同意: asked, given by the person or the guardian, withdrawn in one step, ended at 14 and at 18 and asked anew."""

from __future__ import annotations

from datetime import datetime

from django.db import models, transaction
from django.urls import reverse

from louzhang.journal.actor import SYSTEM, Actor
from louzhang.journal.refusals import Conflict, InputRefused, NotThere, NotYours
from louzhang.kit import clock
from louzhang.register.actions.keeping import tell
from louzhang.register.actions.purging import purge_tag
from louzhang.register.actions.stays import standing
from louzhang.register.actions.telling import tell_bound
from louzhang.register.ages import CHILD_UNTIL, MINOR_UNTIL, consent_ends_on, is_under
from louzhang.register.models import CareKind, CareTag, Consent, Resident, Way
from louzhang.register.models.consents import children_places
from louzhang.register.queries.assessments import is_switched_on
from louzhang.register.scope import refuse_looking_only

GONE = "没有找到这份同意，或它不在您的范围内。"
WITHDRAWN = "撤回同意"
NOT_YOUR_CHILD = "未满 14 周岁儿童的事由儿童主任和社区书记办理，请交给他们。"
ASKED_ANEW = "您以前由家里人同意的一件事，请您自己再决定一次"
TOO_OLD = "年龄到了，同意到期"


def record_consent(
    *, resident_id: int, kind_id: int, way: str, actor: Actor, at: datetime, guardian_id: int | None = None
) -> Consent:
    """Note that a resident, or who decides for them, consents to a kind of tag; said or written, never on the phone.

    Raises `InputRefused` where a child under 14 has no guardian or the guardian is a minor, `Conflict` where a
    consent stands, `NotYours` for a child whom somebody else looks after.
    """
    if way not in (Way.WORD, Way.PAPER):
        raise InputRefused("请选口头还是书面。", field="way")
    with transaction.atomic():
        resident = standing(resident_id, actor)
        kind = _kind(kind_id)
        guardian = _guardian(guardian_id, actor, at)
        is_child = counts_as_child(resident, kind, at)
        refuse_strange_child(resident, actor, is_child=is_child)
        if is_child and guardian is None:
            raise InputRefused("未满 14 周岁要由监护人单独同意，请选监护人。", field="guardian")
        consent = _asked(resident, kind, at, is_child=is_child)
        _give(consent, guardian, way, actor, at)
    return consent


def give_consent(*, consent_id: int, actor: Actor, at: datetime) -> Consent:
    """The person says yes on the own phone to what was asked; for a child the guardian who is named there does."""
    with transaction.atomic():
        consent = _own(consent_id, actor)
        if consent.given_at is not None:
            raise Conflict("这一项已经同意过了。")
        if consent.is_child and consent.guardian_id is None:
            raise NotYours("未满 14 周岁要由监护人同意，请监护人到社区办理。")
        _give(consent, consent.guardian, Way.PHONE, actor, at)
    return consent


def withdraw_consent(*, consent_id: int, actor: Actor, at: datetime) -> Consent:
    """Withdraw a consent, or say no to what was asked: the person in one tap, or by word to whoever keeps the place.

    The tags that rest on it go at once.
    """
    refuse_looking_only(actor)
    with transaction.atomic():
        consent = _locked(Consent.objects.visible_to(actor), consent_id)
        verb = "withdraw" if consent.given_at is not None else "refuse"
        _end(consent, verb, WITHDRAWN, actor, at)
    return consent


def expire_consents(*, at: datetime) -> int:
    """End what was given for somebody who has become 14 or 18 since, and ask anew (worker); gives how many."""
    due = Consent.objects.in_force().filter(ends_on__lte=clock.local_date(at)).values_list("pk", flat=True)
    ended = 0
    for pk in list(due):
        with transaction.atomic():
            consent = _locked(Consent.objects.in_force(), pk)
            resident, kind = consent.resident, consent.kind
            _end(consent, "outgrow", TOO_OLD, SYSTEM, at)
            if (
                resident.ended_at is None
                and resident.died_on is None
                and kind
                and is_switched_on("care_kind", kind.code)
            ):
                _ask_anew(resident, kind, at)
            ended += 1
    return ended


def counts_as_child(resident: Resident, kind: CareKind, at: datetime) -> bool:
    """Under 14; a kind for children takes whoever has no known age for one."""
    day = clock.local_date(at)
    knows_age = bool(resident.birth_year or resident.birth_date_sealed)
    return is_under(resident, CHILD_UNTIL, day) or (kind.is_for_children and not knows_age)


def refuse_strange_child(resident: Resident, actor: Actor, *, is_child: bool) -> None:
    """Raise `NotYours` for a child whom somebody else looks after, before anything of its care can be guessed."""
    if not is_child or actor.is_system:
        return
    if not Resident.objects.filter(children_places(actor, "area"), pk=resident.pk).exists():
        raise NotYours(NOT_YOUR_CHILD)


def _kind(kind_id: int) -> CareKind:
    kind = CareKind.objects.filter(pk=kind_id, ended_at=None).first()
    if kind is None:
        raise InputRefused("请选择标记的种类。", field="kind")
    return kind


def _guardian(guardian_id: int | None, actor: Actor, at: datetime) -> Resident | None:
    if guardian_id is None:
        return None
    guardian = Resident.objects.visible_to(actor).current().filter(pk=guardian_id, died_on=None).first()
    if guardian is None or is_under(guardian, MINOR_UNTIL, clock.local_date(at)):
        raise InputRefused("监护人要是登记在您这里的成年人，请重新选择。", field="guardian")
    return guardian


def _asked(resident: Resident, kind: CareKind, at: datetime, *, is_child: bool) -> Consent:
    rows = Consent.objects.filter(resident=resident, kind=kind, ended_at=None)
    consent = rows.select_for_update(no_key=True).first()
    if consent is None:
        return Consent.objects.create(resident=resident, kind=kind, is_child=is_child, asked_at=at)
    if consent.given_at is not None:
        raise Conflict("这一项已经同意过了，不用再记。")
    consent.is_child = is_child
    return consent


def _ask_anew(resident: Resident, kind: CareKind, at: datetime) -> None:
    is_child = counts_as_child(resident, kind, at)
    consent = Consent.objects.create(resident=resident, kind=kind, is_child=is_child, asked_at=at)
    tell(consent, "ask", area_id=resident.area_id, actor=SYSTEM, at=at, payload={"resident": resident.pk})
    tell_bound(resident.pk, consent, title=ASKED_ANEW, url=reverse("own:home"), at=at)


def _give(consent: Consent, guardian: Resident | None, way: str, actor: Actor, at: datetime) -> None:
    consent.guardian, consent.way, consent.given_at = guardian, way, at
    consent.ends_on = consent_ends_on(consent.resident, clock.local_date(at))
    facts = {"resident": consent.resident_id, "guardian": guardian.pk if guardian else None, "way": str(way)}
    saved = ("guardian", "way", "given_at", "ends_on", "is_child")
    tell(consent, "give", area_id=consent.resident.area_id, actor=actor, at=at, payload=facts, save=saved)


def _end(consent: Consent, verb: str, rule: str, actor: Actor, at: datetime) -> None:
    tags = CareTag.objects.filter(consent=consent, purged_at=None).select_related("resident")
    for tag in tags.select_for_update(no_key=True, of=("self",)):
        purge_tag(tag, rule=rule, actor=actor, at=at)
    consent.ended_at, consent.kind = at, None
    facts = {"resident": consent.resident_id}
    area_id = consent.resident.area_id
    tell(consent, verb, area_id=area_id, actor=actor, at=at, payload=facts, save=("ended_at", "kind"))


def _own(consent_id: int, actor: Actor) -> Consent:
    refuse_looking_only(actor)
    return _locked(Consent.objects.own_of(actor), consent_id)


def _locked(rows: models.QuerySet[Consent], consent_id: int) -> Consent:
    found = rows.filter(pk=consent_id, ended_at=None).select_related("resident__area", "kind", "guardian")
    consent = found.select_for_update(no_key=True, of=("self",)).first()
    if consent is None:
        raise NotThere(GONE)
    return consent
