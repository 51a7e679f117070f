"""Two at once: one award, one set of flags, one tick a person, one membership."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

import pytest

from louzhang.areas.roles import Role
from louzhang.ballots.models import Poll
from louzhang.journal.actor import SYSTEM
from louzhang.journal.verifying import prove_journal
from louzhang.register.actions.kinds import lay_down_kinds
from louzhang.register.tests.conftest import settle_in
from louzhang.roster.actions.honours.asking import Question, ask_residents
from louzhang.roster.actions.honours.awarding import award_flags, award_honour
from louzhang.roster.actions.honours.bonuses import tick_bonus
from louzhang.roster.actions.honours.checking import check_honour
from louzhang.roster.actions.honours.kinds import KindDraft, add_kind, lay_down_honours
from louzhang.roster.actions.honours.proposing import Proposal, propose_flags, propose_honour
from louzhang.roster.actions.membership import Told, end_membership, join_by_tap
from louzhang.roster.models.honours import Bonus, Flag, Honour, HonourKind
from louzhang.roster.models.membership import PartyMembership
from tests.at_once import at_once, winners
from tests.cast import Cast, make_cast

pytestmark = pytest.mark.django_db(transaction=True)
MARCH = date(2026, 3, 1)
LATER = timedelta(days=12)


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    made = make_cast()
    lay_down_honours(actor=SYSTEM, at=made.at)
    return made


def on_notice(cast: Cast, kind: HonourKind, whom: str) -> Honour:
    proposal = Proposal(kind, cast.areas["community"], "办得好。", MARCH, post=cast.posts[whom])
    honour = propose_honour(proposal=proposal, actor=cast.actor("desk"), at=cast.at)
    return check_honour(honour_id=honour.pk, has_no_interest=True, actor=cast.actor("secretary"), at=cast.at)


def test_two_awards_of_the_last_place_give_one(cast: Cast) -> None:
    draft = KindDraft("楼栋之星", most=1, notice_days=0, whom_roles=(Role.CHIEF,))
    star = add_kind(draft=draft, actor=SYSTEM, at=cast.at)
    first, second = (on_notice(cast, star, whom) for whom in ("chief", "next_chief"))
    give = partial(award_honour, actor=cast.actor("desk"), at=cast.at)
    done = at_once(partial(give, honour_id=first.pk), partial(give, honour_id=second.pk))
    assert len(winners(done)) == 1
    assert Honour.objects.awarded().count() == 1
    assert prove_journal().chains


def test_one_award_clicked_twice_owes_one_bonus_and_one_person_ticks_it_once(cast: Cast) -> None:
    honour = on_notice(cast, HonourKind.objects.get(code="month"), "chief")
    give = partial(award_honour, honour_id=honour.pk, actor=cast.actor("desk"), at=cast.at + LATER)
    assert len(winners(at_once(give, give))) == 1
    bonus = Bonus.objects.get()
    tick = partial(tick_bonus, bonus_id=bonus.pk, at=cast.at + LATER)
    own = partial(tick, actor=cast.actor("desk"))
    assert len(winners(at_once(own, own))) == 1
    bonus.refresh_from_db()
    assert bonus.status == "ticked"
    ends = at_once(partial(tick, actor=cast.actor("secretary")), partial(tick, actor=cast.actor("street")))
    assert len(winners(ends)) == 1
    bonus.refresh_from_db()
    assert bonus.status == "paid"
    assert prove_journal().chains


def test_flags_awarded_by_two_are_hung_once(cast: Cast) -> None:
    kind = HonourKind.objects.get(code="flag")
    reasons = {cast.areas[place].pk: "办得好。" for place in ("building", "next_building")}
    made = propose_flags(
        kind=kind, area=cast.areas["community"], month=MARCH, reasons=reasons, actor=cast.actor("desk"), at=cast.at
    )
    for each in made:
        check_honour(honour_id=each.pk, has_no_interest=True, actor=cast.actor("secretary"), at=cast.at)
    give = partial(
        award_flags, kind=kind, area=cast.areas["community"], month=MARCH, honour_ids=[each.pk for each in made],
        at=cast.at + LATER,
    )  # fmt: skip
    done = at_once(partial(give, actor=cast.actor("desk")), partial(give, actor=cast.actor("secretary")))
    assert len(winners(done)) == 1
    assert Flag.objects.filter(ends_on=None).count() == 2
    assert prove_journal().chains


def test_two_offices_ask_residents_about_two_rivals_and_one_ballot_opens(cast: Cast) -> None:
    lay_down_kinds(actor=SYSTEM, at=cast.at)
    settle_in(cast)
    month = HonourKind.objects.get(code="month")
    rivals = [on_notice(cast, month, whom) for whom in ("chief", "next_chief")]
    people = [cast.people[key].pk for key in ("desk", "secretary")]
    question = Question(cast.at + LATER, people)
    acts = [
        partial(ask_residents, honour_id=each.pk, question=question, actor=cast.actor(by), at=cast.at)
        for each, by in zip(rivals, ("desk", "secretary"), strict=True)
    ]
    assert len(winners(at_once(*acts))) == 1
    assert Poll.objects.count() == 1
    assert prove_journal().chains


def test_two_taps_make_one_membership_and_two_more_end_it(cast: Cast) -> None:
    join = partial(join_by_tap, told=Told("full"), actor=cast.actor("chief"), at=cast.at)
    assert len(winners(at_once(join, join))) == 1
    end = partial(end_membership, actor=cast.actor("chief"), at=cast.at)
    at_once(end, end)
    assert not PartyMembership.objects.exists()
    assert prove_journal().chains
