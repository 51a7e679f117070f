"""Errands: asked, taken, papers against a slip, handed back, confirmed; and good deeds in a line."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from louzhang.fieldwork.actions.deeds import take_back_deed, tell_deed
from louzhang.fieldwork.actions.errands import (
    ErrandDraft,
    ask_errand,
    collect_papers,
    confirm_errand,
    decline_errand,
    erase_old_errands,
    hand_over,
    not_yet,
    pass_on,
    reveal_errand,
    take_errand,
    withdraw_errand,
)
from louzhang.fieldwork.actions.making import make_days
from louzhang.fieldwork.lifecycle.errands import ErrandState
from louzhang.fieldwork.models import DayItem, Errand, GoodDeed
from louzhang.fieldwork.queries.errands import count_deeds, find_errand, papers_of, said_in
from louzhang.journal.models import Event, Reveal, Words
from louzhang.journal.refusals import InputRefused, NotThere, NotYours, TransitionRefused
from louzhang.kit import clock
from tests.cast import browser_as


@pytest.fixture
def ask(cast):
    def act(actor=None, **more):
        said = {"kind": "papers", "area": cast.areas["stairwell"], "words": "把医保材料交到窗口", **more}
        return ask_errand(draft=ErrandDraft(**said), actor=actor or cast.device, at=cast.at)

    return act


@pytest.fixture
def run(cast):
    """Do a verb as somebody of the cast."""

    def act(action, errand, person="chief", **given):
        actor = cast.actor(person) if isinstance(person, str) else person
        return action(errand_id=errand.pk, actor=actor, at=cast.at, **given)

    return act


def test_from_asking_to_the_asker_s_tap(cast, ask, run):
    errand = ask(name="王大妈", phone="19900001111", door="302")
    assert run(take_errand, errand).agent == cast.posts["chief"]
    run(collect_papers, errand, papers="医保卡\n\n  病历本 ")
    assert papers_of(errand)[0] == ["医保卡", "病历本"]
    run(hand_over, errand, words="交好了，回执给您。")
    with pytest.raises(InputRefused):
        run(confirm_errand, errand, way="tap")
    done = run(confirm_errand, errand, cast.device, way="tap")
    assert done.status == ErrandState.CONFIRMED
    verbs = list(Event.objects.filter(subject_kind="errand").order_by("seq").values_list("verb", flat=True))
    assert verbs == ["ask", "take", "collect", "hand_over", "confirm"]
    assert "医保卡" not in str(list(Event.objects.filter(subject_kind="errand").values_list("payload", flat=True)))


def test_the_digits_of_the_asker_confirm_and_others_do_not(cast, ask, run):
    errand = ask()
    run(take_errand, errand)
    run(hand_over, errand, words="好了")
    errand.refresh_from_db()
    code = errand.open_field("code")
    wrong = "000000" if code != "000000" else "111111"
    with pytest.raises(InputRefused):
        run(confirm_errand, errand, way="code", code=wrong)
    assert run(confirm_errand, errand, way="code", code=f"{code[:3]} {code[3:]}").status == ErrandState.CONFIRMED


def test_a_chief_writes_one_down_for_who_has_no_phone_and_notes_the_word(cast, ask, run):
    errand = ask(cast.actor("chief"), is_for_another=True, name="李奶奶")
    assert errand.is_for_another
    run(take_errand, errand)
    run(hand_over, errand, words="药送到了")
    assert run(confirm_errand, errand, way="word").status == ErrandState.CONFIRMED
    with pytest.raises(NotYours):
        ask(cast.actor("stranger_chief"), is_for_another=True)


def test_the_asker_says_that_it_is_not_done_yet(cast, ask, run):
    errand = ask()
    run(take_errand, errand)
    run(hand_over, errand, words="交了")
    again = run(not_yet, errand, cast.device, reason="少一张表")
    assert (again.status, again.handed_at) == (ErrandState.TAKEN, None)
    assert withdraw_errand(errand_id=errand.pk, actor=cast.device, at=cast.at).status == ErrandState.WITHDRAWN


def test_what_is_taken_cannot_be_taken_again(ask, run):
    errand = ask()
    run(take_errand, errand)
    with pytest.raises(TransitionRefused):
        run(take_errand, errand, "grid_worker")
    with pytest.raises(NotYours):
        run(collect_papers, errand, "grid_worker", papers="卡")


def test_the_office_gives_it_to_somebody_of_the_place(cast, ask, run):
    errand = ask()
    given = run(pass_on, errand, "desk", post=cast.posts["grid_worker"].pk)
    assert (given.agent, given.status) == (cast.posts["grid_worker"], ErrandState.TAKEN)
    with pytest.raises(InputRefused):
        run(pass_on, errand, "grid_worker", post=cast.posts["stranger_chief"].pk)
    assert run(decline_errand, errand, "grid_worker", reason="要本人去").status == ErrandState.DECLINED


def test_who_sees_an_errand(cast, ask):
    ask()
    seen = {key for key, actor in cast.everyone().items() if Errand.objects.visible_to(actor).exists()}
    assert seen == {"stairwell_head", "chief", "grid_worker", "grid_lead", "desk", "secretary", "device", "system"}


def test_contact_is_read_by_who_runs_it_and_the_office_with_a_reason_that_is_logged(cast, ask, run):
    errand = ask(phone="19900001111", door="302")
    with pytest.raises(NotThere):
        reveal_errand(uid=errand.uid, what="phone", reason="约时间", actor=cast.actor("grid_worker"), at=cast.at)
    run(take_errand, errand)
    with pytest.raises(InputRefused):
        reveal_errand(uid=errand.uid, what="phone", reason=" ", actor=cast.actor("chief"), at=cast.at)
    plain = reveal_errand(uid=errand.uid, what="phone", reason="约时间", actor=cast.actor("chief"), at=cast.at)
    assert plain == "19900001111"
    assert Reveal.objects.get(subject_kind="errand").user_id == cast.people["chief"].pk
    page = browser_as(cast, "grid_worker").get(reverse("errands:one", args=[errand.uid])).content.decode()
    assert "1111" not in page


def test_errands_stand_on_the_day_of_who_runs_them_and_the_nearest_for_those_that_wait(cast, ask, run):
    mine, waiting = ask(), ask(wanted_on=clock.local_date(cast.at))
    run(take_errand, mine, "grid_worker")
    make_days(day=clock.local_date(cast.at), at=cast.at)
    found = {item.source: (item.day_list.post.role, item.why) for item in DayItem.objects.filter(kind="errand")}
    assert found[f"errand:{mine.pk}"] == ("grid_worker", "您接下的，还没有办好。")
    assert found[f"errand:{waiting.pk}"][0] == "chief"


def test_after_a_year_words_contacts_and_digits_are_gone(cast, ask, run):
    errand = ask(name="王大妈", phone="19900001111")
    run(withdraw_errand, errand, cast.device)
    assert erase_old_errands(at=cast.at + timedelta(days=400)) == 1
    errand.refresh_from_db()
    assert (errand.name_sealed, errand.phone_sealed, errand.code_sealed, errand.code_hash) == ("", "", "", "")
    assert not Words.objects.filter(subject_kind="errand").exclude(spoken={}).exists()


def test_a_resident_asks_and_confirms_on_the_phone(cast):
    resident, chief = browser_as(cast, "resident"), browser_as(cast, "chief")
    page = resident.get(reverse("errands:ask"))
    assert page.status_code == 200
    sent = {
        "kind": "absent", "words": "出门两天，帮我看看门窗", "community": cast.areas["community"].pk,
        "building": cast.areas["building"].pk, "stairwell": cast.areas["stairwell"].pk, "entry_id": str(uuid4()),
    }  # fmt: skip
    assert resident.post(reverse("errands:ask"), sent).status_code == 302
    assert resident.post(reverse("errands:ask"), sent).status_code == 302
    errand = Errand.objects.get()
    for verb, given in (("take", {}), ("collect", {"papers": "钥匙一把"}), ("hand_over", {"words": "门窗都关着"})):
        answer = chief.post(reverse("errands:move", args=[errand.uid, verb]), {**given, "entry_id": str(uuid4())})
        assert answer.status_code == 302, verb
        if verb == "collect":
            slip = chief.get(reverse("errands:slip", args=[errand.uid])).content.decode()
            assert "钥匙一把" in slip
    own = reverse("errands:own", args=[errand.uid])
    assert Errand.objects.get().open_field("code") in resident.get(own).content.decode()
    tap = reverse("errands:own_move", args=[errand.uid, "confirm"])
    assert resident.post(tap, {"way": "tap", "entry_id": str(uuid4())}).status_code == 302
    assert Errand.objects.get().status == ErrandState.CONFIRMED
    assert browser_as(cast, "stranger_chief").get(reverse("errands:one", args=[errand.uid])).status_code == 404
    assert browser_as(cast, "nobody").get(own).status_code == 404


def test_a_read_of_the_asker_has_only_what_is_theirs(cast, ask, run):
    errand = ask()
    run(take_errand, errand)
    told = said_in(find_errand(cast.device, errand.uid))
    assert [each.label for each in told] == ["提出", "接下了"]


# ---- Good deeds -------------------------------------------------------------------------------------------


def tell(cast, person="chief", **more):
    said = {"area": cast.areas["building"], "day": clock.local_date(cast.at), "words": "替三楼老人抬水上楼", **more}
    return tell_deed(actor=cast.actor(person), at=cast.at, **said)


def test_a_good_deed_has_a_name_only_of_who_agreed(cast):
    with pytest.raises(InputRefused):
        tell(cast, name="张师傅")
    named = tell(cast, name="张师傅", has_agreed=True)
    assert named.open_field("name") == "张师傅"
    assert not tell(cast).is_named
    assert count_deeds(cast.actor("desk"), clock.local_date(cast.at)) == 2
    assert count_deeds(cast.actor("stranger_desk"), clock.local_date(cast.at)) == 0
    with pytest.raises(IntegrityError), transaction.atomic():
        GoodDeed.objects.filter(pk=named.pk).update(is_named=False)


def test_a_name_goes_at_once_when_it_is_taken_back(cast):
    deed = tell(cast, name="张师傅", has_agreed=True)
    with pytest.raises(NotThere):
        take_back_deed(uid=deed.uid, actor=cast.actor("stranger_chief"), at=cast.at)
    gone = take_back_deed(uid=deed.uid, actor=cast.actor("desk"), at=cast.at)
    assert (gone.name_sealed, gone.is_named) == ("", False)
    assert count_deeds(cast.actor("desk"), clock.local_date(cast.at)) == 0


@pytest.mark.parametrize("person", ["stranger_chief", "street", "property", "resident"])
def test_a_good_deed_is_told_where_one_looks_after_the_place(cast, person):
    with pytest.raises(NotYours):
        tell(cast, person)


def test_the_page_of_good_deeds_counts_the_place(cast):
    tell(cast)
    page = browser_as(cast, "chief").get(reverse("deeds:list")).content.decode()
    assert "这个月" in page
    assert "替三楼老人抬水上楼" in page
