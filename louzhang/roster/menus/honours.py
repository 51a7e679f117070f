"""What honours add to menus, to the page of a building whose code hangs at its door, and to the chief's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.http import HttpRequest
from django.urls import reverse

from louzhang.accounts.visits import actor_of
from louzhang.areas.models import Area
from louzhang.areas.roles import FIELD_ROLES, OFFICE_ROLES
from louzhang.areas.sections import Section, add_section
from louzhang.journal import readers, subjects
from louzhang.journal.actor import Actor
from louzhang.register import beside, following
from louzhang.register.beside import Section as Beside
from louzhang.register.models import Resident
from louzhang.register.processing import CONSENT, Processing, add_processing
from louzhang.roster.actions.honours.consenting import forget_resident
from louzhang.roster.models.honours import Bonus, Flag, Honour, HonourKind, Letter
from louzhang.roster.models.membership import OwnEntry
from louzhang.roster.notices.honours import BOOKS
from louzhang.shell import navigation
from louzhang.shell.parts import Item

PROCESSINGS = (
    Processing(
        "荣誉", "姓名（没有登记的人加密）、做了什么、照片", "评选、公示、表扬", CONSENT,
        "社区和上级办公室；公示时遮盖名字；光荣榜上只有本人同意的",
        "本人随时撤下或不留名；没有授予的，半年后清空名字和理由",
    ),
    Processing(
        "荣誉奖金", "收款账户（加密）", "给志愿者发奖金", CONSENT, "发奖金的社区，打开要留痕", "本人随时清空",
    ),
)  # fmt: skip


def set_up() -> None:
    """Register everything; called once when the app is ready."""
    subjects.register(HonourKind, Honour, Bonus, Letter, OwnEntry)
    for kind, book in BOOKS.items():
        readers.register(f"{kind}_notices", kind, read=book.read)
    beside.add_links(house_links)
    beside.add_own(own_honoured)
    beside.add_sections(put_forward, order=70)
    following.add_table(Honour, forget_resident)
    add_processing(*PROCESSINGS)
    navigation.add_items("own", own_entries, order=50)
    navigation.add_items("links", wall_link, order=50)
    words = "给哪些荣誉、给谁、几天公示、有没有奖金；常用的可以一次装好。"
    add_section(Section(label="荣誉种类", name="honours:kinds", icon="stars", words=words), order=43)


def house_links(house: Area, _at: datetime) -> Iterator[Item]:
    """The flag of the building where one hangs, and where to put somebody forward."""
    flag = Flag.objects.filter(building=house, ends_on=None).select_related("area", "kind").first()
    if flag is not None:
        note = f"连续 {flag.months} 个月"
        url = f"{reverse('honours:wall')}?place={flag.area.code}"
        yield Item(label=f"本楼挂着{flag.kind.name}", url=url, icon="flag", note=note)
    url = reverse("honours:propose_here", args=[house.uid])
    yield Item(label="推荐楼长、网格员", url=url, icon="star", note="做了好事，用一句话告诉社区")


def own_honoured(resident: Resident, _actor: Actor, _at: datetime) -> Iterator[Beside]:
    """What a resident without a post was given, or is asked to agree to, in 我的登记."""
    if Honour.objects.filter(resident=resident).exists():
        note = "同不同意、上不上光荣榜、放不放照片，由您定"
        yield Beside("荣誉", (Item(label="我的荣誉", url=reverse("honours:mine"), icon="star", note=note),))


def put_forward(ground: beside.Ground, actor: Actor, _at: datetime) -> Iterator[Beside]:
    """Where the office puts a resident forward, on their page."""
    resident = ground.resident
    if resident is None or resident.died_on is not None or resident.ended_at is not None:
        return
    if actor.has_role(*OFFICE_ROLES) and HonourKind.objects.current().filter(for_residents=True).exists():
        url = reverse("honours:new_resident", args=[resident.uid])
        yield Beside("荣誉", (Item(label="推荐荣誉", url=url, icon="star", note="先请本人同意；公示时名字遮盖"),))


def own_entries(request: HttpRequest) -> list[Item]:
    """我的荣誉 and 本人登记, on the account page of whoever serves."""
    if not hasattr(request, "visit") or not actor_of(request).has_role(*FIELD_ROLES):
        return []
    return [
        Item(label="我的荣誉", url=reverse("honours:mine"), icon="star", note="证书、奖金、上不上光荣榜"),
        Item(label="本人登记", url=reverse("membership:own"), icon="id-badge-2", note="学历、特长，填不填由您"),
    ]


def wall_link(_request: HttpRequest) -> list[Item]:
    """光荣榜, at the foot of every page of residents."""
    return [Item(label="光荣榜和公示", url=reverse("honours:wall"))]
