"""督办: an office above demands, whoever has the order signs and answers, the office lifts."""

from datetime import date

import pytest

from louzhang.journal.models import Event
from louzhang.journal.refusals import InputRefused, NotThere, NotYours, TransitionRefused
from louzhang.journal.verifying import prove_journal
from louzhang.workorders import actions
from louzhang.workorders.models import Supervision, WorkOrder
from louzhang.workorders.queries import find_order, verbs_now
from louzhang.workorders.queries.supervisions import counted_by_state, lines_of, standing_on, supervisions
from tests.at_once import at_once, winners

DAY = date(2026, 3, 6)


@pytest.fixture
def taken(cast, report, later):
    """A leak that the property company has taken."""
    order = report().order
    actions.accept_workorder(order_id=order.pk, actor=cast.actor("desk"), at=later(1))
    unit = cast.units["property_unit"]
    actions.dispatch_workorder(order_id=order.pk, unit=unit, actor=cast.actor("desk"), at=later(1))
    return actions.take_workorder(order_id=order.pk, actor=cast.actor("property"), at=later(2))


@pytest.fixture
def demand(cast, later, taken):
    def ask(person="street", order=None, day=DAY):
        return actions.supervise_workorder(
            order_id=(order or taken).pk, demand="三天内修好。", due_date=day, actor=cast.actor(person), at=later(3)
        )

    return ask


def verbs(cast, order, person):
    found = find_order(cast.actor(person), order.number)
    assert found is not None
    return {verb.verb for verb in verbs_now(found)} & {
        "supervise", "sign_supervision", "reply_supervision", "lift_supervision",
    }  # fmt: skip


def test_a_supervision_goes_from_the_street_to_the_unit_and_back(cast, later, taken, demand):
    assert verbs(cast, taken, "street") == {"supervise"}
    assert demand().supervision == "asked"
    assert verbs(cast, taken, "property") == {"sign_supervision"}
    assert verbs(cast, taken, "street") == {"lift_supervision"}
    actions.sign_supervision(order_id=taken.pk, actor=cast.actor("property"), at=later(4))
    assert verbs(cast, taken, "property") == {"reply_supervision"}
    actions.reply_supervision(order_id=taken.pk, reply="材料明天到。", actor=cast.actor("property"), at=later(5))
    assert verbs(cast, taken, "property") == set()
    lifted = actions.lift_supervision(order_id=taken.pk, actor=cast.actor("street"), at=later(6), reason="按期回复。")
    assert (lifted.supervision, lifted.status) == ("", "taken")
    row = Supervision.objects.get()
    assert (row.status, row.asked_area, row.unit) == ("lifted", cast.areas["street"], cast.units["property_unit"])
    said = list(Event.objects.filter(subject_kind="supervision").order_by("seq").values_list("verb", flat=True))
    assert said == ["supervise", "sign_supervision", "reply_supervision", "lift_supervision"]
    prove_journal()


def test_the_desk_and_whoever_is_below_it_cannot_supervise(cast, later, taken, demand):
    for person in ("desk", "secretary", "property", "chief"):
        with pytest.raises(NotYours):
            demand(person)
    for person in ("stranger_desk", "stranger_street", "nobody"):
        with pytest.raises(NotThere):
            demand(person)


def test_what_is_with_no_unit_yet_is_signed_for_at_its_desk(cast, report, later, demand):
    order = report().order
    demand(order=order)
    assert verbs(cast, order, "desk") == {"sign_supervision"}
    actions.sign_supervision(order_id=order.pk, actor=cast.actor("desk"), at=later(4))


def test_a_supervision_follows_the_order_to_the_unit_that_has_it(cast, later, taken, demand):
    demand()
    actions.send_back_workorder(order_id=taken.pk, reason="不归我们。", actor=cast.actor("property"), at=later(4))
    unit = cast.units["department_unit"]
    actions.dispatch_workorder(order_id=taken.pk, unit=unit, actor=cast.actor("desk"), at=later(4))
    with pytest.raises(NotYours):
        actions.sign_supervision(order_id=taken.pk, actor=cast.actor("property"), at=later(5))
    actions.sign_supervision(order_id=taken.pk, actor=cast.actor("department"), at=later(5))


def test_only_the_demanding_office_or_one_above_lifts(cast, later, taken, demand):
    demand("commander")
    with pytest.raises(NotYours, match="演示区督办"):
        actions.lift_supervision(order_id=taken.pk, actor=cast.actor("street"), at=later(4))
    demand_again = {"order_id": taken.pk, "demand": "再催。", "due_date": DAY, "at": later(4)}
    with pytest.raises(TransitionRefused, match="正在督办中"):
        actions.supervise_workorder(**demand_again, actor=cast.actor("street"))
    actions.lift_supervision(order_id=taken.pk, actor=cast.actor("commander"), at=later(5))
    actions.supervise_workorder(**demand_again, actor=cast.actor("street"))
    actions.lift_supervision(order_id=taken.pk, actor=cast.actor("commander"), at=later(6))
    assert Supervision.objects.filter(status="lifted").count() == 2


@pytest.mark.parametrize("day", [date(2026, 3, 1), date(2027, 6, 1)])
def test_the_day_lies_ahead_and_within_a_year(demand, day):
    with pytest.raises(InputRefused, match="一年以内"):
        demand(day=day)


def test_who_sees_supervisions(cast, later, taken, demand):
    demand()
    seen = {key for key, actor in cast.everyone().items() if supervisions(actor).exists()}
    assert seen == {"desk", "secretary", "street", "commander", "property",
                    "chief", "stairwell_head", "grid_worker", "grid_lead", "system"}  # fmt: skip
    (line,) = lines_of(list(supervisions(cast.actor("street"))), later(24 * 7))
    assert (line.demand, line.reply, line.is_late) == ("三天内修好。", "", True)
    assert counted_by_state(cast.actor("street"))["standing"] == 1


def test_a_unit_that_gave_the_order_back_no_longer_sees_the_supervision(cast, later, taken, demand):
    demand()
    actions.send_back_workorder(order_id=taken.pk, reason="不归我们。", actor=cast.actor("property"), at=later(4))
    assert not supervisions(cast.actor("property")).exists()
    order = find_order(cast.actor("property"), taken.number)
    assert order is not None
    assert standing_on(order, {}, later(5)) is None


@pytest.mark.django_db(transaction=True)
def test_two_offices_demand_at_once_and_one_does(transactional_db, cast, taken, demand):
    answers = at_once(lambda: demand("street"), lambda: demand("commander"))
    assert len(winners(answers)) == 1
    assert Supervision.objects.count() == 1
    prove_journal()


@pytest.mark.django_db(transaction=True)
def test_two_sign_at_once_and_one_does(transactional_db, cast, later, taken, demand):
    demand()
    sign = [
        lambda who=who: actions.sign_supervision(order_id=taken.pk, actor=cast.actor(who), at=later(4))
        for who in ("property", "property")
    ]
    assert len(winners(at_once(*sign))) == 1
    assert Event.objects.filter(subject_kind="workorder", verb="sign_supervision").count() == 1
    prove_journal()


@pytest.mark.django_db(transaction=True)
def test_the_unit_replies_while_the_street_lifts(transactional_db, cast, later, taken, demand):
    demand()
    actions.sign_supervision(order_id=taken.pk, actor=cast.actor("property"), at=later(4))
    at_once(
        lambda: actions.reply_supervision(order_id=taken.pk, reply="好了。", actor=cast.actor("property"), at=later(5)),
        lambda: actions.lift_supervision(order_id=taken.pk, actor=cast.actor("street"), at=later(5)),
    )
    assert WorkOrder.objects.get(pk=taken.pk).supervision == ""
    assert Supervision.objects.get().status == "lifted"
    prove_journal()
