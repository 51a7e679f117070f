"""Mediating through the actions: who reads what, how it ends, what an order tells of it."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

import pytest

from louzhang.journal.models import Event, Reveal
from louzhang.journal.refusals import Conflict, InputRefused, NotThere, NotYours, TransitionRefused
from louzhang.journal.verifying import prove_journal
from louzhang.mediation.actions import (
    add_party,
    agree,
    erase_due_mediations,
    fail,
    follow_up,
    hand_on,
    join_mediation,
    remind_follow_ups,
    reveal_party,
    start_mediation,
    talk,
)
from louzhang.mediation.lifecycle import MediationState, Tie
from louzhang.mediation.models import Mediation, Party
from louzhang.mediation.notices import BOOK
from louzhang.mediation.queries import find_mediation, mediators_for, parties_of, said_in, terms_of
from louzhang.notices.models import Notice
from louzhang.workorders.actions import Draft, report_workorder
from louzhang.workorders.models import Channel
from tests.at_once import at_once, winners
from tests.cast import make_cast

DAY = date(2026, 3, 2)
LATER = date(2026, 3, 16)
KNOW = {"chief", "desk", "secretary", "street", "commander", "system"}


def again(mediation: Mediation) -> Mediation:
    return Mediation.objects.get(pk=mediation.pk)


def read_by(cast, mediation, actor):
    return find_mediation(actor, mediation.uid)


def order_of(cast, code="lamp"):
    draft = Draft(channel=Channel.RESIDENT, category=cast.categories[code], area=cast.areas["building"], words="吵")
    return report_workorder(draft=draft, actor=cast.device, at=cast.at).order


@pytest.fixture
def talked(cast, start):
    """Two sides, one talk, one private talk."""
    mediation = start()
    act = {"mediation_id": mediation.pk, "actor": cast.actor("chief"), "at": cast.at}
    for name in ("王大明", "李小红"):
        add_party(**act, name=name, phone="13911112222")
    talk(**act, talked_on=DAY, words="双方都说了话。")
    talk(**act, talked_on=DAY, words="楼上说夜班刚下。", is_private=True)
    return mediation


def test_the_mediator_reads_it_and_desk_and_above_only_know_that_it_exists(cast, talked):
    know, read = set(), set()
    for key, actor in cast.everyone().items():
        found = Mediation.objects.visible_to(actor).with_ties(actor).filter(pk=talked.pk).first()
        know |= {key} if found else set()
        read |= {key} if found and found.may_read else set()
    assert (know, read) == (KNOW, {"chief"})
    found = read_by(cast, talked, cast.actor("desk"))
    for look in (said_in, parties_of, terms_of):
        with pytest.raises(NotYours):
            look(found)


def test_scope_needs_an_actor(cast):
    with pytest.raises(TypeError):
        Mediation.objects.visible_to(None)  # type: ignore[arg-type]  # that is the point


def test_a_side_opens_it_with_the_own_code_and_reads_all_but_the_private_talk(cast, talked):
    code = Party.objects.get(mediation=talked, position=1).open_field("code")
    with pytest.raises(NotThere):
        join_mediation(code="0000000000", actor=cast.device, at=cast.at)
    join_mediation(code=code, actor=cast.device, at=cast.at)
    found = read_by(cast, talked, cast.device)
    assert found.relations_now == {Tie.PARTY}
    assert [said.words for said in said_in(found) if said.verb == "talk"] == ["双方都说了话。"]
    assert not Mediation.objects.visible_to(cast.other_device).exists()
    mediator = read_by(cast, talked, cast.actor("chief"))
    assert [said.words for said in said_in(mediator) if said.verb == "talk"][1] == "楼上说夜班刚下。"
    with pytest.raises(NotYours):
        talk(mediation_id=talked.pk, talked_on=DAY, words="我说", actor=cast.device, at=cast.at)


def test_handed_on_only_the_next_mediator_reads_it(cast, talked):
    next_one = cast.people["enforcement"].pk
    hand_on(mediation_id=talked.pk, mediator=next_one, actor=cast.actor("chief"), at=cast.at)
    assert read_by(cast, talked, cast.actor("enforcement")).may_read
    chief = read_by(cast, talked, cast.actor("chief"))
    assert (chief.may_read, chief.relations_now) == (False, {Tie.STARTER})
    with pytest.raises(NotYours):
        talk(mediation_id=talked.pk, talked_on=DAY, words="再谈", actor=cast.actor("chief"), at=cast.at)
    BOOK.read(list(Event.objects.filter(subject_kind="mediation")), news=timedelta(days=9999))
    assert [notice.user_id for notice in Notice.objects.all()] == [next_one]


def test_the_community_hands_on_without_reading(cast, talked):
    desk = cast.actor("desk")
    hand_on(mediation_id=talked.pk, mediator=cast.people["grid_worker"].pk, actor=desk, at=cast.at)
    assert not read_by(cast, talked, desk).may_read
    with pytest.raises(NotYours):
        hand_on(mediation_id=talked.pk, mediator=cast.people["chief"].pk, actor=cast.actor("street"), at=cast.at)


def test_it_is_handed_to_keepers_the_community_and_units_that_are_no_side(cast):
    groups = mediators_for(cast.areas["building"], cast.at)
    offered = {choice.value for group in groups for choice in group.choices}
    keys = {key for key, person in cast.people.items() if person.pk in offered}
    assert keys == {
        "chief", "grid_worker", "grid_lead", "desk", "secretary", "department", "department_lead", "enforcement",
    }  # fmt: skip


def test_an_agreement_needs_two_sides_a_talk_and_a_day_to_look_back(cast, start):
    mediation = start()
    act = {"mediation_id": mediation.pk, "actor": cast.actor("chief"), "at": cast.at}
    with pytest.raises(TransitionRefused):
        agree(**act, terms="十点后不动家具。", follow_up_on=LATER)
    talk(**act, talked_on=DAY, words="谈了。")
    with pytest.raises(InputRefused):
        agree(**act, terms="十点后不动家具。", follow_up_on=LATER)
    for name in ("王大明", "李小红"):
        add_party(**act, name=name)
    with pytest.raises(InputRefused):
        agree(**act, terms="十点后不动家具。", follow_up_on=DAY)
    agree(**act, terms="十点后不动家具。", follow_up_on=LATER)
    ended = read_by(cast, mediation, cast.actor("chief"))
    assert (ended.status, terms_of(ended)) == (MediationState.AGREED, "十点后不动家具。")
    follow_up(**act, kept="kept", words="安静了。")
    assert again(mediation).status == MediationState.FOLLOWED


def test_a_talk_is_never_in_the_future(cast, start):
    with pytest.raises(InputRefused):
        talk(
            mediation_id=start().pk,
            talked_on=DAY + timedelta(days=1),
            words="谈了",
            actor=cast.actor("chief"),
            at=cast.at,
        )


def test_it_may_fail_and_is_looked_back_at_too(cast, start):
    act = {"mediation_id": start().pk, "actor": cast.actor("chief"), "at": cast.at}
    fail(**act, reason="谈不拢，可以找司法所。", follow_up_on=LATER)
    follow_up(**act, kept="broken", words="已经去了司法所。")
    with pytest.raises(TransitionRefused):
        talk(**act, talked_on=DAY, words="再谈")


@pytest.fixture
def ended(cast, talked):
    """Ended with an agreement, to be looked back at two weeks later."""
    agree(mediation_id=talked.pk, terms="十点后不动家具。", follow_up_on=LATER, actor=cast.actor("chief"), at=cast.at)
    return talked


def test_the_mediator_alone_is_told_once_on_the_day_to_look_back_while_people_work(cast, ended):
    morning = cast.at + timedelta(days=14)
    assert remind_follow_ups(at=morning - timedelta(days=3)) == 0
    assert remind_follow_ups(at=morning - timedelta(hours=9)) == 0, "in the night"
    assert remind_follow_ups(at=morning) == 1
    assert remind_follow_ups(at=morning + timedelta(hours=1)) == 0
    BOOK.read(list(Event.objects.filter(subject_kind="mediation")), news=timedelta(days=9999))
    notice = Notice.objects.get()
    assert (notice.user_id, notice.title) == (cast.people["chief"].pk, "今天要回访矛盾调解：12号楼")
    assert "remind" not in [said.verb for said in said_in(read_by(cast, ended, cast.actor("chief")))]
    prove_journal()


def test_what_was_looked_back_at_before_the_day_reminds_nobody(cast, ended):
    act = {"mediation_id": ended.pk, "actor": cast.actor("chief"), "at": cast.at + timedelta(days=13)}
    follow_up(**act, kept="kept", words="安静了。")
    assert remind_follow_ups(at=cast.at + timedelta(days=14)) == 0


def test_only_who_looks_after_the_place_starts_one(cast, start):
    for key in ("next_chief", "stranger_chief", "stranger_desk", "property", "street", "nobody"):
        with pytest.raises(NotYours):
            start(actor=cast.actor(key))
    with pytest.raises(NotYours):
        start(actor=cast.device)


def test_an_order_tells_no_more_than_that_there_is_a_mediation(cast, start):
    order = order_of(cast)
    mediation = start(order=order, area=order.area)
    event = Event.objects.filter(subject_kind="workorder", subject_id=order.pk).order_by("seq").last()
    assert event is not None
    assert (event.verb, event.audience) == ("comment", "handlers")
    with pytest.raises(Conflict):
        start(order=order, area=order.area)
    fail(mediation_id=mediation.pk, reason="谈不拢", follow_up_on=LATER, actor=cast.actor("chief"), at=cast.at)
    start(order=order, area=order.area)


def test_violence_at_home_and_complaints_are_not_mediated(cast, start):
    order = order_of(cast, "guarded")
    with pytest.raises(InputRefused):
        start(order=order, area=order.area, actor=cast.actor("desk"))


def test_names_and_numbers_are_sealed_opened_by_the_mediator_alone_and_logged(cast, talked):
    party = Party.objects.get(mediation=talked, position=1)
    assert "王大明" not in party.name_sealed
    act = {"mediation_id": talked.pk, "party_id": party.pk, "what": "name", "reason": "打印", "at": cast.at}
    assert reveal_party(**act, actor=cast.actor("chief")) == "王大明"
    with pytest.raises(NotThere):
        reveal_party(**act, actor=cast.actor("desk"))
    with pytest.raises(InputRefused):
        reveal_party(**(act | {"reason": ""}), actor=cast.actor("chief"))
    assert Reveal.objects.filter(subject_kind="mediation_party", subject_id=party.pk).count() == 1


def test_words_and_names_go_after_three_years(cast, talked):
    act = {"mediation_id": talked.pk, "actor": cast.actor("chief"), "at": cast.at}
    fail(**act, reason="谈不拢", follow_up_on=LATER)
    follow_up(**act, kept="partly", words="好些了。")
    assert erase_due_mediations(at=cast.at + timedelta(days=1095)) == 0
    assert erase_due_mediations(at=cast.at + timedelta(days=1096)) == 1
    found = read_by(cast, talked, cast.actor("chief"))
    assert all(said.is_erased or not said.words for said in said_in(found))
    assert {party.name_sealed for party in parties_of(found)} == {""}
    prove_journal()


@pytest.mark.django_db(transaction=True)
def test_two_at_once_start_one_mediation_of_an_order_and_it_ends_once():
    cast = make_cast()
    order = order_of(cast)
    begin = partial(start_mediation, area=order.area, words="吵", order=order, at=cast.at)
    begun = winners(at_once(*(partial(begin, actor=cast.actor(key)) for key in ("chief", "grid_worker"))))
    assert len(begun) == 1
    mediation = begun[0]
    actor = cast.actor("chief") if mediation.mediator_id == cast.people["chief"].pk else cast.actor("grid_worker")
    act = {"mediation_id": mediation.pk, "actor": actor, "at": cast.at}
    parties = winners(at_once(*(partial(add_party, **act, name=name) for name in ("王大明", "李小红"))))
    assert {party.position for party in parties} == {1, 2}
    talk(**act, talked_on=DAY, words="谈了。")
    ends = at_once(
        partial(agree, **act, terms="各让一步。", follow_up_on=LATER),
        partial(fail, **act, reason="谈不拢", follow_up_on=LATER),
    )
    assert len(winners(ends)) == 1


def test_nobody_at_the_desk_takes_a_mediation_to_read_it(cast, talked):
    desk = cast.actor("desk")
    with pytest.raises(InputRefused, match="交给自己"):
        hand_on(mediation_id=talked.pk, mediator=cast.people["desk"].pk, actor=desk, at=cast.at)
    assert not read_by(cast, talked, desk).may_read
    hand_on(mediation_id=talked.pk, mediator=cast.people["desk"].pk, actor=cast.actor("chief"), at=cast.at)
    assert read_by(cast, talked, desk).may_read
