"""投票: the polls of a round, one a place, and what came of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from louzhang.journal.actor import Actor
from louzhang.journal.refusals import TransitionRefused
from louzhang.roster.models.choosing import Round, Vacancy


def open_polls(row: Round, vacancies: Sequence[Vacancy], actor: Actor, at: datetime) -> None:
    """One poll a place."""
    raise TransitionRefused("这里还不能投票。")


def take_outcomes(row: Round, vacancies: Sequence[Vacancy], actor: Actor, at: datetime) -> None:
    """Who was elected is put forward."""
    raise TransitionRefused("投票还没有结果。")


def stop_polls(row: Round, vacancies: Sequence[Vacancy], actor: Actor, at: datetime) -> None:
    """Polls end with a round that is broken off."""
