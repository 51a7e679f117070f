"""The entries that a phone of this app may write down without a signal; read by the forms of the same acts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.urls import reverse

from louzhang.journal.actor import Actor
from louzhang.journal.forms import VerbForm, first_refusal
from louzhang.journal.refusals import InputRefused
from louzhang.kit import clock
from louzhang.register import actions
from louzhang.register.actions.notes import throw_note, write_note
from louzhang.register.doorstep import Entry, EntryKind, add_kinds
from louzhang.register.forms import homes, people
from louzhang.register.forms.door import DoorCorrectForm, DoorReachForm
from louzhang.register.forms.notes import NoteForm, ThrowForm
from louzhang.register.models import Household, Need, Note, Reach, Resident, Stay, Tie
from louzhang.register.queries.entries import changed_by_others
from louzhang.register.queries.histories import history_of
from louzhang.register.queries.homes import find_dwelling, find_household, find_need, find_resident

Fields = Mapping[str, str]
Pairs = Sequence[tuple[str, str]]
Find = Callable[[Actor, UUID, Fields], Any]
SEVERAL = "这里住着不止一户，请写是哪一户（户主的姓名）。"
NOBODY = "这里还没有登记住户，请先登记搬来的住户。"
NOT_STORED = "没有登记"


def add_door_kinds() -> None:
    """Make the kinds of the register known; called once when the app is ready."""
    add_kinds(
        *_household_kinds("household", _household),
        *_household_kinds("door", behind_door),
        _kind("resident.correct", "更正", DoorCorrectForm, _resident,
              _on("resident_id", actions.correct_resident), columns=set,
              met=partial(changed_by_others, verb="correct"), stands=_resident_now),
        _kind("dwelling.move_in", "搬来一户", homes.MoveInForm, _dwelling, _on("dwelling_id", actions.move_in)),
        _kind("dwelling.check", "情况没变", homes.CheckForm, _dwelling, _on("dwelling_id", actions.check_dwelling)),
        _kind("need.tick", "需求销号", homes.TickOffForm, _need, _on("need_id", actions.tick_off_need),
              is_done=lambda need: need.ticked_at is not None),
        _kind("note.write", "笔记", NoteForm, _note, _write, columns=_whole_note, met=_note_met, stands=_note_now),
        _kind("note.throw", "扔掉笔记", ThrowForm, _note, _throw, columns=_whole_note, met=_note_met,
              stands=_note_now),
    )  # fmt: skip


def _household_kinds(where: str, find: Find) -> list[EntryKind]:
    """What is done to a household, named by itself or as the one behind a door."""
    member = partial(member_named, find)
    return [
        _kind(f"{where}.reach", "怎么联系", DoorReachForm, find, _on("household_id", actions.record_reach),
              columns=set, met=partial(changed_by_others, verb="record_reach"), stands=_reach_now),
        _kind(f"{where}.need", "记需求", homes.NeedForm, find, _on("household_id", actions.raise_need)),
        _kind(f"{where}.register", "加一个人", people.RegisterForm, find,
              _on("household_id", actions.register_resident)),
        _kind(f"{where}.correct", "更正一个人", DoorCorrectForm, member,
              _on("resident_id", actions.correct_resident), columns=set, met=_corrected_by_others,
              stands=_resident_now),
        _kind(f"{where}.out", "整户迁出", homes.MoveOutForm, find, _on("household_id", actions.move_out)),
    ]  # fmt: skip


def _kind(
    name: str,
    label: str,
    form: type[VerbForm],
    find: Find,
    perform: Callable[[Entry, Any, Mapping[str, Any], Actor, datetime], Any],
    **more: Any,
) -> EntryKind:
    return EntryKind(
        name=name,
        label=label,
        find=find,
        read=partial(_read, form),
        perform=perform,
        address=address_of,
        about=about_row,
        spoken=partial(spoken, form),
        **{"stands": _last_event, **more},
    )


def _read(form: type[VerbForm], fields: Fields) -> Mapping[str, Any]:
    typed = form(data=dict(fields))
    if not typed.is_valid():
        raise first_refusal(typed)
    return typed.given()


def _on(key: str, action: Callable[..., Any]) -> Callable[[Entry, Any, Mapping[str, Any], Actor, datetime], Any]:
    """Carry an action out on the row; the row itself is what the entry is about."""

    def perform(_entry: Entry, row: Any, said: Mapping[str, Any], actor: Actor, at: datetime) -> Any:
        action(**{key: row.pk}, actor=actor, at=at, **said)
        return row

    return perform


# ---- Which row ------------------------------------------------------------------------------------------


def _household(actor: Actor, uid: UUID, _fields: Fields) -> Household:
    return find_household(actor, uid)


def _dwelling(actor: Actor, uid: UUID, _fields: Fields) -> Any:
    return find_dwelling(actor, uid)


def _resident(actor: Actor, uid: UUID, _fields: Fields) -> Resident:
    return find_resident(actor, uid)


def _need(actor: Actor, uid: UUID, _fields: Fields) -> Need:
    return find_need(actor, uid)


def behind_door(actor: Actor, uid: UUID, fields: Fields) -> Household:
    """The household behind a door; where several live there, the one of this head.

    Pages kept on a phone know doors and nobody behind them.
    """
    door = find_dwelling(actor, uid)
    living = Household.objects.visible_to(actor).filter(dwelling=door, ends_on=None)
    found = list(living.select_related("dwelling__area").order_by("starts_on", "pk"))
    head = fields.get("head", "").strip()
    if len(found) > 1:
        heads = Stay.objects.filter(household__in=found, tie=Tie.HEAD, ends_on=None, resident__name=head)
        found = [home for home in found if home.pk in set(heads.values_list("household_id", flat=True))]
    if len(found) != 1:
        raise InputRefused(SEVERAL, field="head") if living.exists() else InputRefused(NOBODY, field="row")
    return found[0]


def member_named(find: Find, actor: Actor, uid: UUID, fields: Fields) -> Resident:
    """Somebody of a household by the name that stands there now."""
    living = Stay.objects.visible_to(actor).filter(household=find(actor, uid, fields), ends_on=None)
    found = list(living.filter(resident__name=fields.get("who", "").strip()).select_related("resident")[:2])
    if len(found) != 1:
        raise InputRefused("这一户没有登记叫这个名字的人。请核对姓名，或有信号时打开这一户来改。", field="who")
    resident: Resident = found[0].resident
    return resident


def _note(actor: Actor, uid: UUID, _fields: Fields) -> Note | None:
    return Note.objects.visible_to(actor).filter(uid=uid).first()


# ---- Notes ----------------------------------------------------------------------------------------------


def _write(entry: Entry, _row: Note | None, said: Mapping[str, Any], actor: Actor, at: datetime) -> Note:
    return write_note(uid=entry.row, actor=actor, at=at, **said)


def _throw(entry: Entry, _row: Note | None, _said: Mapping[str, Any], actor: Actor, at: datetime) -> Note:
    return throw_note(uid=entry.row, actor=actor, at=at)


def _whole_note(_said: Mapping[str, Any]) -> Collection[str]:
    """A note is one thing: words and day are written together."""
    return {"note"}


def _note_met(note: Note, entry: Entry, _columns: Collection[str], actor: Actor) -> str:
    if entry.base is None or note.version <= entry.base or note.author_id == actor.user_id:
        return ""
    return f"{note.author.name}在{clock.speak(note.said_at, clock.now())}也改过这条笔记。"


def _note_now(note: Note, _fields: Fields) -> Pairs:
    return [("记一笔", "已经扔掉" if note.ended_at else note.words)]


# ---- Both versions in words -------------------------------------------------------------------------------


def spoken(form: type[VerbForm], fields: Fields) -> Pairs:
    """What an entry says, with the labels of its form."""
    typed = form(data=dict(fields))
    found = [
        (str(bound.label), _value(bound.field, str(fields[bound.name]))) for bound in typed if fields.get(bound.name)
    ]
    return [(label, value) for label, value in found if value]


def _value(field: forms.Field, value: str) -> str:
    pairs: Any = field.choices if isinstance(field, forms.ChoiceField) else ()
    choices: dict[str, Any] = dict(pairs)
    return str(choices.get(value, value))


def _reach_now(household: Household, fields: Fields) -> Pairs:
    reach = Reach.objects.filter(pk=household.pk).first() or Reach(household=household)
    return [
        (str(bound.label), _value(bound.field, str(getattr(reach, bound.name))) or NOT_STORED)
        for bound in DoorReachForm(data=dict(fields))
        if fields.get(bound.name) and hasattr(reach, bound.name)
    ]


def _resident_now(resident: Resident, fields: Fields) -> Pairs:
    masked = {"phone": resident.masked_phone, "id_number": resident.masked_id_number}
    masked["birth_date"] = "已登记" if resident.birth_date_sealed else ""
    return [
        (str(bound.label), str(masked.get(bound.name, getattr(resident, bound.name, "")) or NOT_STORED))
        for bound in DoorCorrectForm(data=dict(fields))
        if fields.get(bound.name) and bound.name not in ("who", "entry_id")
    ]


def _last_event(row: Any, _fields: Fields) -> Pairs:
    return [(line.what, f"{line.who}，{clock.speak(line.at, clock.now())}") for line in history_of(row)[:3]]


def _corrected_by_others(resident: Resident, entry: Entry, columns: Collection[str], actor: Actor) -> str:
    """The version a phone knows is that of the household, so people in it go by when the page was read."""
    return changed_by_others(resident, replace(entry, base=None), columns, actor, verb="correct")


def address_of(row: Any) -> str:
    """The page of a row."""
    if isinstance(row, Note):
        return reverse("register:notebook")
    if isinstance(row, Need):
        return reverse("register:household", args=[row.household.uid]) if row.household else reverse("register:needs")
    return reverse(f"register:{row.subject_kind}", args=[row.uid])


def about_row(row: Any) -> str:
    """What a held entry is about, in words."""
    if isinstance(row, Household):
        return f"{row.dwelling.area.name} {row.dwelling.door}"
    if isinstance(row, Resident):
        return row.name
    if isinstance(row, Note):
        return "我的笔记"
    return str(getattr(row, "door", "") or getattr(row, "summary", ""))
