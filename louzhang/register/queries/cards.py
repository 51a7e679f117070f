"""Contact cards and who looks after a building, as residents read them: names of posts, nothing of any home."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from louzhang.areas.models import RANKS, Area, LevelKind, Post
from louzhang.areas.queries import line_of
from louzhang.areas.queries.people_lists import office_near
from louzhang.areas.queries.spoken import spoken_places
from louzhang.areas.roles import FIELD_ROLES, Role
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import NotThere
from louzhang.kit import clock
from louzhang.register.models import Card
from louzhang.register.queries.buildings import HOUSES
from louzhang.register.scope import COMMUNITY_RANK
from louzhang.register.visit_codes import code_of, is_code_of

NO_CARD = "这张联系卡已经停用或不存在。有人拿着它上门，请先打社区电话核实。"
DUTIES: Mapping[str, str] = {
    Role.STAIRWELL_HEAD: "照看本单元，传通知、收需求，有急事帮忙叫人。",
    Role.CHIEF: "照看本楼，问需要、传通知、劝和邻里，有急事帮忙叫人。",
    Role.GRID_WORKER: "走访、巡查本网格，登记和回答居民的事，把办不了的报社区。",
    Role.GRID_LEAD: "负责本网格，协调网格员、楼长和物业。",
}
# Who is named on the page of a building, nearest first.
NAMED = (Role.CHIEF, Role.STAIRWELL_HEAD, Role.GRID_WORKER, Role.GRID_LEAD)


@dataclass(frozen=True, slots=True)
class Shown:
    """A post as residents see it: the name in full where its holder has made a card, else masked."""

    post: Post
    card: Card | None
    place: str

    @property
    def title(self) -> str:
        """What the district calls the post."""
        return str(self.post.title or Role(self.post.role).label)

    @property
    def seat(self) -> str:
        """The same with the stairwell of a unit head, of whom a building has several."""
        is_one_of_several = self.post.area is not None and self.post.role == Role.STAIRWELL_HEAD
        return f"{self.post.area} {self.title}" if is_one_of_several else self.title

    @property
    def name(self) -> str:
        """The holder."""
        return self.post.user.name if self.card is not None else self.post.user.masked_name

    @property
    def spoken(self) -> str:
        """Post and full name, for the community that is called."""
        stands_in = f"（替岗 {self.post.stand_in.name}）" if self.post.stand_in is not None else ""
        return f"{self.title} {self.post.user.name}{stands_in}"

    @property
    def order(self) -> tuple[str, str]:
        """The second stairwell comes before the tenth."""
        return (self.post.area.name_key, self.post.area.path) if self.post.area is not None else ("", "")

    @property
    def stand_in(self) -> str:
        """Who acts in the post for the time being, masked."""
        return self.post.stand_in.masked_name if self.post.stand_in is not None else ""

    @property
    def duties(self) -> str:
        """The duties, in the holder's own words where there are some."""
        own = self.card.duties if self.card is not None else ""
        return own or DUTIES.get(self.post.role, "")


def _posts(day: date) -> QuerySet[Post]:
    rows: QuerySet[Post] = Post.objects.as_of(day).filter(
        role__in=FIELD_ROLES, area__ended_at=None, user__ended_at=None
    )
    return rows.select_related("user", "stand_in", "title", "area__level", "card").order_by("area__path", "role", "pk")


def _shown(posts: Sequence[Post]) -> list[Shown]:
    places = spoken_places({post.area for post in posts if post.area}) if posts else {}
    return [Shown(post, getattr(post, "card", None), places[post.area_id]) for post in posts if post.area_id]


def own_posts(actor: Actor, at: datetime) -> list[Shown]:
    """The posts in the field that an actor holds or stands in for, each with its card if there is one."""
    ids = [seat.post_id for seat in actor.seats_with(*FIELD_ROLES)]
    return _shown(list(_posts(clock.local_date(at)).filter(pk__in=ids)))


def own_post(actor: Actor, post_id: int, at: datetime) -> Shown:
    """One of them; raises `NotThere`."""
    found = next((shown for shown in own_posts(actor, at) if shown.post.pk == post_id), None)
    if found is None:
        raise NotThere("没有找到这个任职，它可能已经结束。")
    return found


def public_card(uid: uuid.UUID, at: datetime) -> Shown:
    """The card printed with this address, while its post is held; raises `NotThere`."""
    posts = list(_posts(clock.local_date(at)).filter(card__uid=uid))
    if not posts:
        raise NotThere(NO_CARD)
    return _shown(posts)[0]


def house_by_uid(uid: uuid.UUID) -> Area:
    """A building or group by the id printed at its door; raises `NotThere`."""
    rows = Area.objects.current().of_kind(*HOUSES).filter(uid=uid)
    house: Area | None = rows.select_related("level", "estate").defer("outline").first()
    if house is None:
        raise NotThere("没有找到这个楼栋，它可能已经拆除或合并。请联系社区。")
    return house


def who_looks_after(house: Area, at: datetime) -> list[Shown]:
    """The chief of a building, its unit heads from the first stairwell on, the grid worker and lead."""
    above = [area.pk for area in line_of(house) if RANKS[area.level.kind] >= RANKS[LevelKind.GRID]]
    here = Q(area__path__startswith=house.path) | Q(area_id__in=above)
    posts = list(_posts(clock.local_date(at)).filter(here))
    return sorted(_shown(posts), key=lambda shown: (NAMED.index(Role(shown.post.role)), shown.order))


def office_for(area: Area, at: datetime) -> tuple[str, str]:
    """The community's office and its public number."""
    return office_near(area, at)


def whose_code(actor: Actor, typed: str, at: datetime) -> list[Shown]:
    """Whose digits of today these are, among the posts below the offices of an actor; for a call to the community."""
    paths = [seat.path for seat in actor.seats if seat.rank == COMMUNITY_RANK and seat.path]
    day = clock.local_date(at)
    below = Area.objects.get_queryset().under_paths(paths).order_by().values("pk")
    posts = list(_posts(day).filter(area_id__in=below)) if paths else []
    return _shown([post for post in posts if is_code_of(post.pk, day, typed)])


def todays_code(post: Post, at: datetime) -> str:
    """The six digits in two halves, as they are spoken: 123 456."""
    code = code_of(post.pk, clock.local_date(at))
    return f"{code[:3]} {code[3:]}"
