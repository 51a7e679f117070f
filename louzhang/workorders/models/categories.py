"""What a matter is about: two levels of categories, data of the district."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from louzhang.journal.models import Chained


class Handling(models.TextChoices):
    """How matters of a category find their way."""

    PLAIN = "plain", "一般"
    COMPLAINT = "complaint", "投诉（交上一级，被投诉人看不到）"
    GUARDED = "guarded", "保护（跳过楼栋和网格）"


class Category(Chained):
    """类别, in two levels: data of the district.

    `letters` are the two letters a call taker types. `promised_hours` are plain hours shown as
    "by when". `questions` are extra questions: a list of {"key", "label", "kind", "choices",
    "required"}. `photo_reason`, where not blank, makes a photo necessary to settle and says why.
    `keep_days` is how long personal words are kept after the end. Two reports within `same_metres` and
    `same_hours` are perhaps one matter; where a category `groups_bursts`, the desk is offered to merge all
    of them at once. Of an `is_public_space` matter neighbours may be told, and say that they see it too. Orders
    of one that `is_verified_on_spot` are looked at by a keeper or the desk before they may be closed.
    """

    subject_kind = "category"

    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    code = models.CharField("代号", max_length=40)
    letters = models.CharField("两字母", max_length=2, default="", blank=True)
    name = models.CharField("名称", max_length=30)
    keywords = models.CharField("联想词", max_length=200, default="", blank=True)
    official_code = models.CharField("国标代码", max_length=20, default="", blank=True)
    handling = models.CharField("办理方式", max_length=10, choices=Handling.choices, default=Handling.PLAIN)
    is_urgent = models.BooleanField("紧急", default=False)
    promised_hours = models.PositiveIntegerField("承诺时限（小时）", default=72)
    questions: models.JSONField[Any, Any] = models.JSONField("补充问题", default=list, blank=True)
    photo_reason = models.CharField("必须拍照的理由", max_length=120, default="", blank=True)
    keep_days = models.PositiveIntegerField("个人信息保留天数", default=1095)
    position = models.PositiveIntegerField("排序", default=0)
    is_verified_on_spot = models.BooleanField("结案前现场核实", default=False, db_default=False)
    is_public_space = models.BooleanField("公共地方的事", default=False)
    same_metres = models.PositiveIntegerField("相同的距离（米）", default=50)
    same_hours = models.PositiveIntegerField("相同的时间（小时）", default=72)
    groups_bursts = models.BooleanField("成批提示合并", default=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "类别"
        ordering: ClassVar[list[str]] = ["position", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["code"], condition=models.Q(ended_at=None), name="category_code_once"),
            models.UniqueConstraint(
                fields=["letters"],
                condition=models.Q(ended_at=None) & ~models.Q(letters=""),
                name="category_letters_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name
