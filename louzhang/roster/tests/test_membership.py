"""What people tell of themselves: by consent, seen by few, counted with care, gone by one tap."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from louzhang.areas.actions import appoint_post, end_post
from louzhang.areas.roles import Role
from louzhang.journal.actor import SYSTEM
from louzhang.journal.models import Event, Reveal, Words
from louzhang.journal.refusals import Conflict, InputRefused, NotYours
from louzhang.kit import clock
from louzhang.roster.actions.membership import (
    Told,
    end_membership,
    join_by_tap,
    join_on_paper,
    keep_own_entry,
    purge_own_entries,
    record_entry_on_paper,
    take_back_own_entry,
)
from louzhang.roster.actions.people import export_people
from louzhang.roster.models.membership import OwnEntry, PartyMembership
from louzhang.roster.queries import people
from tests.cast import Cast, make_cast

FULL = Told("full", 2009, "彩虹社区第一支部")


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def told(cast: Cast, key: str, **changes: Any) -> OwnEntry:
    facts: dict[str, Any] = {"education": "high", "skills": ["first_aid"], "other": "", "has_agreed": True} | changes
    return keep_own_entry(actor=cast.actor(key), at=cast.at, **facts)


def test_a_member_is_read_by_nobody_but_the_member(cast: Cast) -> None:
    join_by_tap(told=FULL, actor=cast.actor("chief"), at=cast.at)
    readers = {key for key, actor in cast.everyone().items() if PartyMembership.objects.visible_to(actor).exists()}
    assert readers == {"chief"}


def test_after_one_tap_nothing_names_the_member(cast: Cast) -> None:
    join_by_tap(told=FULL, actor=cast.actor("chief"), at=cast.at)
    end_membership(actor=cast.actor("chief"), at=cast.at)
    assert not PartyMembership.objects.exists(), "an empty row with the moment of an event would tell whose it was"
    join_by_tap(told=FULL, actor=cast.actor("chief"), at=cast.at)
    with pytest.raises(Conflict, match="已经登记"):
        join_by_tap(told=FULL, actor=cast.actor("chief"), at=cast.at)


def test_the_journal_says_the_same_of_education_and_of_membership(cast: Cast) -> None:
    told(cast, "next_chief")
    join_by_tap(told=FULL, actor=cast.actor("chief"), at=cast.at)
    events = Event.objects.filter(subject_kind="own_entry").values_list("verb", "payload", "words_digest")
    assert [(verb, payload, bytes(digest)) for verb, payload, digest in events] == [("change_own", {}, b"")] * 2
    assert not Words.objects.filter(subject_kind="own_entry").exists()


def test_the_branch_is_sealed_and_no_column_holds_it_in_clear(cast: Cast) -> None:
    join_by_tap(told=FULL, actor=cast.actor("chief"), at=cast.at)
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(m)::text FROM roster_partymembership m")
        assert "支部" not in cursor.fetchone()[0]
    assert PartyMembership.objects.get().open_field("branch") == "彩虹社区第一支部"


def test_only_a_secretary_counts_and_small_counts_are_not_told(cast: Cast) -> None:
    join_by_tap(told=FULL, actor=cast.actor("chief"), at=cast.at)
    day = clock.local_date(cast.at)
    for key in ("desk", "street", "commander", "chief", "property", "system_admin"):
        assert people.count_members(cast.actor(key), day) == [], key
    counted = people.count_members(cast.actor("secretary"), day)
    assert [(each.people, each.members) for each in counted] == [(5, None)]


def test_counts_are_told_where_they_point_at_nobody(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "SMALL", 1)
    join_by_tap(told=FULL, actor=cast.actor("chief"), at=cast.at)
    join_by_tap(told=Told("probationary"), actor=cast.actor("next_chief"), at=cast.at)
    counted = people.count_members(cast.actor("secretary"), clock.local_date(cast.at))
    assert [(each.people, each.members, each.probationary) for each in counted] == [(5, 2, 1)]


def test_the_secretary_writes_down_a_signed_paper_and_nobody_else_does(cast: Cast) -> None:
    facts: dict[str, Any] = {"user": cast.people["chief"], "told": FULL, "at": cast.at}
    for key in ("desk", "street", "stranger_desk", "chief"):
        with pytest.raises(NotYours):
            join_on_paper(has_paper=True, actor=cast.actor(key), **facts)
    with pytest.raises(InputRefused, match="签了字"):
        join_on_paper(has_paper=False, actor=cast.actor("secretary"), **facts)
    facts_of_stranger = facts | {"user": cast.people["stranger_chief"]}
    with pytest.raises(NotYours):
        join_on_paper(has_paper=True, actor=cast.actor("secretary"), **facts_of_stranger)
    assert join_on_paper(has_paper=True, actor=cast.actor("secretary"), **facts).way == "paper"
    assert not PartyMembership.objects.visible_to(cast.actor("secretary")).exists()


def test_a_secretary_cannot_try_out_who_is_a_member(cast: Cast) -> None:
    join_by_tap(told=FULL, actor=cast.actor("chief"), at=cast.at)
    for key in ("chief", "next_chief"):
        kept = join_on_paper(
            user=cast.people[key], told=Told("probationary"), has_paper=True, actor=cast.actor("secretary"), at=cast.at
        )
        assert kept.user_id == cast.people[key].pk
    assert PartyMembership.objects.get(user=cast.people["chief"]).kind == "full", "what the member said stands"


def test_whoever_has_no_post_in_the_field_tells_nothing(cast: Cast) -> None:
    for key in ("resident", "nobody", "property", "desk"):
        with pytest.raises(NotYours):
            join_by_tap(told=FULL, actor=cast.actor(key), at=cast.at)


def test_education_is_kept_by_consent_seen_by_offices_above_and_taken_back(cast: Cast) -> None:
    with pytest.raises(InputRefused, match="勾选同意"):
        told(cast, "chief", has_agreed=False)
    told(cast, "chief", other="会修水管")
    readers = {key for key, actor in cast.everyone().items() if OwnEntry.objects.visible_to(actor).exists()}
    assert readers == {"chief", "desk", "secretary", "street", "commander", "system"}
    take_back_own_entry(actor=cast.actor("chief"), at=cast.at)
    entry = OwnEntry.objects.get()
    assert (entry.education, entry.skills, entry.other_sealed, entry.given_at) == ("", [], "", None)


def test_high_school_is_counted_among_those_who_told(cast: Cast) -> None:
    told(cast, "chief")
    record_entry_on_paper(
        user=cast.people["next_chief"], education="junior", skills=[], other="", has_paper=True,
        actor=cast.actor("secretary"), at=cast.at,
    )  # fmt: skip
    found = people.schooling(cast.actor("street"), clock.local_date(cast.at))
    assert (found.people, found.told, found.high, found.percent) == (5, 2, 1, 50)
    assert people.schooling(cast.actor("stranger_street"), clock.local_date(cast.at)).told == 0


def test_a_list_leaves_for_a_purpose_and_names_members_only_where_they_agreed_to_that(cast: Cast) -> None:
    join_by_tap(told=FULL, actor=cast.actor("chief"), at=cast.at)
    join_by_tap(told=Told("full", is_listed=True), actor=cast.actor("next_chief"), at=cast.at)
    area = cast.areas["community"]
    with pytest.raises(InputRefused, match="做什么"):
        export_people(area=area, purpose="", actor=cast.actor("desk"), at=cast.at)
    with pytest.raises(NotYours):
        export_people(area=area, purpose="安排培训", actor=cast.actor("stranger_desk"), at=cast.at)
    taken = export_people(area=area, purpose="安排培训", actor=cast.actor("desk"), at=cast.at)
    listed = {person.post.user.name: person.membership for person in taken.people}
    assert (listed["演示楼长"], listed["演示邻楼长"]) == ("", "正式")
    assert Reveal.objects.filter(what="roster", reason="安排培训").count() == 1 + 5


def test_what_somebody_told_goes_with_the_last_post(cast: Cast) -> None:
    told(cast, "chief")
    join_by_tap(told=FULL, actor=cast.actor("chief"), at=cast.at)
    assert purge_own_entries(at=cast.at) == 0
    end_post(post=cast.posts["chief"], actor=cast.actor("desk"), at=cast.at)
    assert purge_own_entries(at=cast.at) == 1
    assert OwnEntry.objects.get().given_at is None
    assert not PartyMembership.objects.exists()


def test_a_chief_who_is_secretary_too_does_not_write_down_a_colleague_of_another_street(cast: Cast) -> None:
    appoint_post(
        user=cast.people["chief"], role=Role.SECRETARY, area=cast.areas["next_community"], actor=SYSTEM, at=cast.at
    )
    with pytest.raises(NotYours):
        join_on_paper(user=cast.people["next_chief"], told=FULL, has_paper=True, actor=cast.actor("chief"), at=cast.at)
