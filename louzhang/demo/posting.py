"""Posted cadres of the demo: a team of first secretaries, one at work, one waiting for the other side."""

from __future__ import annotations

from datetime import datetime, timedelta

from louzhang.accounts.models import User
from louzhang.areas.models import Area, Post, Unit
from louzhang.areas.queries import actor_for
from louzhang.areas.roles import OFFICE_ROLES, Role
from louzhang.demo.district import District
from louzhang.fieldwork.actions.deeds import tell_deed
from louzhang.kit import clock
from louzhang.roster.actions import posted

BEGAN = timedelta(days=45)
TERM = timedelta(days=365)
DEEDS = (
    (16, "陪两户老人去医院做了体检。"),
    (12, "帮三户新搬来的人办好了居住登记。"),
    (9, "和邻居一起把单元门口的杂物清了。"),
    (4, "给独居老人换了楼道的灯泡。"),
    (2, "带物业看了漏水的两户，约好了修的日子。"),
)
MINUTES = "各人说了这个月做的事；老旧小区的楼道灯要统一查一遍，先从灯坏得多的两栋楼开始。"
YEAR = "每周到社区两天以上，走访、接待、调解都有记录；牵头解决了两处楼道灯的问题。"
REMARK = "情况属实，没有别的意见。"


def send_cadres(district: District, at: datetime) -> None:
    """One street's team: a meeting held, a leave asked for, a record drawn, a paper the person has seen."""
    here = district.built_up()[0]
    street = here.street
    there = next(each for each in district.communities if each.street.pk == street.pk and each is not here)
    runner = _seated(district, street, *OFFICE_ROLES)
    (unit, lead, cadre), (other_unit, other_lead, other_cadre) = _senders(district)[:2]
    began = at - BEGAN
    day = clock.local_date(began)
    team = posted.form_team(
        name="第一书记", area=street, starts_on=day, ends_on=day + TERM, document="演示〔2025〕1号",
        actor=actor_for(runner, began), at=began,
    )  # fmt: skip
    first, second = (
        posted.propose_posting(
            team_id=team.pk, user=user, home_unit=sender, area=area, role=Role.OFFICE_STAFF, strengths=strengths,
            actor=actor_for(runner, began), at=began,
        )
        for user, sender, area, strengths in (
            (cadre, unit, here.area, ["old_estates", "disputes"]),
            (other_cadre, other_unit, there.area, ["law", "elderly"]),
        )
    )  # fmt: skip
    head = _seated(district, here.area, Role.SECRETARY)
    for each, chief in ((first, lead), (second, other_lead)):
        posted.confirm_home(posting_id=each.pk, actor=actor_for(chief, began), at=began)
    posted.confirm_site(posting_id=first.pk, actor=actor_for(head, began), at=began)
    posted.take_up(posting_id=first.pk, actor=actor_for(runner, began), at=began)
    for days, words in DEEDS:
        then = at - timedelta(days=days)
        tell_deed(area=here.area, words=words, day=clock.local_date(then), actor=actor_for(cadre, then), at=then)
    posted.raise_need(area=here.area, strength="law", note="老楼加装电梯，要懂法的人", actor=actor_for(head, at), at=at)
    called = at - timedelta(days=8)
    meeting = posted.call_meeting(
        team_id=team.pk, subject="月例会：老旧小区怎么办", place="街道三楼", starts_at=at - timedelta(days=7),
        actor=actor_for(runner, called), at=called,
    )  # fmt: skip
    posted.hold_meeting(meeting_id=meeting.pk, minutes=MINUTES, present=[cadre.pk], actor=actor_for(runner, at), at=at)
    posted.draw_checks(
        team_id=team.pk,
        since=day,
        until=clock.local_date(at),
        size=2,
        seed=20250901,
        actor=actor_for(runner, at),
        at=at,
    )
    paper = posted.draft_paper(
        posting_id=first.pk, kind="year", year=clock.local_date(at).year, words=YEAR, actor=actor_for(head, at), at=at
    )
    posted.show_paper(paper_id=paper.pk, actor=actor_for(head, at), at=at)
    posted.see_paper(paper_id=paper.pk, remark=REMARK, actor=actor_for(cadre, at), at=at)


def _seated(district: District, area: Area, *roles: str) -> User:
    """Somebody in an office of the demo."""
    posts = Post.objects.as_of(clock.local_date(district.at)).filter(area=area, role__in=roles)
    post: Post = posts.select_related("user").order_by("pk")[0]
    return post.user


def _senders(district: District) -> list[tuple[Unit, User, User]]:
    """Departments with a lead and a member each."""
    found = []
    for unit in district.units.values():
        posts = Post.objects.as_of(clock.local_date(district.at)).filter(unit=unit).select_related("user")
        people = {post.role: post.user for post in posts}
        if {Role.UNIT_LEAD, Role.UNIT_MEMBER} <= set(people):
            found.append((unit, people[Role.UNIT_LEAD], people[Role.UNIT_MEMBER]))
    return found
