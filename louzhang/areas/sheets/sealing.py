"""Rows of a file between preview and storing: they travel sealed with the page, no copy stays on the server."""

from __future__ import annotations

import base64
import json
import uuid
import zlib
from collections.abc import Sequence

from louzhang.journal.actor import Actor
from louzhang.journal.refusals import Conflict
from louzhang.kit import crypto
from louzhang.kit.tables import BadTable, Row

SEALED_AT_MOST = 1_500_000  # characters: a page's form may carry 2 MB


def seal_rows(rows: Sequence[Row], *, purpose: str, actor: Actor, entry_id: uuid.UUID) -> str:
    """The rows as one sealed text that only the same person can send back, for the same file.

    Raises `BadTable` when it is too long for a page.
    """
    plain = json.dumps([[row.line, row.cells, list(row.surplus)] for row in rows], ensure_ascii=False)
    packed = base64.b85encode(zlib.compress(plain.encode())).decode()
    sealed = crypto.seal(packed, aad=_aad(purpose, actor, entry_id))
    if len(sealed) > SEALED_AT_MOST:
        raise BadTable("文件里的文字太多，请拆成几个文件。")
    return sealed


def unseal_rows(sealed: str, *, purpose: str, actor: Actor, entry_id: uuid.UUID) -> list[Row]:
    """The rows again; raises `Conflict` for what was not sealed for this purpose, person and file."""
    try:
        packed = crypto.unseal(sealed, aad=_aad(purpose, actor, entry_id))
    except crypto.Unsealable:
        raise Conflict("这一页已经失效，什么都没有存入。请重新上传文件。") from None
    lines = json.loads(zlib.decompress(base64.b85decode(packed)))
    return [Row(line, cells, tuple(surplus)) for line, cells, surplus in lines]


def _aad(purpose: str, actor: Actor, entry_id: uuid.UUID) -> str:
    return f"{purpose}:{actor.owner_key}:{entry_id}"
