"""A scenario plays in a schema of its own, says what came of it, and leaves nothing behind."""

import json
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from louzhang.areas.models import Area
from louzhang.scenarios import bazhong, burst, guta, houhu, shouyang, xihu, xingcheng, yinrong
from louzhang.scenarios.catalogue import CATALOGUE
from louzhang.scenarios.scenario import Scenario
from louzhang.scenarios.schema import schema_of_ones_own

pytestmark = pytest.mark.django_db(transaction=True)


def schemas():
    with connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'scenario%'")
        return cursor.fetchall()


def test_one_burst_pipe_is_one_order_one_notice_and_a_result_for_each(monkeypatch):
    monkeypatch.setattr(burst, "REPORTS", 40)
    out = StringIO()
    call_command("scenario", "burst", stdout=out, stderr=StringIO())
    figures = json.loads(out.getvalue())
    seconds = figures.pop("seconds"), figures.pop("seconds_of_schema")
    assert figures == {"reports": 40, "orders": 1, "unit_notices": 1, "results": 40}
    assert all(spent >= 0 for spent in seconds)
    assert schemas() == []
    assert not Area.objects.get_queryset().exists()


def test_a_year_ends_with_what_is_closed_in_hand_and_supervised(monkeypatch):
    for name, value in {"ORDERS": 60, "OPEN": 12, "SUPERVISED": 3, "STREETS": 1, "COMMUNITIES": 2, "GRIDS": 3}.items():
        monkeypatch.setattr(xihu, name, value)
    out = StringIO()
    call_command("scenario", "xihu", stdout=out, stderr=StringIO())
    figures = json.loads(out.getvalue())
    assert {name: figures[name] for name in ("orders", "closed", "open", "supervised")} == {
        "orders": 60,
        "closed": 48,
        "open": 12,
        "supervised": 3,
    }
    assert figures["events"] > 60 * 4


def test_a_members_day_ends_with_what_was_done_at_once_and_what_was_discussed(monkeypatch):
    monkeypatch.setattr(guta, "GATHERED", 20)
    monkeypatch.setattr(guta, "AT_ONCE", 13)
    out = StringIO()
    call_command("scenario", "guta", stdout=out, stderr=StringIO())
    figures = json.loads(out.getvalue())
    assert {name: figures[name] for name in ("gathered", "at_once", "discussed")} == {
        "gathered": 20,
        "at_once": 13,
        "discussed": 7,
    }


def test_a_screening_takes_staff_days_and_chiefs_an_evening_and_every_answer_is_counted(monkeypatch):
    for name, value in {"RESIDENTS": 400, "CHIEFS": 8, "WORKERS": 2, "OFFICE": 1}.items():
        monkeypatch.setattr(shouyang, name, value)
    out = StringIO()
    call_command("scenario", "shouyang", stdout=out, stderr=StringIO())
    figures = json.loads(out.getvalue())
    assert (figures["staff"], figures["chiefs"], figures["residents"]) == (3, 8, 400)
    assert figures["answers"] == 2 * figures["households"]
    assert figures["days_before"] > figures["hours_after"] / 7


def test_unit_heads_bring_the_questionnaires_of_a_grid_back_within_the_day(monkeypatch):
    for name, value in {"HOUSEHOLDS": 40, "HEADS": 4}.items():
        monkeypatch.setattr(yinrong, name, value)
    out = StringIO()
    call_command("scenario", "yinrong", stdout=out, stderr=StringIO())
    figures = json.loads(out.getvalue())
    assert (figures["households"], figures["answered"]) == (40, 40)
    assert 0 < figures["hours"] < 10


def test_a_finer_net_of_chiefs_leaves_each_holder_fewer_people(monkeypatch):
    sizes = {"BUILDINGS": 9, "RESIDENTS": 200, "CHIEFS": 7, "SHOUYANG_RESIDENTS": 120, "SHOUYANG_CHIEFS": 5,
             "SHOUYANG_WORKERS": 2, "SHOUYANG_OFFICE": 1, "OTHERS": 2, "GRIDS_OF_OTHERS": 1}  # fmt: skip
    for name, value in sizes.items():
        monkeypatch.setattr(xingcheng, name, value)
    out = StringIO()
    call_command("scenario", "xingcheng", "--register", stdout=out, stderr=StringIO())
    figures = json.loads(out.getvalue())
    assert figures.pop("seconds") >= 0
    assert figures.pop("seconds_of_schema") >= 0
    assert figures == {
        "buildings": 9,
        "residents": 200,
        "chiefs": 7,
        "buildings_without_chief": 0,
        "density_before": 60,
        "density_after": 24,
    }
    assert schemas() == []


def test_a_part_that_a_place_does_not_have_is_refused(monkeypatch):
    for call in (["xihu", "--register"], ["xingcheng"]):
        with pytest.raises(CommandError, match="xingcheng --register"):
            call_command("scenario", *call, stdout=StringIO())


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_whatever_stops_it_the_schema_goes_and_the_district_is_back(error):
    before = (settings.SCHEMA, settings.QUEUE_SCHEMA, settings.QUEUE_NAME)
    made = []

    def stop():
        with schema_of_ones_own("test") as own:
            made.append((own, settings.SCHEMA, len(schemas())))
            raise error

    with pytest.raises(error):
        stop()
    assert [(name == schema, count) for name, schema, count in made] == [(True, 2)]
    assert schemas() == []
    now = (settings.SCHEMA, settings.QUEUE_SCHEMA, settings.QUEUE_NAME)
    assert now == before


def test_ctrl_c_ends_the_command_with_a_sentence(monkeypatch):
    def stopped(told):
        raise KeyboardInterrupt

    monkeypatch.setitem(CATALOGUE, "stopped", Scenario("stopped", "被中断的", stopped))
    with pytest.raises(CommandError, match="已经删掉"):
        call_command("scenario", "stopped", stdout=StringIO(), stderr=StringIO())
    assert schemas() == []


def test_an_unknown_scenario_is_refused_with_the_names_of_all():
    with pytest.raises(CommandError, match="burst"):
        call_command("scenario", "nothing", stdout=StringIO())


def test_chiefs_are_appraised_and_every_community_holds_its_flags(monkeypatch):
    small = {"STREETS": 1, "COMMUNITIES": 1, "ESTATES": 2, "CHIEFS": 12, "MEMBERS": 3, "HIGH_SCHOOL": 9}
    for name, value in small.items():
        monkeypatch.setattr(bazhong, name, value)
    out = StringIO()
    call_command("scenario", "bazhong", stdout=out, stderr=StringIO())
    figures = json.loads(out.getvalue())
    wanted = {"chiefs": 12, "estates": 2, "members": 0, "high_school": 75, "flags": 6, "flags_a_month": 2.0}
    assert {name: figures[name] for name in wanted} == wanted
    assert (figures["flags_moved"], figures["reviews"]) == (2, 1)


def test_neighbours_choose_their_leads_and_three_are_named(monkeypatch):
    monkeypatch.setattr(houhu, "HOUSEHOLDS", 44)
    monkeypatch.setattr(houhu, "LEADS", 4)
    out = StringIO()
    call_command("scenario", "houhu", stdout=out, stderr=StringIO())
    figures = json.loads(out.getvalue())
    wanted = {"households": 44, "leads": 4, "chosen_by_round": 4, "awards": 3}
    assert {name: figures[name] for name in wanted} == wanted
