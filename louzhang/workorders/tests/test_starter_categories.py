"""The starter categories: enough of them, no two alike, and every matter of the field has its place."""

import pytest

from louzhang.journal.actor import SYSTEM
from louzhang.journal.models import Event
from louzhang.workorders.actions import load_starter_categories
from louzhang.workorders.models import Category, Handling
from louzhang.workorders.starter import starter_groups
from tests.cast import MORNING

LEAVES = {leaf.code: leaf for group in starter_groups() for leaf in group.leaves}

# What comes up in a community, in the words people use, and the category it has to find.
MATTERS = {
    "水管漏水": "pipe-leak",
    "水管爆管": "pipe-leak",
    "下水道堵塞": "drain-blocked",
    "楼道灯": "stairwell-lamp",
    "路灯": "street-lamp",
    "外墙瓷砖脱落": "wall-tiles",
    "台阶破损": "broken-steps",
    "泥泞土路": "mud-road",
    "枯树": "dead-tree",
    "绿化": "greenery",
    "健身器材": "fitness-gear",
    "楼上噪声": "noise-above",
    "邻居纠纷": "neighbour-dispute",
    "油烟": "cooking-fumes",
    "占道摆摊": "stalls",
    "店外货物": "goods-outside",
    "招牌": "signboard",
    "没有执照": "no-licence",
    "垃圾": "litter",
    "大件废旧家具": "bulky-rubbish",
    "停车": "parking",
    "陌生车辆": "unknown-vehicle",
    "暖气不热": "heating",
    "停水": "water-cut",
    "停电": "power-cut",
    "诈骗": "fraud-call",
    "公益诉讼线索": "prosecutor-clue",
    "医保": "medical-insurance",
    "养老金资格认证": "pension-check",
    "找工作": "jobs",
    "贷款": "loans",
    "独居敲门没人应": "no-answer",
    "家里有病人": "illness-at-home",
    "投诉楼长": "complaint-holder",
    "投诉物业": "complaint-property",
    "投诉部门": "complaint-department",
}

URGENT = {"gas-leak", "trapped-in-lift", "fire-danger", "no-answer", "violence-at-home", "harm-to-child"}


def test_there_are_at_least_twelve_groups_of_six():
    groups = starter_groups()
    assert len(groups) >= 12
    assert min(len(group.leaves) for group in groups) >= 6


def test_no_two_leaves_share_their_letters_or_code():
    leaves = [leaf for group in starter_groups() for leaf in group.leaves]
    assert len({leaf.letters for leaf in leaves}) == len(leaves) == len(LEAVES)
    assert all(len(leaf.letters) == 2 and leaf.letters.isascii() and leaf.letters.islower() for leaf in leaves)


@pytest.mark.parametrize(("matter", "code"), MATTERS.items())
def test_every_matter_of_the_field_finds_its_category_by_the_words_people_use(matter, code):
    said = {code: sum(word in matter for word in leaf.keywords.split()) for code, leaf in LEAVES.items()}
    assert said[code] == max(said.values()) > 0


def test_danger_to_life_is_urgent_and_complaints_and_guarded_matters_find_their_own_way():
    assert {code for code in URGENT if not LEAVES[code].urgent} == set()
    by_group = {group.code: {leaf.handling for leaf in group.leaves} for group in starter_groups()}
    assert by_group.pop("complaints") == {Handling.COMPLAINT}
    assert by_group.pop("protection") == {Handling.GUARDED}
    assert set.union(*by_group.values()) == {Handling.PLAIN}


def test_a_photo_is_forced_only_where_a_sentence_says_why():
    forced = [leaf for leaf in LEAVES.values() if leaf.photo_reason]
    assert 0 < len(forced) <= 5
    assert all(leaf.photo_reason.endswith("。") for leaf in forced)


def test_questions_have_a_key_a_label_and_choices_where_they_are_choices():
    for leaf in LEAVES.values():
        for question in leaf.questions:
            assert set(question) >= {"key", "label", "kind", "required"}
            assert (question["kind"] == "choice") == bool(question.get("choices"))


@pytest.mark.django_db
class TestLoading:
    def test_every_category_comes_with_its_event(self):
        made = load_starter_categories(actor=SYSTEM, at=MORNING)
        assert made == Category.objects.count() == len(LEAVES) + len(starter_groups())
        assert Event.objects.filter(subject_kind="category", verb="add").count() == made
        assert Category.objects.filter(code="pipe-leak", parent__code="homes-and-pipes").exists()

    def test_loading_twice_adds_nothing_and_brings_nothing_back(self):
        load_starter_categories(actor=SYSTEM, at=MORNING)
        Category.objects.filter(code="praise").update(ended_at=MORNING)
        assert load_starter_categories(actor=SYSTEM, at=MORNING) == 0
        assert Category.objects.get(code="praise").ended_at == MORNING

    def test_letters_the_district_gave_to_another_category_stay_with_it(self):
        own = Category.objects.create(code="own", name="本区自设", letters="ls")
        load_starter_categories(actor=SYSTEM, at=MORNING)
        assert Category.objects.get(code="pipe-leak").letters == ""
        assert Category.objects.get(pk=own.pk).letters == "ls"
