"""我的任职: each reads the own term, duties, training, figures and honours on one page, and nobody else's."""

from __future__ import annotations

import re

import pytest
import time_machine
from django.urls import reverse

from louzhang.areas.actions import name_stand_in
from louzhang.journal.actor import SYSTEM
from louzhang.roster.actions.appraisal import object_to_figure, publish_month
from louzhang.roster.tests.appraisal_course import AFTER, begun
from tests.cast import browser_as


def test_a_chief_reads_the_own_term_and_stand_in(cast):
    name_stand_in(post=cast.posts["chief"], stand_in=cast.people["next_chief"], actor=SYSTEM, at=cast.at)
    text = browser_as(cast, "chief").get(reverse("me:mine")).content.decode()
    assert "12号楼" in text
    assert f"替岗人：{cast.people['next_chief'].name}" in text
    assert "还没有算过" in text
    assert "没有欠的培训" in text


def test_whoever_works_in_an_office_has_the_page_too_and_lends_no_post_there(cast):
    text = browser_as(cast, "secretary").get(reverse("me:mine")).content.decode()
    assert "彩虹社区" in text
    assert "请假和替岗" not in text


def test_a_resident_has_no_such_page(cast):
    assert browser_as(cast, "resident").get(reverse("me:mine")).status_code == 403
    assert browser_as(cast).get(reverse("me:mine")).status_code == 302


def test_the_page_stands_on_the_first_page_of_the_field(cast):
    assert reverse("me:mine") in browser_as(cast, "chief").get(reverse("field:today")).content.decode()


def test_a_chief_reads_figures_a_tracked_objection_a_review_and_being_commended(cast):
    course = begun(cast)
    course.on_spot("chief", 2)
    at, day = cast.at + AFTER, {"at": cast.at + AFTER}
    standing = course.compute()["chief"]
    publish_month(
        month_id=course.month.pk, commended=[standing.user_id], actor=cast.actor("desk", at), at=at,
        seen_digest=course.month.figures_digest,
    )  # fmt: skip
    objection = object_to_figure(
        standing_uid=standing.uid, kind="orders_in_time", words="那件不是我接的。", actor=cast.actor("chief", at), at=at
    )
    with time_machine.travel(at, tick=False):
        chief = browser_as(cast, "chief", **day)
        text = chief.get(reverse("me:mine")).content.decode()
        rows = reverse("appraisal:rows", args=[standing.uid, "orders_in_time"])
        assert "表扬" in text
        assert rows in text
        assert reverse("appraisal:objection", args=[objection.uid]) in text
        assert "不到 5 位，不显示" in text
        assert "有异议" in chief.get(rows).content.decode()
        assert "有异议" not in browser_as(cast, "desk", **day).get(rows).content.decode()
        assert browser_as(cast, "next_chief", **day).get(rows).status_code == 404


@pytest.mark.parametrize("key", ["chief", "stairwell_head", "grid_worker", "secretary", "street"])
def test_every_line_of_the_page_opens_for_who_reads_it(cast, key):
    begun(cast).compute()
    reader = browser_as(cast, key)
    main = reader.get(reverse("me:mine")).content.decode().split("<main", 1)[1].split("</main>", 1)[0]
    found = set(re.findall(r'href="(/[^"#]*)"', main))
    assert found, "a page without a line would prove nothing"
    assert {link: reader.get(link).status_code for link in found} == dict.fromkeys(found, 200)
