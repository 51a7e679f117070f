"""What results and follow-ups add to the day of whoever is in the field, and to the menus."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.http import HttpRequest
from django.urls import reverse

from louzhang.accounts.visits import actor_of
from louzhang.areas.roles import FIELD_ROLES, OFFICE_ROLES
from louzhang.fieldwork import following, sources
from louzhang.journal import readers
from louzhang.journal.actor import Actor
from louzhang.register import agenda
from louzhang.shell import navigation
from louzhang.shell.parts import Item
from louzhang.surveys.models import Course, FollowUp
from louzhang.surveys.queries.follow_ups import calls_due

OWN_PAGES = ("follow_ups:list", "follow_ups:one")


def set_up() -> None:
    """Register everything; called once when the app is ready."""
    sources.add_source(calls_due, order=45)
    readers.register("follow_up_days", FollowUp.subject_kind, read=following.follow)
    agenda.add_due(follow_ups_due, order=15)
    navigation.add_items("desk", desk_entry, order=29)


def follow_ups_due(actor: Actor, _at: datetime) -> Iterable[Item]:
    """要跟进的 in the notebook, where there are some."""
    if not actor.has_role(*FIELD_ROLES):
        return []
    count = FollowUp.objects.visible_to(actor).open().filter(course=Course.VISIT).count()
    url = reverse("follow_ups:list")
    return [Item(label="排查后要跟进的", url=url, icon="home", count=count)] if count else []


def desk_entry(request: HttpRequest) -> list[Item]:
    """排查跟进 in the navigation of offices."""
    if not hasattr(request, "visit") or not actor_of(request).has_role(*OFFICE_ROLES):
        return []
    url = reverse("follow_ups:list")
    is_here = request.resolver_match is not None and request.resolver_match.view_name in OWN_PAGES
    return [Item(label="排查跟进", url=url, icon="user-check", group="社区事务", current=is_here)]
