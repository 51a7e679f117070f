"""What the desk's pages of honours share: who may open them, the tabs on top."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from louzhang.accounts.gates import for_roles
from louzhang.accounts.visits import actor_of
from louzhang.areas.roles import KEEPER_ROLES, OFFICE_ROLES
from louzhang.journal.actor import Actor
from louzhang.journal.models import Attachment
from louzhang.kit import clock
from louzhang.shell.parts import Item, Photo
from louzhang.workorders.views.telling import photos_of

for_offices = for_roles(*OFFICE_ROLES)
for_readers = for_roles(*OFFICE_ROLES, *KEEPER_ROLES)
TABS = (
    ("评选", "honours:board"),
    ("流动红旗", "honours:flags"),
    ("奖金", "honours:bonuses"),
    ("表扬信和推荐", "honours:letters"),
    ("队伍名册", "honours:people"),
    ("荣誉种类", "honours:kinds"),
)


def tabs(request: HttpRequest) -> list[Item]:
    """The parts of the page; who keeps the system reads the rules alone."""
    here = request.resolver_match.view_name if request.resolver_match else ""
    shown = TABS if actor_of(request).has_role(*OFFICE_ROLES) else TABS[-1:]
    return [Item(label=label, url=reverse(name), current=here == name) for label, name in shown]


def desk(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A page of the desk; nothing of it is kept by the browser."""
    response = render(request, template, {"now": clock.now(), "tabs": tabs(request), **context}, status=status)
    response["Cache-Control"] = "no-store"
    return response


def photos_shown(files: Iterable[Attachment | None], actor: Actor, at: datetime) -> list[Photo]:
    """Photos with links good for this reader and hour; the caller has found the honour in scope and on the wall."""
    return photos_of([file for file in files if file is not None], actor, at)
