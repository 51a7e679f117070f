"""What an import keeps sealed outside the columns of `Sealed` rows comes under a new key as well."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.db import models, transaction

from louzhang.journal.sealed import bound_to
from louzhang.kit import crypto
from louzhang.register.models import ImportMade, ImportPiece, Resident

COLUMN = "_sealed"
Advance = Callable[[int], object]
Resealed = tuple[int, list[int]]


class Pieces:
    """What people brought and is not deleted yet."""

    name = "register_importpiece.sealed"

    def stale(self) -> models.QuerySet[ImportPiece]:
        """Those under another key than the newest."""
        return ImportPiece.objects.exclude(sealed__startswith=f"{_newest()}.").order_by("pk")

    def reseal(self, advance: Advance) -> Resealed:
        """Piece by piece, each in a transaction of its own: they are large."""
        done, broken = 0, []
        for pk in list(self.stale().values_list("pk", flat=True)):
            with transaction.atomic():
                piece = self.stale().filter(pk=pk).select_related("batch").select_for_update(of=("self",)).first()
                if piece is None:
                    continue
                try:
                    piece.sealed = crypto.reseal(piece.sealed, piece.aad)
                except crypto.Unsealable:
                    broken.append(int(pk))
                    continue
                piece.save(update_fields=["sealed"])
            done += 1
            advance(1)
        return done, broken


class Before:
    """What stood in a row that an import corrected, kept as it lay to be put back."""

    name = "register_importmade.rows"

    def stale(self) -> models.QuerySet[ImportMade]:
        """Slices with a value under another key than the newest."""
        rows = ImportMade.objects.filter(rows__has_key="corrected").only("rows")
        ids = [made.pk for made in rows.iterator(chunk_size=10) if any(_stale_in(made))]
        return ImportMade.objects.filter(pk__in=ids).order_by("pk")

    def reseal(self, advance: Advance) -> Resealed:
        """Slice by slice."""
        done, broken = 0, []
        for pk in list(self.stale().values_list("pk", flat=True)):
            with transaction.atomic():
                made = ImportMade.objects.select_for_update().get(pk=pk)
                try:
                    _reseal(made)
                except crypto.Unsealable:
                    broken.append(int(pk))
                    continue
                made.save(update_fields=["rows"])
            done += 1
            advance(1)
        return done, broken


def _newest() -> str:
    return str(next(iter(settings.SEAL_KEYS)))


def _stale_in(made: ImportMade) -> Iterator[tuple[dict[str, Any], str]]:
    for one in made.rows["corrected"]:
        for column, value in one["was"].items():
            if column.endswith(COLUMN) and value and crypto.key_id_of(value) != _newest():
                yield one, column


def _reseal(made: ImportMade) -> None:
    stale = list(_stale_in(made))
    uids = dict(Resident.objects.filter(pk__in=[one["id"] for one, _ in stale]).values_list("pk", "uid"))
    for one, column in stale:
        aad = bound_to(Resident.subject_kind, uids[one["id"]], column.removesuffix(COLUMN))
        one["was"][column] = crypto.reseal(one["was"][column], aad)
