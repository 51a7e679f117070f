"""The studio of R5 at its real size: a senior secretary, ten apprentices, nine of whom lead five each."""

from __future__ import annotations

import pytest
from django.urls import reverse

from louzhang.accounts.actions import register_person
from louzhang.accounts.models import User
from louzhang.areas.actions import appoint_post
from louzhang.areas.queries import actor_for
from louzhang.areas.roles import Role
from louzhang.journal.actions.reading import read_new_events
from louzhang.journal.actor import SYSTEM
from louzhang.journal.refusals import Conflict, InputRefused, NotYours
from louzhang.journal.verifying import prove_journal
from louzhang.kit import clock
from louzhang.kit.tables import read_table
from louzhang.notices.models import Notice
from louzhang.roster.actions.training.studios import StudioDraft, found_studio, hand_studio, join_studio, leave_studio
from louzhang.roster.models.training import Studio, StudioMember
from louzhang.roster.queries.training import people
from louzhang.roster.queries.training.studios import people_to_join, studio_tree
from louzhang.roster.tests.training_scene import everybody
from tests.cast import browser_as, make_cast

PLACES = ("community", "other_community", "other_street")


@pytest.fixture
def cast(db):
    return make_cast(clock.now())


@pytest.fixture
def staff(cast):
    """Give so many further people of the offices of three communities, in two streets."""
    made: list[User] = []

    def some(count):
        for _ in range(count):
            number = len(made)
            person = register_person(name=f"书记{number:02d}", phone=f"1380000{number:04d}", actor=SYSTEM, at=cast.at)
            where = PLACES[number % len(PLACES)]
            appoint_post(user=person, role=Role.OFFICE_STAFF, area=cast.areas[where], actor=SYSTEM, at=cast.at)
            made.append(person)
        return made[-count:]

    return some


@pytest.fixture
def tree(cast, staff):
    """Ten learn from the secretary; nine of them lead a studio each, founded by the district, with five."""
    commander, master = cast.actor("commander"), cast.people["secretary"]
    draft = StudioDraft("老书记工作室", master, "带年轻书记")
    top = found_studio(area=cast.areas["district"], draft=draft, actor=commander, at=cast.at)
    apprentices = staff(10)
    for person in apprentices:
        join_studio(uid=top.uid, user=person, actor=cast.actor("secretary"), at=cast.at)
    for person in apprentices[:9]:
        own = StudioDraft(f"{person.name}工作室", person)
        below = found_studio(area=cast.areas["district"], draft=own, actor=commander, at=cast.at)
        for learner in staff(5):
            join_studio(uid=below.uid, user=learner, actor=actor_for(person, cast.at), at=cast.at)
    return top


def test_one_teaches_ten_nine_of_whom_teach_five_each(cast, tree):
    (branch,) = studio_tree(cast.actor("commander"), clock.local_date(cast.at))
    assert (branch.studio, len(branch.members), len(branch.below), branch.people) == (tree, 10, 9, 55)
    assert {len(each.members) for each in branch.below} == {5}
    assert [row.user.name for row in branch.learning_only] == ["书记09"], "the others stand below with their own"


def test_the_page_shows_the_whole_tree_in_few_statements_on_paper_and_in_a_workbook(
    cast, tree, tmp_path, django_assert_max_num_queries
):
    desk = browser_as(cast, "commander")
    desk.get(reverse("training:studios"))
    for name in ("studios", "studio_sheet"):
        with django_assert_max_num_queries(12):
            shown = desk.get(reverse(f"training:{name}")).content.decode()
        assert all(person.name in shown for person in cast_of(tree)), name
        assert "一共 55 人" in shown
    book = tmp_path / "tree.xlsx"
    book.write_bytes(desk.get(reverse("training:studio_file")).content)
    rows = [row.cells for row in read_table(book)]
    assert len(rows) == 55
    assert (rows[0]["工作室"], rows[0]["上一级工作室"]) == ("老书记工作室", "")
    assert {row["上一级工作室"] for row in rows[10:]} == {"老书记工作室"}


def cast_of(top):
    """Everybody who learns in the studio and in those below it."""
    rows = StudioMember.objects.select_related("user")
    assert rows.filter(studio=top).count() == 10
    return [row.user for row in rows]


def test_who_leads_sees_the_studios_of_those_who_learn_there_and_not_any_more_once_they_have_left(cast, staff):
    first, second = staff(2)
    top = found_studio(area=cast.areas["community"], draft=StudioDraft("甲", cast.people["chief"]),
                       actor=cast.actor("desk"), at=cast.at)  # fmt: skip
    member = join_studio(uid=top.uid, user=first, actor=cast.actor("chief"), at=cast.at)
    appoint_post(user=first, role=Role.OFFICE_STAFF, area=cast.areas["other_street"], actor=SYSTEM, at=cast.at)
    below = found_studio(area=cast.areas["other_street"], draft=StudioDraft("乙", first),
                         actor=cast.actor("stranger_street"), at=cast.at)  # fmt: skip

    def seen():
        return {key for key, actor in everybody(cast).items() if below in Studio.objects.visible_to(actor)}

    assert seen() == {"chief", "commander", "stranger_street", "stranger_desk", "stranger_chief"}
    leave_studio(uid=top.uid, member_id=member.pk, actor=cast.actor("chief"), at=cast.at)
    assert "chief" not in seen()
    assert second not in {member.user for member in StudioMember.objects.all()}


def test_somebody_beyond_the_end_of_a_long_list_may_still_join(cast, tree, monkeypatch):
    monkeypatch.setattr(people, "PEOPLE_AT_MOST", 3)
    offered = {person.pk for person, _ in people_to_join(cast.actor("commander"), None, cast.at)}
    late = cast.people["stranger_chief"]
    assert late.pk not in offered
    join_studio(uid=tree.uid, user=late, actor=cast.actor("commander"), at=cast.at)


def test_another_leads_on_with_the_same_members_and_who_learns_below_does_not(cast, tree):
    commander = cast.actor("commander")
    first = StudioMember.objects.filter(studio=tree).order_by("pk")[0].user
    last = StudioMember.objects.filter(studio=tree).order_by("-pk")[0].user
    learner = StudioMember.objects.filter(studio__lead=first)[0]
    hand = {"uid": tree.uid, "actor": commander, "at": cast.at}
    with pytest.raises(InputRefused, match="反过来"):
        hand_studio(lead=learner.user, **hand)
    with pytest.raises(Conflict, match="已经带着"):
        hand_studio(lead=first, **hand)
    with pytest.raises(NotYours):
        hand_studio(**hand | {"actor": cast.actor("desk"), "lead": last})
    assert hand_studio(lead=last, **hand).lead == last
    (branch,) = studio_tree(commander, clock.local_date(cast.at))
    assert (len(branch.members), branch.people) == (9, 54), "who leads learns there no more"
    read_new_events(at=cast.at)
    assert Notice.objects.filter(user=last, title="请您来带工作室：老书记工作室").exists()
    assert prove_journal().chains
    page = browser_as(cast, "commander")
    url = reverse("training:studio_hand", args=[tree.uid])
    assert page.post(url, {"lead": cast.people["secretary"].pk}).status_code == 302
    assert "演示书记带" in page.get(reverse("training:studio", args=[tree.uid])).content.decode()
