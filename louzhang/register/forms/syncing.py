"""Taking batches of entries from phones: each once, each with a result of its own, nothing dropped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from louzhang.areas.queries.formerly import former_selves
from louzhang.journal.actions import once
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import Conflict, InputRefused, NotThere, NotYours, Refusal, TooLarge
from louzhang.register.actions.entries import LONGEST_AWAY, held_entry, note_entry, said_by, settle_entry, with_photos
from louzhang.register.actions.taken_numbers import NumberTaken, met_numbers_logged, note_met
from louzhang.register.doorstep import (
    CONFLICT,
    DONE,
    ENTRIES_AT_MOST,
    REFUSED,
    Entry,
    EntryKind,
    ManyAtOnce,
    Result,
    kind_of,
    place_of,
)
from louzhang.register.models import DoorEntry, Dwelling, Outcome
from louzhang.register.queries.entries import said_later
from louzhang.register.scope import refuse_looking_only

NO_TIME, FINE = timedelta(0), timedelta(minutes=2)  # what a message may be on its way is no wrong clock
POST_ENDED = "写的时候还归他负责，发到的时候任期已经结束。"
TO_OFFICE = "您的任期已经结束，这一条交给社区核对。"
HELD_WORDS = "两边都改了，两份都留着，请您定一下用哪一份。"


def take_entries(
    entries: Sequence[Entry], *, actor: Actor, at: datetime, sent_at: datetime | None = None
) -> list[Result]:
    """Take a batch, each entry in a transaction of its own and once however often it is sent.

    `sent_at` is the moment of sending by the phone's own clock: by as much as it is wrong, the moments of the entries
    are set right. Raises `NotYours` for nobody in particular and for a program that may only look, `TooLarge` for too
    many.
    """
    refuse_looking_only(actor)
    if actor.user_id is None:
        raise NotYours("请先登录，再上传离线登记。")
    if len(entries) > ENTRIES_AT_MOST:
        raise TooLarge(f"一次最多上传 {ENTRIES_AT_MOST} 条，请分几次。", field="entries")
    wrong = at - sent_at if sent_at is not None else NO_TIME
    entries = entries if abs(wrong) < FINE else [_set_right(entry, wrong) for entry in entries]
    together = _taken_together(entries, actor, at)
    return [together.get(place) or _taken(entry, actor, at) for place, entry in enumerate(entries)]


def _taken_together(entries: Sequence[Entry], actor: Actor, at: datetime) -> dict[int, Result]:
    """The entries of kinds that take all of a batch at once, by their place in it; badly timed ones are left."""
    waiting: dict[ManyAtOnce, dict[int, Entry]] = {}
    for place, entry in enumerate(entries):
        kind = kind_of(entry.kind)
        if kind is not None and kind.perform_many is not None and entry.happened_at >= at - LONGEST_AWAY:
            waiting.setdefault(kind.perform_many, {})[place] = _timely(entry, at)
    results: dict[int, Result] = {}
    for perform_many, some in waiting.items():
        results.update(zip(some, perform_many(list(some.values()), actor, at), strict=True))
    return results


def _set_right(entry: Entry, wrong: timedelta) -> Entry:
    """The entry by the right clock; a moment that no calendar has is left as it is, and refused."""
    try:
        return replace(entry, happened_at=entry.happened_at + wrong)
    except OverflowError:
        return entry


def _taken(entry: Entry, actor: Actor, at: datetime) -> Result:
    try:
        kind, entry = _known(entry), _timely(entry, at)
        body = {"kind": entry.kind, "row": str(entry.row), "fields": dict(entry.fields)}
        with met_numbers_logged(is_typed=_types_number(entry), actor=actor, at=at):
            answer = once(
                actor=actor,
                entry_id=entry.uid,
                body=body,
                at=at,
                perform=lambda: _perform(kind, entry, actor, at),
            )
    except Refusal as refusal:
        return Result(entry.uid, REFUSED, refusal.message, refusal.field)
    return Result(entry.uid, answer["result"], answer["message"], address=answer["address"])


def _types_number(entry: Entry) -> bool:
    return any(name.endswith("id_number") and value for name, value in entry.fields.items())


def _known(entry: Entry) -> EntryKind:
    kind = kind_of(entry.kind)
    if kind is None:
        raise InputRefused("这个版本不认识这一条，请更新页面后再发。", field="kind")
    return kind


def _timely(entry: Entry, at: datetime) -> Entry:
    """A phone that is a little fast means now; one that means another year has the wrong time."""
    if entry.happened_at < at - LONGEST_AWAY:
        raise InputRefused("手机的时间不对，请校准时间以后再写一次。", field="happened_at")
    seen_at = min(max(entry.seen_at, at - LONGEST_AWAY), at) if entry.seen_at is not None else None
    return replace(entry, happened_at=min(entry.happened_at, at), seen_at=seen_at)


def _perform(kind: EntryKind, entry: Entry, actor: Actor, at: datetime) -> Mapping[str, Any]:
    """Carry it out, or hold it; an entry of long ago whose request key is forgotten was noted as done or held."""
    noted = DoorEntry.objects.of(actor).filter(uid=entry.uid).first()
    if noted is not None:
        return _noted_before(kind, noted)
    try:
        return _carry_out(kind, entry, actor, at)
    except (NotThere, NotYours) as refusal:
        return _left_to_office(kind, entry, actor, at, refusal)


def _carry_out(kind: EntryKind, entry: Entry, actor: Actor, at: datetime) -> Mapping[str, Any]:
    row = kind.find(actor, entry.row, entry.fields)
    said = dict(kind.read(entry.fields))
    columns = set(kind.columns(said))
    met = kind.met(row, entry, columns, actor) if row is not None else ""
    try:
        with transaction.atomic():
            if not met:
                row = _do(kind, entry, row, said, columns, actor)
    except Conflict as conflict:
        if row is None:
            raise
        if isinstance(conflict, NumberTaken):
            note_met(conflict, actor, at)
        met = conflict.message
    note_entry(entry=entry, row=row, columns=columns, actor=actor, at=at, reason=met)
    return _answer(kind, row, is_held=bool(met))


def _noted_before(kind: EntryKind, noted: DoorEntry) -> Mapping[str, Any]:
    if noted.review_area_id is not None:
        return {"result": DONE, "message": TO_OFFICE, "address": ""}
    return _answer(kind, None, is_held=noted.outcome == Outcome.HELD)


def _left_to_office(kind: EntryKind, entry: Entry, actor: Actor, at: datetime, refusal: Refusal) -> Mapping[str, Any]:
    """Written while its writer kept the place, come when the post had ended: the office of the community settles it.

    Raises what was refused, for everything else.
    """
    row = _found_then(kind, entry, actor)
    area = place_of(row) if row is not None else None
    if area is None:
        raise refusal
    columns = set(kind.columns(kind.read(entry.fields)))
    note_entry(entry=entry, row=row, columns=columns, actor=actor, at=at, reason=POST_ENDED, review_area_id=area.pk)
    return {"result": DONE, "message": TO_OFFICE, "address": ""}


def _found_then(kind: EntryKind, entry: Entry, actor: Actor) -> Any:
    """The row as its writer could see it then, or the door it was written at; None where neither was theirs."""
    then = next(former_selves(actor, entry.happened_at), None)
    return _found_by(then, kind, entry) if then is not None else None


def _found_by(then: Actor, kind: EntryKind, entry: Entry) -> Any:
    try:
        return kind.find(then, entry.row, entry.fields)
    except Refusal:
        return Dwelling.objects.kept_by(then).select_related("area").filter(uid=entry.row).first()


def _do(kind: EntryKind, entry: Entry, row: Any, said: dict[str, Any], columns: set[str], actor: Actor) -> Any:
    """What somebody said anew later stays as it is; what is left of the entry is carried out."""
    later = said_later(row, columns, entry.happened_at, actor) if row is not None else set()
    kept = {name: value for name, value in said.items() if name not in later}
    if row is not None and (kind.is_done(row) or (columns and later == columns)):
        return row
    return kind.perform(entry, row, kept, actor, entry.happened_at)


def _answer(kind: EntryKind, row: Any, *, is_held: bool) -> Mapping[str, Any]:
    return {
        "result": CONFLICT if is_held else DONE,
        "message": HELD_WORDS if is_held else "",
        "address": "" if is_held or row is None else kind.address(row),
    }


def settle(uid: UUID, *, is_mine: bool, actor: Actor, at: datetime) -> str:
    """Settle a held entry: what was written at the door holds from now on, or what stands.

    Gives the address of the row, none for one that is gone. Raises `NotThere`, and whatever the action still
    refuses: then it stays held.
    """
    with met_numbers_logged(is_typed=is_mine, actor=actor, at=at), transaction.atomic():
        held = held_entry(uid=uid, actor=actor)
        kind = kind_of(held.kind)
        if kind is None:
            raise InputRefused("这个版本不认识这一条，请保留现在的登记。")
        target, fields = said_by(held)
        row = kind.find(actor, target, fields)
        if is_mine:
            fields = with_photos(held, fields, actor)
            entry = Entry(uid=held.uid, kind=held.kind, row=target, fields=fields, happened_at=at)
            row = kind.perform(entry, row, kind.read(fields), actor, at)
        settle_entry(entry=held, outcome=Outcome.MINE if is_mine else Outcome.THEIRS, at=at)
    return kind.address(row) if row is not None else ""
