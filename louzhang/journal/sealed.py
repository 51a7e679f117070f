"""Columns that nobody reads in the database: names, numbers and doors of people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models

from louzhang.kit import crypto, masking


def bound_to(kind: str, uid: object, field: str) -> str:
    """What a sealed field is bound to: table, row, field."""
    return f"{kind}:{uid}:{field}"


def sealed_text(words: str, kind: str, uid: object, field: str) -> str:
    """Words as they lie in a sealed column; blank for none."""
    return crypto.seal(words, aad=bound_to(kind, uid, field)) if words else ""


class Sealed(models.Model):
    """A row with sealed columns, each bound to table, row and field so that none can be put in another's place.

    `SEALED` says in which column a field lies; a class that has no `name` or `phone` has no masked one.
    """

    SEALED: ClassVar[Mapping[str, str]]
    subject_kind: ClassVar[str]
    uid: Any

    class Meta:
        abstract = True

    def aad(self, field: str) -> str:
        """What a sealed field is bound to: table, row, field."""
        return bound_to(self.subject_kind, self.uid, field)

    def seal(self, **plain: str) -> None:
        """Seal what was given and empty what is blank; a phone is already normal (`kit.phones.normal_phone`)."""
        for field, words in plain.items():
            setattr(self, self.SEALED[field], sealed_text(words, self.subject_kind, self.uid, field))

    def open_field(self, field: str) -> str:
        """The plain field; blank where none was given. The caller has asked for the right and logged the reveal."""
        sealed: str = getattr(self, self.SEALED[field])
        return crypto.unseal(sealed, aad=self.aad(field)) if sealed else ""

    @property
    def masked_name(self) -> str:
        """The name with its middle hidden; blank where none was given."""
        plain = self.open_field("name")
        return masking.mask_name(plain) if plain else ""

    @property
    def masked_phone(self) -> str:
        """The number with its middle hidden; blank where none was given."""
        plain = self.open_field("phone")
        return masking.mask_phone(plain) if plain else ""
