"""What people say to each other in the demo: questions to grid workers, a dispute that is mediated, who is on duty."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import cycle
from typing import Any

from louzhang.accounts.models import User
from louzhang.areas.models import Area, Unit
from louzhang.demo.district import Building, Community, District
from louzhang.duty.actions import add_shift, countersign_handover, write_handover
from louzhang.inquiries.actions import answer_inquiry, ask_inquiry, close_inquiry, turn_inquiry
from louzhang.kit import clock
from louzhang.mediation.actions import add_party, agree, start_mediation, talk
from louzhang.workorders.actions import Draft
from louzhang.workorders.models import Category, Channel

# Question, hours before now, answer; what nobody answered for more than a day stands at the community.
QUESTIONS = (
    ("老年卡在哪里办，要带什么？", 30, ""),
    ("明天停水到几点？", 2, ""),
    ("暖气费可以在手机上交吗？", 26, "可以，在社区门口扫码，也可以到一楼大厅交。"),
    ("居住证明找谁开？", 70, "带身份证到社区一楼，当场就开。"),
)
TURNED = ("三楼的灯坏了，问一下找谁？", "三楼楼道灯不亮。")
DISPUTE = "502 夜里挪家具，402 睡不好，两家在楼道里吵过两次。"
PARTIES = (("王建国", "19900000001"), ("李秀英", "19900000002"))
TALKS = (
    (6, "到 402 听了情况：老人睡不好，白天也没精神。", False),
    (5, "502 说孩子夜里下班，不知道楼下听得见，愿意铺地垫。", True),
    (3, "两家坐在一起，互相道了歉。", False),
)
TERMS = "一、502 晚上十点以后不挪家具，一周内铺好地垫。\n二、402 有事先在群里说，不到门口吵。"
DAYS_AHEAD = 5
HALF_DAY = timedelta(hours=12)


def let_them_talk(district: District, at: datetime) -> None:
    """Questions in one community, one dispute settled and one open, a week of duty in three offices."""
    homes = district.built_up()[0]
    _ask(district, homes, at)
    _mediate(district, homes.buildings[0], at)
    root_office = district.offices[district.root.pk]
    for unit in (root_office, district.offices[homes.street.pk], homes.office):
        _put_on_duty(district, unit, at)
    _sign_over(district, root_office, at)


def _ask(district: District, homes: Community, at: datetime) -> None:
    place, keeper = _asked_at(homes)
    worker = district.actor(keeper)
    people = cycle(district.residents)
    for words, hours, answer in QUESTIONS:
        person = next(people)
        asked_at = at - timedelta(hours=hours)
        inquiry = ask_inquiry(area=place, words=words, actor=district.actor(person), at=asked_at)
        if answer:
            answer_inquiry(inquiry_id=inquiry.pk, answer=answer, actor=worker, at=asked_at + timedelta(hours=1))
    close_inquiry(inquiry_id=inquiry.pk, actor=district.actor(person), at=at - timedelta(hours=48))
    words, matter = TURNED
    asker, asked_at = district.actor(next(people)), at - timedelta(hours=5)
    inquiry = ask_inquiry(area=place, words=words, actor=asker, at=asked_at)
    lamp = Category.objects.filter(parent__isnull=False, name__contains="灯", ended_at=None).order_by("pk").first()
    if lamp is not None:
        draft = Draft(channel=Channel.FIELD, category=lamp, area=place, words=matter)
        turn_inquiry(inquiry_id=inquiry.pk, draft=draft, actor=worker, at=asked_at + timedelta(hours=1))


def _asked_at(homes: Community) -> tuple[Area, User]:
    """A building of a grid that has a worker."""
    for building in homes.buildings:
        if building.grid.worker is not None:
            return building.area, building.grid.worker.user
    raise LookupError("no grid of the community has a worker")


def _mediate(district: District, building: Building, at: datetime) -> None:
    post = building.chief or building.grid.worker
    assert post is not None  # the first building is never without both
    chief = district.actor(post.user)
    settled = start_mediation(area=building.area, words=DISPUTE, actor=chief, at=at - timedelta(days=7))
    for name, phone in PARTIES:
        add_party(mediation_id=settled.pk, name=name, phone=phone, actor=chief, at=at - timedelta(days=7))
    for days, words, is_private in TALKS:
        then = at - timedelta(days=days)
        facts: dict[str, Any] = {"talked_on": clock.local_date(then), "words": words, "is_private": is_private}
        talk(mediation_id=settled.pk, actor=chief, at=then, **facts)
    ended = at - timedelta(days=3)
    agree(mediation_id=settled.pk, terms=TERMS, follow_up_on=clock.local_date(at), actor=chief, at=ended)
    start_mediation(area=building.area, words="门口堆纸箱，邻居过不去。", actor=chief, at=at - timedelta(hours=20))


def _put_on_duty(district: District, unit: Unit, at: datetime) -> None:
    """Two people turn about from today on, by day and by night; whoever is alone has the days."""
    people = district.members[unit.pk][:2]
    first = clock.day_start(clock.local_date(at)) + timedelta(hours=8)
    for day in range(DAYS_AHEAD):
        for turn, person in enumerate(people):
            starts_at = first + timedelta(days=day) + HALF_DAY * turn
            if starts_at + HALF_DAY > at:
                add_shift(
                    unit=unit, person=person, starts_at=starts_at, ends_at=starts_at + HALF_DAY, position=turn + 1,
                    actor=district.actor(district.members[district.offices[district.root.pk].pk][0]), at=at,
                )  # fmt: skip


def _sign_over(district: District, unit: Unit, at: datetime) -> None:
    people = district.members[unit.pk]
    if len(people) < len(("gives", "takes")):
        return
    giver, taker = people[:2]
    facts: dict[str, Any] = {"unit": unit, "words": "两处漏水等物业回话，请下午再问一次。"}
    before = write_handover(**facts, taker=taker, actor=district.actor(giver), at=at - timedelta(hours=12))
    countersign_handover(handover_id=before.pk, actor=district.actor(taker), at=at - timedelta(hours=11))
    write_handover(**facts, taker=giver, actor=district.actor(taker), at=at - timedelta(minutes=20))
