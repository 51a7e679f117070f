"""Kinds of notices whose opening nobody writes down: what they lead to is nobody's business but the reader's.

An app names its kind in ``AppConfig.ready()``. Such a line stays unread when it is opened; it is read with everything
else, or for everybody at one moment when what it called for is over (`actions.settle_calls`).
"""

from __future__ import annotations

_kinds: set[str] = set()


def leave_untraced(kind: str) -> None:
    """Lines of this kind are opened without a mark."""
    _kinds.add(kind)


def is_untraced(kind: str) -> bool:
    """Whether nothing may be written when such a line is opened."""
    return kind in _kinds
