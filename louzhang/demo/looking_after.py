"""Care in the demo: a few kinds assessed and in use, the oldest people of a building looked after by their chief."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from louzhang.journal.actor import SYSTEM, Actor
from louzhang.kit import clock
from louzhang.register.actions.assessing import Assessed, switch_on, write_assessment
from louzhang.register.actions.caring import add_care_tag, lay_down_care_kinds
from louzhang.register.actions.consenting import record_consent
from louzhang.register.models import CareKind, Resident, Target, Way

IN_USE = ("living_alone", "very_old", "disabled_care", "child_in_need")
ANSWERS = Assessed(
    purpose="定期探访、停水停电先送到家、紧急时接应，只由社区和楼长使用。",
    necessity="没有它就不知道先去谁家，最需要的人反而等得最久。",
    risks="泄露会让陌生人知道家里有老人或病人，可能招来推销和诈骗。",
    measures="页面只显示一个关字，打开要写理由并留痕，到期自动删除，本人随时能看、能撤回。",
)
# Kind, what for, days until it ends: one of them is soon to be looked at again.
CARED = (
    ("very_old", "每周探访一次，提醒办高龄津贴", 300),
    ("living_alone", "停水停电先把水和蜡烛送到家", 20),
    ("disabled_care", "每月上门理发，疏散时先接应", 150),
)
HEALTH = "右腿不方便，要两个人扶，药在床头"


def take_care_into_use(at: datetime) -> None:
    """Lay down the kinds, assess four of them and switch them on."""
    lay_down_care_kinds(actor=SYSTEM, at=at)
    for code in IN_USE:
        row = write_assessment(target=Target.CARE_KIND, code=code, assessed=ANSWERS, actor=SYSTEM, at=at)
        switch_on(assessment_id=row.pk, actor=SYSTEM, at=at)


def look_after_some(chief: Actor, area_ids: Collection[int], at: datetime) -> None:
    """The chief writes down what to do for the oldest of the building."""
    today = clock.local_date(at)
    oldest = Resident.objects.current().filter(area__in=area_ids, died_on=None, birth_year__isnull=False)
    kinds = {kind.code: kind for kind in CareKind.objects.filter(ended_at=None)}
    people = oldest.order_by("birth_year", "pk")[: len(CARED)]
    for days, (person, (code, purpose, until)) in enumerate(zip(people, CARED, strict=False), start=3):
        said_at = at - timedelta(days=days)
        if kinds[code].is_health:
            record_consent(resident_id=person.pk, kind_id=kinds[code].pk, way=Way.WORD, actor=chief, at=said_at)
        add_care_tag(
            resident_id=person.pk,
            kind_id=kinds[code].pk,
            purpose=purpose,
            ends_on=today + timedelta(days=until),
            health=HEALTH if kinds[code].is_health else "",
            actor=chief,
            at=said_at,
        )
