"""Kinds of dwelling, after the seven-coloured plates (R7): data of the district."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from louzhang.journal.models import Chained


class Colour(models.TextChoices):
    """The tested palette: each stands with white letters on it and never without its letter."""

    GREEN = "green", "绿"
    BLUE = "blue", "蓝"
    TEAL = "teal", "青"
    BROWN = "brown", "棕"
    PURPLE = "purple", "紫"
    OCHRE = "ochre", "赭"
    GREY = "grey", "灰"


class DwellingKind(Chained):
    """What a home is used as: own, long let, short let, public, shop … `letter` always stands with the colour."""

    subject_kind = "dwelling_kind"

    code = models.SlugField("代号", max_length=20)
    name = models.CharField("名称", max_length=12)
    letter = models.CharField("字", max_length=1)
    colour = models.CharField("颜色", max_length=8, choices=Colour.choices)
    is_let = models.BooleanField("出租", default=False)
    position = models.PositiveSmallIntegerField("排序", default=0)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "房屋类型"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["code"], condition=models.Q(ended_at=None), name="dwelling_kind_code_once"),
            models.UniqueConstraint(
                fields=["letter"], condition=models.Q(ended_at=None), name="dwelling_kind_letter_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name
