"""People who would like a vote, or a look, that is not theirs: what they try, and what it gives them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from louzhang.ballots.actions import (
    cast_ballot,
    fix_roll,
    object_to_roll,
    open_poll,
    print_slips,
    settle_objection,
    show_roll,
)
from louzhang.ballots.models import Elector
from louzhang.ballots.queries.entering import own_elector
from louzhang.ballots.queries.outcomes import outcome_of
from louzhang.ballots.rules import Choice, Electorate, Kind, Rules
from louzhang.ballots.tests.ground import counted, drafted, elector_at, opened
from louzhang.journal.refusals import InputRefused, NotYours
from louzhang.kit import clock
from louzhang.register.models import Binding, Resident, Stay, Tie
from tests.cast import browser_as

pytestmark = pytest.mark.django_db


def known(cast, homes, key, who, at=None, by=None):
    """An account is this resident, from a moment on, by the word of somebody."""
    at = at or cast.at
    return Binding.objects.create(
        resident=homes.residents[who], user_id=cast.people[key].pk, asked_at=at, confirmed_at=at, confirmed_by=by
    )


def starred(cast, **more):
    """A star sheet about the chief, open now."""
    now = clock.now()
    given = {"areas": [cast.areas["building"]], "barred": [cast.people["chief"].pk]}
    return open_poll(
        kind=Kind.STARS, title="给楼长打星", electorate=Electorate.HOUSEHOLD, questions=["有事找得到"], counters=[],
        closes_at=now + timedelta(days=1), at=now, actor=cast.actor("street"), **{**given, **more},
    )  # fmt: skip


def test_the_home_of_whom_a_star_sheet_is_about_gets_none(cast, homes):
    known(cast, homes, "chief", "father")
    poll = starred(cast)
    assert set(poll.electors.values_list("household__dwelling__door", flat=True)) == {"302"}
    assert own_elector(cast.actor("chief"), poll) is None
    phone = browser_as(cast, "chief", at=clock.now())
    assert poll.title not in phone.get(reverse("ballots:mine")).content.decode()


def test_whom_a_star_sheet_is_about_fills_none_in_for_the_home_they_move_to(cast, homes):
    poll = starred(cast)
    known(cast, homes, "chief", "tenant")
    assert poll.electors.filter(household=homes.households["let"]).exists()
    assert own_elector(cast.actor("chief"), poll) is None


def test_a_candidate_still_votes_in_an_election(cast, homes):
    known(cast, homes, "nobody", "father")
    assert own_elector(cast.actor("nobody"), opened(cast)) is not None


def test_a_phone_that_a_holder_vouched_for_while_a_round_runs_has_no_ballot(cast, homes):
    """The chief confirms who is who: after the round was begun that opens no envelope; a slip does."""
    poll = opened(cast)
    known(cast, homes, "resident", "father", poll.opens_at, cast.people["chief"])
    assert own_elector(cast.actor("resident"), poll) is None
    page = browser_as(cast, "resident", at=clock.now()).get(reverse("ballots:own", args=[poll.uid])).content.decode()
    assert "投票单" in page


def test_who_moves_in_while_a_round_runs_does_not_vote_for_that_home_too(cast, homes):
    known(cast, homes, "resident", "neighbour")
    poll = opened(cast)
    assert own_elector(cast.actor("resident"), poll) == elector_at(poll, "101")
    moved = Stay.objects.filter(resident=homes.residents["neighbour"])
    moved.update(household=homes.households["own"], tie=Tie.RELATIVE)
    assert own_elector(cast.actor("resident"), poll) is None
    moved.update(starts_on=date(2019, 1, 1))
    assert own_elector(cast.actor("resident"), poll) is None, "whatever day is written down for the move"


def test_one_person_with_two_rows_in_the_register_has_one_vote(cast, homes):
    now = cast.at
    poll = opened(cast, electorate=Electorate.ADULT)
    twice, once = homes.residents["tenant"], homes.residents["neighbour"]
    for who, values in ((twice, [0, 1, 0]), (once, [0, 1, 0])):
        cast_ballot(elector=Elector.objects.get(poll=poll, resident=who), values=values, at=poll.opens_at)
    cast_ballot(elector=Elector.objects.get(resident=homes.residents["father"]), values=[0, 0, 1], at=poll.opens_at)
    Resident.objects.filter(pk=twice.pk).update(merged_into=once, ended_at=now)
    poll = counted(cast, poll)
    assert poll.took_part == 2
    assert poll.status == "tied"


def test_a_row_merged_before_the_roll_is_fixed_is_off_it(cast, homes):
    poll = drafted(cast, electorate=Electorate.ADULT)
    show_roll(poll_id=poll.pk, actor=cast.actor("desk"), at=cast.at)
    before = poll.electors.count()
    Resident.objects.filter(pk=homes.residents["tenant"].pk).update(
        merged_into=homes.residents["neighbour"], ended_at=cast.at
    )
    fix_roll(poll_id=poll.pk, actor=cast.actor("desk"), at=cast.at)
    assert poll.electors.count() == before - 1


def test_a_counter_does_not_answer_what_they_have_objected_themselves(cast, homes):
    poll = drafted(cast, rules=Rules(objection_days=2), opens_at=cast.at + timedelta(days=3),
                   closes_at=cast.at + timedelta(days=4))  # fmt: skip
    desk = cast.actor("desk")
    show_roll(poll_id=poll.pk, actor=desk, at=cast.at)
    said = object_to_roll(
        poll_id=poll.pk, household=homes.households["next"], wants_in=False, words="搬走了", actor=desk, at=cast.at
    )
    given = {"poll_id": poll.pk, "objection_uid": said.uid, "is_upheld": True, "words": "是的", "at": cast.at}
    with pytest.raises(NotYours, match="另一位"):
        settle_objection(actor=desk, **given)
    settle_objection(actor=cast.actor("secretary"), **given)
    assert poll.electors.count() == 2


def test_a_counter_by_the_name_of_a_candidate_is_asked_for(cast, homes):
    """A candidate on paper has no account that could be barred; the same name twice is looked at first."""
    with pytest.raises(InputRefused, match="同名") as refusal:
        drafted(cast, options=[Choice("演示社区受理"), Choice("演示甲")])
    assert refusal.value.field == "counters"


def test_the_audit_reads_in_words_that_somebody_looked_at_who_had_voted_and_nothing_more(cast, homes):
    poll, desk = typed(cast, homes)
    cast_ballot(elector=elector_at(poll, "301"), values=[0, 1, 0], at=clock.now())
    assert desk.post(reverse("ballots:roll", args=[poll.uid])).status_code == 200
    page = browser_as(cast, "audit_admin").get(reverse("keepers:audit")).content.decode()
    assert "查看谁投过（看不到投了谁）" in page
    assert f"投票 {poll.pk}" in page
    for key in ("system_admin", "security_admin", "audit_admin", "street", "chief", "nobody", "grid_worker"):
        for name in ("roll", "objections", "papers", "slips"):
            answer = browser_as(cast, key).get(reverse(f"ballots:{name}", args=[poll.uid]))
            assert answer.status_code in (403, 404), (key, name)


def test_under_five_star_sheets_tell_nothing_at_all(cast, homes):
    poll = starred(cast)
    for elector in poll.electors.all():
        cast_ballot(elector=elector, values=[1], at=clock.now())
    assert outcome_of(poll).lines == ()


def typed(cast, homes):
    """An open poll and the addresses of its counters."""
    now = clock.now()
    rules = Rules(has_paper=True, proxies_at_most=1, has_door_box=True)
    poll = opened(cast, rules=rules, opens_at=now, closes_at=now + timedelta(hours=1))
    return poll, browser_as(cast, "desk", at=now)


NONSENSE = ("x", "9" * 5000, "-1", "\x00", "' OR 1=1 --", "１２", "9" * 18)


@pytest.mark.parametrize("nonsense", NONSENSE)
def test_nonsense_in_a_form_of_counters_is_a_sentence_not_a_fault(cast, homes, nonsense):
    poll, desk = typed(cast, homes)
    one = elector_at(poll, "301")
    asked = [
        ("get", "roll", [], {"page": nonsense}), ("get", "roll", [], {"area": nonsense}),
        ("get", "roll", [], {"door": nonsense}), ("post", "roll", [], {"page": nonsense, "door": nonsense}),
        ("get", "blank", [], {"copies": nonsense}), ("post", "slips", [], {"elector": nonsense}),
        ("post", "slips", [], {"area": nonsense}), ("post", "proxy", [one.uid], {"proxy": nonsense}),
        ("get", "proxy", [one.uid], {"door": nonsense, "area": nonsense}),
    ]  # fmt: skip
    for method, name, args, sent in asked:
        answer = getattr(desk, method)(reverse(f"ballots:{name}", args=[poll.uid, *args]), sent)
        assert answer.status_code < 500, (name, sent)


@pytest.mark.parametrize("nonsense", NONSENSE)
def test_nonsense_on_a_ballot_is_a_sentence_not_a_fault(cast, homes, nonsense):
    poll, _ = typed(cast, homes)
    slip = print_slips(poll_id=poll.pk, actor=cast.actor("desk"), at=clock.now())[0]
    voter, url = browser_as(cast), reverse("ballots:vote")
    assert voter.post(url, {"code": nonsense}).status_code == 404
    for sent in ({"ballot": nonsense}, {"ballot": str(slip.elector.uid), "pick": nonsense}, {"step": nonsense}):
        assert voter.post(url, {"code": slip.code, "step": "vote", **sent}).status_code < 500


@pytest.mark.parametrize("nonsense", NONSENSE)
def test_nonsense_among_totals_of_paper_is_a_sentence_not_a_fault(cast, homes, nonsense):
    poll, desk = typed(cast, homes)
    poll.status, poll.closed_at = "closed", clock.now()
    poll.save(update_fields=["status", "closed_at"])
    sums = {"papers": nonsense, "blank": "0", "invalid": "0"}
    answer = desk.post(reverse("ballots:papers", args=[poll.uid]), sums)
    assert answer.status_code == 400
