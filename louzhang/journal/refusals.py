"""Refusals: what an action answers when it cannot do what was asked.

Every refusal carries a Chinese sentence that says what happened and what to do next, and a
code for programs. Pages and API translate them to HTTP in one place each.
"""

from __future__ import annotations


class Refusal(Exception):
    """The base of all refusals; nothing was changed."""

    code = "refused"

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class NotThere(Refusal):
    """The row does not exist for this actor (out of scope or unknown: the same answer)."""

    code = "not_found"


class NotYours(Refusal):
    """In scope, but the actor stands in no relation that allows the verb."""

    code = "not_allowed"


class TransitionRefused(Refusal):
    """The row is in a state that the verb does not leave from."""

    code = "transition_refused"


class Conflict(Refusal):
    """Something else changed first, or the same key was used for another request."""

    code = "conflict"


class InputRefused(Refusal):
    """What was typed is missing or wrong; `field` names it."""

    code = "input_refused"


class TooOften(Refusal):
    """More of the same than the limit allows."""

    code = "too_often"


class TooLarge(Refusal):
    """A file or text over the limit."""

    code = "too_large"
