"""Two people of one name at one place, and nominees whom the register knows."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse

from louzhang.ballots.queries.apart import homes_kept_away
from louzhang.ballots.queries.outcomes import Line, Outcome
from louzhang.ballots.queries.polls import polls_of
from louzhang.journal.refusals import Conflict, InputRefused, NotThere
from louzhang.kit import clock
from louzhang.register.actions.merging import merge_residents
from louzhang.roster.actions.choosing import ANOTHER, Naming, link_nominee, offer_oneself
from louzhang.roster.actions.choosing.electing import elected_for, open_polls
from louzhang.roster.actions.choosing.erasing import erase_old_rounds
from louzhang.roster.models.choosing import Nominee, Round
from louzhang.roster.queries.choosing.electing import SERVED, counters_for
from louzhang.roster.queries.choosing.known import people_like
from louzhang.roster.tests.choosing_stage import bind, set_stage
from louzhang.roster.tests.test_choosing_elections import election
from tests.cast import browser_as, make_cast


@pytest.fixture
def stage(db):
    return set_stage(make_cast(), clock.now())


def twice(stage, row):
    """Two of one name for one place."""
    first = stage.name(row, name="演示同名")
    second = stage.name(row, name="演示同名", phone="13911119999", same=ANOTHER, which="302，1990年生")
    first.refresh_from_db()
    return first, second


def test_who_names_somebody_of_a_name_that_was_named_before_is_asked(stage):
    row = stage.start()
    first = stage.name(row, name="演示同名", phone="")
    secretary = stage.cast.actor("secretary")
    with pytest.raises(InputRefused, match="同名，是同一位吗") as refused:
        stage.name(row, secretary, name="演示同名", phone="")
    assert refused.value.field == "same"
    with pytest.raises(InputRefused, match="门牌或哪年生"):
        stage.name(row, secretary, name="演示同名", phone="", same=ANOTHER)
    again = stage.name(row, secretary, name="演示同名", phone="", same="0")
    assert (again.pk, again.nominations.count()) == (first.pk, 2)


def test_a_number_given_before_answers_the_question_by_itself(stage):
    row = stage.start()
    first = stage.name(row, name="演示同名")
    assert stage.name(row, stage.cast.actor("secretary"), name="演示同名").pk == first.pk


def test_two_of_one_name_stand_side_by_side_with_a_mark_each(stage):
    row = stage.start()
    first, second = twice(stage, row)
    assert (first.label, second.label) == ("演示同名（甲）", "演示同名（乙）")
    assert (first.name, second.name) == ("演示同名", "演示同名"), "a certificate knows no mark"
    for number in range(6):
        stage.name(row, name="演示同名", phone=f"1392222{number:04d}", same=ANOTHER, which=f"第{number}位")
    with pytest.raises(Conflict, match="很多"):
        stage.name(row, name="演示同名", phone="13933330000", same=ANOTHER, which="再一位")


def test_who_offers_under_the_name_of_another_is_asked_and_stands_beside_them(stage):
    row = stage.start()
    stage.name(row, name="演示同名")
    said = {"vacancy": row.vacancies.get().uid, "name": "演示同名", "words": "愿意跑腿。", "phone": "13911116666"}
    given = {"round_uid": row.uid, "actor": stage.resident, "at": stage.at}
    with pytest.raises(InputRefused, match="是同一位吗"):
        offer_oneself(naming=Naming(**said), **given)
    with pytest.raises(Conflict, match="查询码"):
        offer_oneself(naming=Naming(**said, same="0"), **given)
    assert offer_oneself(naming=Naming(**said, same=ANOTHER, which="301"), **given).number == 2


def test_the_form_of_a_neighbour_asks_and_shows_no_door(stage):
    row = stage.start()
    stage.name(row, name="演示母亲", phone="")
    phone, url = browser_as(stage.cast, "resident"), reverse("choosing:resident_name", args=[row.uid])
    place = str(row.vacancies.get().uid)
    sent = {"vacancy": place, "name": "演示母亲", "words": "常帮邻居。", "entry_id": str(uuid4())}
    asked = phone.post(url, sent)
    page = asked.content.decode()
    assert asked.status_code in (400, 422)
    assert "同名，是同一位吗" in page
    assert "常帮邻居。" in page, "what was typed stays"
    assert "301" not in page
    assert phone.post(url, {**sent, "same": ANOTHER, "which": "住在隔壁"}).status_code == 302
    assert Nominee.objects.count() == 2


def test_the_form_of_the_office_tells_them_apart_by_door_and_year(stage):
    row = stage.start()
    stage.name(row, name="演示母亲", phone="")
    url = reverse("choosing:desk_name", args=[row.uid])
    sent = {"vacancy": str(row.vacancies.get().uid), "name": "演示母亲", "words": "热心。", "way": "paper"}
    page = browser_as(stage.cast, "desk").post(url, sent | {"entry_id": str(uuid4())}).content.decode()
    assert "301，1982 年生" in page


def test_the_register_finds_who_was_named_where_it_is_certain(stage):
    row = stage.start()
    assert stage.name(row, name="演示父亲", phone="").resident == stage.homes.residents["father"]
    assert stage.name(row, name="演示邻居", phone="").resident is None, "who lives elsewhere may be another"
    assert stage.name(row, name="演示谁也不是", phone="").resident is None
    said = Naming(row.vacancies.get().uid, "演示小名", "我来。", "13911115555")
    offered = offer_oneself(round_uid=row.uid, naming=said, actor=stage.resident, at=stage.at)
    assert offered.resident == stage.homes.residents["mother"], "whose account is bound is who they are"


def test_the_office_says_which_row_it_is_before_the_poll_is_made(stage):
    row = stage.start()
    nominee = stage.name(row, name="演示邻居", phone="")
    (found,) = people_like(nominee, stage.desk)
    given = {"uid": nominee.uid, "actor": stage.desk, "at": stage.at}
    assert link_nominee(resident_uid=found.resident.uid, **given).resident == found.resident
    assert link_nominee(resident_uid=None, **given).resident is None
    with pytest.raises(NotThere):
        link_nominee(resident_uid=stage.homes.residents["mother"].uid, **given)
    Round.objects.filter(pk=row.pk).update(status="electing")
    with pytest.raises(Conflict):
        link_nominee(resident_uid=found.resident.uid, **given)


def test_the_page_of_a_nominee_offers_the_rows_of_the_name_to_the_office_alone(stage):
    nominee = stage.name(stage.start(), name="演示母亲", phone="")
    desk, url = browser_as(stage.cast, "desk"), reverse("choosing:link", args=[nominee.uid])
    assert "301，1982 年生" in desk.get(reverse("choosing:desk_nominee", args=[nominee.uid])).content.decode()
    assert "301，1982 年生" in desk.get(url).content.decode()
    assert desk.post(url, {"entry_id": str(uuid4()), "resident": ""}).status_code == 302
    nominee.refresh_from_db()
    assert nominee.resident is None
    for key in ("grid_worker", "resident", "stranger_desk", "street"):
        assert browser_as(stage.cast, key).get(url).status_code in (403, 404)


def test_a_nominee_whom_the_register_knows_runs_nothing_of_the_round(stage):
    row = stage.start()
    nominee = stage.name(row, name="演示母亲", phone="")
    secretary = stage.cast.people["secretary"]
    assert secretary in counters_for(row, stage.at)
    bind(stage.homes.residents["father"], stage.cast.actor("secretary"), stage.cast.at)
    assert secretary not in counters_for(row, stage.at), "who lives with a nominee does not count"
    client = browser_as(stage.cast, "secretary")
    assert client.get(reverse("choosing:round", args=[row.uid])).status_code == 200
    Nominee.objects.filter(pk=nominee.pk).update(resident=stage.homes.residents["father"])
    assert client.get(reverse("choosing:round", args=[row.uid])).status_code == 404
    assert client.get(reverse("choosing:desk_nominee", args=[nominee.uid])).status_code == 404


def test_a_poll_tells_two_of_one_name_apart_and_keeps_the_home_of_one_away(stage, monkeypatch):
    row = stage.start()
    first, second = twice(stage, row)
    Nominee.objects.filter(pk=first.pk).update(resident=stage.homes.residents["mother"])
    for nominee in (first, second):
        stage.agree(nominee)
    (vacancy,) = row.vacancies.all()
    open_polls(row, [vacancy], election(stage), stage.desk, stage.at)
    poll = polls_of(SERVED, vacancy.pk)[0]
    assert list(poll.items.order_by("position").values_list("label", flat=True)) == ["演示同名（甲）", "演示同名（乙）"]
    assert stage.homes.households["own"].pk in homes_kept_away(poll, stage.at)
    won = Outcome(state="counted", kind="choice", lines=(Line(item_id=1, label="演示同名（乙）", is_elected=True),))
    monkeypatch.setattr("louzhang.roster.actions.choosing.electing.outcome_of", lambda poll: won)
    assert elected_for(vacancy).pk == second.pk


def test_two_rows_that_become_one_leave_the_nominee_known(stage):
    nominee = stage.name(stage.start(), name="演示母亲", phone="")
    gone, kept = stage.homes.residents["mother"], stage.homes.residents["tenant"]
    merge_residents(resident_id=gone.pk, into_id=kept.pk, actor=stage.desk, at=stage.at)
    nominee.refresh_from_db()
    assert nominee.resident == kept


def test_what_told_people_apart_goes_with_their_names(stage):
    row = stage.start()
    twice(stage, row)
    long_ago = stage.at.replace(year=stage.at.year - 2)
    Round.objects.filter(pk=row.pk).update(status="broken", ended_at=long_ago)
    assert erase_old_rounds(at=stage.at) == 1
    left = [(row.which_sealed, row.name_sealed, row.resident_id) for row in Nominee.objects.all()]
    assert left == [("", "", None)] * 2
