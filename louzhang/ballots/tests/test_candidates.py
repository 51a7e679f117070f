"""A candidate whom the register knows, with or without an account: votes, and touches nothing else of the poll."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from louzhang.ballots.actions import register_proxy, run_off
from louzhang.ballots.models import Item
from louzhang.ballots.queries.apart import homes_kept_away, kept_away
from louzhang.ballots.queries.candidates import candidates_of
from louzhang.ballots.queries.entering import ballots_of
from louzhang.ballots.queries.polls import known_polls
from louzhang.ballots.rules import Choice, Rules
from louzhang.ballots.tests.ground import drafted, elector_at, opened
from louzhang.journal.refusals import InputRefused, NotYours
from louzhang.register.actions.erasing import erase_resident
from louzhang.register.actions.merging import merge_residents
from louzhang.register.models import Binding
from tests.cast import browser_as

pytestmark = pytest.mark.django_db


def standing(homes, **more: Any) -> dict[str, Any]:
    """The neighbour at 101 stands, whom the register knows and who has no account; of the other it knows nothing."""
    neighbour = Choice("演示邻居", resident_id=homes.residents["neighbour"].pk)
    return {"options": [neighbour, Choice("演示甲")], **more}


def known(cast, homes, key, who):
    """An account is this resident."""
    user_id = cast.people[key].pk
    return Binding.objects.create(
        resident=homes.residents[who], user_id=user_id, asked_at=cast.at, confirmed_at=cast.at
    )


def test_the_home_of_a_candidate_without_an_account_votes_for_nobody_else(cast, homes):
    poll = opened(cast, **standing(homes, rules=Rules(proxies_at_most=1)))
    own, other = elector_at(poll, "101"), elector_at(poll, "301")
    assert homes_kept_away(poll, cast.at) >= {own.household_id}
    given = {"poll_id": poll.pk, "actor": cast.actor("desk"), "at": poll.opens_at}
    with pytest.raises(InputRefused, match="家里不能替别人投票"):
        register_proxy(principal_uid=other.uid, proxy_uid=own.uid, **given)
    register_proxy(principal_uid=own.uid, proxy_uid=other.uid, **given)
    assert len(ballots_of(elector_at(poll, "301"), poll.opens_at)) == 2, "they may ask another to vote for them"


def test_a_home_that_came_to_be_a_candidates_fills_in_the_own_ballot_alone(cast, homes):
    poll = opened(cast, options=["演示甲", "演示乙"], rules=Rules(proxies_at_most=1))
    own, other = elector_at(poll, "101"), elector_at(poll, "301")
    given = {"poll_id": poll.pk, "actor": cast.actor("desk"), "at": poll.opens_at}
    register_proxy(principal_uid=other.uid, proxy_uid=own.uid, **given)
    assert len(ballots_of(own, poll.opens_at)) == 2
    poll.items.filter(position=1).update(resident=homes.residents["neighbour"])
    assert [each.is_for_another for each in ballots_of(own, poll.opens_at)] == [False]


def test_a_counter_may_neither_be_a_candidate_nor_live_with_one(cast, homes):
    known(cast, homes, "secretary", "neighbour")
    with pytest.raises(InputRefused, match="不能计票"):
        drafted(cast, **standing(homes))
    Binding.objects.all().delete()
    known(cast, homes, "secretary", "mother")
    father = Choice("演示父亲", resident_id=homes.residents["father"].pk)
    with pytest.raises(InputRefused, match="家里的人不能计票"):
        drafted(cast, options=[father, "演示甲"])
    assert drafted(cast, **standing(homes)).pk


def test_who_turns_out_to_be_the_candidate_sees_nothing_of_the_poll_any_more(cast, homes):
    poll = opened(cast, **standing(homes))
    assert poll in known_polls(cast.actor("secretary"))
    known(cast, homes, "secretary", "neighbour")
    assert poll not in known_polls(cast.actor("secretary"))
    assert cast.people["secretary"].pk in kept_away(poll, cast.at)
    assert browser_as(cast, "secretary").get(reverse("ballots:roll", args=[poll.uid])).status_code == 404


def test_nobody_drafts_a_poll_in_which_they_stand(cast, homes):
    known(cast, homes, "street", "neighbour")
    with pytest.raises(NotYours):
        drafted(cast, **standing(homes))


def test_the_counters_read_where_candidates_live_and_whom_they_watch_by_eye(cast, homes):
    poll = opened(cast, **standing(homes))
    first, second = candidates_of(poll, cast.actor("desk"))
    assert (first.label, len(first.homes), second.homes) == ("演示邻居", 1, ())
    assert first.homes[0].endswith("101")
    desk = browser_as(cast, "desk")
    page = desk.get(reverse("ballots:one", args=[poll.uid])).content.decode()
    assert "登记里没有对上" in page
    assert first.homes[0] in page
    roll = desk.get(reverse("ballots:roll", args=[poll.uid])).content.decode()
    assert "候选人或在任的人家" in roll
    street = browser_as(cast, "street").get(reverse("ballots:one", args=[poll.uid])).content.decode()
    assert first.homes[0] not in street, "where a candidate lives is for the counters"


def test_another_round_keeps_the_same_people_away(cast, homes):
    poll = drafted(cast, **standing(homes))
    Item.objects.filter(poll=poll).update(standing="tied")
    type(poll).objects.filter(pk=poll.pk).update(status="tied", ended_at=poll.closes_at)
    hours: dict[str, Any] = {"opens_at": poll.closes_at, "closes_at": poll.closes_at.replace(hour=23)}
    again = run_off(poll_id=poll.pk, actor=cast.actor("street"), at=poll.closes_at, **hours)
    stood = again.items.order_by("position").values_list("resident_id", flat=True)
    assert list(stood) == [homes.residents["neighbour"].pk, None]


def test_a_candidate_whose_two_rows_become_one_stays_the_candidate(cast, homes):
    poll = opened(cast, **standing(homes))
    gone, kept = homes.residents["neighbour"], homes.residents["tenant"]
    merge_residents(resident_id=gone.pk, into_id=kept.pk, actor=cast.actor("desk"), at=cast.at)
    assert poll.items.get(position=1).resident == kept
    assert homes_kept_away(poll, cast.at) & set(kept.stays.values_list("household_id", flat=True))


def test_who_is_erased_from_the_register_is_named_on_no_ballot(cast, homes):
    poll = opened(cast, **standing(homes))
    erase_resident(resident_id=homes.residents["neighbour"].pk, actor=cast.actor("desk"), at=cast.at)
    assert [item.label for item in poll.items.order_by("position")] == ["一位不留名的人（1）", "演示甲"]
    assert not poll.items.exclude(resident=None).exists()
