"""Two at once: the worker finishes a photo while its owner submits, comments follow, the clock runs twice."""

import io
from datetime import timedelta

import pytest

from louzhang.journal.actions import receive_attachment, reencode_attachment
from louzhang.journal.models import Event
from louzhang.journal.tests.conftest import picture
from louzhang.journal.verifying import prove_journal
from louzhang.workorders.actions import comment_workorder, decline_workorder
from louzhang.workorders.actions.erasing import erase_due_orders
from louzhang.workorders.models import Category
from tests.at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def uploaded(cast, colour):
    content = picture(colour=colour)
    return receive_attachment(
        stream=io.BytesIO(content), declared_type="", size=len(content), actor=cast.device, at=cast.at
    )


@pytest.mark.parametrize("colour", ["red", "blue", "green"])
def test_a_photo_finished_while_it_is_submitted_enters_the_chain_once(transactional_db, cast, report, later, colour):
    photo = uploaded(cast, colour)

    def finish():
        return reencode_attachment(attachment_id=photo.pk, at=later(1))

    filed, *_ = at_once(lambda: report(photos=[photo.uid]), finish, finish)
    for act in (1, 2):
        at_once(
            lambda: comment_workorder(order_id=filed.order.pk, words="还在漏。", actor=cast.actor("desk"), at=later(2)),
            finish,
        )
        assert Event.objects.filter(subject_kind="workorder", verb="comment").count() == act
    named = [
        event
        for event in Event.objects.filter(subject_kind="workorder", subject_id=filed.order.pk)
        if "digest" in str(event.payload)
    ]
    assert len(named) == 1
    assert prove_journal(with_files=True).files == 1


def test_two_nights_at_once_erase_an_order_once(transactional_db, cast, report, later):
    order = report().order
    Category.objects.update(keep_days=1)
    decline_workorder(order_id=order.pk, reason="不归。", advice="请找。", actor=cast.actor("desk"), at=later(1))

    def erase():
        return erase_due_orders(at=later(2) + timedelta(days=30))

    assert sum(at_once(erase, erase, erase)) == 1
    assert Event.objects.filter(verb="erase").count() == 1
    assert prove_journal().tombstones == 2
