"""The demo's questions, dispute and duty lists."""

import pytest

from louzhang.duty.models import Handover, Shift
from louzhang.inquiries.lifecycle import InquiryState
from louzhang.inquiries.models import Inquiry
from louzhang.mediation.models import Mediation

pytestmark = pytest.mark.django_db


def test_people_ask_their_grid_worker_in_every_state(demo):
    assert set(Inquiry.objects.values_list("status", flat=True)) == {state.value for state in InquiryState}


def test_one_dispute_is_settled_and_one_is_open(demo):
    assert sorted(Mediation.objects.values_list("status", flat=True)) == ["agreed", "started"]


def test_somebody_is_on_duty_and_one_sign_over_waits(demo):
    assert Shift.objects.filter(ends_at__gt=demo).exists()
    assert Handover.objects.filter(signed_at=None).count() == 1
