"""Kinds of dwelling: the standard ones laid down at founding, afterwards the district's own to change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from louzhang.areas.rights import refuse_keeping
from louzhang.journal.actions import record
from louzhang.journal.actor import Actor
from louzhang.journal.models import Audience
from louzhang.register.forbidden import refuse_forbidden
from louzhang.register.models import Colour, DwellingKind


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
            refuse_forbidden(draft.name, field="name")
            kind = DwellingKind.objects.create(
                code=draft.code,
                name=draft.name,
                letter=draft.letter,
                colour=draft.colour,
                is_let=draft.is_let,
                position=position,
            )
            facts = {"code": kind.code, "name": kind.name, "letter": kind.letter}
            record(kind, "add", actor=actor, at=at, audience=Audience.DESK, payload=facts)
    return len(fresh)
