"""Counts kept of communities: equal to counting the rows, whatever happens and whoever has counted when."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from louzhang.areas.models import Area, LevelKind
from louzhang.journal.actor import SYSTEM
from louzhang.journal.models import Event
from louzhang.journal.refusals import Refusal
from louzhang.kit import clock
from louzhang.register.actions import (
    Batch,
    ResidentDraft,
    change_kind,
    correct_resident,
    leave,
    move_resident,
    record_death,
    register_resident,
)
from louzhang.register.actions.counting import count_all, count_stale
from louzhang.register.actions.merging import merge_residents, undo_merge
from louzhang.register.models import CommunityCount, CountedCommunity, DwellingKind, Tie
from louzhang.register.queries import counts
from louzhang.register.queries.counts import COMMUNITY_PATH, count_rows, numbers_below, stale_communities
from louzhang.register.queries.offices import Ward
from louzhang.register.queries.statistics import sheets_of
from louzhang.register.tests.conftest import Homes
from tests.cast import Cast

TODAY = date(2026, 3, 2)


def district() -> Area:
    area: Area = Area.objects.get(depth=1)
    return area


def communities() -> list[str]:
    rows = Area.objects.of_kind(LevelKind.COMMUNITY).order_by("path")
    return list(rows.values_list("path", flat=True))


def kept() -> dict[tuple[str, str, int | None], int]:
    rows = CommunityCount.objects.values_list("area__path", "counted", "key", "number")
    return {(path, counted, key): number for path, counted, key, number in rows}


def counted_by_hand(at: datetime) -> dict[tuple[str, str, int | None], int]:
    found = count_rows(communities(), step=COMMUNITY_PATH, day=clock.local_date(at))
    return {
        (path, sort, key): number
        for sort in ("doors", "homes", "people")
        for (path, key), number in found.of(sort).items()
    }


def the_page_counts_every_row(at: datetime) -> None:
    """What the district reads is what stands in the rows, with or without the worker."""
    area = district()
    step = len(area.path) + Area.steplen
    read, rows = numbers_below(area, at), count_rows([area.path], step=step, day=clock.local_date(at))
    assert [+read.of(sort) for sort in ("doors", "homes", "people")] == [
        +rows.of(sort) for sort in ("doors", "homes", "people")
    ]


def test_nothing_counted_yet_is_counted_row_by_row(cast: Cast, homes: Homes) -> None:
    assert stale_communities(clock.now()) == communities()
    the_page_counts_every_row(clock.now())


def test_counting_keeps_what_the_rows_say_and_holds_until_something_happens(cast: Cast, homes: Homes) -> None:
    at = clock.now() + timedelta(hours=1)
    assert count_stale(at=at) == len(communities())
    assert kept() == counted_by_hand(at)
    assert stale_communities(at + timedelta(hours=1)) == []
    assert count_stale(at=at + timedelta(hours=1)) == 0
    the_page_counts_every_row(at + timedelta(hours=1))


def test_one_move_makes_its_own_community_stale_and_no_other(cast: Cast, homes: Homes) -> None:
    at = clock.now() + timedelta(hours=1)
    count_stale(at=at)
    later = at + timedelta(hours=1)
    leave(resident_id=homes.residents["tenant"].pk, on=TODAY, actor=cast.actor("chief"), at=cast.at)
    Event.objects.filter(subject_kind="resident", verb="leave").update(recorded_at=later)
    own = homes.dwellings["let"].area.path[:COMMUNITY_PATH]
    assert stale_communities(later + timedelta(minutes=1)) == [own]
    the_page_counts_every_row(later + timedelta(minutes=1))
    assert count_stale(at=later + timedelta(minutes=2)) == 1
    assert kept() == counted_by_hand(later)


def test_who_counted_later_is_not_undone(cast: Cast, homes: Homes) -> None:
    at = clock.now() + timedelta(hours=1)
    count_all(at=at)
    CommunityCount.objects.all().delete()
    count_all(at=at - timedelta(minutes=30))
    assert kept() == {}
    assert set(CountedCommunity.objects.values_list("as_of", flat=True)) == {at}


def test_the_tables_of_the_district_are_the_same_before_and_after_counting(cast: Cast, homes: Homes) -> None:
    ward, at = Ward(district(), True), clock.now() + timedelta(hours=1)
    before = sheets_of(ward, at)
    count_stale(at=at)
    assert sheets_of(ward, at + timedelta(minutes=1)) == before
    assert any(number for sheet in before for _, numbers in sheet.rows for number in numbers)


def moves(cast: Cast, homes: Homes) -> list[Callable[[], object]]:
    """What may happen to people and homes, each once; some of it is refused after some other."""
    chief, desk = cast.actor("chief"), cast.actor("desk")
    people, places = homes.residents, homes.households
    kind = DwellingKind.objects.get(code="short_let")

    def move_in_far_away() -> None:
        batch = Batch(actor=SYSTEM, at=cast.at)
        home = batch.add_household(dwelling=homes.dwellings["other"], starts_on=TODAY)
        for year in (1950, 1950, 2020, None):
            batch.add_resident(household=home, draft=ResidentDraft("演示新人", Tie.OTHER, birth_year=year))
        batch.store()

    def merge_and_undo(*, undo: bool) -> None:
        merge = merge_residents(resident_id=people["tenant"].pk, into_id=people["mother"].pk, actor=desk, at=cast.at)
        if undo:
            undo_merge(merge_id=merge.pk, actor=desk, at=cast.at)

    return [
        lambda: leave(resident_id=people["tenant"].pk, on=TODAY, actor=chief, at=cast.at),
        lambda: move_resident(
            resident_id=people["mother"].pk, household_id=places["let"].pk, on=TODAY, actor=chief, at=cast.at
        ),
        lambda: register_resident(
            household_id=places["own"].pk,
            draft=ResidentDraft("演示婴儿", Tie.CHILD, birth_year=2026),
            on=TODAY,
            actor=chief,
            at=cast.at,
        ),
        lambda: record_death(resident_id=people["father"].pk, on=TODAY, actor=chief, at=cast.at),
        lambda: correct_resident(resident_id=people["mother"].pk, birth_year=1950, actor=chief, at=cast.at),
        lambda: change_kind(dwelling_id=homes.dwellings["own"].pk, kind=kind, actor=chief, at=cast.at),
        move_in_far_away,
        lambda: merge_and_undo(undo=False),
        lambda: merge_and_undo(undo=True),
    ]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(course=st.lists(st.tuples(st.integers(0, 8), st.booleans()), min_size=1, max_size=6))
def test_whatever_happens_the_kept_counts_are_those_of_the_rows(
    cast: Cast, homes: Homes, monkeypatch: pytest.MonkeyPatch, course: list[tuple[int, bool]]
) -> None:
    monkeypatch.setattr(counts, "LATE", timedelta(0))  # so that only what happens in between makes a community stale
    with undone():
        count_stale(at=clock.now())
        done = moves(cast, homes)
        for place, counts_now in course:
            with suppress(Refusal), transaction.atomic():
                done[place]()
            the_page_counts_every_row(clock.now())
            if counts_now:
                count_stale(at=clock.now())
        at = clock.now()
        count_stale(at=at)
        followed = kept()
        count_all(at=clock.now())
        assert followed == kept() == counted_by_hand(at)


@contextmanager
def undone() -> Iterator[None]:
    """A course of its own, of which nothing stays."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
