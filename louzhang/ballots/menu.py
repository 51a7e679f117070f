"""What polls add to menus: the desk's list, a way in among one's own pages, and one for slips in the footer."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from louzhang.accounts.visits import actor_of
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.ballots.queries.entering import open_votes
from louzhang.shell import navigation
from louzhang.shell.parts import Item

ICON = "mail"


def set_up() -> None:
    """Register the entries; called once when the app is ready."""
    navigation.add_items("desk", desk_entry, order=30)
    navigation.add_items("home", home_entry, order=2)
    navigation.add_items("own", own_entry, order=30)
    navigation.add_items("links", slip_link, order=42)


def desk_entry(request: HttpRequest) -> list[Item]:
    """投票 at the desk of offices."""
    actor = getattr(request, "actor", None)
    if actor is None or not actor.has_role(*OFFICE_ROLES):
        return []
    url = reverse("ballots:list")
    return [Item(label="投票", url=url, icon=ICON, group="社区事务", current=request.path.startswith(url))]


def home_entry(request: HttpRequest) -> list[Item]:
    """An open vote on the first page of who is on its roll; it stands there whether or not they have voted."""
    if not hasattr(request, "visit"):
        return []
    polls = open_votes(actor_of(request))
    if not polls:
        return []
    note = polls[0].title if len(polls) == 1 else f"{len(polls)} 项，{polls[0].title}等"
    url = reverse("ballots:own", args=[polls[0].uid]) if len(polls) == 1 else reverse("ballots:mine")
    return [Item(label="投票", url=url, icon=ICON, note=note)]


def own_entry(request: HttpRequest) -> list[Item]:
    """The polls in which one has a vote, on the page about oneself."""
    return [Item(label="投票", url=reverse("ballots:mine"), icon=ICON)]


def slip_link(request: HttpRequest) -> list[Item]:
    """The way in for who holds a slip and has no account."""
    if getattr(request, "user", None) is not None and request.user.is_authenticated:
        return []
    return [Item(label="凭投票单投票", url=reverse("ballots:vote"))]
