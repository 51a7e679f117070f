"""What tests of care and rights share: kinds in use, tags, a person bound to an account or phone."""

from __future__ import annotations

from datetime import date, timedelta

from louzhang.journal.actor import SYSTEM, Actor
from louzhang.kit import clock
from louzhang.register.actions.assessing import Assessed, switch_on, write_assessment
from louzhang.register.actions.binding import ask_binding, confirm_binding
from louzhang.register.actions.bulk import Batch, ResidentDraft
from louzhang.register.actions.caring import add_care_tag, lay_down_care_kinds
from louzhang.register.models import Binding, CareKind, CareTag, Resident, Target, Tie
from louzhang.register.tests.conftest import Homes
from tests.cast import Cast

UNTIL = date(2026, 8, 31)
WHY = "上门探访前看一下"
ANSWERS = Assessed(
    purpose="定期探访和紧急接应，只由社区和楼长使用。",
    necessity="没有它就不知道停水停电时先送谁家。",
    risks="泄露会让陌生人知道家里有弱者。",
    measures="页面只显示一个关字，打开要留痕，到期删除。",
)


def put_in_use(cast: Cast, *codes: str) -> dict[str, CareKind]:
    """The standard kinds, those of these codes assessed and switched on."""
    lay_down_care_kinds(actor=SYSTEM, at=cast.at)
    for code in codes:
        row = write_assessment(target=Target.CARE_KIND, code=code, assessed=ANSWERS, actor=SYSTEM, at=cast.at)
        switch_on(assessment_id=row.pk, actor=SYSTEM, at=cast.at)
    return {kind.code: kind for kind in CareKind.objects.all()}


def tag(cast: Cast, resident: Resident, kind: CareKind, actor: Actor) -> CareTag:
    return add_care_tag(
        resident_id=resident.pk, kind_id=kind.pk, purpose="每周探访一次", ends_on=UNTIL, actor=actor, at=cast.at
    )


def tag_now(resident: Resident, kind: CareKind, actor: Actor) -> CareTag:
    """The same by the clock that pages read."""
    at = clock.now()
    until = clock.local_date(at) + timedelta(days=60)
    return add_care_tag(
        resident_id=resident.pk, kind_id=kind.pk, purpose="每周探访一次", ends_on=until, actor=actor, at=at
    )


def child_of(cast: Cast, homes: Homes, born: date = date(2015, 6, 15)) -> Resident:
    """A child who moves in with father and mother."""
    batch = Batch(actor=SYSTEM, at=cast.at)
    draft = ResidentDraft("演示孩子", Tie.CHILD, birth_date=born, birth_year=born.year)
    child = batch.add_resident(household=homes.households["own"], draft=draft)
    batch.store()
    return Resident.objects.get(pk=child.pk)


def bind(cast: Cast, resident: Resident, actor: Actor) -> Binding:
    """Say who one is and have the chief confirm it."""
    number, phone = resident.open_field("id_number"), resident.open_field("phone")
    ask_binding(name=resident.name, id_number=number, phone=phone, actor=actor, at=cast.at)
    asked = Binding.objects.get(resident=resident, ended_at=None)
    return confirm_binding(binding_id=asked.pk, actor=cast.actor("chief"), at=cast.at)
