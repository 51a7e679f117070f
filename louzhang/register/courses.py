"""What a need can become, as far as apps above know how: a small registry they fill.

A course makes the thing (an order, a service, a topic) in one act with noting it on the need.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from louzhang.journal.actor import Actor
from louzhang.journal.forms import VerbForm
from louzhang.register.models import Need


@dataclass(frozen=True, slots=True)
class CourseMaker:
    """`course` is one of `models.Course`; `form` asks what is still missing, `make` gives the number of what was made.

    `address` is the page of a number for an actor; empty where they have none.
    """

    course: str
    label: str
    form: Callable[..., VerbForm]
    make: Callable[[Need, Mapping[str, Any], Actor, datetime], str]
    address: Callable[[str, Actor], str]


_makers: dict[str, CourseMaker] = {}


def add_course(maker: CourseMaker) -> None:
    """Make a course known; called in `AppConfig.ready()`."""
    _makers[maker.course] = maker


def course_makers() -> list[CourseMaker]:
    """All of them, in the order they were added."""
    return list(_makers.values())


def maker_of(course: str) -> CourseMaker | None:
    """The one of a course."""
    return _makers.get(course)
