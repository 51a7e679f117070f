"""Rounds of the demo: one that names people, one under review, one on notice with an objection, one appointed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from louzhang.accounts.models import User
from louzhang.areas.models import Area, Post
from louzhang.areas.queries import actor_for
from louzhang.areas.roles import OFFICE_ROLES, Role
from louzhang.demo.district import Building, District
from louzhang.demo.names import Namer
from louzhang.journal.actor import SYSTEM, Actor, ActorKind
from louzhang.kit import clock
from louzhang.roster.actions.choosing import (
    Choice,
    Naming,
    ObjectionDraft,
    RoundDraft,
    appoint_round,
    break_off,
    close_nominations,
    consent,
    end_notice,
    go_on,
    name_person,
    object_to_notice,
    pass_nominee,
    review_nominee,
    start_round,
)
from louzhang.roster.models.choosing import NamingWay, Nominee, Round

WHY = "单元里还没有单元长。请推荐热心、认得邻居、有时间的人，也可以自荐。"
REASONS = ("热心，谁家有事都帮忙。", "退休了有时间，认识全楼的人。", "会修水管电灯，邻居常找他。")
SAYS = ("住了二十年，愿意为大家跑跑腿。", "我退休了，有时间，手机也会用。", "谁家有事说一声，我来想办法。")
REVIEW = {
    "virtue": "拾到钱包等在门口还给失主。",
    "ability": "楼上楼下漏水，他两头说和好了。",
    "work": "雪天一早就在扫单元门口。",
    "people": "每户住几口人都说得上来。",
    "place": "知道总阀在哪里、哪盏灯坏过。",
    "matters": "知道三楼老人耳背，要上门说。",
}
PASSED = "两位考察的人都认为合适。"
OBJECTION = "他上个月才搬来，对楼里还不熟。"
SIGNED = "本人到社区签了同意书。"


class Rounds:
    """The office of one community walks its rounds, some weeks back to now."""

    def __init__(self, district: District, namer: Namer, at: datetime) -> None:
        self.district, self.namer, self.at = district, namer, at
        self.community = district.built_up()[0]
        posts = Post.objects.as_of(clock.local_date(at)).filter(area=self.community.area, role__in=OFFICE_ROLES)
        self.office = [post.user for post in posts.select_related("user").order_by("pk")]

    def desk(self, at: datetime) -> Actor:
        """Who runs them."""
        return actor_for(self.office[0], at)

    def start(self, areas: Sequence[Area], days: int, role: str = Role.STAIRWELL_HEAD) -> Round:
        """Announced some days ago, open for a week."""
        at = self.at - timedelta(days=days)
        until = clock.local_date(at) + timedelta(days=7)
        draft = RoundDraft(role=role, area_ids=[area.pk for area in areas], words=WHY, until=until)
        return start_round(draft=draft, actor=self.desk(at), at=at)

    def name(self, row: Round, days: int, which: int = 0, *, stands: bool = True) -> Nominee:
        """Somebody on paper for the first place; most have signed."""
        at = self.at - timedelta(days=days)
        naming = Naming(row.vacancies.order_by("pk")[0].uid, self.namer.name(), REASONS[which], self.namer.number())
        way = NamingWay.PAPER
        nominee = name_person(round_uid=row.uid, naming=naming, way=way, actor=self.desk(at), at=at)
        if stands:
            nominee = consent(uid=nominee.uid, statement=SAYS[which], words=SIGNED, actor=self.desk(at), at=at)
        return nominee

    def on(self, row: Round, days: int) -> None:
        """The next step."""
        at = self.at - timedelta(days=days)
        go_on(uid=row.uid, choice=Choice(), actor=self.desk(at), at=at)

    def close(self, row: Round, days: int) -> None:
        """Naming is over."""
        at = self.at - timedelta(days=days)
        close_nominations(uid=row.uid, actor=self.desk(at), at=at)

    def review(self, nominee: Nominee, people: Sequence[User], days: int) -> None:
        """What reviewers saw."""
        at = self.at - timedelta(days=days)
        for user in people:
            review_nominee(uid=nominee.uid, words=REVIEW, actor=actor_for(user, at), at=at)

    def to_notice(self, areas: Sequence[Area], reviewers: Sequence[User], days: int) -> Round:
        """All steps up to the notice."""
        row = self.start(areas, days)
        nominee = self.name(row, days - 1)
        self.close(row, days - 3)
        self.on(row, days - 3)
        self.review(nominee, reviewers, days - 4)
        at = self.at - timedelta(days=days - 5)
        pass_nominee(uid=nominee.uid, words=PASSED, actor=self.desk(at), at=at)
        self.on(row, days - 5)
        row.refresh_from_db()
        return row


def choose_chiefs(district: District, namer: Namer, at: datetime) -> None:
    """One round in each stage, in the first community; its stairwells lack heads, one building gets a new chief.

    A small demo goes without: it has fewer stairwells than stages.
    """
    rounds = Rounds(district, namer, at)
    building = next(each for each in rounds.community.buildings if each.grid.worker is not None)
    stairwells = without_head(rounds.community.buildings, at)
    worker = building.grid.worker
    if worker is None or len(stairwells) < 5 or len(rounds.office) < 2:
        return
    reviewers = rounds.office[:2]
    naming = rounds.start(stairwells[:2], 3)
    rounds.name(naming, 2)
    rounds.name(naming, 1, 1, stands=False)
    reviewing = rounds.start([building.area], 9, Role.CHIEF)
    nominee = rounds.name(reviewing, 8, 1)
    rounds.name(reviewing, 8, 2)
    rounds.close(reviewing, 2)
    rounds.on(reviewing, 2)
    rounds.review(nominee, reviewers[:1], 1)
    noticed = rounds.to_notice(stairwells[2:3], reviewers, 7)
    _object(noticed, at - timedelta(hours=20))
    _appoint(rounds.to_notice(stairwells[3:4], reviewers, 30), rounds)
    broken = rounds.start(stairwells[4:5], 20)
    then = at - timedelta(days=12)
    close_nominations(uid=broken.uid, actor=SYSTEM, at=then)
    break_off(uid=broken.uid, reason="没有人报名，先由楼长代管。", actor=rounds.desk(then), at=then)


def without_head(buildings: Sequence[Building], at: datetime) -> list[Area]:
    """The stairwells of these buildings that have no head now."""
    stairwells = [area for building in buildings for area in building.stairwells]
    posts = Post.objects.as_of(clock.local_date(at)).filter(area__in=stairwells, role=Role.STAIRWELL_HEAD)
    held = set(posts.values_list("area_id", flat=True))
    return [area for area in stairwells if area.pk not in held]


def _object(row: Round, at: datetime) -> None:
    phone = Actor(kind=ActorKind.DEVICE, device="c" * 64)
    object_to_notice(round_uid=row.uid, draft=ObjectionDraft(words=OBJECTION), actor=phone, at=at)


def _appoint(row: Round, rounds: Rounds) -> None:
    until = row.notice_until
    if until is None or until > rounds.at:
        raise LookupError("the notice of the demo has not stood its days")
    end_notice(uid=row.uid, actor=SYSTEM, at=until)
    day = clock.local_date(until)
    term = day.replace(year=day.year + 3, day=min(day.day, 28))
    appoint_round(uid=row.uid, starts_on=day, ends_on=term, actor=rounds.desk(until), at=until)
