"""Two people act at the same moment: one answer, one consent, one tag, one binding; the chains hold."""

from __future__ import annotations

from functools import partial

import pytest

from louzhang.journal.actor import SYSTEM
from louzhang.journal.verifying import prove_journal
from louzhang.register.actions import lay_down_kinds
from louzhang.register.actions.assessing import switch_on, write_assessment
from louzhang.register.actions.binding import ask_binding, confirm_binding, decline_binding
from louzhang.register.actions.consenting import record_consent, withdraw_consent
from louzhang.register.actions.purging import purge_past_care
from louzhang.register.actions.rights import ask_right, decline_request, grant_request
from louzhang.register.models import Binding, CareTag, Consent, ImpactAssessment, Right, RightsRequest, Way
from louzhang.register.tests.conftest import Homes, settle_in
from louzhang.register.tests.lawful import ANSWERS, bind, put_in_use, tag
from tests.at_once import at_once, winners
from tests.cast import Cast, make_cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return make_cast()


@pytest.fixture
def homes(cast: Cast) -> Homes:
    lay_down_kinds(actor=SYSTEM, at=cast.at)
    return settle_in(cast)


def test_a_request_gets_one_answer(cast: Cast, homes: Homes) -> None:
    mother = homes.residents["mother"]
    bind(cast, mother, cast.actor("resident"))
    row = ask_right(right=Right.DELETE, actor=cast.actor("resident"), at=cast.at)
    answers = at_once(
        partial(grant_request, request_id=row.pk, actor=cast.actor("desk"), at=cast.at),
        partial(decline_request, request_id=row.pk, reason="还要用。", actor=cast.actor("secretary"), at=cast.at),
    )
    assert len(winners(answers)) == 1
    mother.refresh_from_db()
    assert (mother.name == "") is (RightsRequest.objects.get().status == "done")
    prove_journal()


def test_one_consent_and_one_tag_of_a_kind(cast: Cast, homes: Homes) -> None:
    kinds, mother = put_in_use(cast, "disabled_care"), homes.residents["mother"]
    said = partial(record_consent, resident_id=mother.pk, kind_id=kinds["disabled_care"].pk, at=cast.at)
    both = at_once(
        partial(said, way=Way.WORD, actor=cast.actor("chief")), partial(said, way=Way.PAPER, actor=cast.actor("desk"))
    )
    assert (len(winners(both)), Consent.objects.count()) == (1, 1)
    tagged = at_once(
        *[partial(tag, cast, mother, kinds["disabled_care"], cast.actor(key)) for key in ("chief", "grid_worker")]
    )
    assert (len(winners(tagged)), CareTag.objects.count()) == (1, 1)


def test_a_consent_withdrawn_while_the_worker_purges_leaves_one_tombstone(cast: Cast, homes: Homes) -> None:
    kinds, mother = put_in_use(cast, "disabled_care"), homes.residents["mother"]
    chief = cast.actor("chief")
    consent = record_consent(
        resident_id=mother.pk, kind_id=kinds["disabled_care"].pk, way=Way.WORD, actor=chief, at=cast.at
    )
    row = tag(cast, mother, kinds["disabled_care"], chief)
    CareTag.objects.filter(pk=row.pk).update(ended_at=cast.at)
    at_once(
        partial(withdraw_consent, consent_id=consent.pk, actor=chief, at=cast.at), partial(purge_past_care, at=cast.at)
    )
    row.refresh_from_db()
    assert row.purged_at is not None
    prove_journal()


def test_one_binding_of_one_phone_with_one_answer(cast: Cast, homes: Homes) -> None:
    ask = partial(ask_binding, name="演示母亲", phone="13911110002", actor=cast.device, at=cast.at)
    assert winners(at_once(ask, ask))
    asked = Binding.objects.get(ended_at=None)
    answers = at_once(
        partial(confirm_binding, binding_id=asked.pk, actor=cast.actor("chief"), at=cast.at),
        partial(decline_binding, binding_id=asked.pk, actor=cast.actor("desk"), at=cast.at),
    )
    assert len(winners(answers)) == 1


def test_one_of_two_assessments_switches_a_kind_on(cast: Cast, homes: Homes) -> None:
    put_in_use(cast)
    rows = [
        write_assessment(target="care_kind", code="very_old", assessed=ANSWERS, actor=SYSTEM, at=cast.at)
        for _ in range(2)
    ]
    answers = at_once(*[partial(switch_on, assessment_id=row.pk, actor=SYSTEM, at=cast.at) for row in rows])
    assert len(winners(answers)) == 1
    assert ImpactAssessment.objects.switched_on().filter(code="very_old").count() == 1
