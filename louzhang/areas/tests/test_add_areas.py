"""Adding many areas at once: the tree stays sound, the chain whole, and nothing is stored by half."""

import pytest

from louzhang.areas.actions import NewArea, add_area, add_areas
from louzhang.areas.models import Area, AreaLevel, LevelKind, Unit
from louzhang.journal.actor import SYSTEM
from louzhang.journal.models import Event
from louzhang.journal.refusals import Conflict, InputRefused
from tests.cast import make_cast

pytestmark = pytest.mark.django_db

SQUARE = {"type": "Polygon", "coordinates": [[[123.7, 41.3], [123.8, 41.3], [123.8, 41.4], [123.7, 41.3]]]}


@pytest.fixture
def cast():
    return make_cast()


def new(code, kind, parent_code, **more):
    return NewArea(code=code, name=more.pop("name", f"地点{code}"), kind=kind, parent_code=parent_code, **more)


def add(cast, *areas):
    return add_areas(areas=areas, actor=SYSTEM, at=cast.at)


def problems():
    return [found for found in Area.objects.find_problems() if found]


def test_many_areas_join_the_tree_below_old_and_new_parents(cast):
    add(
        cast,
        new("C9", LevelKind.COMMUNITY, "S1", name="新社区", outline=SQUARE),
        new("G91", LevelKind.GRID, "C9"),
        new("G92", LevelKind.GRID, "C9"),
        new("G3b", LevelKind.GRID, "C1"),
    )
    assert problems() == []
    community = Area.objects.get(code="C9")
    assert Area.objects.get_parent(community) == cast.areas["street"]
    assert [child.code for child in Area.objects.get_children(community)] == ["G91", "G92"]
    assert [child.code for child in Area.objects.get_children(Area.objects.get(code="C1"))] == ["G1", "G2", "G3b"]


def test_the_next_single_area_finds_its_place_after_the_many(cast):
    add(cast, *[new(f"G9{n:02d}", LevelKind.GRID, "C1") for n in range(40)])
    level = AreaLevel.objects.get(kind=LevelKind.GRID)
    add_area(parent=cast.areas["community"], level=level, name="后来", code="G999", actor=SYSTEM, at=cast.at)
    assert problems() == []
    assert Area.objects.get(code="C1").numchild == 43


def test_every_area_has_the_event_and_chain_it_would_have_had_alone(cast):
    (many,) = add(cast, new("G91", LevelKind.GRID, "C1", name="甲"))
    level = AreaLevel.objects.get(kind=LevelKind.GRID)
    alone = add_area(parent=cast.areas["community"], level=level, name="甲", code="G92", actor=SYSTEM, at=cast.at)
    first, second = (Event.objects.get(subject_kind="area", subject_id=area.pk) for area in (many, alone))
    assert first.payload == second.payload | {"code": "G91"}
    assert first.area_ids[:-1] == second.area_ids[:-1]
    assert (first.verb, first.audience, first.seq) == (second.verb, second.audience, second.seq)
    stored = Area.objects.get(pk=many.pk)
    assert (stored.chain_seq, bytes(stored.chain_head)) == (1, bytes(first.hash))


def test_offices_come_with_their_areas_and_namesakes_carry_the_parents_name(cast):
    add(cast, new("C8", LevelKind.COMMUNITY, "S2", name="彩虹社区"), new("G81", LevelKind.GRID, "C8"))
    offices = Unit.objects.filter(office_area__code__in=["C1", "C8", "G81"]).values_list("name", flat=True)
    assert sorted(offices) == ["彩虹社区居委会", "西岭街道彩虹社区居委会"]


@pytest.mark.parametrize(
    ("areas", "refusal", "sentence"),
    [
        ([new("G91", LevelKind.GRID, "C1"), new("G91", LevelKind.GRID, "C2")], Conflict, "G91 已经在用"),
        ([new("G91", LevelKind.GRID, "C1"), new("G1", LevelKind.GRID, "C2")], Conflict, "G1 已经在用"),
        ([new("G91", LevelKind.GRID, "C1"), new("X", LevelKind.GRID, "NONE")], InputRefused, "NONE"),
        ([new("G91", LevelKind.GRID, "C1"), new("X", LevelKind.STREET, "C1")], InputRefused, "不能放在"),
        ([new("G91", LevelKind.GRID, "C1"), new("X", LevelKind.GRID, "C1", name=" ")], InputRefused, "名称"),
        ([new("G91", LevelKind.GRID, "C1", outline={"type": "Point"})], InputRefused, "边界"),
    ],
)
def test_one_wrong_area_and_none_is_stored(cast, areas, refusal, sentence):
    before = Area.objects.count(), Event.objects.count()
    with pytest.raises(refusal, match=sentence):
        add(cast, *areas)
    assert (Area.objects.count(), Event.objects.count()) == before
    assert problems() == []


def test_nothing_is_hung_below_an_area_that_has_ended(cast):
    Area.objects.filter(code="G2").update(ended_at=cast.at)
    with pytest.raises(InputRefused, match="G2"):
        add(cast, new("B9", LevelKind.BUILDING, "G2"))
