"""Entries of phones without a signal: each once, nothing dropped, both versions kept where two met."""

from __future__ import annotations

import json
import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from louzhang.accounts.actions import make_api_token
from louzhang.areas.actions import end_post
from louzhang.journal.actions import purge_request_keys
from louzhang.journal.actor import SYSTEM
from louzhang.journal.refusals import NotThere, NotYours, TooLarge
from louzhang.journal.verifying import prove_journal
from louzhang.kit import clock
from louzhang.register.actions import lay_down_kinds, raise_need, record_reach
from louzhang.register.actions.entries import LONGEST_AWAY, forget_entries
from louzhang.register.actions.notes import write_note
from louzhang.register.doorstep import Entry
from louzhang.register.forms.syncing import settle, take_entries
from louzhang.register.models import Asking, DoorEntry, Household, Need, Note, Outcome, Reach, Resident
from louzhang.register.tests.conftest import Homes, settle_in
from tests.at_once import at_once
from tests.cast import Cast, browser_as, make_cast

LATER = timedelta(hours=5)


@pytest.fixture
def now(cast: Cast) -> datetime:
    return cast.at + LATER


def entry(kind: str, row: Any, at: datetime, **fields: str) -> Entry:
    known = fields.pop("base", None)
    uid = row if isinstance(row, uuid.UUID) else row.uid
    return Entry(
        uid=uuid.uuid4(), kind=kind, row=uid, fields=fields, happened_at=at,
        base=int(known) if known is not None else None,
    )  # fmt: skip


def send(cast: Cast, entries: list[Entry], at: datetime, who: str = "chief") -> list[str]:
    return [result.result for result in take_entries(entries, actor=cast.actor(who), at=at)]


def test_each_kind_is_carried_out_at_the_moment_it_was_written(cast: Cast, homes: Homes, now: datetime) -> None:
    need = raise_need(
        summary="要扶手", asking=Asking.DOOR, household_id=homes.households["let"].pk, actor=cast.actor("chief"),
        at=cast.at,
    )  # fmt: skip
    own, mother = homes.households["own"], homes.residents["mother"]
    written = cast.at + timedelta(hours=1)
    note = uuid.uuid4()
    batch = [
        entry("household.reach", own, written, way="phone", hour="supper"),
        entry("household.need", own, written, summary="楼道灯太暗", asking="door"),
        entry("household.register", own, written, name="演示奶奶", tie="parent", on="2026-03-02"),
        entry("resident.correct", mother, written, birth_year="1983"),
        entry("dwelling.move_in", homes.dwellings["empty"], written, name="演示新户", tie="head", on="2026-03-01"),
        entry("household.out", homes.households["let"], written, on="2026-03-01"),
        entry("need.tick", need, written),
        entry("note.write", note, written, words="周三给三楼送药", due_on="2026-03-04"),
    ]
    assert send(cast, batch, now) == ["done"] * len(batch)
    assert Reach.objects.get(pk=own.pk).way == "phone"
    assert Need.objects.get(summary="楼道灯太暗").raised_at == written
    assert Resident.objects.get(pk=mother.pk).birth_year == 1983
    assert Household.objects.get(pk=homes.households["let"].pk).ends_on is not None
    need.refresh_from_db()
    assert need.ticked_at == written
    assert Note.objects.get(uid=note).words == "周三给三楼送药"
    prove_journal()


def test_a_batch_sent_twice_and_half_of_it_a_third_time_is_carried_out_once(
    cast: Cast, homes: Homes, now: datetime
) -> None:
    own = homes.households["own"]
    batch = [
        entry("household.need", own, cast.at, summary="要扶手", asking="door"),
        entry("household.register", own, cast.at, name="演示奶奶", tie="parent", on="2026-03-02"),
    ]
    for sent in (batch, batch, batch[:1], [*batch, *batch]):
        assert set(send(cast, sent, now)) == {"done"}
    assert Need.objects.filter(household=own).count() == 1
    assert Resident.objects.filter(name="演示奶奶").count() == 1
    assert DoorEntry.objects.count() == 2


def test_the_same_id_with_other_words_is_refused(cast: Cast, homes: Homes, now: datetime) -> None:
    first = entry("household.need", homes.households["own"], cast.at, summary="要扶手", asking="door")
    other = Entry(first.uid, first.kind, first.row, {"summary": "要坡道", "asking": "door"}, cast.at)
    assert send(cast, [first], now) == ["done"]
    assert send(cast, [other], now) == ["refused"]


def test_one_wrong_entry_stands_in_the_way_of_no_other_and_says_what_to_do(
    cast: Cast, homes: Homes, now: datetime
) -> None:
    own = homes.households["own"]
    batch = [
        entry("household.need", own, cast.at, summary="", asking="door"),
        entry("household.dance", own, cast.at),
        entry("household.reach", own, cast.at - timedelta(days=500), way="phone"),
        entry("household.reach", own, cast.at, way="message"),
    ]
    results = take_entries(batch, actor=cast.actor("chief"), at=now)
    assert [result.result for result in results] == ["refused", "refused", "refused", "done"]
    assert (results[0].field, results[0].message) == ("summary", "请用一句话写需要什么。")
    assert "请更新页面" in results[1].message
    assert "请校准时间" in results[2].message
    assert DoorEntry.objects.count() == 1


def test_two_who_change_the_same_keep_both_versions_and_the_later_one_settles(
    cast: Cast, homes: Homes, now: datetime
) -> None:
    own = homes.households["own"]
    seen = str(own.chain_seq)
    record_reach(household_id=own.pk, way="message", actor=cast.actor("grid_worker"), at=cast.at)
    mine = entry("household.reach", own, cast.at, base=seen, way="phone")
    beside = entry("household.reach", own, cast.at, base=seen, hour="supper")
    assert send(cast, [mine, beside], now) == ["conflict", "done"]
    held = DoorEntry.objects.held().get()
    assert (Reach.objects.get(pk=own.pk).way, held.user_id) == ("message", cast.people["chief"].pk)
    assert "演示网格员" in held.reason
    assert "phone" not in held.said_sealed
    assert send(cast, [mine], now) == ["conflict"], "sent again it is the same"
    with pytest.raises(NotThere):
        settle(mine.uid, is_mine=True, actor=cast.actor("grid_worker"), at=now)
    settle(mine.uid, is_mine=True, actor=cast.actor("chief"), at=now)
    assert Reach.objects.get(pk=own.pk).way == "phone"
    held.refresh_from_db()
    assert (held.outcome, held.said_sealed) == (Outcome.MINE, "")
    with pytest.raises(NotThere):
        settle(mine.uid, is_mine=False, actor=cast.actor("chief"), at=now)


def test_a_late_entry_leaves_alone_what_the_same_person_changed_on_a_page_since(
    cast: Cast, homes: Homes, now: datetime
) -> None:
    own, chief = homes.households["own"], cast.actor("chief")
    note = write_note(uid=uuid.uuid4(), words="旧", actor=chief, at=cast.at)
    late = [
        entry("household.reach", own, cast.at + timedelta(hours=1), way="door", hour="supper"),
        entry("note.write", note.uid, cast.at + timedelta(hours=1), words="手机上写的"),
    ]
    record_reach(household_id=own.pk, way="message", actor=chief, at=cast.at + timedelta(hours=2))
    write_note(uid=note.uid, words="后来写的", actor=chief, at=cast.at + timedelta(hours=2))
    assert send(cast, late, now) == ["done", "done"]
    reach = Reach.objects.get(pk=own.pk)
    assert (reach.way, reach.hour) == ("message", "supper")
    note.refresh_from_db()
    assert note.words == "后来写的"


def test_an_entry_sent_again_after_its_key_is_forgotten_is_not_carried_out_again(
    cast: Cast, homes: Homes, now: datetime
) -> None:
    first = entry("household.need", homes.households["own"], cast.at, summary="要扶手", asking="door")
    assert send(cast, [first], now) == ["done"]
    purge_request_keys(at=now + timedelta(days=40))
    assert send(cast, [first], now + timedelta(days=40)) == ["done"]
    assert Need.objects.count() == 1


def test_entries_are_seen_by_who_wrote_them_and_by_nobody_above(cast: Cast, homes: Homes, now: datetime) -> None:
    send(cast, [entry("household.reach", homes.households["own"], cast.at, way="phone")], now)
    assert {key for key, actor in cast.everyone().items() if DoorEntry.objects.visible_to(actor).exists()} == {"chief"}
    with pytest.raises(TypeError):
        DoorEntry.objects.visible_to(None)  # type: ignore[arg-type]


def test_what_an_action_finds_gone_is_held_too(cast: Cast, homes: Homes, now: datetime) -> None:
    let = homes.households["let"]
    out = entry("household.out", let, cast.at, on="2026-03-01")
    assert send(cast, [out], now, who="grid_worker") == ["done"]
    late = entry("household.need", let, cast.at, summary="要扶手", asking="door")
    assert send(cast, [late], now) == ["conflict"]
    assert "已经迁出" in DoorEntry.objects.held().get().reason
    settle(late.uid, is_mine=False, actor=cast.actor("chief"), at=now)
    assert DoorEntry.objects.get(uid=late.uid).outcome == Outcome.THEIRS


@pytest.mark.parametrize("who", ["next_chief", "stranger_chief", "property", "department", "resident", "nobody"])
def test_nobody_writes_into_a_house_they_do_not_keep(cast: Cast, homes: Homes, now: datetime, who: str) -> None:
    before = homes.households["own"].chain_seq
    sent = [
        entry("household.reach", homes.households["own"], cast.at, way="phone"),
        entry("dwelling.check", homes.dwellings["own"], cast.at),
        entry("door.need", homes.dwellings["own"], cast.at, summary="要扶手", asking="door"),
    ]
    results = take_entries(sent, actor=cast.actor(who), at=now)
    assert [result.result for result in results] == ["refused"] * 3
    assert Household.objects.get(pk=homes.households["own"].pk).chain_seq == before


def test_what_comes_when_a_post_has_ended_goes_to_the_community_and_to_nobody_else(
    cast: Cast, homes: Homes, now: datetime
) -> None:
    written = entry(
        "household.need", homes.households["own"], now - timedelta(hours=1), summary="要扶手", asking="door"
    )
    late = now + timedelta(days=2)
    end_post(post=cast.posts["chief"], actor=cast.actor("desk"), at=now + timedelta(days=1))
    former = cast.actor("chief", late)
    (result,) = take_entries([written], actor=former, at=late)
    assert (result.result, result.message) == ("done", "您的任期已经结束，这一条交给社区核对。")
    assert take_entries([written], actor=former, at=late + timedelta(days=40)) == [result]
    assert not Need.objects.exists()
    held = DoorEntry.objects.get()
    assert "扶手" not in held.said_sealed
    for who in ("grid_worker", "next_chief", "stranger_chief", "property"):
        assert not DoorEntry.objects.visible_to(cast.actor(who, late)).exists(), who
    assert not DoorEntry.objects.visible_to(former).exists()
    settle(held.uid, is_mine=True, actor=cast.actor("desk", late), at=late)
    assert Need.objects.get().summary == "要扶手"
    assert not DoorEntry.objects.exclude(said_sealed="").exists()


def test_what_a_former_chief_writes_after_the_end_is_refused(cast: Cast, homes: Homes, now: datetime) -> None:
    end_post(post=cast.posts["chief"], actor=cast.actor("desk"), at=now)
    late = now + timedelta(days=2)
    after = entry("household.need", homes.households["own"], late, summary="要扶手", asking="door")
    strange = entry(
        "household.need", homes.households["other"], now - timedelta(days=1), summary="要扶手", asking="door"
    )
    results = take_entries([after, strange], actor=cast.actor("chief", late), at=late)
    assert [result.result for result in results] == ["refused", "refused"]
    assert not DoorEntry.objects.exists()


@pytest.mark.parametrize("wrong", [timedelta(days=1), timedelta(days=-1), timedelta(days=-4000)])
def test_a_phone_whose_clock_is_wrong_is_set_right(cast: Cast, homes: Homes, now: datetime, wrong: timedelta) -> None:
    hour_ago = now - timedelta(hours=1)
    written = entry("household.need", homes.households["own"], hour_ago + wrong, summary="要扶手", asking="door")
    (result,) = take_entries([written], actor=cast.actor("chief"), at=now, sent_at=now + wrong)
    assert result.result == "done"
    assert Need.objects.get().raised_at == hour_ago


def test_a_program_that_may_only_look_and_too_large_a_batch_are_refused(cast: Cast, homes: Homes) -> None:
    with pytest.raises(NotYours):
        take_entries([], actor=cast.device, at=cast.at)
    many = [entry("note.write", uuid.uuid4(), cast.at, words="一")] * 201
    with pytest.raises(TooLarge):
        take_entries(many, actor=cast.actor("chief"), at=cast.at)


def test_a_door_finds_its_household_and_asks_which_where_there_are_two(cast: Cast, homes: Homes, now: datetime) -> None:
    door = homes.dwellings["own"]
    assert send(cast, [entry("door.reach", door, cast.at, way="phone")], now) == ["done"]
    second = entry("dwelling.move_in", door, cast.at, name="演示二户", tie="head", on="2026-03-01")
    asks = entry("door.reach", door, cast.at, way="message")
    names = entry("door.reach", door, cast.at, way="message", head="演示二户")
    assert send(cast, [second, asks, names], now) == ["done", "refused", "done"]
    wrong = entry("door.correct", door, cast.at, who="演示某人", head="演示父亲", birth_year="1980")
    right = entry("door.correct", door, cast.at, who="演示母亲", head="演示父亲", birth_year="1985")
    assert send(cast, [wrong, right], now) == ["refused", "done"]
    assert Resident.objects.get(name="演示母亲").birth_year == 1985


def test_a_program_sends_the_same_batch_over_the_api(cast: Cast, homes: Homes) -> None:
    token = make_api_token(
        user=cast.people["chief"], label="测试", is_read_only=False, actor=SYSTEM, at=clock.now()
    )[1]  # fmt: skip
    uid = str(uuid.uuid4())
    body = {
        "entries": [
            {"id": uid, "kind": "household.need", "row": str(homes.households["own"].uid),
             "fields": {"summary": "要扶手", "asking": "door"}, "happened_at": "2026-03-02T03:00:00Z"}
        ]
    }  # fmt: skip
    headers: Any = {"authorization": f"Bearer {token}"}
    for _ in range(2):
        answer = Client().post("/api/v1/sync", body, content_type="application/json", headers=headers)
        assert answer.json() == {"results": [{"id": uid, "result": "done", "message": "", "field": ""}]}
    assert Need.objects.count() == 1


def test_a_page_sends_a_batch_with_its_token_and_reads_where_it_stands(cast: Cast, homes: Homes) -> None:
    browser = browser_as(cast, "chief")
    uid = str(uuid.uuid4())
    fields = {"kind": "door.need", "row": str(homes.dwellings["own"].uid), "seen_at": clock.now().isoformat(),
              "door.need-summary": "要扶手", "door.need-asking": "door", "door.out-on": "2026-03-01"}  # fmt: skip
    entries = [
        {"id": uid, "happened_at": clock.now().isoformat(), "fields": fields},
        {"id": str(uuid.uuid4()), "happened_at": clock.now().isoformat(), "fields": {**fields, "row": ""}},
        {"id": str(uuid.uuid4()), "happened_at": "x", "fields": {**fields, "door.need-summary": ""}},
        {"id": str(uuid.uuid4()), "happened_at": clock.now().isoformat(),
         "fields": {**fields, "door.need-summary": ""}},
        "nonsense",
    ]  # fmt: skip
    answer = browser.post(
        reverse("register:sync"), json.dumps({"entries": entries}), content_type="application/json"
    ).json()["results"]
    assert [row["result"] for row in answer] == ["done", "refused", "refused", "refused", "refused"]
    assert answer[0]["url"] == reverse("register:household", args=[homes.households["own"].uid])
    assert answer[3]["errors"] == {"door.need-summary": ["请用一句话写需要什么。"]}
    assert Need.objects.count() == 1
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = browser.cookies
    assert strict.post(reverse("register:sync"), "{}", content_type="application/json").status_code == 403


def test_a_browser_without_javascript_writes_at_the_door_too(cast: Cast, homes: Homes) -> None:
    browser = browser_as(cast, "chief")
    page = browser.get(reverse("register:door")).content.decode()
    assert "301" in page
    assert [name for name in ("演示父亲", "演示母亲", "空置", "1391111") if name in page] == []
    posted = {
        "entry_id": str(uuid.uuid4()), "kind": "door.need", "row": str(homes.dwellings["own"].uid),
        "door.need-summary": "", "door.need-asking": "door",
    }  # fmt: skip
    refused = browser.post(reverse("register:door"), posted)
    assert (refused.status_code, "请用一句话写需要什么。" in refused.content.decode()) == (400, True)
    done = browser.post(reverse("register:door"), posted | {"door.need-summary": "要扶手"})
    assert done.status_code == 302
    assert Need.objects.get().summary == "要扶手"


@pytest.mark.django_db(transaction=True)
def test_the_same_batch_sent_by_two_at_once_is_carried_out_once() -> None:
    cast = make_cast()
    lay_down_kinds(actor=SYSTEM, at=cast.at)
    homes = settle_in(cast)
    batch = [
        entry("household.need", homes.households["own"], cast.at, summary="要扶手", asking="door"),
        entry("household.reach", homes.households["own"], cast.at, way="phone"),
    ]
    answers = at_once(*[lambda: send(cast, batch, cast.at + LATER)] * 2)
    assert answers == [["done", "done"]] * 2
    assert (Need.objects.count(), DoorEntry.objects.count()) == (1, 2)
    prove_journal()


def test_settled_entries_are_forgotten_when_none_older_can_come(cast: Cast, homes: Homes, now: datetime) -> None:
    own = homes.households["own"]
    seen = str(own.chain_seq)
    record_reach(household_id=own.pk, way="message", actor=cast.actor("grid_worker"), at=cast.at)
    sent = [
        entry("household.reach", own, cast.at, base=seen, way="phone"),
        entry("household.need", own, cast.at, summary="要扶手", asking="door"),
    ]
    assert send(cast, sent, now) == ["conflict", "done"]
    assert forget_entries(at=now) == 0
    assert forget_entries(at=now + LONGEST_AWAY + timedelta(days=1)) == 1
    assert DoorEntry.objects.get().outcome == Outcome.HELD


WAYS, HOURS = ("door", "phone", "message"), ("morning", "supper", "weekend")
YEARS = ("1970", "1971", "1972")


def wish(kind: str, name: str, values: tuple[str, ...]) -> st.SearchStrategy[tuple[str, dict[str, str]]]:
    return st.sampled_from(values).map(lambda value: (kind, {name: value}))


SAID = st.one_of(
    wish("household.reach", "way", WAYS),
    wish("household.reach", "hour", HOURS),
    st.tuples(st.sampled_from(WAYS), st.sampled_from(HOURS)).map(
        lambda both: ("household.reach", {"way": both[0], "hour": both[1]})
    ),
    wish("resident.correct", "birth_year", YEARS),
    wish("household.need", "summary", ("要扶手", "要坡道", "要路灯")),
    wish("note.write", "words", ("一", "二", "三")),
)


@settings(
    max_examples=25, deadline=None, database=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(said=st.lists(SAID, min_size=1, max_size=6), drawn=st.data())
def test_any_order_and_repetition_of_batches_gives_the_same_rows(
    cast: Cast, homes: Homes, said: list[tuple[str, dict[str, str]]], drawn: st.DataObject
) -> None:
    from django.db import transaction

    note = uuid.UUID(int=7)
    rows = {"household": homes.households["own"], "resident": homes.residents["mother"], "note": note}
    entries = [
        entry(kind, rows[kind.split(".")[0]], cast.at + timedelta(minutes=place),
              **fields, **({"asking": "door"} if kind == "household.need" else {}))
        for place, (kind, fields) in enumerate(said)
    ]  # fmt: skip
    order = drawn.draw(st.permutations(entries))
    again = drawn.draw(st.lists(st.sampled_from(entries), max_size=4))
    cut = drawn.draw(st.integers(0, len(order)))
    batches = [order[:cut], [*again, *order[cut:]], order]
    ends = []
    for course in ([entries], batches):
        with transaction.atomic():
            for batch in course:
                assert set(send(cast, batch, cast.at + LATER)) <= {"done"}
            ends.append(outcome(homes, note))
            transaction.set_rollback(True)
    assert ends[0] == ends[1]


def outcome(homes: Homes, note: uuid.UUID) -> Any:
    reach = Reach.objects.filter(pk=homes.households["own"].pk).values("way", "hour").first()
    year = Resident.objects.values_list("birth_year", flat=True).get(pk=homes.residents["mother"].pk)
    needs = sorted(Need.objects.values_list("summary", "raised_at"))
    words = [one.words for one in Note.objects.filter(uid=note)]
    entries = sorted(DoorEntry.objects.values_list("uid", "outcome"))
    return reach, year, needs, words, entries
