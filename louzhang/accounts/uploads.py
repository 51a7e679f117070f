"""Uploads without an account count by device and, loosely, by network: 300 neighbours may share one."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest

from louzhang.accounts import limits
from louzhang.accounts.addresses import client_address, neighbourhood
from louzhang.journal.actor import Actor, ActorKind


def refuse_too_many(request: HttpRequest, actor: Actor, at: datetime) -> None:
    """Raise `TooOften` for a browser without an account that uploads without end."""
    if actor.kind is ActorKind.DEVICE:
        address = neighbourhood(client_address(request))
        limits.refuse_too_often({"upload.device": actor.device, "upload.address": address}, at)
