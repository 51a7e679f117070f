"""居民提出调换: one sentence a household, never shown to whom it names; enough of them open a review (R3)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from louzhang.journal.actor import SYSTEM
from louzhang.journal.models import Words
from louzhang.journal.refusals import Conflict, InputRefused, NotThere
from louzhang.journal.verifying import prove_journal
from louzhang.register.actions.bulk import Batch, ResidentDraft
from louzhang.register.models import Household, Resident, Tie
from louzhang.roster.actions.appraisal import decide, hear, open_review
from louzhang.roster.actions.choosing import (
    ask_replacement,
    close_request,
    erase_old_voices,
    request_review,
    take_back_replacement,
)
from louzhang.roster.models.appraisal_rulings import Ground
from louzhang.roster.models.replacing import ReplacementRequest, ReplacementVoice
from louzhang.roster.queries.choosing.replacing import needed_of, posts_to_name, requests_seen, words_of_requests
from louzhang.roster.tests.choosing_stage import bind, set_stage
from tests.cast import make_cast


@pytest.fixture
def stage(db):
    """The stage with a third household in the chief's building, bound to 无职."""
    stage = set_stage(make_cast())
    batch = Batch(actor=SYSTEM, at=stage.at)
    batch.add_resident(
        household=batch.add_household(dwelling=stage.homes.dwellings["empty"], starts_on=stage.at.date()),
        draft=ResidentDraft("演示新邻居", Tie.HEAD),
    )
    batch.store()
    bind(Resident.objects.get(name="演示新邻居"), stage.cast.actor("owners"), stage.at)
    return stage


def ask(stage, actor, words="半年没来过。", post="chief"):
    return ask_replacement(post_id=stage.cast.posts[post].pk, words=words, actor=actor, at=stage.at)


def test_three_households_of_three_open_a_review_with_their_words(stage):
    ask(stage, stage.resident)
    ask(stage, stage.cast.device, "电话打不通。")
    assert not ReplacementRequest.objects.exists()
    ask(stage, stage.cast.actor("owners"), "从没见过。")
    request = ReplacementRequest.objects.get()
    assert (request.households, request.of_households, request.needed) == (3, 3, 3)
    assert words_of_requests([request])[request.pk] == ["从没见过。", "半年没来过。", "电话打不通。"]
    with pytest.raises(Conflict):
        ask(stage, stage.resident)
    assert prove_journal().chains


def test_a_household_counts_once_whoever_of_it_speaks(stage):
    bind(stage.homes.residents["father"], stage.cast.actor("property"), stage.at)
    ask(stage, stage.resident)
    with pytest.raises(Conflict):
        ask(stage, stage.cast.actor("property"))
    assert ReplacementVoice.objects.get().household == stage.homes.households["own"]


def test_only_who_lives_there_speaks_and_nobody_about_themselves(stage):
    for actor in (stage.cast.other_device, stage.cast.actor("nobody"), stage.cast.actor("desk")):
        with pytest.raises(NotThere):
            ask(stage, actor)
    bind(stage.homes.residents["father"], stage.cast.actor("chief"), stage.at)
    assert stage.cast.posts["chief"] not in posts_to_name(stage.cast.actor("chief"), stage.at)
    with pytest.raises(InputRefused):
        ask(stage, stage.resident, "  ")


def test_who_is_named_sees_nothing_of_it_nor_does_anybody_else_but_the_offices(stage):
    for actor in (stage.resident, stage.cast.device, stage.cast.actor("owners")):
        ask(stage, actor)
    seen = {key for key, actor in stage.cast.everyone().items() if requests_seen(actor).exists()}
    assert seen == {"desk", "secretary", "street", "commander", "system"}
    voices = {
        key for key, actor in stage.cast.everyone().items() if ReplacementVoice.objects.visible_to(actor).exists()
    }
    assert voices == {"resident", "device", "owners"}


def test_a_chief_who_also_works_in_the_office_does_not_see_what_names_them(stage):
    stage.cast.posts["chief"].user = stage.cast.people["desk"]
    stage.cast.posts["chief"].save(update_fields=["user"])
    request_review(post=stage.cast.posts["chief"], actor=SYSTEM, at=stage.at)
    assert not requests_seen(stage.cast.actor("desk")).exists()
    assert requests_seen(stage.cast.actor("secretary")).exists()


def test_a_sentence_is_taken_back_until_it_is_part_of_a_review(stage):
    voice = ask(stage, stage.resident)
    take_back_replacement(uid=voice.uid, actor=stage.resident, at=stage.at)
    again = ask(stage, stage.resident)
    with pytest.raises(NotThere):
        take_back_replacement(uid=again.uid, actor=stage.cast.device, at=stage.at)
    request_review(post=stage.cast.posts["chief"], actor=SYSTEM, at=stage.at)
    with pytest.raises(NotThere):
        take_back_replacement(uid=again.uid, actor=stage.resident, at=stage.at)


def test_a_review_is_closed_once_and_households_may_speak_again(stage):
    ask(stage, stage.resident)
    request = request_review(post=stage.cast.posts["chief"], actor=SYSTEM, at=stage.at)
    with pytest.raises(Conflict):
        request_review(post=stage.cast.posts["chief"], actor=SYSTEM, at=stage.at)
    with pytest.raises(NotThere):
        close_request(uid=request.uid, actor=stage.cast.actor("chief"), at=stage.at, outcome="kept")
    close_request(uid=request.uid, actor=stage.desk, at=stage.at, outcome="kept")
    with pytest.raises(Conflict):
        close_request(uid=request.uid, actor=stage.desk, at=stage.at, outcome="kept")
    assert ask(stage, stage.resident).request is None


def test_what_residents_asked_for_is_settled_when_people_have_decided(stage):
    for actor in (stage.resident, stage.cast.device, stage.cast.actor("owners")):
        ask(stage, actor)
    request = ReplacementRequest.objects.get()
    review = open_review(post=request.post, ground=Ground.RESIDENTS, actor=stage.desk, at=stage.at)
    hear(review_id=review.pk, words="演示：家里有事。", way="own", actor=stage.cast.actor("chief"), at=stage.at)
    decide(review_id=review.pk, decision="kept", reason="演示：留任。", actor=stage.desk, at=stage.at)
    request.refresh_from_db()
    assert request.closed_at == stage.at


@pytest.mark.parametrize(("households", "needed"), [(0, 3), (3, 3), (15, 3), (16, 4), (142, 29)])
def test_a_fifth_of_the_households_and_never_fewer_than_three(stage, households, needed):
    assert needed_of(households, stage.at) == needed


def test_words_of_households_go_after_a_year(stage):
    ask(stage, stage.resident)
    assert erase_old_voices(at=stage.at + timedelta(days=364)) == 0
    assert erase_old_voices(at=stage.at + timedelta(days=366)) == 1
    assert not Words.objects.filter(subject_kind="replacement_voice", erased_at=None).exists()
    assert Household.objects.filter(pk=stage.homes.households["own"].pk).exists()
    assert prove_journal().chains
