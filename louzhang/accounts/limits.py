"""How often is too often: windows of time counted by one statement, and the limits themselves.

Call outside a transaction: a counted row stays locked until the transaction around it ends, and
300 neighbours may count on the same address.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection

from louzhang.accounts.models import Tally
from louzhang.journal.refusals import TooOften
from louzhang.kit import clock, crypto

MINUTE, HOUR, DAY = 60, 3600, 86400
KEPT = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` in each window of `window` seconds; `words` begin the refusal."""

    window: int
    most: int
    words: str


_REPORTS = "这台设备反映得太频繁了"
_NEIGHBOURS = "您所在的网络提交得太频繁了"
_INQUIRIES = "这台设备问得太频繁了"

LIMITS: Mapping[str, tuple[Limit, ...]] = {
    # Reports without an account.
    "report.device": (Limit(HOUR, 10, _REPORTS), Limit(DAY, 30, _REPORTS)),
    "report.phone": (Limit(DAY, 10, "这个号码今天反映的次数已经到了上限"),),
    "report.address": (Limit(HOUR, 600, _NEIGHBOURS),),
    # Questions without an account.
    "inquiry.device": (Limit(HOUR, 10, _INQUIRIES), Limit(DAY, 30, _INQUIRIES)),
    "inquiry.address": (Limit(HOUR, 600, _NEIGHBOURS),),
    # Photos and files before a report is sent: nine a report, and some of them again.
    "upload.device": (Limit(HOUR, 150, "这台设备上传得太频繁了"),),
    "upload.address": (Limit(HOUR, 6000, _NEIGHBOURS),),
    # Somebody trying tracking codes.
    "tracking.device": (Limit(HOUR, 60, "查询得太频繁了"),),
    "tracking.address": (Limit(HOUR, 1200, _NEIGHBOURS),),
    # Somebody trying the six digits of a contact card.
    "visit.device": (Limit(HOUR, 20, "核对得太频繁了"),),
    "visit.address": (Limit(HOUR, 600, _NEIGHBOURS),),
    "visit.card": (Limit(HOUR, 300, "这张卡核对得太频繁了"),),
    # Sealed things of the register that one person opens, and searches by number.
    "reveal.person": (Limit(HOUR, 60, "一小时里查看的个人信息太多了"),),
    # ID numbers somebody types that turn out to be another row's.
    "number.person": (Limit(HOUR, 20, "一小时里填的证件号码有太多登记在别处"),),
    # The whole own entry as a file to take along.
    "copy.person": (Limit(HOUR, 5, "一小时里复制的次数太多了"),),
    # A household that answers a survey itself, or somebody trying codes of households.
    "survey.device": (Limit(HOUR, 30, "这台设备填得太频繁了"), Limit(DAY, 60, "这台设备填得太频繁了")),
    "survey.address": (Limit(HOUR, 600, _NEIGHBOURS),),
    "survey.home": (Limit(HOUR, 300, "这里填得太频繁了"),),
    # Objections to public notices, and somebody trying codes of rounds.
    "choosing.device": (Limit(HOUR, 10, "这台设备提交得太频繁了"), Limit(DAY, 30, "这台设备提交得太频繁了")),
    "choosing.address": (Limit(HOUR, 600, _NEIGHBOURS),),
    # Somebody trying codes of ballots: only wrong ones are counted, since a right one is a vote.
    "ballot.address": (Limit(HOUR, 200, "输错投票码的次数太多了"),),
    # Somebody trying the digits shown where people are trained.
    "training.person": (Limit(HOUR, 20, "一小时里填的签到码太多了"),),
    # A community that is called and looks up whose digits of today they are.
    "visit.desk": (Limit(HOUR, 60, "一小时里核对的次数太多了"),),
    # Files of people that leave the register.
    "export.person": (Limit(DAY, 10, "今天导出的次数太多了"),),
    # Somebody saying who they are in the register.
    "binding.asker": (Limit(DAY, 5, "今天认证的次数太多了"),),
    # Failed sign-ins; the lock of one number is in `locking`.
    "sign_in.address": (Limit(HOUR, 200, "这个网络上登录失败的次数太多了"),),
    "demo.address": (Limit(HOUR, 600, _NEIGHBOURS),),
}
# Programs: counted in each web process, so that a request of a program costs no write.
TOKEN = Limit(MINUTE, 6000, "这个令牌请求得太频繁了")


def count(key: str, *, window: int, at: datetime) -> int:
    """Count one more of this key in the window of `window` seconds around `at`; the count so far."""
    return count_all([(key, window)], at)[key, window]


def count_all(keys: Iterable[tuple[str, int]], at: datetime) -> dict[tuple[str, int], int]:
    """Count one more of each (key, seconds) by one statement.

    Keys are stored hashed, together with their window. Rows are written in one order, so that two
    requests with the same keys wait for each other instead of blocking each other.
    """
    hashes = {_hashed(key, window): (key, window) for key, window in keys}
    if not hashes:
        return {}
    rows = [(hashed, _start(hashes[hashed][1], at)) for hashed in sorted(hashes)]
    places = ", ".join(["(%s, %s, 1)"] * len(rows))
    table = connection.ops.quote_name(Tally._meta.db_table)
    statement = (
        f"INSERT INTO {table} AS tally (key, window_start, count) VALUES {places} "  # noqa: S608 - our own table name
        "ON CONFLICT (key, window_start) DO UPDATE SET count = tally.count + 1 RETURNING key, count"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [value for row in rows for value in row])
        return {hashes[hashed]: counted for hashed, counted in cursor.fetchall()}


def refuse_too_often(kinds: Mapping[str, str], at: datetime) -> None:
    """Count what is about to happen, by the names of `LIMITS`: `{"report.device": device, …}`.

    An empty value is not counted. Raises `TooOften` with a sentence that says when to try again.
    """
    wanted = {
        (f"{name}:{value}", limit.window): limit for name, value in kinds.items() if value for limit in LIMITS[name]
    }
    counted = count_all(wanted, at)
    broken = [limit for key, limit in wanted.items() if counted[key] > limit.most]
    if broken:
        _refuse(max(broken, key=lambda limit: limit.window), at)


def refuse_if_spent(name: str, value: str, at: datetime) -> None:
    """Refuse when the limit is already reached, without counting: for things of which only failures count."""
    hashes = {_hashed(f"{name}:{value}", limit.window): limit for limit in LIMITS[name]}
    starts = {_start(limit.window, at) for limit in LIMITS[name]}
    rows = Tally.objects.filter(key__in=hashes, window_start__in=starts).values_list("key", "count")
    broken = [hashes[key] for key, counted in rows if counted >= hashes[key].most]
    if value and broken:
        _refuse(max(broken, key=lambda limit: limit.window), at)


_asked: dict[int, tuple[datetime, int]] = {}


def refuse_token_too_often(token_id: int, at: datetime) -> None:
    """Count one more request of a token in this process; raises `TooOften` over the limit."""
    start = _start(TOKEN.window, at)
    began, asked = _asked.get(token_id, (start, 0))
    asked = asked + 1 if began == start else 1
    _asked[token_id] = (start, asked)
    if asked > TOKEN.most:
        _refuse(TOKEN, at)


def forget_old_windows(at: datetime) -> int:
    """Drop windows that ended long ago; the number dropped."""
    dropped, _ = Tally.objects.filter(window_start__lt=at - KEPT).delete()
    return dropped


def _refuse(limit: Limit, at: datetime) -> None:
    again = _start(limit.window, at) + timedelta(seconds=limit.window)
    when = "一分钟后" if limit.window <= MINUTE else f"{clock.speak(again, at)} 以后"
    raise TooOften(f"{limit.words}，请{when}再试。急事请打电话。")


def _hashed(key: str, window: int) -> str:
    return crypto.blind_index(f"{window}:{key}", purpose="tally")


def _start(window: int, at: datetime) -> datetime:
    """The window's beginning; those of a day begin with the day of the district."""
    if window == DAY:
        return clock.day_start(clock.local_date(at))
    seconds = int(at.timestamp())
    return datetime.fromtimestamp(seconds - seconds % window, UTC)
