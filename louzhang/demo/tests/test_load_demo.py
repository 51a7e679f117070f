"""Loading the demo: into an empty database only, all of it or nothing, never over real data."""

import io

import pytest
from django.core.management import CommandError, call_command

from louzhang.accounts.actions import register_person
from louzhang.accounts.models import User
from louzhang.areas.models import Area
from louzhang.demo.loading import STEPS, load_demo
from louzhang.demo.sign_ins import demo_sign_ins, lines
from louzhang.demo.sizes import SMALL
from louzhang.demo.tests.conftest import AFTERNOON
from louzhang.journal.actor import SYSTEM
from louzhang.journal.models import Event
from louzhang.journal.refusals import Conflict
from louzhang.workorders.models import WorkOrder

pytestmark = pytest.mark.django_db


def test_outside_the_demo_nobody_is_offered():
    register_person(name="真人", phone="13900000001", actor=SYSTEM, at=AFTERNOON)
    assert demo_sign_ins() == []
    assert lines() == []


def test_a_database_with_anybody_in_it_is_left_as_it_is():
    register_person(name="真人", phone="13900000001", actor=SYSTEM, at=AFTERNOON)
    with pytest.raises(Conflict, match="空的数据库"):
        load_demo(at=AFTERNOON, sizes=SMALL)
    assert (User.objects.count(), Area.objects.count()) == (1, 0)


def test_a_demo_that_breaks_off_leaves_nothing(monkeypatch):
    steps = iter(range(STEPS + 1))  # it breaks off after the first matter

    def advance():
        if next(steps) == STEPS:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load_demo(at=AFTERNOON, sizes=SMALL, advance=advance)
    assert not any(model.objects.exists() for model in (Area, User, WorkOrder, Event))


def test_another_database_than_the_embedded_one_needs_the_plain_word(settings):
    settings.EMBEDDED = False
    with pytest.raises(CommandError, match="加上 --demo"):
        call_command("load_demo", stdout=io.StringIO())
    assert not Area.objects.exists()


def test_the_command_loads_shows_its_way_and_refuses_a_second_time(monkeypatch, settings):
    from louzhang.demo.management.commands import load_demo as command

    settings.EMBEDDED = False
    monkeypatch.setattr(command, "FULL", SMALL)
    said = io.StringIO()
    call_command("load_demo", "--demo", stdout=said)
    for label in ("建立演示区", "办理演示工单", "住户、走访、选任等"):
        assert f"{label} " in said.getvalue()
    assert said.getvalue().count("100%") == 3
    assert "演示区载入好了：街镇 2，社区（村） 4，网格 9" in said.getvalue()
    with pytest.raises(CommandError, match="空的数据库"):
        call_command("load_demo", "--demo", stdout=io.StringIO())
