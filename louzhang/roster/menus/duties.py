"""What duties and 遇到…怎么办 add to menus, to the contact card, to what a phone keeps and to the settings."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from louzhang.accounts.visits import actor_of
from louzhang.areas.roles import FIELD_ROLES
from louzhang.areas.sections import Section, add_section
from louzhang.journal import subjects
from louzhang.kit import clock
from louzhang.register import card_lines
from louzhang.roster.models.duties import Duty, DutyClass, Guide
from louzhang.roster.queries.duties import lines_on_card
from louzhang.roster.queries.guides import guides_for, local_contacts, places_of
from louzhang.shell import navigation, offline, pocket
from louzhang.shell.offline import KeptPage
from louzhang.shell.parts import Item

WORDS = "楼长、单元长、网格员各做什么，印在联系卡上；水管爆了、着火、有人摔倒该怎么办。"


def set_up() -> None:
    """Register everything; called once when the app is ready."""
    subjects.register(Duty, DutyClass, Guide)
    card_lines.add_lines(lines_on_card)
    navigation.add_items("today", today_entries, order=2)
    offline.add_pages(kept_pages)
    pocket.add_part("who to call", contacts_to_carry)
    add_section(Section(label="职责和怎么办", name="post_duties:catalogue", icon="checklist", words=WORDS), order=41)


def _is_in_field(request: HttpRequest) -> bool:
    return hasattr(request, "visit") and actor_of(request).has_role(*FIELD_ROLES)


def today_entries(request: HttpRequest) -> list[Item]:
    """遇到事怎么办 near the top of the worker's first page; the own duties stand in 我的任职."""
    if not _is_in_field(request):
        return []
    return [
        Item(
            label="遇到事怎么办",
            url=reverse("post_duties:guides"),
            icon="first-aid-kit",
            note="漏水、着火、有人摔倒，先看这里",
        ),
    ]


def kept_pages(request: HttpRequest) -> list[KeptPage]:
    """The list and every page of it; their blank copies name nobody of the place."""
    if not _is_in_field(request):
        return []
    listed = reverse("post_duties:guides")
    pages = [(guide.title, reverse("post_duties:guide", args=[guide.key])) for guide in guides_for(actor_of(request))]
    return [
        KeptPage("遇到事怎么办", listed, f"{listed}?blank=1"),
        *(KeptPage(title, url, f"{url}?blank=1") for title, url in pages),
    ]


def contacts_to_carry(request: HttpRequest) -> list[dict[str, Any]] | None:
    """Desks of the place with their public numbers; a person's own number is not carried."""
    if not _is_in_field(request):
        return None
    contacts = local_contacts(places_of(actor_of(request)), clock.now())
    return [
        {
            "label": each.label,
            "name": f"{each.place} {each.name}".strip(),
            "phone": each.phone,
            "url": f"tel:{each.phone}",
        }
        for each in contacts
        if each.is_public and each.phone
    ]
