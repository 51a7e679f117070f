"""合并: one person entered twice becomes one row, and both rows again when that was wrong.

The row that stays keeps everything it has. It takes over what the other has and it lacks, and the other's stays up
to the day where they overlap its own; one that overlaps from its first day is laid away, cut to nothing. Bindings of
both rows end (`rebinding`). A `Merge` writes down all of it, so that undoing brings exactly both rows back.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from louzhang.journal.actor import Actor
from louzhang.journal.refusals import Conflict, NotThere
from louzhang.kit import clock
from louzhang.register import following
from louzhang.register.actions.keeping import tell
from louzhang.register.actions.rebinding import bring_back, end_bindings
from louzhang.register.actions.stays import end_if_left, standing
from louzhang.register.models import Apart, Binding, Household, Merge, Registration, Resident, Stay
from louzhang.register.models.care import CareTag, EmergencyUse
from louzhang.register.models.consents import Consent
from louzhang.register.models.rights import RightsRequest
from louzhang.register.models.shelters import Shelter

# Tables whose rows go with the person, beside those of other parts (`register.following`); every other key to a
# resident is named in the test that reads all of them.
FOLLOWING: tuple[type[Any], ...] = (Consent, CareTag, EmergencyUse, RightsRequest, Shelter)
# Those that end with a merge instead.
ENDING: tuple[type[Any], ...] = (Binding,)
WARDS, STANDING = "consents_for_others", "shelters_of_into"
PERIODS: tuple[type[Any], ...] = (Stay, Registration)
SEALED = ("id_number", "phone", "birth_date")
PLAIN = ("sex", "birth_year")
Period = tuple[date, date | None]
Days = list[str | None]
COLUMNS = {
    "id_number": ("id_number_sealed", "id_index"),
    "phone": ("phone_sealed", "phone_index"),
    "birth_date": ("birth_date_sealed",),
    "sex": ("sex",),
    "birth_year": ("birth_year",),
}


def merge_residents(*, resident_id: int, into_id: int, actor: Actor, at: datetime) -> Merge:
    """Merge one row into another that is the same person; both lie where the actor keeps the register.

    Raises `NotThere`, `NotYours`, `Conflict` for one row, for a person who died, for a row merged before, for two ID
    numbers that differ: those are two people; for one who decides for the other, and where a request about own data
    waits for its answer, since whoever asked it asked about one row.
    """
    if resident_id == into_id:
        raise Conflict("这是同一条登记，不用合并。请选两条不同的登记。")
    with transaction.atomic():
        _lock_homes(resident_id)
        rows = {pk: standing(pk, actor) for pk in sorted((resident_id, into_id))}
        gone, kept = rows[resident_id], rows[into_id]
        _refuse_two_people(gone, kept)
        _refuse_unanswered(gone, kept)
        merge = Merge(resident=gone, into=kept, area_before_id=kept.area_id, merged_at=at)
        gone.ended_at, gone.merged_into = at, kept
        facts = {"into": kept.pk}
        tell(gone, "merge", area_id=gone.area_id, actor=actor, at=at, payload=facts, save=("ended_at", "merged_into"))
        end_bindings(merge, actor, at)
        _hand_over(merge, actor, at)
        filled = _fill(merge)
        gathered = {"from": gone.pk, "filled": merge.filled}
        tell(kept, "gather", area_id=kept.area_id, actor=actor, at=at, payload=gathered, save=("area", *filled))
        merge.save(force_insert=True)
    return merge


def _lock_homes(resident_id: int) -> None:
    """Lock the household the row lives in now, before the row: it may be left by its last person."""
    living = Stay.objects.filter(resident=resident_id, ends_on=None).values("household_id")
    list(Household.objects.filter(pk__in=living).order_by("pk").select_for_update(no_key=True, of=("self",)))


def _refuse_two_people(gone: Resident, kept: Resident) -> None:
    if gone.id_index and kept.id_index and gone.id_index != kept.id_index:
        raise Conflict("两条登记的证件号码不同，不是同一个人。号码登错了，请先更正，再合并。")
    pair = (gone.pk, kept.pk)
    if Consent.objects.filter(resident__in=pair, guardian__in=pair).exists():
        raise Conflict("一条登记的人是另一条登记的监护人，不是同一个人。监护人选错了，请先撤回那份同意，再合并。")


def _refuse_unanswered(gone: Resident, kept: Resident) -> None:
    if RightsRequest.objects.filter(resident__in=(gone.pk, kept.pk)).open().exists():
        raise Conflict("有一条登记的本人请求还没有答复，请先在“本人请求”里答复，再合并。")


def _hand_over(merge: Merge, actor: Actor, at: datetime) -> None:
    """Give the row that stays what belongs to the person, as far as periods allow."""
    gone, kept = merge.resident, merge.into
    merge.moved[STANDING] = list(Shelter.objects.filter(resident=kept, ended_at=None).values_list("pk", flat=True))
    try:
        with transaction.atomic():
            for table in (*FOLLOWING, *following.tables()):
                for row in table.objects.filter(resident=gone).order_by("pk"):
                    _move(merge, table, row, _days(row))
            _hand_over_wards(merge)
    except IntegrityError:
        raise Conflict("两条登记里有同样的关照、同意、保护或荣誉，请先在其中一条上结束它，再合并。") from None
    for table in PERIODS:
        own = [(row.starts_on, row.ends_on) for row in table.objects.filter(resident=kept)]
        for row in table.objects.filter(resident=gone).order_by("pk"):
            _hand_over_period(merge, table, row, own)
    _leave_home(merge, actor, at)
    home = Stay.objects.filter(resident=kept, ends_on=None).select_related("household__dwelling__area").first()
    if home is not None:
        kept.area = home.household.dwelling.area


def _hand_over_wards(merge: Merge) -> None:
    """Whoever decides for somebody goes on doing so."""
    given = Consent.objects.filter(guardian=merge.resident).order_by("pk")
    merge.moved[WARDS] = [consent.pk for consent in given]
    given.update(guardian=merge.into)


def _hand_over_period(merge: Merge, table: type[Any], row: Any, own: Sequence[Period]) -> None:
    """Hand a row over up to the first day that is taken; lay it away where that is its first day."""
    before = _days(row)
    taken = [period[0] for period in own if _overlap((row.starts_on, row.ends_on), period)]
    if not taken:
        _move(merge, table, row, before)
        return
    row.ends_on = max(row.starts_on, min(taken))
    if row.ends_on > row.starts_on:
        _move(merge, table, row, before)
        return
    row.save(update_fields=["ends_on"])
    merge.laid_away.setdefault(table._meta.model_name, {})[str(row.pk)] = before


def _overlap(one: Period, other: Period) -> bool:
    """Whether two periods share a day; an empty one shares none."""
    if one[0] == one[1] or other[0] == other[1]:
        return False
    starts_before_end = one[1] is None or other[0] < one[1]
    return starts_before_end and (other[1] is None or one[0] < other[1])


def _move(merge: Merge, table: type[Any], row: Any, before: Days) -> None:
    row.resident = merge.into
    row.save(update_fields=["resident", *(["ends_on"] if table in PERIODS else [])])
    merge.moved.setdefault(table._meta.model_name, {})[str(row.pk)] = {"was": before, "left": _days(row)}


def _days(row: Any) -> Days:
    """The days of a stay or registration; of other rows none that a merge changes."""
    if not isinstance(row, PERIODS):
        return [None, None]
    return [row.starts_on.isoformat(), row.ends_on.isoformat() if row.ends_on else None]


def _leave_home(merge: Merge, actor: Actor, at: datetime) -> None:
    """A household whose last stay was laid away has nobody any more: it ends."""
    laid = list(merge.laid_away.get("stay", {}).items())
    cut = [(pk, days["was"]) for pk, days in merge.moved.get("stay", {}).items() if days["was"] != days["left"]]
    left = [int(pk) for pk, (_, until) in (*laid, *cut) if until is None]
    for household in Household.objects.filter(stays__in=left, ends_on=None).select_related("dwelling").distinct():
        day = max(clock.local_date(at), household.starts_on)
        if end_if_left(household, day, actor, at, reason="登记重复，已合并。"):
            merge.ended_household = household


def _fill(merge: Merge) -> list[str]:
    """Take over what the row that stays lacks; gives the columns to save."""
    gone, kept = merge.resident, merge.into
    for name in PLAIN:
        if not getattr(kept, name) and getattr(gone, name):
            setattr(kept, name, getattr(gone, name))
            merge.filled.append(name)
    for name in SEALED:
        if getattr(gone, f"{name}_sealed") and not getattr(kept, f"{name}_sealed") and _fits(name, gone, kept):
            kept.seal(**{name: gone.open_field(name)})
            merge.filled.append(name)
    return [column for name in merge.filled for column in COLUMNS[name]]


def _fits(name: str, gone: Resident, kept: Resident) -> bool:
    """A birth date of another year would change the year that is known."""
    return name != "birth_date" or gone.birth_year == kept.birth_year


def undo_merge(*, merge_id: int, actor: Actor, at: datetime) -> Merge:
    """Bring exactly both rows back.

    Raises `NotThere`, `Conflict` where it was undone before, where the person moved or died since, or where the
    home that ended by it is needed otherwise now.
    """
    with transaction.atomic():
        merge = _standing_merge(merge_id, actor)
        household = _locked_household(merge)
        ids = sorted((merge.resident_id, merge.into_id))
        rows = Resident.objects.kept_by(actor).filter(pk__in=ids).order_by("pk")
        found = {row.pk: row for row in rows.select_for_update(no_key=True, of=("self",))}
        if len(found) < len(ids):
            raise NotThere("没有找到这次合并，或它不在您负责的范围内。")
        merge.resident, merge.into = found[merge.resident_id], found[merge.into_id]
        if merge.into.ended_at is not None or merge.into.died_on is not None:
            raise Conflict("合并后的登记又并入了别的登记或已登记去世，不能撤销。请先撤销后来的那一步。")
        _refuse_shielded_since(merge)
        try:
            with transaction.atomic():
                _take_apart(merge, household, actor, at)
        except IntegrityError:
            raise Conflict("合并以后那一户或证件号又登记过别的，撤销会重叠。请先把后来登记的改好，再撤销。") from None
    return merge


def _refuse_shielded_since(merge: Merge) -> None:
    """Taken apart, the row that comes back would lie open beside the one a later order shields."""
    before = [*merge.moved.get(STANDING, []), *(int(pk) for pk in merge.moved.get("shelter", {}))]
    if Shelter.objects.filter(resident_id=merge.into_id, ended_at=None).exclude(pk__in=before).exists():
        raise Conflict("合并以后登记了住址保密，拆开会露出住址。保护期结束以后再撤销合并。")


def _standing_merge(merge_id: int, actor: Actor) -> Merge:
    rows = Merge.objects.visible_to(actor).filter(pk=merge_id)
    merge: Merge | None = rows.select_for_update(no_key=True, of=("self",)).first()
    if merge is None:
        raise NotThere("没有找到这次合并，或它不在您负责的范围内。")
    if merge.undone_at is not None:
        raise Conflict("这次合并已经撤销过了。")
    return merge


def _locked_household(merge: Merge) -> Household | None:
    if merge.ended_household_id is None:
        return None
    rows = Household.objects.filter(pk=merge.ended_household_id).select_related("dwelling")
    household = rows.select_for_update(no_key=True, of=("self",)).get()
    if household.dwelling.ended_at is not None or household.dwelling.vacant_since is not None:
        raise Conflict("合并以后那套房登记了空置或注销，不能直接撤销。请先把房屋改好，再撤销。")
    return household


def _take_apart(merge: Merge, household: Household | None, actor: Actor, at: datetime) -> None:
    gone, kept = merge.resident, merge.into
    emptied = _empty(merge)
    for table in (*PERIODS, *FOLLOWING, *following.tables(), *ENDING):  # merges of old handed bindings over
        _give_back(merge, table)
    Consent.objects.filter(pk__in=merge.moved.get(WARDS, []), guardian=kept).update(guardian=gone)
    bring_back(merge, actor, at)
    if household is not None:
        household.ends_on = None
        area_id = household.dwelling.area_id
        tell(household, "reopen", area_id=area_id, actor=actor, at=at, payload={"merge": merge.pk}, save=("ends_on",))
    if merge.area_before_id != kept.area_id:
        kept.area_id = merge.area_before_id
    facts = {"from": gone.pk, "emptied": merge.filled}
    tell(kept, "split_off", area_id=kept.area_id, actor=actor, at=at, payload=facts, save=("area", *emptied))
    gone.ended_at, gone.merged_into = None, None
    facts = {"into": kept.pk}
    tell(gone, "unmerge", area_id=gone.area_id, actor=actor, at=at, payload=facts, save=("ended_at", "merged_into"))
    merge.undone_at = at
    merge.save(update_fields=["undone_at"])


def _empty(merge: Merge) -> list[str]:
    """Take away again what was taken over and has not been corrected since; gives the columns to save."""
    gone, kept = merge.resident, merge.into
    saved: list[str] = []
    for name in merge.filled:
        is_sealed = name in SEALED
        same = (
            kept.open_field(name) == gone.open_field(name) if is_sealed else getattr(kept, name) == getattr(gone, name)
        )
        if not same:
            continue
        if is_sealed:
            kept.seal(**{name: ""})
        else:
            setattr(kept, name, None if name == "birth_year" else "")
        saved += COLUMNS[name]
    return saved


def _give_back(merge: Merge, table: type[Any]) -> None:
    """Return the rows of a table as they were; raises `Conflict` for one that changed since."""
    name = table._meta.model_name
    moved, laid = merge.moved.get(name, {}), merge.laid_away.get(name, {}) if table in PERIODS else {}
    rows = {str(row.pk): row for row in table.objects.filter(pk__in=[int(pk) for pk in (*moved, *laid)])}
    for pk, days in moved.items():
        if rows[pk].resident_id is None:  # forgotten since: it names nobody any more
            continue
        if rows[pk].resident_id != merge.into_id or _days(rows[pk]) != days["left"]:
            raise Conflict("合并以后这个人的住处或户籍又改过，不能直接撤销。请先把后来的改动改回去。")
        _restore(rows[pk], days["was"], merge.resident_id)
    for pk, days in laid.items():
        _restore(rows[pk], days, merge.resident_id)


def _restore(row: Any, days: Days, resident_id: int) -> None:
    row.resident_id = resident_id
    if isinstance(row, PERIODS):
        row.ends_on = date.fromisoformat(days[1]) if days[1] else None
    row.save(update_fields=["resident_id", *(["ends_on"] if isinstance(row, PERIODS) else [])])


def tell_apart(*, first_id: int, second_id: int, actor: Actor, at: datetime) -> Apart:
    """Note that two rows that are alike are two people, so that they are not proposed again."""
    low, high = sorted((first_id, second_id))
    with transaction.atomic():
        for pk in (low, high):
            standing(pk, actor)
        apart, _ = Apart.objects.get_or_create(first_id=low, second_id=high, defaults={"said_at": at})
    return apart
