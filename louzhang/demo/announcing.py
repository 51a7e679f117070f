"""Notices of buildings in the demo: a few chiefs and grid workers tell their residents something."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import islice, zip_longest

from louzhang.areas.models import Area, Post
from louzhang.demo.district import District
from louzhang.kit import clock
from louzhang.notices.actions import publish_notice, withdraw_notice

# Title, words, days before now, days it is shown; the last one was taken back.
NOTICES = (
    ("停水通知", "自来水公司检修，明天 9 点到 16 点停水，请提前储水。", 0.3, 3),
    ("今晚碰头", "晚饭后七点半在楼下，商量楼道灯和电动车停放，请每户来一位。", 0.2, 2),
    ("安全提醒", "楼道里不要停放和充电电动车，消防门前请留出通道。", 4, 20),
    ("疫苗接种点搬家", "接种点搬到社区二楼，周一到周五上午开门。", 2, 10),
    ("大风降温", "今夜有大风，请收好阳台和窗台上的物品。", 6, 2),
    ("停电通知", "线路检修改期，新的时间另行通知。", 1, 5),
)


def announce(district: District, at: datetime) -> None:
    """Publish them, each at its time."""
    *shown, taken_back = zip(_writers(district), NOTICES, strict=False)
    for post, notice in shown:
        _publish(district, post, notice, at)
    withdrawn = _publish(district, *taken_back, at)
    withdraw_notice(notice_id=withdrawn, actor=district.actor(taken_back[0].user), at=at - timedelta(hours=5))


def _writers(district: District) -> list[Post]:
    """A chief and a grid worker in turn, of as many communities as there are notices."""
    homes = [home for community in district.built_up() for home in community.buildings[:2]]
    chiefs = [home.chief for home in homes if home.chief]
    workers = [grid.worker for community in district.built_up() for grid in community.grids if grid.worker]
    mixed = [post for pair in zip_longest(chiefs, workers) for post in pair if post is not None]
    return list(islice(mixed, len(NOTICES)))


def _publish(district: District, post: Post, notice: tuple[str, str, float, int], at: datetime) -> int:
    title, words, days_ago, days = notice
    began = at - timedelta(days=days_ago)
    area = post.area
    assert isinstance(area, Area)  # chiefs and grid workers sit in a place
    ends_at = clock.day_start(clock.local_date(began) + timedelta(days=days))
    made = publish_notice(
        author=post.user,
        area=area,
        title=title,
        words=words,
        ends_at=ends_at,
        actor=district.actor(post.user),
        at=began,
    )
    return made.pk
