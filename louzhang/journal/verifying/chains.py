"""One chain after another: sequence, hashes, end, and the words beside each event."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import connection
from psycopg import sql

from louzhang.journal.actions.erasing import ERASE
from louzhang.journal.actions.recording import HASHED, canonical, chain_hash
from louzhang.journal.models import Chained
from louzhang.journal.verifying.breaks import Broken, Proof
from louzhang.journal.verifying.files import File, Files
from louzhang.journal.verifying.streams import Grouped, Row, stream
from louzhang.kit import crypto

EVENTS: Final = f"""
    SELECT e.subject_id, e.seq, {", ".join(f"e.{name}" for name in HASHED)}, e.words_digest, e.hash,
           w.id IS NOT NULL, w.spoken, w.salt, w.erased_at IS NOT NULL, w.erased_rule
    FROM journal_event e LEFT JOIN journal_words w
      ON w.subject_kind = e.subject_kind AND w.subject_id = e.subject_id AND w.seq = e.seq
    WHERE e.subject_kind = %s ORDER BY e.subject_id, e.seq
"""  # noqa: S608 - the names are columns of ours
FILES: Final = """
    SELECT subject_id, seq, uid, stage, digest, thumbnail_digest, salt, erased_rule
    FROM journal_attachment WHERE subject_kind = %s AND subject_id IS NOT NULL ORDER BY subject_id, id
"""
WORDS_WITHOUT_EVENT: Final = """
    SELECT w.subject_kind, w.subject_id, w.seq FROM journal_words w WHERE NOT EXISTS (
      SELECT FROM journal_event e
      WHERE e.subject_kind = w.subject_kind AND e.subject_id = w.subject_id AND e.seq = w.seq)
    ORDER BY 1, 2, 3 LIMIT 1
"""
UNKNOWN_KIND: Final = """
    SELECT subject_kind, subject_id, seq FROM journal_event WHERE NOT subject_kind = ANY(%s)
    ORDER BY 1, 2, 3 LIMIT 1
"""


@dataclass(slots=True)
class Link:
    """One event as it was read, with the words beside it."""

    seq: int
    columns: list[Any]
    words_digest: bytes
    hash: bytes
    has_words: bool
    spoken: str | None
    salt: bytes
    is_erased: bool
    erased_rule: str
    payload: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, row: Row) -> Link:
        """Read one row of `EVENTS`."""
        columns = list(row[2 : 2 + len(HASHED)])
        words_digest, own_hash, has_words, spoken, salt, is_erased, rule = row[2 + len(HASHED) :]
        payload = json.loads(columns[-1])
        columns[-1] = payload
        return cls(
            seq=row[1],
            columns=columns,
            words_digest=bytes(words_digest),
            hash=bytes(own_hash),
            has_words=has_words,
            spoken=spoken,
            salt=bytes(salt or b""),
            is_erased=is_erased,
            erased_rule=rule or "",
            payload=payload,
        )

    @property
    def verb(self) -> str:
        """What happened."""
        return str(self.columns[3])


def refuse_orphans(kinds: Sequence[str]) -> None:
    """Raise `Broken` for events of a kind nobody registered and words without an event."""
    with connection.cursor() as cursor:
        for query, parameters, what in (
            (UNKNOWN_KIND, [list(kinds)], "没有任何表登记过这一类对象。"),
            (WORDS_WITHOUT_EVENT, [], "有文字，却没有它所属的事件。"),
        ):
            cursor.execute(query, parameters)
            if found := cursor.fetchone():
                raise Broken(found[0], found[1], found[2], what)


def prove_kind(kind: str, model: type[Chained], proof: Proof, *, with_files: bool) -> None:
    """Prove every chain of one table."""
    table = sql.Identifier(model._meta.db_table)
    heads = sql.SQL("SELECT id, chain_seq, chain_head FROM {} ORDER BY id").format(table)
    with (
        closing(stream(heads.as_string(connection.connection))) as subjects,
        closing(stream(EVENTS, [kind])) as events,
        closing(stream(FILES, [kind])) as attachments,
    ):
        chains = Grouped(kind, events, "有事件，却没有它所属的对象。")
        files = Grouped(kind, attachments, "有附件，却没有它所属的对象。")
        for subject_id, seq, head in subjects:
            links = [Link.of(row) for row in chains.of(subject_id)]
            hung = [File.of(row) for row in files.of(subject_id)]
            prove_chain(kind, subject_id, seq, bytes(head), links, proof)
            Files(kind, subject_id, links).prove(hung, proof, with_content=with_files)
        chains.finish()
        files.finish()


def prove_chain(kind: str, subject_id: int, end: int, head: bytes, links: Sequence[Link], proof: Proof) -> None:
    """Prove one chain against the end that stands on its subject.

    Raises `Broken` with the sequence number at which it stops to hold.
    """
    previous = b""
    for expected, link in enumerate(links, start=1):
        if link.seq != expected:
            raise Broken(kind, subject_id, expected, "链中缺少这个事件。")
        if chain_hash(link.columns, link.words_digest, previous) != link.hash:
            raise Broken(kind, subject_id, expected, "事件的内容与它的校验值不符。")
        if what := wrong_words(link):
            raise Broken(kind, subject_id, expected, what)
        previous = link.hash
    if len(links) != end:
        raise Broken(kind, subject_id, min(len(links), end) + 1, "事件的数目与对象上记下的不符。")
    if previous != head:
        raise Broken(kind, subject_id, end, "链尾与对象上记下的不符。")
    _prove_tombstones(kind, subject_id, links, proof)
    proof.events += len(links)
    proof.chains += bool(links)


def wrong_words(link: Link) -> str:
    """What is wrong with the words beside an event; empty when they hold."""
    if not link.words_digest:
        return "这个事件没有说过话，旁边却有文字。" if link.has_words else ""
    if not link.has_words:
        return "事件的文字不见了，也没有删除记录。"
    spoken = json.loads(link.spoken or "{}")
    if link.is_erased:
        return "" if not spoken and link.erased_rule else "文字标为已删除，却还在，或没有写明规则。"
    if crypto.salted_digest(link.salt, canonical(spoken)) != link.words_digest:
        return "文字与事件记下的摘要不符。"
    return ""


def _prove_tombstones(kind: str, subject_id: int, links: Sequence[Link], proof: Proof) -> None:
    for link in links:
        if not (link.words_digest and link.is_erased):
            continue
        if not any(names(later, link) for later in links[link.seq :]):
            raise Broken(kind, subject_id, link.seq, "文字已删除，却没有后来的删除事件说明。")
        proof.tombstones += 1


def names(later: Link, erased: Link) -> bool:
    """Whether a later event says that these words were erased, and by the rule they carry."""
    said = later.payload
    return later.verb == ERASE and erased.seq in said.get("seqs", ()) and said.get("rule") == erased.erased_rule
