"""What the account adds to every page: the name of who is signed in, and the way to the account."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from louzhang.accounts.models import User
from louzhang.shell.parts import Item


def person_name(request: HttpRequest) -> str:
    """The name of the one signed in; empty for everybody else."""
    user = getattr(request, "user", None)
    return user.name if isinstance(user, User) else ""


def own_entries(request: HttpRequest) -> list[Item]:
    """My account, or signing in."""
    if person_name(request):
        return [Item(label="我的账号、退出", url=reverse("accounts:account"), icon="user")]
    return [Item(label="登录", url=reverse("accounts:sign_in"), icon="login")]
