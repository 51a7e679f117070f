"""A file that is carried into the register: the batch, what waits sealed between its steps, and what it made."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from louzhang.accounts.models import User
from louzhang.areas.models import Area
from louzhang.areas.queries import line_of
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.journal.actor import Actor
from louzhang.journal.ties import Tied, TiedQuerySet
from louzhang.register.import_course import LABELS, ImportState, Tie
from louzhang.register.scope import COMMUNITY_RANK


def importing_areas(actor: Actor) -> list[int]:
    """The communities whose register the actor's offices carry files into."""
    seats = actor.seats_with(*OFFICE_ROLES)
    return sorted({seat.area_id for seat in seats if seat.rank == COMMUNITY_RANK and seat.area_id is not None})


class ImportBatchQuerySet(TiedQuerySet["ImportBatch"]):
    """Imports of the communities one works for."""

    READ_WITH = ("area",)

    def ties_of(self, actor: Actor) -> Mapping[str, Q | None]:
        """The office of the community, and the worker."""
        places = importing_areas(actor)
        return {
            Tie.OFFICE: Q(area_id__in=places) if places else None,
            Tie.CLOCK: Q(pk__isnull=False) if actor.is_system else None,
        }


class ImportBatch(Tied):
    """导入: one file of one community.

    `found` are the sheets as they were read (names, headings, the proposed columns; no rows), `columns` what was
    agreed on, `counts` what the preview found. `problem` is a sentence of the program, never of the file.
    """

    subject_kind = "import"
    TIES = Tie

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    confirmed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(
        max_length=10,
        choices=[(state.value, LABELS[state]) for state in ImportState],
        default=ImportState.RECEIVED.value,
    )
    suffix = models.CharField(max_length=5)
    size = models.PositiveIntegerField()
    found: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)
    columns: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True)
    counts: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)
    problem = models.CharField(max_length=200, default="", blank=True)
    uploaded_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    stored_at = models.DateTimeField(null=True, blank=True)
    purged_at = models.DateTimeField(null=True, blank=True)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "导入"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["area", "-id"], name="import_area"),
            models.Index(fields=["moved_at"], condition=Q(purged_at=None), name="import_to_purge"),
        ]

    def __str__(self) -> str:
        return f"import {self.pk}"

    def event_area_ids(self) -> list[int]:
        """The line of the community."""
        return [area.pk for area in line_of(self.area)]

    def event_tie(self, actor: Actor) -> tuple[int | None, int | None]:
        """The post in the community's office."""
        return actor.post_at(self.area_id, None), None


class PieceKind(models.TextChoices):
    """What a sealed piece is part of."""

    FILE = "file", "文件"
    SEEN = "seen", "各列的样子"
    ROWS = "rows", "读出的行"
    SHOWN = "shown", "要看一眼的行"
    WRONG = "wrong", "要改的行"


class ImportPiece(models.Model):
    """A sealed piece of what people brought: of the file, of its rows, of those to be corrected; the worker deletes it.

    Bound to batch, kind and number, so that none can be put in another's place.
    """

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="pieces")
    kind = models.CharField(max_length=5, choices=PieceKind.choices)
    number = models.PositiveIntegerField()
    sealed = models.TextField()

    class Meta:
        verbose_name = verbose_name_plural = "导入的内容"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["batch", "kind", "number"], name="import_piece_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number} of import {self.batch_id}"

    @property
    def aad(self) -> str:
        """What the sealed text is bound to."""
        return f"import:{self.batch.uid}:{self.kind}:{self.number}"


class ImportProgress(models.Model):
    """How far the worker has come; written beside its transaction, so that a page sees it move."""

    batch = models.OneToOneField(ImportBatch, on_delete=models.CASCADE, related_name="progress", primary_key=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = "导入进度"

    def __str__(self) -> str:
        return f"progress of import {self.batch_id}"


class ImportMade(models.Model):
    """What a slice of a batch made: ids of new rows, and the columns before of corrected ones (sealed as they lay)."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="made")
    number = models.PositiveIntegerField()
    rows: models.JSONField[Any, Any] = models.JSONField(default=dict)

    class Meta:
        verbose_name = verbose_name_plural = "导入结果"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["batch", "number"], name="import_made_once"),
        ]

    def __str__(self) -> str:
        return f"slice {self.number} of import {self.batch_id}"
