"""The pages: who opens which, what a voter sees, and what the two counters do."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from louzhang.accounts.models import Device, Tally
from louzhang.ballots.actions import close_box, fix_roll, hand_out_paper, open_box, print_slips, show_roll
from louzhang.ballots.actions.looking import look_at_turnout
from louzhang.ballots.models import Elector, Poll
from louzhang.ballots.queries.outcomes import outcome_of
from louzhang.ballots.rules import Choice, Electorate, Kind, Rules
from louzhang.ballots.tests.ground import drafted, elector_at, known_as_father, opened
from louzhang.journal.models import Event, RequestKey, Reveal
from louzhang.kit import clock, codes
from tests.cast import browser_as

pytestmark = pytest.mark.django_db


@pytest.fixture
def poll(cast, homes):
    """Open now, by the real clock that pages use."""
    now = clock.now()
    rules = Rules(has_paper=True, proxies_at_most=1, has_door_box=True)
    poll = drafted(cast, opens_at=now - timedelta(minutes=5), closes_at=now + timedelta(hours=1), rules=rules, at=now)
    desk = cast.actor("desk")
    show_poll = {"poll_id": poll.pk, "actor": desk}
    poll.opens_at = now
    poll.save(update_fields=["opens_at"])
    show_roll(**show_poll, at=now)
    fix_roll(**show_poll, at=now)
    return open_box(**show_poll, at=now)


def code_of(cast, poll, door):
    slips = print_slips(poll_id=poll.pk, actor=cast.actor("desk"), at=clock.now())
    return next(slip.code for slip in slips if slip.elector.household.dwelling.door == door)


def test_a_slip_lets_vote_and_change_without_an_account_or_a_trace(cast, homes, poll):
    code = code_of(cast, poll, "301")
    before = (Event.objects.count(), RequestKey.objects.count(), Reveal.objects.count(), Tally.objects.count())
    voter, url = Client(), reverse("ballots:vote")
    shown = voter.post(url, {"code": codes.shown_tracking_code(code).lower()})
    assert shown.status_code == 200
    assert "演示甲" in shown.content.decode()
    assert shown["Cache-Control"] == "no-store"
    items = list(poll.items.order_by("position"))
    ballot = str(elector_at(poll, "301").uid)
    vote = {"code": code, "step": "vote", "ballot": ballot}
    assert voter.post(url, vote).status_code == 400, "nothing was chosen"
    done = voter.post(url, {**vote, "pick": items[1].pk})
    assert (done.status_code, "投好了" in done.content.decode()) == (200, True)
    again = voter.post(url, {"code": code})
    assert "已经投过" in again.content.decode()
    assert "投好了" in voter.post(url, {**vote, "pick": items[2].pk}).content.decode()
    after = (Event.objects.count(), RequestKey.objects.count(), Reveal.objects.count(), Tally.objects.count())
    assert after == before
    assert set(voter.cookies) <= {"csrftoken"}, "no cookie knows the voter"
    assert voter.post(url, {**vote, "ballot": str(elector_at(poll, "302").uid), "pick": items[1].pk}).status_code == 404


def test_a_wrong_code_says_no_more_and_is_counted(cast, homes, poll):
    wrong = Client().post(reverse("ballots:vote"), {"code": "ABCDEFGHJK"})
    assert (wrong.status_code, "没有找到这个投票码" in wrong.content.decode()) == (404, True)
    assert Tally.objects.count() == 1


def test_a_resident_votes_as_who_lives_there_and_last_seen_does_not_move(cast, homes, poll):
    known_as_father(cast)
    phone = browser_as(cast, "resident", at=clock.now() - timedelta(days=3))
    seen = list(Device.objects.values_list("seen_on", "expires_at"))
    url = reverse("ballots:own", args=[poll.uid])
    assert "演示无职" in phone.get(url).content.decode()
    assert poll.title in phone.get(reverse("ballots:mine")).content.decode()
    vote = {"step": "vote", "ballot": str(elector_at(poll, "301").uid), "pick": poll.items.get(position=2).pk}
    assert "投好了" in phone.post(url, vote).content.decode()
    assert list(Device.objects.values_list("seen_on", "expires_at")) == seen
    assert browser_as(cast, "nobody").get(url).status_code == 404, "the candidate lives elsewhere"


ROLES = {
    "list": {"desk", "secretary", "street", "commander"},
    "one": {"desk", "secretary", "street", "commander"},
    "roll": {"desk", "secretary"},
    "objections": {"desk", "secretary"},
    "slips": {"desk", "secretary"},
    "blank": {"desk", "secretary", "street", "commander"},
    "papers": set(),
    "result": set(),
}


def test_nobody_it_is_about_and_no_holder_there_opens_anything(cast, homes, poll):
    """The whole cast at every page: the candidate and those who hold posts there get 404, also where they guess."""
    elector = elector_at(poll, "301")
    for name, given in ROLES.items():
        url = reverse(f"ballots:{name}", args=[] if name == "list" else [poll.uid])
        for key in cast.people:
            answer = browser_as(cast, key).get(url)
            opens = answer.status_code == 200 and (name != "list" or poll.title in answer.content.decode())
            assert opens == (key in given), (name, key, answer.status_code)
    for key in ("nobody", "chief", "grid_worker", "stairwell_head", "street", "stranger_desk", "resident"):
        browser = browser_as(cast, key)
        for what in ("paper", "box", "proxy"):
            args = [poll.uid, elector.uid] + ([] if what == "proxy" else [what])
            answer = browser.post(reverse("ballots:proxy" if what == "proxy" else "ballots:mark", args=args))
            assert answer.status_code == 404, (key, what)
        assert browser.post(reverse("ballots:roll", args=[poll.uid])).status_code == 404
        assert browser.post(reverse("ballots:slips", args=[poll.uid])).status_code == 404
        assert browser.post(reverse("ballots:move", args=[poll.uid, "count"])).status_code in {403, 404}
    assert not Reveal.objects.exists()


def test_a_counter_who_becomes_a_candidate_sees_nothing_any_more(cast, homes, poll):
    Poll.objects.filter(pk=poll.pk).update(barred=[*poll.barred, cast.people["desk"].pk])
    desk = browser_as(cast, "desk")
    for name in ("one", "roll", "slips"):
        assert desk.get(reverse(f"ballots:{name}", args=[poll.uid])).status_code == 404


def test_who_has_voted_is_a_look_that_is_logged_without_what_was_seen(cast, homes, poll):
    hand_out_paper(elector=elector_at(poll, "302"), at=clock.now())
    desk = browser_as(cast, "desk")
    url = reverse("ballots:roll", args=[poll.uid])
    plain = desk.get(url).content.decode()
    assert "12号楼 2单元 301" in plain
    assert "投过没有" not in plain
    looked = desk.post(url).content.decode()
    assert "领了纸票" in looked
    reveal = Reveal.objects.get()
    assert (reveal.subject_kind, reveal.subject_id, reveal.what) == ("poll", poll.pk, "turnout")
    assert RequestKey.objects.count() == 0


def test_who_is_on_paper_casts_no_second_vote_and_the_other_way_round(cast, homes, poll):
    desk, voter = browser_as(cast, "desk"), Client()
    code = code_of(cast, poll, "301")
    elector = elector_at(poll, "301")
    mark = reverse("ballots:mark", args=[poll.uid, elector.uid, "paper"])
    assert desk.post(mark).status_code == 302
    vote = {"code": code, "step": "vote", "ballot": str(elector.uid), "pick": poll.items.get(position=1).pk}
    refused = voter.post(reverse("ballots:vote"), vote)
    assert (refused.status_code, "纸票" in refused.content.decode()) == (409, True)
    desk.post(reverse("ballots:mark", args=[poll.uid, elector.uid, "paper-back"]))
    assert "投好了" in voter.post(reverse("ballots:vote"), vote).content.decode()
    desk.post(mark)
    turnout = look_at_turnout(poll_id=poll.pk, actor=cast.actor("desk"), at=clock.now())
    assert (turnout.voted, turnout.papers) == (1, 0)


def test_a_proxy_sees_both_ballots_and_the_rule_is_kept(cast, homes, poll):
    desk = browser_as(cast, "desk")
    principal, proxy = elector_at(poll, "302"), elector_at(poll, "301")
    url = reverse("ballots:proxy", args=[poll.uid, principal.uid])
    assert "301" in desk.get(url, {"door": "301"}).content.decode()
    assert desk.post(url, {"proxy": str(proxy.uid)}).status_code == 302
    both = Client().post(reverse("ballots:vote"), {"code": code_of(cast, poll, "301")}).content.decode()
    assert "替 彩虹社区 12号楼 2单元 302 投" in both
    desk.post(reverse("ballots:proxy", args=[poll.uid, elector_at(poll, "101").uid]), {"proxy": str(proxy.uid)})
    assert Elector.objects.filter(proxy=proxy).count() == 1, "one at most"


def test_paper_is_typed_by_two_and_counted_only_when_both_agree(cast, homes, poll):
    hand_out_paper(elector=elector_at(poll, "302"), at=clock.now())
    hand_out_paper(elector=elector_at(poll, "101"), at=clock.now())
    Poll.objects.filter(pk=poll.pk).update(closes_at=clock.now())
    close_box(poll_id=poll.pk, actor=cast.actor("desk"), at=clock.now())
    desk, secretary, url = (
        browser_as(cast, "desk"),
        browser_as(cast, "secretary"),
        reverse("ballots:papers", args=[poll.uid]),
    )
    items = list(poll.items.order_by("position"))
    typed = {f"item-{item.pk}-1": "0" for item in items} | {"papers": "2", "blank": "0", "invalid": "1"}
    assert desk.post(url, typed | {f"item-{items[0].pk}-1": "一"}).status_code == 400
    assert desk.post(url, typed | {f"item-{items[0].pk}-1": "2"}).status_code == 400, "more votes than valid papers"
    assert desk.post(url, typed | {f"item-{items[0].pk}-1": "1"}).status_code == 302
    assert secretary.post(url, typed | {f"item-{items[1].pk}-1": "1"}).status_code == 302
    shown = secretary.get(url).content.decode()
    assert ("两遍不一样" in shown, shown.count("（不一样）")) == (True, 2)
    confirm = reverse("ballots:move", args=[poll.uid, "confirm"])
    assert desk.post(confirm, {"entry_id": "00000000-0000-4000-8000-000000000001"}).status_code == 409
    assert secretary.post(url, typed | {f"item-{items[0].pk}-1": "1"}).status_code == 302
    for number, browser in enumerate((desk, secretary), start=2):
        assert browser.post(confirm, {"entry_id": f"00000000-0000-4000-8000-00000000000{number}"}).status_code == 302
    count = reverse("ballots:move", args=[poll.uid, "count"])
    assert desk.post(count, {"entry_id": "00000000-0000-4000-8000-000000000009"}).status_code == 302
    poll.refresh_from_db()
    assert [line.label for line in outcome_of(poll).winners] == ["演示无职"]
    assert poll.took_part == 2
    sheet = desk.get(reverse("ballots:result", args=[poll.uid])).content.decode()
    assert "只公布结果" in sheet
    assert "居民委员会" in sheet


def test_slips_are_printed_once_and_hold_no_mark_of_a_candidate(cast, homes, poll):
    desk, url = browser_as(cast, "desk"), reverse("ballots:slips", args=[poll.uid])
    sheet = desk.post(url, {"area": ""})
    words = sheet.content.decode()
    assert (sheet.status_code, words.count('class="bl-slip"'), sheet["Cache-Control"]) == (200, 3, "no-store")
    assert not any(item.label in words for item in poll.items.all())
    assert "/vote/#" not in words, "the code stands in the picture and beside it, in no address one could tap"
    assert desk.post(url, {"area": ""}).status_code == 409
    elector = elector_at(poll, "301")
    old = elector.code_hash
    assert desk.post(url, {"elector": str(elector.uid)}).status_code == 200
    elector.refresh_from_db()
    poll.refresh_from_db()
    assert (elector.code_hash != old, poll.slips_again) == (True, 1)


def test_the_roll_can_be_objected_to_by_whose_household_it_is_and_nobody_else(cast, homes):
    now = clock.now()
    poll = drafted(
        cast, opens_at=now + timedelta(days=4), closes_at=now + timedelta(days=5), rules=Rules(objection_days=3), at=now
    )
    show_roll(poll_id=poll.pk, actor=cast.actor("desk"), at=now)
    Elector.objects.filter(poll=poll, household=homes.households["own"]).delete()
    known_as_father(cast)
    phone, desk = browser_as(cast, "resident"), browser_as(cast, "desk")
    assert "不在名册上" in phone.get(reverse("ballots:own", args=[poll.uid])).content.decode()
    url = reverse("ballots:own_roll", args=[poll.uid])
    assert browser_as(cast, "nobody").get(url).status_code == 404
    sent = {"words": "我家一直住在这里", "entry_id": "00000000-0000-4000-8000-000000000011"}
    assert phone.post(url, sent).status_code == 302
    assert phone.post(url, sent | {"entry_id": "00000000-0000-4000-8000-000000000012"}).status_code == 409
    listed = desk.get(reverse("ballots:objections", args=[poll.uid])).content.decode()
    assert "我家一直住在这里" in listed
    objection = poll.objections.get()
    settle = reverse("ballots:settle", args=[poll.uid, objection.uid])
    said = {"is_upheld": "yes", "words": "核对过，应当列入", "entry_id": "00000000-0000-4000-8000-000000000013"}
    assert desk.post(settle, said).status_code == 302
    assert Elector.objects.filter(poll=poll).count() == 3
    assert "在名册上" in phone.get(reverse("ballots:own", args=[poll.uid])).content.decode()


def test_adults_vote_each_for_themselves(cast, homes):
    poll = opened(cast, electorate=Electorate.ADULT, kind=Kind.CHOICE, options=[Choice("甲"), Choice("乙")])
    assert Elector.objects.filter(poll=poll, household=homes.households["own"]).count() == 2
    assert poll.entitled == 4
