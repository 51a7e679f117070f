"""The files of one chain: each named by it, with the digest it had, or its tombstone."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from louzhang.journal.actions.erasing import ERASE
from louzhang.journal.actions.keeping import chain_digest
from louzhang.journal.models import AttachmentStage
from louzhang.journal.verifying.breaks import Broken, Proof
from louzhang.journal.verifying.streams import Row
from louzhang.kit import media

if TYPE_CHECKING:
    from louzhang.journal.verifying.chains import Link

CHUNK: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class File:
    """One attachment as it was read."""

    seq: int
    uid: str
    stage: str
    digest: str
    thumbnail_digest: str
    salt: bytes
    erased_rule: str

    @classmethod
    def of(cls, row: Row) -> File:
        """Read one row of `chains.FILES`."""
        _, seq, uid, stage, digest, thumbnail_digest, salt, rule = row
        return cls(seq or 0, str(uid), stage, digest, thumbnail_digest, bytes(salt), rule)


class Files:
    """What one chain says of its files."""

    def __init__(self, kind: str, subject_id: int, links: Sequence[Link]) -> None:
        self.kind = kind
        self.subject_id = subject_id
        self.named: dict[str, int] = {}
        self.digests: dict[str, str] = {}
        self.failed: set[str] = set()
        self.erased: dict[str, str] = {}
        for link in links:
            self._hear(link)

    def _hear(self, link: Link) -> None:
        said = link.payload
        facts = said.get("attachments") or ()
        for fact in facts:
            self.named[fact["uid"]] = link.seq
        if link.verb == "keep_attachment":
            facts = [said]
        elif link.verb == "fail_attachment":
            self.failed.add(said["uid"])
        elif link.verb == ERASE:
            self.erased |= dict.fromkeys(said.get("attachments_erased", ()), said.get("rule", ""))
        self.digests |= {fact["uid"]: fact["digest"] for fact in facts if "digest" in fact}

    def prove(self, hung: Sequence[File], proof: Proof, *, with_content: bool) -> None:
        """Compare with the rows that hang on the subject; raises `Broken` for the first that differs."""
        rows = {file.uid: file for file in hung}
        for uid, seq in sorted(self.named.items(), key=lambda item: item[1]):
            if uid not in rows:
                raise Broken(self.kind, self.subject_id, seq, "事件带的附件不见了，也没有删除记录。")
        for file in hung:
            if self.named.get(file.uid) != file.seq:
                raise Broken(self.kind, self.subject_id, file.seq, "有一个附件，事件里没有提到它。")
            if what := self._wrong(file) or (wrong_content(file) if with_content else ""):
                raise Broken(self.kind, self.subject_id, file.seq, what)
            proof.files += 1
            proof.tombstones += file.stage == AttachmentStage.ERASED

    def _wrong(self, file: File) -> str:
        said = self.digests.get(file.uid)
        if file.stage == AttachmentStage.ERASED:
            is_told = file.erased_rule != "" and self.erased.get(file.uid) == file.erased_rule
            return "" if is_told and not file.digest else "附件已删除，却没有后来的删除事件说明。"
        if file.stage == AttachmentStage.READY:
            own = chain_digest(file.salt, file.digest, file.thumbnail_digest)
            return "" if own == said else "附件与事件记下的摘要不符。"
        is_open = file.stage == AttachmentStage.RECEIVED and file.uid not in self.failed
        is_failed = file.stage == AttachmentStage.FAILED and file.uid in self.failed
        return "" if said is None and (is_open or is_failed) else "附件的状态与事件记下的不符。"


def wrong_content(file: File) -> str:
    """What is wrong with the stored content of a ready file; empty when it holds."""
    if file.stage != AttachmentStage.READY:
        return ""
    for digest in filter(None, (file.digest, file.thumbnail_digest)):
        try:
            with media.open_stored(digest) as stored:
                is_same = _sha256(stored.chunks(CHUNK)) == digest
        except media.NoSuchMedia:
            return "附件的文件不见了。"
        if not is_same:
            return "附件的文件被改动过。"
    return ""


def _sha256(chunks: object) -> str:
    seen = hashlib.sha256()
    for chunk in chunks:  # type: ignore[attr-defined]  # Django's File.chunks is typed as str or bytes
        seen.update(chunk)
    return seen.hexdigest()
