"""People who sign in, their devices, one-time codes and tokens, and counting windows.

A phone number never stands in plain text: `phone_sealed` is read back only for a call,
`phone_index` (a keyed blind index) finds the person at sign-in.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from louzhang.journal.models import Chained
from louzhang.journal.sealed import Sealed
from louzhang.kit import crypto, masking, phones


class UserManager(BaseUserManager["User"]):
    """Finds people by phone without ever querying the number."""

    def by_phone(self, phone: str) -> User | None:
        """The person with this number, written in any usual way; None where there is none."""
        index = phone_index(phones.normal_phone(phone))
        return self.filter(phone_index=index).first()


def phone_index(phone: str) -> str:
    """The blind index of a normal phone number, the same for people and reporters."""
    return crypto.blind_index(phone, purpose="phone")


class User(AbstractBaseUser, Sealed, Chained):
    """A person who may sign in. Nothing is deleted: `ended_at` ends the account."""

    subject_kind = "user"
    SEALED: ClassVar[Mapping[str, str]] = {"phone": "phone_sealed"}

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    name = models.CharField("姓名", max_length=40)
    phone_sealed = models.TextField()
    phone_index = models.CharField(max_length=64, unique=True)
    is_demo = models.BooleanField(default=False)
    registered_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    USERNAME_FIELD = "phone_index"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        verbose_name = verbose_name_plural = "账号"

    def __str__(self) -> str:
        return f"user {self.pk}"

    @property
    def is_active(self) -> bool:  # type: ignore[override]  # ending says it; nobody sets it
        """Whether the account has not been ended."""
        return self.ended_at is None

    def seal_phone(self, phone: str) -> None:
        """Set the number; raises `kit.phones.InvalidPhone`."""
        normal = phones.normal_phone(phone)
        self.seal(phone=normal)
        self.phone_index = phone_index(normal)

    def open_phone(self) -> str:
        """The number in plain; the caller has logged the reveal."""
        return self.open_field("phone")

    @property
    def masked_name(self) -> str:
        """The name as residents see it."""
        return masking.mask_name(self.name)


class Device(models.Model):
    """A browser that stays signed in; a lost phone is ended here with one tap."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="devices")
    token_hash = models.CharField(max_length=64, unique=True)
    label = models.CharField(max_length=60, default="")
    way = models.CharField(max_length=10, default="code")  # code, password or demo
    signed_in_at = models.DateTimeField()
    seen_on = models.DateField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "登录设备"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["user"], condition=models.Q(ended_at=None), name="device_open"),
        ]

    def __str__(self) -> str:
        return f"device {self.pk} of user {self.user_id}"


class SignInCode(models.Model):
    """A one-time code that the community prints or speaks; stored hashed, used once."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="sign_in_codes")
    code_hash = models.CharField(max_length=64)
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "登录码"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(used_at=None, ended_at=None),
                name="one_open_code_per_person",
            ),
        ]

    def __str__(self) -> str:
        return f"code of user {self.user_id}"


class ApiToken(models.Model):
    """A bearer token of a person for a program: the person's scope, or less."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="api_tokens")
    label = models.CharField("用途", max_length=60)
    token_hash = models.CharField(max_length=64, unique=True)
    is_read_only = models.BooleanField("只能查看", default=False)
    made_at = models.DateTimeField()
    used_on = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "访问令牌"

    def __str__(self) -> str:
        return f"token {self.pk} of user {self.user_id}"


class Tally(models.Model):
    """How often a key came in one window of time; the key is a keyed hash, never a number."""

    key = models.CharField(max_length=64)
    window_start = models.DateTimeField()
    count = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = verbose_name_plural = "次数窗口"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["key", "window_start"], name="tally_once_per_window"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["window_start"], name="tally_window"),
        ]

    def __str__(self) -> str:
        return f"tally {self.count}"
