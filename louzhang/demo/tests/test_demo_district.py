"""A small demo as it stands: every state and channel, everyone made up, every chain whole."""

import pytest
from django.conf import settings
from django.db import connection
from psycopg import sql

from louzhang.accounts import demo_people
from louzhang.accounts.models import User
from louzhang.areas.models import Area, LevelKind, Post, UnitKind
from louzhang.areas.outlines import area_at
from louzhang.areas.queries import setting
from louzhang.areas.roles import Role
from louzhang.demo.names import FIRST_NUMBER, LAST_NUMBER
from louzhang.demo.sign_ins import OFFERS, demo_sign_ins, lines
from louzhang.demo.sizes import SMALL
from louzhang.journal.actions import read_new_events
from louzhang.journal.models import Attachment, AttachmentStage, Event, Stuck
from louzhang.kit.clock import local_date
from louzhang.notices.models import BuildingNotice
from louzhang.workorders.lifecycle import State
from louzhang.workorders.models import (
    Channel,
    DutyClause,
    Handling,
    ReplyTemplate,
    Report,
    RoutingRule,
    WorkOrder,
)
from louzhang.workorders.plain_words import fill, warnings
from louzhang.workorders.queries.proposals import Basis, propose
from louzhang.workorders.queries.replies import EXAMPLE
from louzhang.workorders.queries.routing import faults_of, rules_in_force

pytestmark = pytest.mark.django_db


def test_every_state_channel_and_handling_occurs(demo):
    orders = WorkOrder.objects
    assert set(orders.values_list("status", flat=True)) == {state.value for state in State}
    assert set(Report.objects.values_list("channel", flat=True)) == set(Channel.values)
    assert set(orders.values_list("category__handling", flat=True)) == set(Handling.values)
    assert orders.filter(is_unplaced=True, status=State.REPORTED).exists()
    assert orders.filter(is_settled_on_spot=True).exists()
    assert orders.filter(return_count=1).exists()
    assert Attachment.objects.filter(stage=AttachmentStage.READY, subject_id__isnull=False).exists()


def test_some_buildings_have_notices_and_one_was_taken_back(demo):
    assert BuildingNotice.objects.current(demo).count() >= 3
    assert BuildingNotice.objects.filter(withdrawn_at__isnull=False).count() == 1


def test_rules_clauses_and_templates_stand_and_one_rule_waits(demo):
    assert not faults_of(rules_in_force(), local_date(demo))
    assert RoutingRule.objects.proposed().count() == 1
    assert DutyClause.objects.filter(rules__isnull=False).exists()
    for reply in ReplyTemplate.objects.all():
        texts = [fill(words, EXAMPLE) for words in (reply.words, reply.advice)]
        assert warnings(reply.step, texts) == [], reply.name


def test_a_dark_stairwell_that_waits_is_proposed_to_its_company_by_a_rule(demo):
    waiting = WorkOrder.objects.filter(status=State.ACCEPTED, category__code="stairwell-lamp", source="12345")
    proposal = propose(waiting.select_related("category", "area__level").get(), demo)
    assert proposal is not None
    assert (proposal.basis, proposal.unit.kind) == (Basis.RULE, UnitKind.PROPERTY)


def test_everyone_is_made_up_and_nobody_has_a_password(demo):
    users = list(User.objects.all())
    assert all(user.is_demo and user.name.endswith("演示") and not user.has_usable_password() for user in users)
    phones = [user.open_phone() for user in users] + [report.open_field("phone") for report in Report.objects.all()]
    assert all(FIRST_NUMBER <= int(phone) <= LAST_NUMBER for phone in phones if phone)


def test_every_grid_has_a_full_time_worker_and_buildings_have_chiefs(demo):
    grids = Area.objects.of_kind(LevelKind.GRID)
    assert grids.count() == SMALL.grids == Post.objects.filter(role=Role.GRID_WORKER, kind="paid").count()
    buildings = Area.objects.of_kind(LevelKind.BUILDING)
    assert 0 < buildings.count() == Post.objects.filter(role=Role.CHIEF, kind="volunteer").count()


def test_the_tree_is_sound_and_a_point_is_found_in_the_grid_that_holds_it(demo):
    assert [found for found in Area.objects.find_problems() if found] == []
    building = Area.objects.of_kind(LevelKind.BUILDING).first()
    grid = area_at(building.longitude, building.latitude)
    assert grid is not None
    assert building.path.startswith(grid.path)


def test_nothing_happens_in_the_future_and_every_order_has_its_whole_chain(demo):
    assert not Event.objects.filter(happened_at__gt=demo).exists()
    for order in WorkOrder.objects.all():
        events = Event.objects.filter(subject_kind="workorder", subject_id=order.pk).order_by("seq")
        assert [event.seq for event in events] == list(range(1, order.chain_seq + 1))
        assert [bytes(event.hash) for event in events][-1] == bytes(order.chain_head)


def test_numbers_and_settings_are_the_districts_own(demo):
    assert all(order.number.startswith("XH") for order in WorkOrder.objects.all())
    assert [setting(key, demo) for key in ("is_demo", "place_name", "order_prefix")] == [True, "溪湖区", "XH"]


def test_one_person_of_each_role_is_offered_for_signing_in(demo):
    offered = demo_sign_ins()
    assert [person.role_label for person in offered] == ["居民", *(offer.label for offer in OFFERS)]
    assert set(demo_people.people()) >= set(offered)
    assert {offer.role for offer in OFFERS} == set(Role)
    assert demo_people.demo_user(offered[0].uid, demo).name == offered[0].name
    assert len(lines()) == len(offered) + 1


def test_signing_in_asks_the_database_six_times_whatever_is_stored(demo, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        demo_sign_ins()


def test_the_worker_reads_everything_that_happened_with_its_own_rights(demo):
    login = sql.Identifier(settings.DATABASE_LOGINS["worker"])
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SET ROLE {}").format(login))
    while read_new_events(at=demo):
        pass
    assert list(Stuck.objects.values_list("reader", "subject_kind", "error").distinct()) == []
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
