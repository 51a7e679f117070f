"""Where somebody starts after signing in: the first page of the own face that exists."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse

from louzhang.accounts.actors import home_names
from louzhang.journal.actor import Actor


def home_url(actor: Actor) -> str:
    """The start page of an actor; "/" where no other is there."""
    for name in home_names(actor):
        try:
            return reverse(name)
        except NoReverseMatch:
            continue
    return "/"


def is_desk(actor: Actor) -> bool:
    """Whether the actor works at a desk, and reads pages on the desk's face."""
    return any(not name.startswith(("field:", "phone:")) for name in home_names(actor)[:1])
