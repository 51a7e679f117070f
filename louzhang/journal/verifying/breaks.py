"""What a proof says: what was counted, or the first object that does not hold."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Proof:
    """How much was proved."""

    chains: int = 0
    events: int = 0
    tombstones: int = 0
    files: int = 0
    seals: int = 0


class Broken(Exception):
    """Something does not hold; named by kind, id and sequence, never by what people wrote."""

    def __init__(self, kind: str, subject_id: int | str, seq: int, what: str) -> None:
        super().__init__(f"{kind} {subject_id} #{seq}: {what}")
        self.kind = kind
        self.subject_id = subject_id
        self.seq = seq
        self.what = what
