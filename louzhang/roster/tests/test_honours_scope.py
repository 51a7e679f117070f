"""Who of the cast sees which honour, bonus and letter: one table a kind of row, the stranger among them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db.models import Model, QuerySet

from louzhang.journal.actor import SYSTEM
from louzhang.roster.actions.honours.awarding import award_honour
from louzhang.roster.actions.honours.bonuses import cancel_bonus, tick_bonus
from louzhang.roster.actions.honours.checking import check_honour
from louzhang.roster.actions.honours.consenting import join_wall, leave_wall
from louzhang.roster.actions.honours.kinds import lay_down_honours
from louzhang.roster.actions.honours.letters import write_letter
from louzhang.roster.actions.honours.proposing import Proposal, propose_honour
from louzhang.roster.models.honours import Bonus, Honour, HonourKind, Letter
from tests.cast import Cast, make_cast

LATER = timedelta(days=12)
OFFICES = {"desk", "secretary", "street", "commander"}


@pytest.fixture
def cast(db: None) -> Cast:
    made = make_cast()
    lay_down_honours(actor=SYSTEM, at=made.at)
    return made


def put_forward(cast: Cast) -> Honour:
    kind = HonourKind.objects.get(code="month")
    proposal = Proposal(kind, cast.areas["community"], "办得好。", date(2026, 3, 1), post=cast.posts["chief"])
    return propose_honour(proposal=proposal, actor=cast.actor("desk"), at=cast.at)


def seers(cast: Cast, rows: QuerySet[Model]) -> set[str]:
    return {key for key, actor in cast.everyone().items() if rows.visible_to(actor).exists()}  # type: ignore[attr-defined]  # each table's own queryset


def test_before_the_notice_an_honour_is_known_to_its_offices_and_whom_it_is_for(cast: Cast) -> None:
    put_forward(cast)
    assert seers(cast, Honour.objects.all()) == OFFICES | {"chief"}


def test_on_notice_everybody_sees_it_and_after_the_award_nobody_new_without_consent(cast: Cast) -> None:
    honour = put_forward(cast)
    check_honour(honour_id=honour.pk, has_no_interest=True, actor=cast.actor("secretary"), at=cast.at)
    everybody = set(cast.everyone()) - {"system"}
    assert seers(cast, Honour.objects.all()) == everybody
    award_honour(honour_id=honour.pk, actor=cast.actor("desk"), at=cast.at + LATER)
    assert seers(cast, Honour.objects.all()) == OFFICES | {"chief"}
    join_wall(honour_id=honour.pk, actor=cast.actor("chief"), at=cast.at + LATER)
    assert seers(cast, Honour.objects.all()) == everybody
    leave_wall(honour_id=honour.pk, actor=cast.actor("chief"), at=cast.at + LATER)
    assert seers(cast, Honour.objects.all()) == OFFICES | {"chief"}


def test_a_bonus_is_seen_by_who_gets_it_and_the_offices_that_may_pay(cast: Cast) -> None:
    honour = put_forward(cast)
    check_honour(honour_id=honour.pk, has_no_interest=True, actor=cast.actor("secretary"), at=cast.at)
    award_honour(honour_id=honour.pk, actor=cast.actor("desk"), at=cast.at + LATER)
    assert seers(cast, Bonus.objects.all()) == OFFICES | {"chief"}
    bonus = Bonus.objects.get()
    tick_bonus(bonus_id=bonus.pk, actor=cast.actor("street"), at=cast.at + LATER)
    cancelled = cancel_bonus(bonus_id=bonus.pk, reason="本人不要。", actor=cast.actor("desk"), at=cast.at + LATER)
    assert cancelled.status == "cancelled"


def test_a_letter_is_read_by_the_office_that_wrote_it_and_its_person_alone(cast: Cast) -> None:
    write_letter(
        subject=cast.people["chief"], area=cast.areas["community"], kind="study", addressee="区委党校",
        text="推荐参加培训。", actor=cast.actor("desk"), at=cast.at,
    )  # fmt: skip
    assert seers(cast, Letter.objects.all()) == {"desk", "secretary", "chief"}
