"""Every kind of order × every person of the cast: who sees it, who may act on it.

The tables are written out; a change of scope shows as a changed row here.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from louzhang.journal.actor import SYSTEM
from louzhang.workorders.actions import (
    Draft,
    accept_workorder,
    dispatch_workorder,
    report_workorder,
    send_back_workorder,
)
from louzhang.workorders.actions.reporting import Target
from louzhang.workorders.models import AnswerWay, Channel, WorkOrder
from louzhang.workorders.queries import Tier, contact_tier, find_order
from louzhang.workorders.scope import relation_terms, tell_relations
from tests.cast import Cast, make_cast

OFFICES = {"desk", "secretary", "street", "commander"}
KEEPERS = {"chief", "stairwell_head", "grid_worker", "grid_lead"}
PROPERTY = {"property"}

# Which orders there are, and who sees each of them (the phone that reported it is `device`).
SEEN_BY: dict[str, set[str]] = {
    "ordinary": OFFICES | KEEPERS | {"device"},
    "at_the_property": OFFICES | KEEPERS | PROPERTY | {"device"},
    "sent_back": OFFICES | KEEPERS | PROPERTY | {"device"},
    "about_the_chief": OFFICES | {"device"},
    "about_the_desk_person": OFFICES - {"desk", "secretary"} | {"device"},
    "about_the_community": OFFICES - {"desk", "secretary"} | {"device"},
    "about_the_street": {"commander", "device"},
    "about_the_property": OFFICES | {"device"},
    "violence": OFFICES | {"device"},
    "for_a_neighbour": OFFICES | KEEPERS,
    "on_the_other_street": {"stranger_desk", "stranger_street", "stranger_chief", "commander", "other_device"},
}


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def orders(cast: Cast) -> dict[str, WorkOrder]:
    def file(actor=None, **changes):
        facts: dict[str, Any] = {
            "channel": Channel.RESIDENT,
            "category": cast.categories["leak"],
            "area": cast.areas["stairwell"],
            "words": "楼道漏水",
            "name": "演示反映人",
            "phone": "13900008888",
        } | changes
        return report_workorder(draft=Draft(**facts), actor=actor or cast.device, at=cast.at).order

    def complain(target):
        return file(category=cast.categories["complaint"], target=target)

    def dispatch(order):
        accept_workorder(order_id=order.pk, actor=cast.actor("desk"), at=cast.at)
        unit = cast.units["property_unit"]
        return dispatch_workorder(order_id=order.pk, unit=unit, actor=cast.actor("desk"), at=cast.at)

    made = {
        "ordinary": file(),
        "at_the_property": dispatch(file()),
        "sent_back": dispatch(file()),
        "about_the_chief": complain(Target(user_id=cast.people["chief"].pk, area=cast.areas["building"], role="chief")),
        "about_the_desk_person": complain(
            Target(user_id=cast.people["desk"].pk, area=cast.areas["community"], role="office_staff")
        ),
        "about_the_community": complain(Target(unit=cast.units["community_office"])),
        "about_the_street": complain(Target(unit=cast.units["street_office"])),
        "about_the_property": complain(Target(unit=cast.units["property_unit"])),
        "violence": file(category=cast.categories["guarded"]),
        "for_a_neighbour": file(
            cast.actor("chief"), channel=Channel.FIELD, is_for_another=True, answer_way=AnswerWay.VISIT, door="301"
        ),
        "on_the_other_street": file(cast.other_device, area=cast.areas["other_building"]),
    }
    send_back_workorder(order_id=made["sent_back"].pk, reason="不归我们", actor=cast.actor("property"), at=cast.at)
    return made


def test_who_sees_which_order(cast, orders):
    seen: dict[str, set[str]] = {name: set() for name in orders}
    for person, actor in cast.everyone().items():
        if actor.is_system:
            continue
        visible = set(WorkOrder.objects.visible_to(actor).values_list("pk", flat=True))
        for name, order in orders.items():
            if order.pk in visible:
                seen[name].add(person)
    assert seen == SEEN_BY


def test_what_is_seen_is_what_any_relation_reaches(cast, orders):
    """The shortcut for the district's office and the annotated relations tell the same as the terms."""
    for person, actor in cast.everyone().items():
        visible = set(WorkOrder.objects.visible_to(actor).values_list("pk", flat=True))
        related = {
            order.pk
            for order in WorkOrder.objects.with_relations(actor)
            if order.relations_now and relation_terms(actor)
        }
        assert visible <= related, person
        hidden = related - visible
        about_me = {orders[name].pk for name in orders if name.startswith("about_")}
        assert hidden <= about_me, person


def test_shared_statements_tell_everybody_the_own_relations(cast, orders):
    """Actors who are alike share a statement (`journal.likeness`); each run is about the one who asks."""
    for person, actor in cast.everyone().items():
        plain = {order.pk: order.relations_now for order in WorkOrder.objects.with_relations(actor)}
        rows = list(WorkOrder.objects.all())
        tell_relations(rows, actor)
        assert {order.pk: order.relations_now for order in rows} == plain, person

        visible = set(WorkOrder.objects.visible_to(actor).values_list("pk", flat=True))
        assert {pk for pk in plain if find_order(actor, WorkOrder.objects.get(pk=pk).number)} == visible, person
        with transaction.atomic():
            assert {pk for pk in plain if WorkOrder.objects.locked_for(actor, pk)} == visible, person


def test_the_clock_sees_all_and_may_do_only_timed_verbs(cast, orders):
    order = WorkOrder.objects.visible_to(SYSTEM).with_relations(SYSTEM).get(pk=orders["ordinary"].pk)
    assert order.relations_now == {"system"}


# Who may have the reporter's contact: nobody who is not listed gets even the masked one.
CONTACT: dict[str, dict[str, Tier]] = {
    "ordinary": {"desk": Tier.REVEAL, "secretary": Tier.REVEAL, "street": Tier.MASKED, "commander": Tier.MASKED,
                 "device": Tier.REVEAL},
    "at_the_property": {"desk": Tier.REVEAL, "secretary": Tier.REVEAL, "street": Tier.MASKED, "commander": Tier.MASKED,
                        "device": Tier.REVEAL, "property": Tier.REVEAL},
    "sent_back": {"desk": Tier.REVEAL, "secretary": Tier.REVEAL, "street": Tier.MASKED, "commander": Tier.MASKED,
                  "device": Tier.REVEAL},
    "for_a_neighbour": {"desk": Tier.REVEAL, "secretary": Tier.REVEAL, "street": Tier.MASKED, "commander": Tier.MASKED,
                        **dict.fromkeys(KEEPERS, Tier.REVEAL)},
    "about_the_chief": {"desk": Tier.REVEAL, "secretary": Tier.REVEAL, "street": Tier.MASKED, "commander": Tier.MASKED,
                        "device": Tier.REVEAL},
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(CONTACT))
def test_who_may_have_the_contact(cast, orders, name):
    given = {}
    for person, actor in cast.everyone().items():
        order = WorkOrder.objects.visible_to(actor).with_relations(actor).filter(pk=orders[name].pk).first()
        if order is None or actor.is_system:
            continue
        tier = contact_tier(order, order.reports.get(), actor)
        if tier is not Tier.HIDDEN:
            given[person] = tier
    assert given == CONTACT[name]
