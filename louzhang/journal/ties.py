"""Rows seen by those who are tied to them: who sees one, and what they may do with it, is one table of conditions."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import reduce
from operator import or_
from typing import ClassVar, Self, TypeVar

from django.db import models
from django.db.models import BooleanField, ExpressionWrapper, Q

from louzhang.journal.actor import Actor
from louzhang.journal.walker import Walked


class Tied(Walked):
    """A walked row whose relations are ties of its own; `TIES` names them all."""

    TIES: ClassVar[type[StrEnum]]

    class Meta:
        abstract = True

    @property
    def relations_now(self) -> frozenset[str]:
        """The ties its queryset has annotated."""
        return frozenset(tie for tie in self.TIES if getattr(self, f"is_{tie.value}", False))


Row = TypeVar("Row", bound=Tied)


class TiedQuerySet(models.QuerySet[Row]):
    """Rows of one table with ties. A class says `ties_of`; `READ_WITH` is joined when one is locked."""

    READ_WITH: ClassVar[tuple[str, ...]] = ()

    def ties_of(self, actor: Actor) -> Mapping[str, Q | None]:
        """The condition of each tie; None for one that the actor cannot have."""
        raise TypeError(f"{type(self).__name__} does not tell who is tied to its rows")

    def _terms(self, actor: Actor) -> dict[str, Q]:
        if not isinstance(actor, Actor):
            raise TypeError("scope needs an Actor; None is never everyone")
        return {tie: term for tie, term in self.ties_of(actor).items() if term is not None}

    def visible_to(self, actor: Actor) -> Self:
        """Those to which the actor has any tie; nobody else's."""
        return self.tied(actor, *self.model.TIES)

    def tied(self, actor: Actor, *ties: str) -> Self:
        """Those to which the actor stands in one of these ties."""
        terms = [term for tie, term in self._terms(actor).items() if tie in ties]
        return self.filter(reduce(or_, terms)) if terms else self.none()

    def with_ties(self, actor: Actor) -> Self:
        """Annotate which ties hold; read them back as `relations_now`."""
        flags = {
            f"is_{tie}": ExpressionWrapper(term, output_field=BooleanField())
            for tie, term in self._terms(actor).items()
        }
        return self.annotate(**flags)

    def locked_for(self, actor: Actor, subject_id: int) -> Row | None:
        """One locked without blocking foreign keys, in scope, with its ties."""
        rows = self.visible_to(actor).with_ties(actor).filter(pk=subject_id)
        return rows.select_related(*self.READ_WITH).select_for_update(no_key=True, of=("self",)).first()


def own_term(actor: Actor, person: str) -> Q | None:
    """Rows that are the actor's own: `person` is the column of people, `device_hash` that of phones."""
    own = [Q(**{person: actor.user_id})] if actor.user_id is not None else []
    own += [Q(device_hash=actor.device)] if actor.device else []
    return reduce(or_, own) if own else None
