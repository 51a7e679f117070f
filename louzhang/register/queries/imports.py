"""Reads of imports: the batches of an office, and what a community's register holds as far as an import asks."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Max

from louzhang.areas.models import RANKS, Area, LevelKind
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import NotThere
from louzhang.kit.writing import among
from louzhang.register.imports.doors import building_key, folded, stairwell_key
from louzhang.register.imports.standing import Family, Home, Leaf, Person, Standing
from louzhang.register.models import Dwelling, DwellingKind, Household, ImportBatch, Resident, Stay
from louzhang.register.models.imports import importing_areas
from louzhang.register.models.shelters import sheltered, sheltered_homes

LISTED = 50
ASKED_AT_ONCE = 5_000
BUILDING_RANK = RANKS[LevelKind.BUILDING]
# How communities say what the kinds that ship say; a district's own kinds are known by their names.
KIND_WORDS = {
    "own": ("自住", "自有", "自住房", "自有住房", "自用"),
    "long_let": ("出租", "长租", "租住", "出租房", "租赁", "承租"),
    "short_let": ("短租", "民宿", "日租"),
    "public": ("公房", "公租房", "廉租房", "直管公房"),
    "shop": ("商铺", "门面", "店铺", "门市", "商用", "底商"),
    "store": ("库房", "仓库", "储藏室", "车库"),
}


def recent_imports(actor: Actor) -> list[ImportBatch]:
    """The latest imports of the communities one works for."""
    return list(ImportBatch.objects.visible_to(actor).select_related("area", "user").order_by("-pk")[:LISTED])


def find_import(actor: Actor, uid: UUID) -> ImportBatch:
    """One import; raises `NotThere` out of scope."""
    rows = ImportBatch.objects.visible_to(actor).with_ties(actor).filter(uid=uid)
    batch = rows.select_related("area__level", "user", "confirmed_by", "progress").first()
    if batch is None:
        raise NotThere("没有找到这次导入，或它不在您的社区。")
    return batch


def importing_places(actor: Actor) -> list[Area]:
    """The communities one may carry files into."""
    return list(Area.objects.filter(pk__in=importing_areas(actor)).current())


def leaves_within(area: Area) -> list[Leaf]:
    """The places below a community that hold doors."""
    rows = list(Area.objects.within(area.pk).current().select_related("level", "estate").order_by("path"))
    buildings = {row.path: row for row in rows if row.rank == BUILDING_RANK}
    step = Area.steplen
    return [
        _leaf(row, building)
        for row in rows
        if not row.numchild and (building := buildings.get(row.path) or buildings.get(row.path[:-step])) is not None
    ]


def _leaf(area: Area, building: Area) -> Leaf:
    estate = folded(building.estate.name) if building.estate else ""
    stairwell = stairwell_key(area.name) if area.pk != building.pk else ""
    words = building.name + (area.name if area.pk != building.pk else "")
    return Leaf(area.pk, building.pk, building_key(building.name), estate, stairwell, folded(building.name), words)


def standing_of(area: Area, id_indexes: Iterable[str]) -> Standing:
    """What the register of a community holds, and whom these ID numbers belong to anywhere.

    Whom a protection order shields is not in it, whoever brings the file: a plan lies open to the whole office.
    """
    kinds = list(DwellingKind.objects.filter(ended_at=None))
    names = {kind.pk: kind.name for kind in kinds}
    standing = Standing(leaves=leaves_within(area), kinds=_kinds(kinds), kind_names=names)
    leaf_ids = [leaf.area_id for leaf in standing.leaves]
    homes = _homes(standing, leaf_ids)
    families = _families(homes, leaf_ids)
    _people(standing, families, leaf_ids)
    asked = [index for index in id_indexes if index and index not in standing.people]
    for start in range(0, len(asked), ASKED_AT_ONCE):
        _people_elsewhere(standing, asked[start : start + ASKED_AT_ONCE], leaf_ids)
    return standing


def _kinds(kinds: list[DwellingKind]) -> dict[str, int]:
    known = {word: kind.pk for kind in kinds for word in KIND_WORDS.get(kind.code, ())}
    return known | {kind.name: kind.pk for kind in kinds}


def _homes(standing: Standing, leaf_ids: list[int]) -> dict[int, Home]:
    columns = ("pk", "area_id", "door", "kind_id", "vacant_since")
    rows = Dwelling.objects.current().filter(area_id__in=leaf_ids).values_list(*columns)
    homes = {}
    for pk, area_id, door, kind_id, vacant_since in rows.iterator(chunk_size=ASKED_AT_ONCE):
        homes[pk] = standing.homes[area_id, door] = Home(pk, kind_id, vacant_since is not None)
    return homes


def _families(homes: dict[int, Home], leaf_ids: list[int]) -> dict[int, Family]:
    rows = Household.objects.filter(ends_on=None, dwelling__area_id__in=leaf_ids).order_by("pk")
    rows = rows.exclude(pk__in=sheltered_homes())
    families = {}
    for pk, dwelling_id, starts_on in rows.values_list("pk", "dwelling_id", "starts_on"):
        families[pk] = Family(pk, starts_on)
        if dwelling_id in homes:
            homes[dwelling_id].families.append(families[pk])
    return families


_PERSON = ("resident_id", "resident__name", "tie", "resident__id_index", "resident__phone_index", "resident__sex",
           "resident__birth_year", "household_id", "starts_on")  # fmt: skip
_NEAR = ("pk", "name", "id_index", "phone_index", "sex", "birth_year", "area_id", "died_on")


def _people(standing: Standing, families: dict[int, Family], leaf_ids: list[int]) -> None:
    rows = Stay.objects.filter(ends_on=None, household__dwelling__area_id__in=leaf_ids).order_by("pk")
    rows = rows.exclude(resident_id__in=sheltered())
    for values in rows.values_list(*_PERSON).iterator(chunk_size=ASKED_AT_ONCE):
        person = Person(*values)
        if person.household_id in families:
            families[person.household_id].people.append(person)
        if person.id_index:
            standing.people[person.id_index] = person


def _people_elsewhere(standing: Standing, indexes: list[str], leaf_ids: list[int]) -> None:
    """Of whom was never here, or is shielded, an import is told only that the number is somebody's."""
    known = Resident.objects.current().exclude(id_index="").filter(id_index__in=among(indexes, "text"))
    here, hidden = set(leaf_ids), set(sheltered())
    rows = list(known.annotate(left_on=Max("stays__ends_on")).values_list(*_NEAR, "left_on"))
    living = Stay.objects.filter(ends_on=None, resident_id__in=among([row[0] for row in rows]))
    elsewhere = set(living.values_list("resident_id", flat=True))
    for pk, name, index, phone, sex, year, area_id, died_on, left_on in rows:
        is_near = area_id in here and pk not in hidden and pk not in elsewhere
        standing.people[index] = Person(
            pk, name, "", index, phone, sex, year, since=left_on, is_near=is_near, is_dead=died_on is not None
        )
