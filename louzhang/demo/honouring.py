"""Honours of the demo: flags of two months, a chief of the month, one on notice, one to check, a letter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from louzhang.accounts.models import User
from louzhang.areas.models import Area, Post
from louzhang.areas.queries import actor_for
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.demo.district import Community, District
from louzhang.journal.actor import SYSTEM, Actor
from louzhang.kit import clock
from louzhang.register.models import Resident
from louzhang.roster.actions.honours.awarding import award_flags, award_honour
from louzhang.roster.actions.honours.bonuses import keep_account
from louzhang.roster.actions.honours.checking import check_honour, object_to_honour
from louzhang.roster.actions.honours.consenting import join_wall
from louzhang.roster.actions.honours.kinds import lay_down_honours
from louzhang.roster.actions.honours.letters import write_letter
from louzhang.roster.actions.honours.proposing import Proposal, propose_flags, propose_honour
from louzhang.roster.actions.membership import keep_own_entry
from louzhang.roster.models.honours import HonourKind

LONG_AGO = timedelta(days=100)
NOTICE = timedelta(days=14)
MORNING = timedelta(hours=10)
FLAG_WORDS = ("楼道一直干净，两户矛盾当天劝和。", "全楼消防通道没有再停车。", "停水那天逐户送水。")
CHIEF_WORDS = (
    "下雪那几天逐户敲门，给四位老人送菜送药。",
    "带着单元长把楼里的杂物清了，三年的老问题解决了。",
    "半夜陪一位发病的邻居去医院，等家属到了才走。",
)
GROWN_UP = 1990
GOOD_WORDS = ("三年来每天给楼上的老邻居带菜。", "捡到钱包，在楼下等失主两个小时。")
OBJECTION = "清杂物那天单元长也出了力，公示里最好写上。"
LETTER = ("市实验中学", "贵校的这位老师业余担任楼长，热心为邻居办事，得到大家的信任。谨致谢意。")
TOLD: tuple[tuple[str, list[str]], ...] = (
    ("college", ["first_aid"]),
    ("high", ["electricity", "fire"]),
    ("high", []),
    ("bachelor", ["law"]),
)


def honour(district: District, at: datetime) -> None:
    """Everything in the first built-up community that has three chiefs; a small demo has none."""
    lay_down_honours(actor=SYSTEM, at=at - LONG_AGO)
    kinds = {kind.code: kind for kind in HonourKind.objects.current()}
    community = next((each for each in district.built_up() if len(_chiefs(each)) >= len(CHIEF_WORDS)), None)
    if community is None:
        return
    office = _office(community.area, at)
    if len(office) > 1:
        _hang_flags(kinds["flag"], district, community, office, at)
        _praise_chiefs(kinds, community, office, at)
        _praise_neighbours(kinds["good"], community, office, at)
    for chief, (education, skills) in zip(_chiefs(community), TOLD, strict=False):
        keep_own_entry(
            education=education, skills=skills, other="", has_agreed=True, actor=district.actor(chief.user), at=at
        )


def _chiefs(community: Community) -> list[Post]:
    """One post a person: some answer for two buildings."""
    posts = {building.chief.user_id: building.chief for building in community.buildings if building.chief is not None}
    return list(posts.values())


def _office(area: Area, at: datetime) -> Sequence[User]:
    posts = Post.objects.as_of(clock.local_date(at)).filter(area=area, role__in=OFFICE_ROLES).select_related("user")
    return [post.user for post in posts.order_by("pk")]


def _month(at: datetime, ago: int) -> date:
    day = clock.local_date(at)
    year, place = divmod(day.year * 12 + day.month - 1 - ago, 12)
    return date(year, place + 1, 1)


def _hang_flags(
    kind: HonourKind, district: District, community: Community, office: Sequence[User], at: datetime
) -> None:
    """For the month three ago two buildings, for the next one of them again: its flag has stayed."""
    buildings = [building.area for building in community.buildings[:3]]
    for ago, chosen, days in ((3, buildings[:2], 1), (2, [buildings[0], buildings[2]], 18)):
        began = max(clock.day_start(_month(at, ago - 1)) + MORNING, district.at + timedelta(days=days))
        writer, checker = (actor_for(user, began) for user in office[:2])
        words = zip(chosen, FLAG_WORDS, strict=False)
        made = propose_flags(
            kind=kind, area=community.area, month=_month(at, ago), reasons={area.pk: said for area, said in words},
            actor=writer, at=began,
        )  # fmt: skip
        for each in made:
            check_honour(honour_id=each.pk, has_no_interest=True, actor=checker, at=began)
        award_flags(
            kind=kind, area=community.area, month=_month(at, ago), honour_ids=[each.pk for each in made],
            actor=writer, at=began + NOTICE,
        )  # fmt: skip


def _praise_chiefs(kinds: dict[str, HonourKind], community: Community, office: Sequence[User], at: datetime) -> None:
    """One awarded and on the wall with a bonus to pay, one on notice with an objection, one to check."""
    first, second, third = _chiefs(community)[:3]
    began = at - timedelta(days=20)
    writer, checker = (actor_for(user, began) for user in office[:2])
    holder = actor_for(first.user, at)
    done = _propose(kinds["month"], community.area, first, _month(began, 0), CHIEF_WORDS[0], writer, began)
    check_honour(honour_id=done, has_no_interest=True, actor=checker, at=began)
    award_honour(honour_id=done, actor=writer, at=began + NOTICE)
    join_wall(honour_id=done, actor=holder, at=at - timedelta(days=2))
    if first.kind == "volunteer":
        keep_account(number="6222020200112233445", bank="工商银行", actor=holder, at=at - timedelta(days=2))
    shown = _propose(kinds["good"], community.area, second, _month(at, 0), CHIEF_WORDS[1], writer, at)
    check_honour(honour_id=shown, has_no_interest=True, actor=checker, at=at)
    object_to_honour(honour_id=shown, words=OBJECTION, actor=actor_for(third.user, at), at=at)
    _propose(kinds["good"], community.area, third, _month(at, 0), CHIEF_WORDS[2], writer, at)
    addressee, text = LETTER
    write_letter(
        subject=first.user, area=community.area, kind="praise", addressee=addressee, text=text, actor=writer,
        at=at - timedelta(days=1),
    )  # fmt: skip


def _praise_neighbours(kind: HonourKind, community: Community, office: Sequence[User], at: datetime) -> None:
    """Somebody without a post on the wall by consent on paper, and one who has not signed yet."""
    people = Resident.objects.current().filter(
        area__path__startswith=community.area.path, died_on=None, birth_year__lt=GROWN_UP
    )  # fmt: skip
    began = at - timedelta(days=20)
    writer, checker = (actor_for(user, began) for user in office[:2])
    for number, (resident, words) in enumerate(zip(people.order_by("pk")[:2], GOOD_WORDS, strict=False)):
        moment = at if number else began
        proposal = Proposal(kind, community.area, words, _month(moment, 0), resident=resident, has_consent=not number)
        honour = propose_honour(proposal=proposal, actor=writer, at=moment)
        if not number:
            check_honour(honour_id=honour.pk, has_no_interest=True, actor=checker, at=began)
            award_honour(honour_id=honour.pk, actor=writer, at=began + NOTICE)
            join_wall(honour_id=honour.pk, has_paper=True, actor=writer, at=at - timedelta(days=2))


def _propose(kind: HonourKind, area: Area, post: Post, month: date, words: str, actor: Actor, at: datetime) -> int:
    proposal = Proposal(kind=kind, area=area, words=words, month=month, post=post)
    return propose_honour(proposal=proposal, actor=actor, at=at).pk
