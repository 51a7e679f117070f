"""What the demo asks its households: a screening that runs today, and a questionnaire that is over."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from uuid import UUID, uuid5

from louzhang.accounts.models import User
from louzhang.demo.district import Community, District
from louzhang.demo.following import set_rules
from louzhang.demo.moving_in import COMMUNITIES
from louzhang.demo.photographs import Album
from louzhang.journal.actor import Actor
from louzhang.kit import clock
from louzhang.surveys.actions.answering import Said, take_answers
from louzhang.surveys.actions.drafting import SurveyDraft, set_questions, write_survey
from louzhang.surveys.actions.running import close_survey, open_survey
from louzhang.surveys.models import Basis, Outcome, Survey, Target, Voice
from louzhang.surveys.questions import Asked, Kind, Only, Option

SPACE = UUID("4bd0a4e3-6f0f-4f57-9d3c-8a4f1c3f7f11")
HEATING = (
    Asked("lives", "现在有人住吗", Kind.YES_NO),
    Asked("people", "住几个人", Kind.NUMBER, only=Only("lives", frozenset({"yes"})), least=1, most=20),
    Asked("warm", "家里暖和吗", Kind.ONE, only=Only("lives", frozenset({"yes"})),
          options=(Option("a1", "暖和"), Option("a2", "不够暖和"), Option("a3", "不热"))),
    Asked("damage", "暖气、水管有没有漏的地方", Kind.YES_NO, only=Only("lives", frozenset({"yes"}))),
    Asked("where", "在哪里漏", Kind.TEXT, only=Only("damage", frozenset({"yes"})), is_needed=False),
    Asked("leak", "漏的地方拍一张", Kind.PHOTO, only=Only("damage", frozenset({"yes"})), most=3, is_needed=False,
          note="只拍管子，不拍家里的人。"),
)  # fmt: skip
LIFT = (
    Asked("wish", "同意加装电梯吗", Kind.ONE,
          options=(Option("a1", "同意"), Option("a2", "不同意"), Option("a3", "看方案再定"))),
    Asked("worry", "担心什么", Kind.MANY, is_needed=False,
          options=(Option("a1", "费用"), Option("a2", "采光"), Option("a3", "噪声"), Option("a4", "占地"))),
    Asked("when", "什么时候方便开会商量", Kind.ONE, is_needed=False,
          options=(Option("a1", "工作日晚上"), Option("a2", "周末上午"), Option("a3", "周末下午"))),
    Asked("pay", "每户最多愿意出多少元", Kind.NUMBER, only=Only("wish", frozenset({"a1"})), least=0, most=100000),
    Asked("since", "哪年哪月住进来的", Kind.DATE, is_needed=False),
    Asked("old", "家里有几位走楼梯吃力的", Kind.NUMBER, is_needed=False, least=0, most=10),
    Asked("words", "还想说什么", Kind.TEXT, is_needed=False),
)  # fmt: skip
WORRIES = ("", "a1", "a1,a2", "a3", "a1,a4", "a1", "a2")
WORDS = ("一楼采光怎么办，请先给个图", "希望尽快装，母亲在五楼", "费用按楼层分才公平", "装在北面会不会挡消防车")
BUILDINGS, EVERY, PHOTOS = 6, 7, 3


def ask_around(district: District, at: datetime) -> None:
    """Ask the homes of the first community about their heating today; it and a second one about lifts, weeks ago."""
    built = district.built_up()[:COMMUNITIES]
    if built:
        _screen(district, built[0], at)
    for community in built:
        _ask_about_lifts(district, community, at - timedelta(days=24))


def _screen(district: District, community: Community, at: datetime) -> None:
    """Begun three hours ago; a few chiefs have been round, some homes answered themselves."""
    begun, ends_at = at - timedelta(hours=3), at + timedelta(days=1)
    survey = _begin(district, community, HEATING, begun, SurveyDraft(
        kind="screening", title="供暖前住户摸底", purpose="核对哪些房屋有人住、哪里不热、哪里漏水，供暖前修好",
        starts_at=begun, ends_at=ends_at, purge_on=clock.local_date(ends_at) + timedelta(days=60),
        area_ids=[community.area.pk], basis=Basis.DUTY, basis_words="区住建局《供暖前入户检查的通知》",
    ))  # fmt: skip
    set_rules(survey, _desk(district, community), begun)
    album = Album(Random(PHOTOS), PHOTOS)  # noqa: S311 - the same demo every time, nothing secret
    for building in community.buildings[:BUILDINGS]:
        if building.chief is not None:
            homes = _homes(survey, building.area.path)
            _go_round(district, building.chief.user, homes[: len(homes) * 2 // 3], begun, at, album)


def _ask_about_lifts(district: District, community: Community, begun: datetime) -> None:
    """A fortnight long, answered by phone as well as at the door."""
    ends_at = begun + timedelta(days=14)
    survey = _begin(district, community, LIFT, begun, SurveyDraft(
        kind="questionnaire", title="加装电梯意愿", purpose="了解各单元的意愿和顾虑，开会商量方案",
        starts_at=begun, ends_at=ends_at, purge_on=clock.local_date(ends_at) + timedelta(days=90),
        area_ids=[community.area.pk],
    ))  # fmt: skip
    for building in community.buildings:
        if building.chief is not None:
            _say_wishes(district, building.chief.user, _homes(survey, building.area.path), begun)
    close_survey(survey_id=survey.pk, actor=_desk(district, community), at=ends_at)


def _begin(
    district: District, community: Community, asked: tuple[Asked, ...], begun: datetime, draft: SurveyDraft
) -> Survey:
    desk = _desk(district, community)
    survey = write_survey(draft=draft, asker_area_id=community.area.pk, actor=desk, at=begun)
    set_questions(survey_id=survey.pk, asked=asked, actor=desk, at=begun)
    return open_survey(survey_id=survey.pk, actor=desk, at=begun)


def _desk(district: District, community: Community) -> Actor:
    return district.actor(district.desks[community.area.pk][0])


def _homes(survey: Survey, path: str) -> list[Target]:
    rows = Target.objects.filter(survey=survey, area__path__gte=path, area__path__lt=path + "~")
    return list(rows.order_by("pk"))


def _go_round(
    district: District, chief: User, homes: list[Target], begun: datetime, at: datetime, album: Album
) -> None:
    said, actor = [], district.actor(chief)
    for index, home in enumerate(homes):
        happened_at = min(begun + timedelta(seconds=90 + 150 * index), at)
        outcome = Outcome.ABSENT if index % EVERY == 4 else Outcome.DECLINED if index % 11 == 9 else Outcome.ANSWERED
        fields = _heating(index)
        if outcome is Outcome.ANSWERED and fields.get("q_damage") == "yes":
            fields["q_leak"] = ",".join(str(uid) for uid in album.take(actor, at))
        said.append(Said(_uid(home), home.uid, fields, happened_at, outcome.value))
    take_answers(said, voice=Voice.DOOR, actor=actor, at=at)


def _heating(index: int) -> dict[str, str]:
    if index % 9 == 8:
        return {"q_lives": "no"}
    leaks = {"q_damage": "yes", "q_where": "厨房的管子"} if index % 13 == 5 else {"q_damage": "no"}
    warm = "a3" if index % 10 == 3 else "a2" if index % 4 == 1 else "a1"
    return {"q_lives": "yes", "q_people": str(1 + index % 4), "q_warm": warm, **leaks}


def _say_wishes(district: District, chief: User, homes: list[Target], begun: datetime) -> None:
    said = []
    for index, home in enumerate(homes):
        happened_at = begun + timedelta(days=index % 12, hours=10, minutes=3 * index)
        wish = "a2" if index % 8 == 2 else "a3" if index % 5 == 4 else "a1"
        outcome = Outcome.DECLINED if index % 17 == 6 else Outcome.ABSENT if index % 19 == 11 else Outcome.ANSWERED
        said.append(Said(_uid(home), home.uid, _wishes(wish, index), happened_at, outcome.value))
    take_answers(said, voice=Voice.DOOR, actor=district.actor(chief), at=begun + timedelta(days=13))


def _wishes(wish: str, index: int) -> dict[str, str]:
    fields = {"q_wish": wish, "q_worry": WORRIES[index % len(WORRIES)], "q_when": f"a{1 + index % 3}"}
    if wish == "a1":
        fields["q_pay"] = "-" if index % 13 == 0 else str((3 + index * 7 % 23) * 1000)
    if index % 3:
        fields |= {"q_since": f"{2009 + index * 7 % 9}-{1 + index * 5 % 12:02d}-15", "q_old": "00102"[index % 5]}
    return fields | ({"q_words": WORDS[index // 6 % len(WORDS)]} if index % 6 == 1 else {})


def _uid(home: Target) -> UUID:
    return uuid5(SPACE, str(home.pk))
