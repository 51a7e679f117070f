"""Tables of the journal: appended events, the words beside them, files, reveals, request keys.

The journal is the lowest app: it stores ids without foreign keys, so that no domain app is
imported and nothing ever cascades into history.
"""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from louzhang.journal.actor import ActorKind


class Audience(models.TextChoices):
    """Who may read an event on a page."""

    PUBLIC = "public", "反映人可见"
    HANDLERS = "handlers", "办理人员可见"
    DESK = "desk", "受理人员可见"
    PARTIES = "parties", "当事人可见"


class Chained(models.Model):
    """A row whose changes are events: the end of its chain stands on the row itself."""

    subject_kind: ClassVar[str]

    chain_seq = models.PositiveIntegerField(default=0, editable=False)
    chain_head = models.BinaryField(default=b"", editable=False)

    class Meta:
        abstract = True


class Event(models.Model):
    """One thing that happened; appended, never edited.

    `hash` is keyed over the hash before it and this row with the digest of its words, so a
    changed, missing or moved event shows (`manage.py verify_events`). `area_ids` is the line
    of areas as it was then: later moves do not rewrite history.
    """

    subject_kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    seq = models.PositiveIntegerField()
    verb = models.CharField(max_length=40)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in ActorKind])
    user_id = models.BigIntegerField(null=True, blank=True)
    post_id = models.BigIntegerField(null=True, blank=True)
    unit_id = models.BigIntegerField(null=True, blank=True)
    token_id = models.BigIntegerField(null=True, blank=True)
    area_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    audience = models.CharField(max_length=10, choices=Audience.choices)
    entry_id = models.UUIDField(null=True, blank=True)
    payload = models.JSONField(default=dict, blank=True)
    words_digest = models.BinaryField(default=b"")
    hash = models.BinaryField()

    class Meta:
        verbose_name = verbose_name_plural = "留痕"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["subject_kind", "subject_id", "seq"], name="event_once_in_chain"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["recorded_at"], name="event_recorded"),
            models.Index(
                fields=["user_id", "recorded_at"],
                condition=models.Q(user_id__isnull=False),
                name="event_by_user",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_kind}:{self.subject_id}#{self.seq} {self.verb}"


class Words(models.Model):
    """What people wrote in one event; erasable, leaving a tombstone with the rule.

    `spoken` holds named texts (`note`, `reason`, `words` …). Erasing empties it and the salt,
    so that the digest in the event can no longer be guessed from likely texts.
    """

    subject_kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    seq = models.PositiveIntegerField()
    spoken = models.JSONField(default=dict)
    salt = models.BinaryField(default=b"")
    erased_at = models.DateTimeField(null=True, blank=True)
    erased_rule = models.CharField(max_length=80, default="", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "留言文字"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["subject_kind", "subject_id", "seq"], name="words_once_per_event"),
            models.CheckConstraint(
                condition=models.Q(erased_at__isnull=True) | (models.Q(spoken={}) & ~models.Q(erased_rule="")),
                name="words_erased_with_rule",
            ),
        ]

    def __str__(self) -> str:
        return f"words of {self.subject_kind}:{self.subject_id}#{self.seq}"


class AttachmentStage(models.TextChoices):
    """How far a file has come; nothing is served before READY."""

    RECEIVED = "received", "处理中"
    READY = "ready", "可查看"
    FAILED = "failed", "无法处理"
    ERASED = "erased", "已按规定删除"


class AttachmentKind(models.TextChoices):
    """Photos are re-encoded and shown; documents are served as downloads."""

    PHOTO = "photo", "照片"
    PDF = "pdf", "PDF 文件"
    WORD = "word", "Word 文件"


class Attachment(models.Model):
    """A photo or document; first a draft of its uploader, then part of one event of a subject.

    `owner_key` is the uploader (see `Actor.owner_key`): only the uploader may hang a draft on
    something. `digest` names the stored content in `kit.media`; the chain covers it salted.
    `suffix` is what it is offered as (".jpg", ".docx"); `failure` tells people why it is FAILED.
    `blurred` are the parts of a copy that nobody is to recognise, [left, top, width, height] as shares
    of the picture; a copy that names some is never shown before they are gone.
    """

    uid = models.UUIDField(unique=True, default=uuid.uuid4)
    owner_key = models.CharField(max_length=80)
    subject_kind = models.CharField(max_length=20, default="", blank=True)
    subject_id = models.BigIntegerField(null=True, blank=True)
    seq = models.PositiveIntegerField(null=True, blank=True)
    kind = models.CharField(max_length=10, choices=AttachmentKind.choices)
    stage = models.CharField(max_length=10, choices=AttachmentStage.choices, default=AttachmentStage.RECEIVED)
    digest = models.CharField(max_length=80)
    thumbnail_digest = models.CharField(max_length=80, default="", blank=True)
    salt = models.BinaryField(default=b"")
    size = models.PositiveIntegerField()
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    suffix = models.CharField(max_length=5, default="", blank=True)
    failure = models.CharField(max_length=120, default="", blank=True)
    blurred: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True)
    uploaded_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True, blank=True)
    erased_rule = models.CharField(max_length=80, default="", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "附件"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["subject_kind", "subject_id"],
                condition=models.Q(subject_id__isnull=False),
                name="attachment_subject",
            ),
            models.Index(
                fields=["uploaded_at"],
                condition=models.Q(subject_id__isnull=True),
                name="attachment_draft",
            ),
            models.Index(
                fields=["owner_key"],
                condition=models.Q(subject_id__isnull=True),
                name="attachment_draft_owner",
            ),
            models.Index(fields=["digest"], name="attachment_digest"),
            models.Index(
                fields=["thumbnail_digest"],
                condition=~models.Q(thumbnail_digest=""),
                name="attachment_thumbnail",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uid}"


class Reveal(models.Model):
    """Who looked at something sealed, when, why: appended, never edited."""

    subject_kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    what = models.CharField(max_length=40)
    reason = models.CharField(max_length=200)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    user_id = models.BigIntegerField(null=True, blank=True)
    post_id = models.BigIntegerField(null=True, blank=True)
    token_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "查看记录"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["subject_kind", "subject_id", "at"], name="reveal_subject"),
            models.Index(fields=["user_id", "at"], name="reveal_user"),
        ]

    def __str__(self) -> str:
        return f"{self.what} of {self.subject_kind}:{self.subject_id}"


class RequestKey(models.Model):
    """A request that was carried out: a repeat of it gets the same answer, once."""

    owner_key = models.CharField(max_length=80)
    entry_id = models.UUIDField()
    digest = models.CharField(max_length=64)
    answer: models.JSONField[Any, Any] = models.JSONField(default=dict)
    stored_at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = "请求编号"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["owner_key", "entry_id"], name="request_key_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["stored_at"], name="request_key_stored"),
        ]

    def __str__(self) -> str:
        return str(self.entry_id)


class Seal(models.Model):
    """The daily seal: how many events there are and the head of their heads.

    The same line is written outside the database (`var/seals`), so a cut tail shows.
    """

    day = models.DateField(unique=True)
    last_event_id = models.BigIntegerField()
    event_count = models.BigIntegerField()
    head = models.BinaryField()
    sealed_at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = "每日封存"

    def __str__(self) -> str:
        return f"seal of {self.day}"


class Unread(models.Model):
    """An event that the readers of the journal have not read; written beside it, gone once they have.

    It names the event by its place in the chain, which is known before the event has an id.
    """

    subject_kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    seq = models.PositiveIntegerField()

    class Meta:
        verbose_name = verbose_name_plural = "待读留痕"

    def __str__(self) -> str:
        return f"unread {self.subject_kind}:{self.subject_id}#{self.seq}"


class Stuck(models.Model):
    """An event that one reader failed to read; it is tried again, later each time, and shown meanwhile.

    `error` is the name of the error and nothing of its words, which could be personal.
    """

    reader = models.CharField(max_length=30)
    subject_kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    seq = models.PositiveIntegerField()
    attempts = models.PositiveIntegerField(default=1)
    error = models.CharField(max_length=80)
    next_at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = "读取失败的留痕"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["reader", "subject_kind", "subject_id", "seq"], name="stuck_once_per_reader"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["next_at"], name="stuck_next")]

    def __str__(self) -> str:
        return f"{self.reader}: {self.subject_kind}:{self.subject_id}#{self.seq}"
