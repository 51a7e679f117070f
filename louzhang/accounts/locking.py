"""The lock after repeated failures: django-axes, keyed by the blind index of the number.

What axes stores is the index, the address and the browser, never a number; a number without an
account is locked like any other, so that a lock tells nothing.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from axes.utils import reset
from django.conf import settings
from django.contrib.auth.signals import user_login_failed
from django.db.models import Max, QuerySet, Sum
from django.http import HttpRequest, HttpResponse

from louzhang.accounts.models import User

USER_FIELD = User.USERNAME_FIELD


def is_locked(request: HttpRequest, index: str) -> bool:
    """Whether this number is locked now."""
    return bool(AxesProxyHandler.is_locked(request, {USER_FIELD: index}))


def note_failure(request: HttpRequest, index: str) -> bool:
    """Count a failed sign-in of this number; whether it is locked by it."""
    user_login_failed.send(sender=__name__, credentials={USER_FIELD: index}, request=request)
    return bool(getattr(request, "axes_locked_out", False))


def unlock(index: str) -> bool:
    """Forget the failures of a number; whether there were any."""
    return bool(reset(username=index))


def locked_sentence(index: str, at: datetime) -> str:
    """How long the number stays locked, and who can unlock it before."""
    row = locked_numbers(at).filter(username=index).first()
    until = row["last_at"] + _cool_off() if row else at + _cool_off()
    minutes = max(1, math.ceil(int((until - at).total_seconds()) / 60))
    return (
        f"连续 {settings.AXES_FAILURE_LIMIT} 次没有登录成功，这个号码暂停登录。"
        f"请 {minutes} 分钟后再试，或请社区联系安全管理员解锁。"
    )


def locked_numbers(at: datetime) -> QuerySet[AccessAttempt, dict[str, Any]]:
    """The locked numbers by their index, with the time of the last failure, the newest first."""
    rows: QuerySet[AccessAttempt, dict[str, Any]] = (
        AccessAttempt.objects.filter(attempt_time__gte=at - _cool_off(), username__isnull=False)
        .order_by()
        .values("username")
        .annotate(last_at=Max("attempt_time"), failures=Sum("failures_since_start"))
        .filter(failures__gte=settings.AXES_FAILURE_LIMIT)
        .order_by("-last_at")
    )
    return rows


def lockout_response(request: HttpRequest, response: HttpResponse | None, credentials: object) -> HttpResponse | None:
    """AXES_LOCKOUT_CALLABLE: the view has already answered with its own sentence."""
    return response


def _cool_off() -> timedelta:
    cool_off: timedelta = get_cool_off()
    return cool_off
