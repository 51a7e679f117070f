"""Two workers, two clerks: what is carried in is carried in once."""

from __future__ import annotations

import gc
from datetime import timedelta
from typing import Any

import pytest

from louzhang.journal.actor import SYSTEM
from louzhang.journal.verifying import prove_journal
from louzhang.register.actions.importing import confirm_import, defer_lost_imports, go_on, return_import, working
from louzhang.register.models import ImportBatch, ImportMade, Resident, Stay
from louzhang.register.tests.books import table
from louzhang.register.tests.test_import import NEW, preview, switch_import_on
from tests.at_once import at_once, winners
from tests.cast import Cast, cast_of_now


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return cast_of_now()


def test_two_workers_on_one_import_store_it_once_and_take_it_back_once(cast: Cast) -> None:
    switch_import_on(SYSTEM, cast.at)
    batch = preview(cast, table([NEW]))
    clerks = [cast.actor("desk"), cast.actor("secretary")]
    given = at_once(*[lambda who=who: confirm_import(batch_id=batch.pk, actor=who, at=cast.at) for who in clerks])
    assert len(winners(given)) == 1
    at_once(*[lambda: go_on(batch_id=batch.pk, at=cast.at)] * 2)
    assert (Resident.objects.filter(name="演示新人").count(), ImportMade.objects.count()) == (1, 1)
    return_import(batch_id=batch.pk, actor=cast.actor("desk"), at=cast.at)
    at_once(*[lambda: go_on(batch_id=batch.pk, at=cast.at)] * 2)
    assert ImportBatch.objects.get().status == "returned"
    prove_journal()


def test_two_imports_of_the_same_people_bring_them_once(cast: Cast) -> None:
    switch_import_on(SYSTEM, cast.at)
    batches = [preview(cast, table([NEW])), preview(cast, table([NEW]))]
    for batch in batches:
        confirm_import(batch_id=batch.pk, actor=cast.actor("desk"), at=cast.at)
    at_once(*[lambda pk=batch.pk: go_on(batch_id=pk, at=cast.at) for batch in batches])
    # The second either meets the first half way and is looked at anew, or comes after it and finds nothing to bring.
    states = sorted(ImportBatch.objects.values_list("status", flat=True))
    assert states in (["previewed", "stored"], ["stored", "stored"])
    assert sum(len(made.rows.get("residents", [])) for made in ImportMade.objects.all()) == 1
    assert Stay.objects.filter(ends_on=None).count() == 1
    assert Resident.objects.exclude(id_index="").count() == 1
    prove_journal()


def test_two_files_move_one_person_once_and_the_other_is_looked_at_again(cast: Cast) -> None:
    switch_import_on(SYSTEM, cast.at)
    first = preview(cast, table([NEW]))
    confirm_import(batch_id=first.pk, actor=cast.actor("desk"), at=cast.at)
    go_on(batch_id=first.pk, at=cast.at)
    batches = [preview(cast, table([[*NEW[:2], door, *NEW[3:]]])) for door in ("502", "503")]
    assert [batch.counts["moved"] for batch in batches] == [1, 1]
    for batch in batches:
        confirm_import(batch_id=batch.pk, actor=cast.actor("desk"), at=cast.at)
    at_once(*[lambda pk=batch.pk: go_on(batch_id=pk, at=cast.at) for batch in batches])
    states = set(ImportBatch.objects.filter(pk__in=[one.pk for one in batches]).values_list("status", flat=True))
    assert "stored" in states
    assert states <= {"stored", "previewed"}
    assert Stay.objects.filter(ends_on=None).count() == 1
    prove_journal()


def test_a_worker_killed_in_the_middle_of_a_move_leaves_people_where_they_were(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    switch_import_on(SYSTEM, cast.at)
    first = preview(cast, table([NEW]))
    confirm_import(batch_id=first.pk, actor=cast.actor("desk"), at=cast.at)
    go_on(batch_id=first.pk, at=cast.at)
    batch = preview(cast, table([[*NEW[:2], "502", *NEW[3:]]]))
    confirm_import(batch_id=batch.pk, actor=cast.actor("desk"), at=cast.at)

    def killed(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr("louzhang.register.actions.importing.moving.Moves.end_homes", killed)
        with pytest.raises(KeyboardInterrupt):
            go_on(batch_id=batch.pk, at=cast.at)
    assert Stay.objects.get(ends_on=None).household.dwelling.door == "501"
    go_on(batch_id=batch.pk, at=cast.at)
    assert Stay.objects.get(ends_on=None).household.dwelling.door == "502"
    prove_journal()


def test_a_killed_worker_leaves_nothing_and_is_made_up_for(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    switch_import_on(SYSTEM, cast.at)
    batch = preview(cast, table([NEW, [*NEW[:2], "502", "户主", "演示另一人", "", ""]]))
    confirm_import(batch_id=batch.pk, actor=cast.actor("desk"), at=cast.at)

    def killed(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr("louzhang.register.actions.importing.storing._Carrying._remember", killed)
        with pytest.raises(KeyboardInterrupt):
            working.go_on(batch_id=batch.pk, at=cast.at)
    assert gc.isenabled()
    assert (Resident.objects.count(), ImportBatch.objects.get().status) == (0, "confirmed")
    assert defer_lost_imports(at=cast.at + timedelta(minutes=5)) == 0
    defer_lost_imports(at=cast.at + timedelta(minutes=11))
    go_on(batch_id=batch.pk, at=cast.at)
    assert Resident.objects.filter(ended_at=None).count() == 2
