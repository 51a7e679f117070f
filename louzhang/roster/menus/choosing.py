"""What choosing adds to the journal, to menus of offices, of the field, of residents and of one's own."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from louzhang.accounts.visits import actor_of
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.journal import readers, subjects
from louzhang.kit import clock
from louzhang.register import following
from louzhang.roster.actions.choosing.namesakes import forget_resident
from louzhang.roster.models.choosing import Nominee, Round
from louzhang.roster.models.notice_objections import NoticeObjection
from louzhang.roster.models.replacing import ReplacementRequest, ReplacementVoice
from louzhang.roster.notices.choosing import BOOKS
from louzhang.roster.queries.choosing.home import count_for_resident
from louzhang.shell import navigation
from louzhang.shell.parts import Item


def set_up() -> None:
    """Register everything; called once when the app is ready."""
    subjects.register(Round, Nominee, NoticeObjection, ReplacementRequest, ReplacementVoice)
    following.add_table(Nominee, forget_resident)
    for kind, book in BOOKS.items():
        readers.register(f"{kind}_notices", kind, read=book.read)
    navigation.add_items("home", home_entry, order=28)
    navigation.add_items("desk", desk_entries, order=34)


def desk_entries(request: HttpRequest) -> list[Item]:
    """空缺 and 选任 for offices."""
    if not hasattr(request, "visit") or not actor_of(request).has_role(*OFFICE_ROLES):
        return []
    pages = (("空缺和选任", "choosing:gaps", "users-group"),)
    return [
        Item(label=label, url=(url := reverse(name)), icon=icon, group="选训评奖", current=request.path.startswith(url))
        for label, name, icon in pages
    ]


def home_entry(request: HttpRequest) -> list[Item]:
    """选楼长 for residents: a round at their place, or something they were named for."""
    if not hasattr(request, "visit"):
        return []
    asked, open_rounds = count_for_resident(actor_of(request), clock.now())
    if asked:
        url, note = reverse("choosing:own"), "有人推荐您，请看一下愿不愿意"
    elif open_rounds:
        url, note = reverse("choosing:home"), "您住的地方正在选任，可以推荐、自荐"
    else:
        url, note = reverse("choosing:home"), "选任公示，提意见"
    return [Item(label="选楼长", url=url, icon="users-group", note=note, count=asked or None)]
