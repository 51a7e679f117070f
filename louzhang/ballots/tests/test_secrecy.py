"""Whoever holds the database, its dumps, its row order, its transaction ids and the logs: can they join voter and vote?

Two worlds are lived through that differ in one thing alone: who voted for whom. Everything the adversary can see of
them is put into a shape without random values, and has to be the same. What is random (ciphertext, nonces, the order of
lots) is asked separately: that no envelope opens without the key, and that nothing else moves when somebody votes.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from louzhang.ballots.actions import (
    cast_ballot,
    close_box,
    confirm_count,
    count_poll,
    fix_roll,
    hand_out_paper,
    open_box,
    print_slips,
    show_roll,
    stir,
    withdraw_poll,
)
from louzhang.ballots.actions.sweeping import destroy_spent_keys
from louzhang.ballots.envelopes import Envelope, Mark, Unreadable, open_bundle, seal_bundle
from louzhang.ballots.models import Bundle, Elector, Poll
from louzhang.ballots.notices import read
from louzhang.ballots.queries.outcomes import outcome_of
from louzhang.ballots.round_keys import KeyGone, kept_keys, read_key
from louzhang.ballots.rules import Rules
from louzhang.ballots.tests.ground import COUNTERS, cast_all, counted, drafted, elector_at, known_as_father, opened
from louzhang.journal.actor import SYSTEM
from louzhang.journal.models import Event
from louzhang.kit import clock
from louzhang.kit.postgres import snapshot
from louzhang.notices.models import Notice
from louzhang.register.actions.kinds import lay_down_kinds
from louzhang.register.tests.conftest import settle_in
from louzhang.surveys.tests.crowd import settle
from tests.cast import Cast, browser_as, cast_of_now

# Columns whose values are drawn by lot, keyed by a random secret, or of the moment; everything else is compared.
RANDOM = {"uid", "sealed", "code_hash", "token_hash", "chain_head", "hash", "salt", "words_digest"}


@pytest.fixture
def logged() -> Iterator[list[str]]:
    """Every line that anything logs, with its source."""
    lines: list[str] = []

    class Keeping(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(f"{self.format(record)} {record.name} {record.levelname}")

    handler = Keeping()
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield lines
    root.removeHandler(handler)
    root.setLevel(level)


def tables() -> list[str]:
    """Every table of every schema, the queue's too."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT schemaname || '.' || tablename FROM pg_tables"
            " WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1"
        )
        return [name for (name,) in cursor.fetchall()]


def quoted(table: str) -> str:
    return ".".join(f'"{part}"' for part in table.split("."))


def versions() -> dict[str, dict[str, str]]:
    """Of each row of the database: where it lies and which transaction wrote it, and what it holds."""
    found: dict[str, dict[str, str]] = {}
    with connection.cursor() as cursor:
        for table in tables():
            row = "ctid::text, xmin::text || ' ' || xmax::text || row::text"
            cursor.execute(f"SELECT {row} FROM {quoted(table)} AS row")  # noqa: S608 - our own names
            found[table] = dict(cursor.fetchall())
    return found


def moved(before: dict[str, dict[str, str]], after: dict[str, dict[str, str]]) -> dict[str, int]:
    """How many rows of which tables are new, gone or written again."""
    changed = {table: len(set(before.get(table, {}).items()) ^ set(rows.items())) for table, rows in after.items()}
    return {table: count for table, count in changed.items() if count}


@pytest.fixture
def world(transactional_db: None) -> Cast:
    cast = cast_of_now()
    lay_down_kinds(actor=SYSTEM, at=cast.at)
    return cast


def many(cast: Cast) -> Poll:
    """An open poll of 300 households in three bundles."""
    settle(cast, here=300, beside=2)
    return at_once_open(cast)


def at_once_open(cast: Cast, **more: Any) -> Poll:
    """Open by the real clock, for pages."""
    now = clock.now()
    poll = drafted(cast, at=now, opens_at=now, closes_at=now + timedelta(hours=2), **more)
    desk = cast.actor("desk")
    show_roll(poll_id=poll.pk, actor=desk, at=now)
    fix_roll(poll_id=poll.pk, actor=desk, at=now)
    return open_box(poll_id=poll.pk, actor=desk, at=now)


@pytest.mark.django_db(transaction=True)
def test_a_vote_by_slip_moves_bundles_and_nothing_else_in_the_whole_database(world, logged):
    poll = many(world)
    assert (Elector.objects.count(), Bundle.objects.count()) == (300, 3)
    slips = print_slips(poll_id=poll.pk, actor=world.actor("desk"), at=clock.now())
    voter, url = Client(REMOTE_ADDR="203.0.113.9"), reverse("ballots:vote")
    voter.get(url)
    items = list(poll.items.order_by("position"))
    for slip, item in zip(slips[:12], items * 4, strict=True):
        ballot = {"code": slip.code, "step": "vote", "ballot": str(slip.elector.uid), "pick": item.pk}
        before, written = versions(), len(logged)
        assert voter.post(url, {"code": slip.code}).status_code == 200
        assert moved(before, versions()) == {}, "opening a ballot writes nothing at all"
        assert "投好了" in voter.post(url, ballot).content.decode()
        after = moved(before, versions())
        assert set(after) == {"public.ballots_bundle"}, after
        assert after["public.ballots_bundle"] == 4, "two bundles, each gone from where it lay and there again"
        assert logged[written:] == []
    sizes = {len(bytes(bundle.sealed)) for bundle in Bundle.objects.all()}
    assert len(sizes) == 1, "full, half full and empty bundles are of one length"


@pytest.mark.django_db(transaction=True)
def test_a_resident_who_is_signed_in_leaves_as_little(world, logged):
    homes = settle_in(world)

    known_as_father(world)
    poll = at_once_open(world)
    read(list(Event.objects.filter(subject_kind="poll").order_by("seq")))
    call = Notice.objects.get(user=world.people["resident"])
    phone = browser_as(world, "resident", at=clock.now() - timedelta(days=5))
    url = reverse("ballots:own", args=[poll.uid])
    elector = Elector.objects.get(household=homes.households["own"])
    vote = {"step": "vote", "ballot": str(elector.uid), "pick": poll.items.get(position=3).pk}
    before, written = versions(), len(logged)
    assert phone.post(reverse("notices:open", args=[call.pk]))["Location"] == url
    assert phone.get(url).status_code == 200
    assert phone.get(reverse("ballots:mine")).status_code == 200
    assert "投好了" in phone.post(url, vote).content.decode()
    assert set(moved(before, versions())) == {"public.ballots_bundle"}
    assert not [line for line in logged[written:] if str(poll.uid) in line or str(elector.uid) in line]


def shape(dump: str) -> list[str]:
    """A dump with everything random or of the moment taken out: what is left tells what an adversary can compare."""
    plain = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "UUID", dump)
    plain = re.sub(r"\\\\x[0-9a-f]{16,}", "BYTES", plain)
    plain = re.sub(r"\b[0-9a-f]{64}\b", "HASH", plain)
    plain = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?\+\d\d", "MOMENT", plain)
    plain = re.sub(r"k1\.[A-Za-z0-9_-]+", "SEALED", plain)
    plain = re.sub(r"\\(un)?restrict \S+", "", plain)
    # Ids go on where the world before stopped: which number it is tells nothing, how many there are does.
    return sorted(re.sub(r"\b\d+\b", "N", line) for line in plain.splitlines())


def dumped(folder: Path) -> str:
    """The whole database as `backup` takes it, as plain SQL in the order of the rows on the disk."""
    target = folder / "dump.sql"
    with target.open("wb") as file:
        snapshot.programs(connection).run("pg_dump", "--format=plain", "--no-owner", "--no-privileges", into=file)
    return target.read_text(encoding="utf-8")


VOTES_OF_ONE_WORLD = {"301": [1, 0, 0], "302": [0, 1, 0], "101": [0, 1, 0]}
VOTES_OF_THE_OTHER = {"301": [0, 1, 0], "302": [0, 1, 0], "101": [1, 0, 0]}


@pytest.mark.django_db(transaction=True)
def test_two_worlds_in_which_others_voted_leave_the_same_database(world, tmp_path, logged):
    """The same outcome by other voters: after the close nothing in the dump or the logs tells the worlds apart."""
    settle_in(world)
    left: list[list[str]] = []
    told: list[list[str]] = []
    for votes in (VOTES_OF_ONE_WORLD, VOTES_OF_THE_OTHER):
        written = len(logged)
        with_dump = live(world, votes, tmp_path)
        left.append(with_dump)
        told.append(logged[written:])
    one, other = left
    assert one == other
    assert told[0] == told[1]


def live(cast: Cast, votes: dict[str, list[int]], folder: Path) -> list[str]:
    """One round with these votes, counted; then its rows alone, as a dump has them."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")
    poll = opened(cast, opens_at=cast.at + timedelta(hours=1))
    cast_all(poll, votes)
    poll = counted(cast, poll)
    assert [line.label for line in outcome_of(poll).winners] == ["演示甲"]
    lines = [line for line in shape(dumped(folder)) if not line.startswith("SELECT pg_catalog.setval")]
    assert not Elector.objects.exists()
    forget(poll)
    return lines


def forget(poll: Poll) -> None:
    """Clear the round away, so that the next world starts from the same place."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM ballots_tally")
        cursor.execute("DELETE FROM ballots_teller")
        cursor.execute("DELETE FROM ballots_item")
        cursor.execute("DELETE FROM ballots_poll WHERE id = %s", [poll.pk])
        cursor.execute("DELETE FROM journal_unread WHERE subject_kind = 'poll'")
        cursor.execute("DELETE FROM journal_words WHERE subject_kind = 'poll'")
        cursor.execute("DELETE FROM journal_event WHERE subject_kind = 'poll'")


@pytest.mark.django_db(transaction=True)
def test_an_old_backup_opens_nothing_once_the_key_is_gone(world):
    """The adversary kept every version of every bundle and the whole roll from before the count."""
    settle_in(world)
    poll = opened(world, opens_at=world.at + timedelta(hours=1))
    kept: list[tuple[Any, bytes]] = []
    for door, values in VOTES_OF_ONE_WORLD.items():
        cast_all(poll, {door: values})
        kept += [(bundle.uid, bytes(bundle.sealed)) for bundle in Bundle.objects.all()]
    key = read_key(poll.uid)
    roll = list(Elector.objects.values_list("bundle__uid", "slot", "household__dwelling__door"))
    opens = open_bundle(key, poll.uid, kept[-1][0], kept[-1][1], 3)
    assert {door: list(opens[slot or 0].values) for _, slot, door in roll} == VOTES_OF_ONE_WORLD, (
        "with the key it would"
    )
    counted(world, poll)
    with pytest.raises(KeyGone):
        read_key(poll.uid)
    assert not list(kept_keys())
    for uid, sealed in kept:
        with pytest.raises(Unreadable):
            open_bundle(b"\0" * 32, poll.uid, uid, sealed, 3)
        assert not any(door.encode() in sealed for _, _, door in roll)


@pytest.mark.django_db(transaction=True)
def test_neither_row_order_nor_transaction_tells_who_voted_before_the_close(world):
    """Half of the homes vote, in the order of their doors: bundles were all written, rows of the roll never."""
    poll = many(world)
    electors = list(Elector.objects.select_related("poll", "household__dwelling").order_by("household__dwelling__pk"))
    written = {pk: (ctid, xmin) for pk, ctid, xmin in positions("ballots_elector")}
    for elector in electors[:150]:
        cast_ballot(elector=elector, values=[1, 0, 0], at=clock.now())
    assert {pk: (ctid, xmin) for pk, ctid, xmin in positions("ballots_elector")} == written
    order = [elector.pk for elector in sorted(electors, key=lambda each: each.household.dwelling_id)]
    assert order != sorted(order), "rows stand in the order of a lot"
    assert order != sorted(order, reverse=True)
    last = {xmin for _, _, xmin in positions("ballots_bundle")}
    stir(poll)
    stirred = {xmin for _, _, xmin in positions("ballots_bundle")}
    assert (len(stirred), stirred.isdisjoint(last)) == (1, True), "one transaction has written them all"


def positions(table: str) -> list[tuple[int, str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, ctid::text, xmin::text FROM {table}")  # noqa: S608 - our own names
        return [(pk, ctid, xmin) for pk, ctid, xmin in cursor.fetchall()]


@pytest.mark.django_db(transaction=True)
def test_killed_before_the_commit_it_is_counted_anew(world, monkeypatch):
    settle_in(world)
    poll = opened(world, opens_at=world.at + timedelta(hours=1))
    cast_all(poll, VOTES_OF_ONE_WORLD)
    after = poll.closes_at
    close_box(poll_id=poll.pk, actor=world.actor("desk"), at=after)
    for key in COUNTERS:
        confirm_count(poll_id=poll.pk, actor=world.actor(key), at=after)
    with monkeypatch.context() as patch:
        patch.setattr("louzhang.ballots.actions.counting.erase_objections", _killed)
        with pytest.raises(KeyboardInterrupt):
            count_poll(poll_id=poll.pk, actor=world.actor("desk"), at=after)
    assert Elector.objects.count() == 3
    assert read_key(poll.uid)
    assert [
        line.label for line in outcome_of(count_poll(poll_id=poll.pk, actor=world.actor("desk"), at=after)).winners
    ] == ["演示甲"]


def _killed(*given: Any) -> None:
    raise KeyboardInterrupt


@pytest.mark.django_db(transaction=True)
def test_killed_after_the_commit_the_worker_destroys_the_key(world, monkeypatch):
    settle_in(world)
    poll = opened(world, opens_at=world.at + timedelta(hours=1))
    cast_all(poll, VOTES_OF_ONE_WORLD)
    assert destroy_spent_keys(at=clock.now()) == 0, "an open poll keeps its key"
    with monkeypatch.context() as patch:
        patch.setattr("louzhang.ballots.actions.running.destroy_key", _killed)
        with pytest.raises(KeyboardInterrupt):
            counted(world, poll)
    assert Poll.objects.get().has_ended
    assert read_key(poll.uid)
    assert destroy_spent_keys(at=clock.now()) == 1
    with pytest.raises(KeyGone):
        read_key(poll.uid)


@pytest.mark.django_db(transaction=True)
def test_what_is_withdrawn_is_thrown_away_unread(world):
    settle_in(world)
    poll = opened(world, opens_at=world.at + timedelta(hours=1))
    cast_all(poll, VOTES_OF_ONE_WORLD)
    withdraw_poll(poll_id=poll.pk, reason="候选人退出了", actor=world.actor("street"), at=poll.opens_at)
    assert (Elector.objects.count(), Bundle.objects.count(), list(kept_keys())) == (0, 0, [])


@pytest.mark.django_db
def test_an_envelope_moved_to_another_bundle_or_poll_does_not_open(cast, homes):
    poll = opened(cast, rules=Rules(has_paper=True))
    hand_out_paper(elector=elector_at(poll, "301"), at=poll.opens_at)
    key, bundle = read_key(poll.uid), Bundle.objects.get()
    assert sum(each.mark == Mark.PAPER for each in open_bundle(key, poll.uid, bundle.uid, bundle.sealed, 3)) == 1
    other = seal_bundle(key, poll.uid, poll.uid, [Envelope()])
    with pytest.raises(Unreadable):
        open_bundle(key, poll.uid, bundle.uid, other, 3)


def test_the_key_lies_in_a_folder_that_backups_leave_out(settings, tmp_path):
    import uuid

    from louzhang.ballots.round_keys import make_key

    uid = uuid.uuid4()
    assert make_key(uid) == read_key(uid)
    place = Path(settings.BALLOT_KEYS_PLACE)
    (file,) = place.rglob("*.key")
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert (place / "CACHEDIR.TAG").read_text().startswith("Signature: 8a477f597d28d172789f06886806bc55")
    assert not file.is_relative_to(settings.MEDIA_ROOT), "`backup` packs the database and this folder alone"
    assert len(make_key(uid)) == 32
