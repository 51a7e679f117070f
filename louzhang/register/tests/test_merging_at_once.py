"""Two desks at once: a pair is merged one way only, and a merge undone only once."""

from __future__ import annotations

import pytest

from louzhang.journal.actor import SYSTEM
from louzhang.journal.verifying import prove_journal
from louzhang.register.actions import ResidentDraft, lay_down_kinds, register_resident
from louzhang.register.actions.merging import merge_residents, undo_merge
from louzhang.register.models import Merge, Resident, Stay
from louzhang.register.tests.conftest import SINCE, settle_in
from tests.at_once import at_once, winners
from tests.cast import make_cast

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_pair_is_merged_one_way_and_undone_once() -> None:
    cast = make_cast()
    lay_down_kinds(actor=SYSTEM, at=cast.at)
    homes = settle_in(cast)
    twin = register_resident(
        household_id=homes.households["let"].pk,
        draft=ResidentDraft("演示父亲"),
        on=SINCE,
        actor=cast.actor("desk"),
        at=cast.at,
    )
    pair = (homes.residents["father"].pk, twin.pk)
    ways = [
        lambda one=one, other=other, key=key: merge_residents(
            resident_id=one, into_id=other, actor=cast.actor(key), at=cast.at
        )
        for (one, other), key in ((pair, "desk"), (pair[::-1], "secretary"))
    ]
    assert len(winners(at_once(*ways))) == 1
    merge = Merge.objects.get()
    assert Resident.objects.current().filter(pk__in=pair).count() == 1
    undoing = [
        lambda key=key: undo_merge(merge_id=merge.pk, actor=cast.actor(key), at=cast.at)
        for key in ("desk", "secretary")
    ]
    assert len(winners(at_once(*undoing))) == 1
    assert Resident.objects.current().filter(pk__in=pair).count() == 2
    assert Stay.objects.filter(resident__in=pair, ends_on=None).count() == 2
    prove_journal()
