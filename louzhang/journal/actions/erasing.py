"""Erasing personal words and files, leaving tombstones that the chain names."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from louzhang.journal.actions.keeping import release_contents
from louzhang.journal.actions.recording import record
from louzhang.journal.actor import Actor
from louzhang.journal.models import Attachment, AttachmentStage, Audience, Chained, Event, Words

ERASE = "erase"


def erase_words(words: Words, *, rule: str, at: datetime) -> None:
    """Empty the words of one event under a named rule, leaving the tombstone.

    The caller records an `erase` event on the same subject that names the sequence number:
    a tombstone without it is a broken chain.
    """
    words.spoken, words.salt = {}, b""
    words.erased_at, words.erased_rule = at, rule
    words.save(update_fields=["spoken", "salt", "erased_at", "erased_rule"])


def empty_file(attachment: Attachment, *, rule: str, at: datetime) -> None:
    """Let the stored contents of a locked row go and leave the tombstone with the rule."""
    release_contents(attachment.digest, attachment.thumbnail_digest)
    attachment.stage, attachment.erased_at, attachment.erased_rule = AttachmentStage.ERASED, at, rule
    attachment.digest, attachment.thumbnail_digest, attachment.salt, attachment.failure = "", "", b"", ""
    attachment.save(
        update_fields=["stage", "erased_at", "erased_rule", "digest", "thumbnail_digest", "salt", "failure"]
    )


def erase_subject(
    subject: Chained,
    *,
    rule: str,
    actor: Actor,
    at: datetime,
    area_ids: Iterable[int] = (),
    also: dict[str, Any] | None = None,
    save: Iterable[str] = (),
) -> Event:
    """Erase all words and files of a locked subject and append the one `erase` event naming them.

    `also` tells what else the caller erased ("reports": ids), `save` the columns it blanked.
    """
    beside = {"subject_kind": subject.subject_kind, "subject_id": subject.pk}
    seqs = []
    for words in Words.objects.select_for_update().filter(**beside, erased_at=None).order_by("seq"):
        erase_words(words, rule=rule, at=at)
        seqs.append(words.seq)
    uids = _empty_files(subject, rule, at)
    return record(
        subject,
        ERASE,
        actor=actor,
        at=at,
        audience=Audience.HANDLERS,
        payload={"rule": rule, "seqs": seqs, "attachments_erased": uids, **(also or {})},
        area_ids=area_ids,
        save=save,
    )


def erase_files(
    subject: Chained, *, rule: str, actor: Actor, at: datetime, area_ids: Iterable[int] = ()
) -> Event | None:
    """Erase the files of a locked subject and leave its words; None where it has none."""
    uids = _empty_files(subject, rule, at)
    if not uids:
        return None
    facts = {"rule": rule, "seqs": [], "attachments_erased": uids}
    return record(
        subject, ERASE, actor=actor, at=at, audience=Audience.HANDLERS, payload=facts, area_ids=area_ids
    )  # fmt: skip


def _empty_files(subject: Chained, rule: str, at: datetime) -> list[str]:
    """Empty all files that hang on a subject; gives their uids."""
    rows = Attachment.objects.select_for_update().filter(
        subject_kind=subject.subject_kind, subject_id=subject.pk
    ).exclude(stage=AttachmentStage.ERASED)  # fmt: skip
    files = list(rows.order_by("pk"))
    for attachment in files:
        empty_file(attachment, rule=rule, at=at)
    return [str(attachment.uid) for attachment in files]
