"""Notices of buildings in the demo: the chiefs and grid workers of one community tell their residents something."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import cycle

from louzhang.areas.models import Area, Post
from louzhang.demo.district import District
from louzhang.kit import clock
from louzhang.notices.actions import publish_notice, withdraw_notice

# Title, words, days before now, days it is shown.
NOTICES = (
    ("停水通知", "自来水公司检修，明天 9 点到 16 点停水，请提前储水。", 0.3, 3),
    ("今晚碰头", "晚饭后七点半在楼下，商量楼道灯和电动车停放，请每户来一位。", 0.2, 2),
    ("安全提醒", "楼道里不要停放和充电电动车，消防门前请留出通道。", 4, 20),
    ("大风降温", "今夜有大风，请收好阳台和窗台上的物品。", 6, 2),
)
OF_A_GRID = ("接种点搬家", "接种点搬到社区二楼，周一到周五上午开门。", 2, 10)
TAKEN_BACK = ("停电通知", "线路检修改期，新的时间另行通知。", 1, 5)


def announce(district: District, at: datetime) -> None:
    """One notice in every building of the first community that has some, one in each of its grids, one taken back."""
    homes = district.built_up()[0]
    chiefs = [building.chief for building in homes.buildings if building.chief]
    for post, notice in zip(chiefs, cycle(NOTICES), strict=False):
        _publish(district, post, notice, at)
    for grid in homes.grids:
        if grid.worker is not None:
            _publish(district, grid.worker, OF_A_GRID, at)
    withdrawn = _publish(district, chiefs[0], TAKEN_BACK, at)
    withdraw_notice(notice_id=withdrawn, actor=district.actor(chiefs[0].user), at=at - timedelta(hours=5))


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
