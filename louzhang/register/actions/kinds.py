"""Kinds of dwelling: the standard ones laid down at founding, afterwards the district's own to change."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from louzhang.areas.rights import refuse_keeping
from louzhang.journal.actions import record
from louzhang.journal.actor import Actor
from louzhang.journal.models import Audience
from louzhang.journal.refusals import Conflict, InputRefused, NotThere
from louzhang.register.forbidden import refuse_forbidden
from louzhang.register.models import Colour, DwellingKind

CHANGEABLE = ("name", "letter", "colour", "is_let", "position")


@dataclass(frozen=True, slots=True)
class KindDraft:
    """A kind of dwelling as it is laid down."""

    code: str
    name: str
    letter: str
    colour: str
    is_let: bool = False


STANDARD_KINDS = (
    KindDraft("own", "自住", "自", Colour.GREEN),
    KindDraft("long_let", "长租", "租", Colour.BLUE, is_let=True),
    KindDraft("short_let", "短租", "短", Colour.TEAL, is_let=True),
    KindDraft("public", "公房", "公", Colour.BROWN),
    KindDraft("shop", "商铺", "铺", Colour.PURPLE),
    KindDraft("store", "库房", "库", Colour.GREY),
)


def lay_down_kinds(*, actor: Actor, at: datetime, drafts: tuple[KindDraft, ...] = STANDARD_KINDS) -> int:
    """Lay down the standard kinds where the district has none of that code or letter yet; gives how many.

    Raises `NotYours` for whoever does not keep the district, `InputRefused` for a name that must not be.
    """
    refuse_keeping(actor)
    with transaction.atomic():
        standing = list(DwellingKind.objects.filter(ended_at=None))
        taken = {kind.code for kind in standing} | {kind.letter for kind in standing}
        fresh = [draft for draft in drafts if not {draft.code, draft.letter} & taken]
        for position, draft in enumerate(fresh, start=len(standing) + 1):
            _store(draft, position, actor, at)
    return len(fresh)


def add_dwelling_kind(*, draft: KindDraft, position: int, actor: Actor, at: datetime) -> DwellingKind:
    """Add a kind of dwelling.

    Raises `NotYours`, `InputRefused` for a name that must not be, `Conflict` for a code or letter in use.
    """
    refuse_keeping(actor)
    with _once(), transaction.atomic():
        return _store(draft, position, actor, at)


def _store(draft: KindDraft, position: int, actor: Actor, at: datetime) -> DwellingKind:
    refuse_forbidden(f"{draft.code} {draft.name}", field="name")
    kind = DwellingKind.objects.create(
        code=draft.code,
        name=draft.name,
        letter=draft.letter,
        colour=draft.colour,
        is_let=draft.is_let,
        position=position,
    )
    _tell(kind, "add", actor, at)
    return kind


def change_dwelling_kind(*, kind_id: int, actor: Actor, at: datetime, **changes: Any) -> DwellingKind:
    """Change name, letter, colour, whether it is a let, or the place in the list; the code stays.

    Raises as `add_dwelling_kind` does, and `Conflict` for one that has ended.
    """
    refuse_keeping(actor)
    with _once(), transaction.atomic():
        kind = _standing(kind_id)
        changed = [name for name in CHANGEABLE if name in changes and getattr(kind, name) != changes[name]]
        for name in changed:
            setattr(kind, name, changes[name])
        refuse_forbidden(kind.name, field="name")
        if changed:
            _tell(kind, "change", actor, at, *changed)
    return kind


def end_dwelling_kind(*, kind_id: int, reason: str, actor: Actor, at: datetime) -> DwellingKind:
    """Offer a kind no longer; homes that have it keep it until somebody says another."""
    refuse_keeping(actor)
    if not reason.strip():
        raise InputRefused("请写明为什么停用。", field="reason")
    with transaction.atomic():
        kind = _standing(kind_id)
        kind.ended_at = at
        _tell(kind, "end", actor, at, "ended_at", reason=reason.strip()[:200])
    return kind


def _standing(kind_id: int) -> DwellingKind:
    kind = DwellingKind.objects.select_for_update().filter(pk=kind_id).first()
    if kind is None:
        raise NotThere("没有找到这个房屋类型。")
    if kind.ended_at is not None:
        raise Conflict("这个房屋类型已经停用，不能再改。")
    return kind


def _tell(kind: DwellingKind, verb: str, actor: Actor, at: datetime, *save: str, reason: str = "") -> None:
    facts = {"code": kind.code, "name": kind.name, "letter": kind.letter, "colour": kind.colour}
    words = {"reason": reason}
    record(kind, verb, actor=actor, at=at, audience=Audience.DESK, payload=facts, words=words, save=save)


@contextmanager
def _once() -> Iterator[None]:
    """Turn the constraints on codes and letters into a sentence."""
    try:
        yield
    except IntegrityError as error:
        field = "letter" if "letter" in str(error) else "code"
        raise Conflict("这个代号或这个字已经用在别的类型上，请换一个。", field=field) from None
