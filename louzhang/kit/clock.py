"""The one place that asks for the time, and how times are spoken to people in the district's time zone."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.conf import settings

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def now() -> datetime:
    """Give this moment, aware, in UTC. Actions take it as ``at``; only the edges of the program call this."""
    return datetime.now(UTC)


def local(at: datetime) -> datetime:
    """Give the same moment on the district's clock. A moment without a time zone is a programming error."""
    if at.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return at.astimezone(_zone(settings.TIME_ZONE))


def local_date(at: datetime) -> date:
    """Give the district's calendar day of a moment."""
    return local(at).date()


def day_start(day: date) -> datetime:
    """Give the first moment of a district day, aware, in UTC."""
    return datetime.combine(day, time(), _zone(settings.TIME_ZONE)).astimezone(UTC)


def speak(at: datetime, now: datetime) -> str:
    """Say a moment in words: 今天 14:05, 昨天 09:30, 11月20日 09:30, 2025年11月20日 09:30."""
    there, here = local(at), local(now)
    return f"{_spoken_day(there.date(), here.date())} {there:%H:%M}"


def speak_due(due_at: datetime, now: datetime) -> str:
    """Say how far a deadline is: 还剩 3 小时, 还剩 2 天, 不到 1 小时, 超期 1 天.

    Full hours below one day, full days above; a part of an hour or day is left out.
    """
    left = due_at - now
    if left < timedelta(0):
        return f"超期 {_amount(-left)}" if -left >= HOUR else "超期不到 1 小时"
    return f"还剩 {_amount(left)}" if left >= HOUR else "不到 1 小时"


def _spoken_day(day: date, today: date) -> str:
    near = {0: "今天", 1: "明天", -1: "昨天"}.get((day - today).days)
    if near:
        return near
    spoken = f"{day.month}月{day.day}日"
    return spoken if day.year == today.year else f"{day.year}年{spoken}"


def _amount(span: timedelta) -> str:
    if span < DAY:
        return f"{span // HOUR} 小时"
    return f"{span // DAY} 天"


@lru_cache(maxsize=8)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
