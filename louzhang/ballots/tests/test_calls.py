"""That a vote is open is told from the roll alone: to whom, once, and nothing of who came."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from louzhang.ballots.actions import cast_ballot, close_box, open_poll, register_proxy, withdraw_poll
from louzhang.ballots.models import Poll
from louzhang.ballots.notices import CALL, read
from louzhang.ballots.queries.entering import told_polls
from louzhang.ballots.queries.invited import invited_to
from louzhang.ballots.rules import Electorate, Kind, Rules
from louzhang.ballots.tests.ground import counted, elector_at, known_as_father, opened
from louzhang.journal.models import Event
from louzhang.kit import clock
from louzhang.notices.models import Notice
from louzhang.register.models import Binding
from tests.cast import browser_as

pytestmark = pytest.mark.django_db


def told(poll, *verbs):
    """What the reader writes of these events of a poll."""
    read(list(Event.objects.filter(subject_kind="poll", subject_id=poll.pk, verb__in=verbs).order_by("seq")))
    return list(Notice.objects.filter(kind=CALL).order_by("user_id"))


def known(cast, homes, key, who):
    """An account is this resident."""
    actor = cast.actor(key)
    return Binding.objects.create(
        resident=homes.residents[who], user_id=actor.user_id, asked_at=cast.at, confirmed_at=cast.at
    )


def now_open(cast, **more):
    """Open by the real clock, so that what is told is news."""
    now = clock.now()
    return opened(cast, at=cast.at, opens_at=now, closes_at=now + timedelta(hours=1), **more)


def test_everybody_on_the_roll_who_has_an_account_hears_that_a_vote_is_open(cast, homes):
    known_as_father(cast)
    known(cast, homes, "nobody", "mother")
    known(cast, homes, "chief", "stranger")
    calls = told(now_open(cast), "open")
    assert {call.user_id for call in calls} == {cast.people["resident"].pk, cast.people["nobody"].pk}, (
        "both of the home, the candidate among them; nobody from elsewhere, no counter and no office off the roll"
    )
    assert {call.title for call in calls} == {"请您投票：12号楼推选"}
    assert all("/mine/ballots/" in call.url for call in calls)


def test_a_star_sheet_calls_for_stars(cast, homes):
    known_as_father(cast)
    now = clock.now()
    sheet = open_poll(
        kind=Kind.STARS, title="11月评楼长", electorate=Electorate.HOUSEHOLD, areas=[cast.areas["building"]],
        questions=["有事找得到人吗"], counters=[], closes_at=now + timedelta(days=1), at=now,
        actor=cast.actor("street"),
    )  # fmt: skip
    assert [call.title for call in told(sheet, "open")] == ["请您打分：11月评楼长"]


def test_where_adults_vote_only_the_person_hears_of_it(cast, homes):
    known_as_father(cast)
    poll = now_open(cast, electorate=Electorate.ADULT)
    assert invited_to(poll) == [(cast.people["resident"].pk, "")]
    poll.electors.filter(resident=homes.residents["father"]).delete()
    assert invited_to(poll) == []


def test_a_claim_nobody_has_confirmed_hears_nothing(cast, homes):
    binding = known(cast, homes, "nobody", "mother")
    Binding.objects.filter(pk=binding.pk).update(confirmed_at=None)
    assert told(now_open(cast), "open") == []


def test_who_voted_makes_no_difference_to_who_is_told(cast, homes):
    known_as_father(cast)
    poll = now_open(cast)
    before = invited_to(poll)
    cast_ballot(elector=elector_at(poll, "301"), values=[0, 1, 0], at=clock.now())
    assert invited_to(poll) == before == [(cast.people["resident"].pk, "")]


def test_who_has_asked_another_to_vote_is_not_called(cast, homes):
    known_as_father(cast)
    poll = now_open(cast, rules=Rules(proxies_at_most=1))
    of, to = elector_at(poll, "301").uid, elector_at(poll, "101").uid
    register_proxy(poll_id=poll.pk, principal_uid=of, proxy_uid=to, actor=cast.actor("desk"), at=clock.now())
    assert invited_to(poll) == []


def test_opening_the_call_leaves_it_as_it_was_and_the_end_reads_everybodys_at_once(cast, homes):
    known_as_father(cast)
    known(cast, homes, "nobody", "mother")
    poll = now_open(cast)
    call, _ = told(poll, "open")
    phone = browser_as(cast, "resident", at=clock.now())
    assert phone.post(reverse("notices:open", args=[call.pk]))["Location"] == reverse("ballots:own", args=[poll.uid])
    call.refresh_from_db()
    assert call.read_at is None, "whoever reads the table does not learn who came, or when"
    close_box(poll_id=poll.pk, actor=cast.actor("desk"), at=poll.closes_at)
    assert {each.read_at for each in told(poll, "close")} == {poll.closes_at}


def test_nobody_is_called_to_what_is_over_already(cast, homes):
    known_as_father(cast)
    poll = now_open(cast)
    withdraw_poll(poll_id=poll.pk, reason="候选人退出了", actor=cast.actor("street"), at=clock.now())
    assert told(poll, "open", "withdraw") == []


def test_an_open_vote_stands_on_the_first_page_whether_or_not_it_was_cast(cast, homes):
    known_as_father(cast)
    phone = browser_as(cast, "resident", at=clock.now())
    home = reverse("phone:home")
    assert "12号楼推选" not in phone.get(home).content.decode()
    poll = now_open(cast)
    assert "12号楼推选" in phone.get(home).content.decode()
    cast_ballot(elector=elector_at(poll, "301"), values=[0, 1, 0], at=clock.now())
    assert "12号楼推选" in phone.get(home).content.decode()


def test_what_came_out_is_found_again_by_those_who_live_there(cast, homes):
    known_as_father(cast)
    mine = reverse("ballots:mine")
    phone = browser_as(cast, "resident", at=clock.now())
    poll = now_open(cast)
    cast_ballot(elector=elector_at(poll, "301"), values=[0, 1, 0], at=clock.now())
    counted(cast, poll)
    page = phone.get(mine).content.decode()
    assert "已经结束的" in page
    assert "选出：" in phone.get(reverse("ballots:own", args=[poll.uid])).content.decode()


def test_stars_that_serve_an_appraisal_are_told_by_its_rules_alone(cast, homes):
    known_as_father(cast)
    now = clock.now()
    given: dict[str, Any] = {
        "kind": Kind.STARS, "title": "11月评楼长", "electorate": Electorate.HOUSEHOLD,
        "areas": [cast.areas["building"]], "questions": ["有事找得到人吗"], "counters": [],
        "closes_at": now + timedelta(days=1), "at": now,
    }  # fmt: skip
    served = open_poll(**given, subject_kind="appraisal_month", subject_id=1, actor=cast.actor("street"))
    own = open_poll(**given, actor=cast.actor("street"))
    Poll.objects.all().update(status="failed", ended_at=now)
    phone = browser_as(cast, "resident", at=clock.now())
    assert [poll.pk for poll in told_polls(cast.actor("resident"), now)] == [own.pk]
    assert "按考核的规则" in phone.get(reverse("ballots:own", args=[served.uid])).content.decode()
    assert phone.get(reverse("ballots:result", args=[served.uid])).status_code == 404
    assert phone.get(reverse("ballots:result", args=[own.uid])).status_code == 200
