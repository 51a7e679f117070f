"""影响评估: written first; only then a kind of tag, a group of fields or an import is switched on (PIPL 55, 56)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from louzhang.areas.rights import refuse_keeping
from louzhang.journal.actions import record
from louzhang.journal.actor import Actor
from louzhang.journal.models import Audience
from louzhang.journal.refusals import Conflict, InputRefused, NotThere
from louzhang.kit import clock
from louzhang.register.models import ImpactAssessment, Target, kept_until
from louzhang.register.queries.assessments import FIELD_GROUPS, codes_switched_on, is_switched_on, targets_of
from louzhang.register.standard_assessments import STANDARD

GROUP_OF = {"id_number": "identity", "birth_date": "identity", "phone": "phone", "health": "health"}
SHIPPED = (Target.FIELD_GROUP, Target.IMPORT_TYPE, Target.SURVEY)
SHORTEST = 10
LONGEST = 500
MISSING = {
    "purpose": "请写明收集来做什么、怎么用。",
    "necessity": "请写明为什么非要不可，少了它哪件事办不成。",
    "risks": "请写明对本人可能有什么影响。",
    "measures": "请写明怎么保护、谁能看、多久删除。",
}


@dataclass(frozen=True, slots=True)
class Assessed:
    """The four answers of an assessment."""

    purpose: str
    necessity: str
    risks: str
    measures: str


def write_assessment(*, target: str, code: str, assessed: Assessed, actor: Actor, at: datetime) -> ImpactAssessment:
    """Write down an assessment of one thing; it is not in use yet.

    Raises `NotYours` for everybody but the system administrator, `InputRefused` for an answer of less than ten
    signs and for a thing that does not exist.
    """
    refuse_keeping(actor)
    if target not in Target.values or code not in targets_of(target):
        raise InputRefused("请选择评估什么。", field="code")
    answers = {name: " ".join(getattr(assessed, name).split()) for name in MISSING}
    for name, said in answers.items():
        if not SHORTEST <= len(said) <= LONGEST:
            raise InputRefused(f"{MISSING[name]}写 {SHORTEST} 到 {LONGEST} 个字。", field=name)
    day = clock.local_date(at)
    with transaction.atomic():
        row = ImpactAssessment.objects.create(
            target=target, code=code, author_id=actor.user_id, assessed_on=day, keep_until=kept_until(day), **answers
        )
        _tell(row, "assess", actor, at)
    return row


def switch_on(*, assessment_id: int, actor: Actor, at: datetime) -> ImpactAssessment:
    """Take into use what was assessed; raises `Conflict` where it is in use already."""
    refuse_keeping(actor)
    with transaction.atomic():
        row = _locked(assessment_id)
        if row.switched_on_at is not None or is_switched_on(row.target, row.code):
            raise Conflict("这一项已经启用。要换一份评估，请先停用。")
        row.switched_on_at = at
        try:
            with transaction.atomic():
                _tell(row, "switch_on", actor, at, "switched_on_at")
        except IntegrityError:
            raise Conflict("这一项刚刚由别的评估启用了，请刷新后再看。") from None
    return row


def switch_off(*, assessment_id: int, actor: Actor, at: datetime) -> ImpactAssessment:
    """Nothing new of it may be written from now on; what stands ends by its own day."""
    refuse_keeping(actor)
    with transaction.atomic():
        row = _locked(assessment_id)
        if row.switched_on_at is None or row.switched_off_at is not None:
            raise Conflict("这一项没有启用。")
        row.switched_off_at = at
        _tell(row, "switch_off", actor, at, "switched_off_at")
    return row


def refuse_switched_off(target: str, code: str) -> None:
    """Raise `InputRefused` for a thing that no assessment has switched on."""
    if not is_switched_on(target, code):
        name = targets_of(target).get(code, code)
        raise InputRefused(f"“{name}”还没有做个人信息保护影响评估，不能使用。请系统管理员先评估再启用。", field="kind")


def refuse_unassessed(typed: Mapping[str, object], actor: Actor) -> None:
    """Raise `InputRefused` for a sensitive field somebody fills in whose group no assessment has switched on."""
    groups = {GROUP_OF[name]: name for name, value in typed.items() if value and name in GROUP_OF}
    if not groups or actor.is_system:
        return
    on = codes_switched_on(Target.FIELD_GROUP)
    for code, name in sorted(groups.items()):
        if code not in on:
            raise InputRefused(
                f"“{FIELD_GROUPS[code]}”还没有做个人信息保护影响评估，现在不能登记，请先留空。"
                "需要登记请联系系统管理员先评估再启用。",
                field=name,
            )


def lay_down_assessments(*, actor: Actor, at: datetime, in_use: bool, targets: Collection[str] = SHIPPED) -> int:
    """Write the assessments that ship where the district has none yet; gives how many.

    A real district gets them as drafts and switches them on itself; made-up ones are `in_use` at once.
    """
    written = 0
    with transaction.atomic():
        for (target, code), answers in STANDARD.items():
            if target in targets and not ImpactAssessment.objects.about(target, code).exists():
                assessed = Assessed(*answers)
                row = write_assessment(target=target, code=code, assessed=assessed, actor=actor, at=at)
                written += 1
                if in_use:
                    switch_on(assessment_id=row.pk, actor=actor, at=at)
    return written


def _locked(assessment_id: int) -> ImpactAssessment:
    row = ImpactAssessment.objects.select_for_update(no_key=True).filter(pk=assessment_id).first()
    if row is None:
        raise NotThere("没有找到这份评估。")
    return row


def _tell(row: ImpactAssessment, verb: str, actor: Actor, at: datetime, *save: str) -> None:
    facts: Mapping[str, str] = {"target": row.target, "code": row.code}
    record(row, verb, actor=actor, at=at, audience=Audience.DESK, payload=facts, save=save)
