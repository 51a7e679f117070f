"""票选 beside a proposal: advice by a secret ballot, which never reaches an appraisal."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from louzhang.ballots.actions.blanking import UNNAMED
from louzhang.ballots.actions.casting import cast_ballot
from louzhang.ballots.actions.sweeping import run_due_polls
from louzhang.ballots.models import Elector, Item, Poll
from louzhang.ballots.queries.outcomes import TOO_FEW
from louzhang.ballots.queries.polls import polls_of
from louzhang.journal.actor import SYSTEM
from louzhang.journal.refusals import Conflict, InputRefused, NotThere, NotYours
from louzhang.register.actions.kinds import lay_down_kinds
from louzhang.register.models import Resident
from louzhang.register.tests.conftest import settle_in
from louzhang.roster.actions.honours.asking import Question, ask_residents
from louzhang.roster.actions.honours.checking import decline_honour
from louzhang.roster.actions.honours.consenting import forget_honour
from louzhang.roster.actions.honours.kinds import lay_down_honours
from louzhang.roster.actions.honours.proposing import Proposal, propose_honour
from louzhang.roster.models.honours import Honour, HonourKind
from louzhang.roster.queries.honours.asked import SERVED
from louzhang.roster.tests.appraisal_course import begun
from tests.cast import Cast, browser_as, make_cast

MARCH = date(2026, 3, 1)
A_WEEK = timedelta(days=7)


@pytest.fixture
def cast(db: None) -> Cast:
    made = make_cast()
    lay_down_kinds(actor=SYSTEM, at=made.at)
    lay_down_honours(actor=SYSTEM, at=made.at)
    settle_in(made)
    return made


def put_forward(cast: Cast, whom: str = "chief", code: str = "month") -> Honour:
    kind = HonourKind.objects.get(code=code)
    facts = Proposal(kind, cast.areas["community"], "雪天逐户送菜。", MARCH, post=cast.posts[whom])
    return propose_honour(proposal=facts, actor=cast.actor("desk"), at=cast.at)


def asked(cast: Cast, honour: Honour, by: str = "desk", **changes: Any) -> Poll:
    people = [cast.people[key].pk for key in ("desk", "secretary")]
    facts: dict[str, Any] = {"closes_at": cast.at + A_WEEK, "counters": people} | changes
    question = Question(**facts)
    return ask_residents(honour_id=honour.pk, question=question, actor=cast.actor(by), at=cast.at)


def counted(poll: Poll, label: str) -> None:
    """As the ballot box leaves it after the count of a few ballots."""
    Item.objects.filter(poll=poll, label=label).update(standing="elected")
    Poll.objects.filter(pk=poll.pk).update(
        status="counted", ended_at=poll.closes_at, took_part=2, closed_at=poll.closes_at
    )


def test_one_who_stands_alone_is_asked_about_among_the_households_they_serve(cast: Cast) -> None:
    poll = asked(cast, put_forward(cast))
    assert (poll.status, poll.entitled, poll.barred) == ("open", 2, [cast.people["chief"].pk])
    assert [item.label for item in poll.items.order_by("position")] == ["赞成", "不赞成"]
    assert "演示楼长" not in " ".join(item.note for item in poll.items.all())
    for key in ("chief", "grid_worker", "nobody"):
        assert not Poll.objects.visible_to(cast.actor(key)).filter(pk=poll.pk).exists(), key


def test_rivals_stand_on_one_ballot_by_place_and_masked_name(cast: Cast) -> None:
    first, second = put_forward(cast), put_forward(cast, "next_chief")
    poll = asked(cast, first)
    labels = [item.label for item in poll.items.order_by("position")]
    assert [cast.people[key].masked_name in label for key, label in zip(("chief", "next_chief"), labels, strict=True)]
    assert (len(set(labels)), poll.entitled) == (2, 3)
    with pytest.raises(Conflict, match="已经在票选"):
        asked(cast, second)


def test_only_an_office_asks_and_no_candidate_counts(cast: Cast) -> None:
    honour = put_forward(cast)
    for key in ("chief", "resident", "grid_worker", "stranger_desk"):
        with pytest.raises((NotThere, NotYours)):
            asked(cast, honour, by=key)
    with pytest.raises(InputRefused):
        asked(cast, honour, counters=[cast.people["chief"].pk, cast.people["desk"].pk])
    assert not polls_of(SERVED, honour.pk)


def test_the_outcome_stands_on_the_proposal_as_far_as_a_ballot_may_tell_it(cast: Cast) -> None:
    honour = put_forward(cast)
    with time_machine.travel(cast.at, tick=False):
        desk = browser_as(cast, "secretary", at=cast.at)
        form = desk.get(reverse("honours:ask", args=[honour.uid])).content.decode()
        assert "不进任何人的考核" in form
        people = [str(cast.people[key].pk) for key in ("desk", "secretary")]
        said = {"closes_at": "2026-03-09T18:00", "electorate": "household", "whom": "served", "counters": people}
        assert desk.post(reverse("honours:ask", args=[honour.uid]), said).status_code == 302
        (poll,) = polls_of(SERVED, honour.pk)
        page = desk.get(reverse("honours:one", args=[honour.uid])).content.decode()
        assert ("投票中" in page, reverse("honours:ask", args=[honour.uid]) in page) == (True, False)
        counted(poll, "赞成")
        page = desk.get(reverse("honours:one", args=[honour.uid])).content.decode()
        assert ("赞成" in page, TOO_FEW in page, "2 票" in page) == (True, True, False)
        assert "票数不进任何人的考核" in page
        assert (
            browser_as(cast, "stranger_desk", at=cast.at).get(reverse("honours:one", args=[honour.uid])).status_code
            == 404
        )
        assert Client().get(reverse("honours:notice", args=[honour.uid])).status_code == 404, "not on notice yet"


def test_a_ballot_ends_with_what_it_is_about(cast: Cast) -> None:
    honour = put_forward(cast)
    poll = asked(cast, honour)
    decline_honour(honour_id=honour.pk, reason="材料不够。", actor=cast.actor("secretary"), at=cast.at)
    poll.refresh_from_db()
    assert (poll.status, Elector.objects.filter(poll=poll).exists()) == ("withdrawn", False)


def test_a_public_vote_changes_no_figure_of_an_appraisal(cast: Cast) -> None:
    course = begun(cast)
    before = {key: (row.figures, row.value, row.group) for key, row in course.compute().items()}
    digest = course.month.inputs_digest
    poll = asked(cast, put_forward(cast))
    for elector in Elector.objects.filter(poll=poll).order_by("pk"):
        cast_ballot(elector=elector, values=[0, 1], at=cast.at + timedelta(hours=1))
    while run_due_polls(at=cast.at + A_WEEK):
        pass
    counted(poll, "不赞成")
    after = {key: (row.figures, row.value, row.group) for key, row in course.compute().items()}
    assert (after, course.month.inputs_digest) == (before, digest)


def test_who_is_forgotten_is_named_on_no_ballot_either(cast: Cast) -> None:
    mother = Resident.objects.get(name="演示母亲")
    good = HonourKind.objects.get(code="good")
    facts = Proposal(good, cast.areas["community"], "天天给邻居带菜。", MARCH, resident=mother, has_consent=True)
    honour = propose_honour(proposal=facts, actor=cast.actor("desk"), at=cast.at)
    first = asked(cast, honour, is_wide=True)
    run = Poll.objects.filter(pk=first.pk)
    assert mother.masked_name in run.get().items.get(label="赞成").note
    run.update(status="failed", ended_at=cast.at)
    put_forward(cast, code="good")
    second = asked(cast, honour, is_wide=True)
    assert mother.masked_name in second.items.order_by("position")[0].label
    forget_honour(honour_id=honour.pk, actor=cast.actor("secretary"), at=cast.at)
    said = " ".join(f"{item.label} {item.note}" for item in Item.objects.all())
    assert (mother.masked_name in said, "带菜" in said, UNNAMED in said) == (False, False, True)
    assert not Item.objects.filter(resident__isnull=False).exists()
    assert Poll.objects.get(pk=second.pk).status == "withdrawn"
