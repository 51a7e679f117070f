"""How commands ask for a person: by phone on a prompt, never as an argument."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.base import CommandError

from louzhang.accounts.models import User
from louzhang.accounts.queries import by_typed_phone
from louzhang.journal.refusals import NotThere, Refusal


def add_person_argument(parser: argparse.ArgumentParser) -> None:
    """Offer the person's number in our tables, for programs that cannot answer a prompt."""
    parser.add_argument("--person", type=int, metavar="ID", help="人员编号；不给就询问手机号")


def person_asked_for(person_id: int | None) -> User:
    """The person of this id, or the one whose phone is typed; raises `NotThere`."""
    if person_id is not None:
        person = User.objects.filter(pk=person_id, ended_at=None).first()
    else:
        person = by_typed_phone(_typed("手机号 phone: "))
    if person is None or not person.is_active:
        raise NotThere("没有这个人，或账号已经停用。请核对后重试。No such person.")
    return person


@contextmanager
def refusals_end() -> Iterator[None]:
    """Turn a refusal into the command's last sentence."""
    try:
        yield
    except Refusal as refusal:
        raise CommandError(refusal.message) from None


def _typed(question: str) -> str:
    try:
        return input(question)
    except EOFError:
        raise CommandError("没有读到手机号。请在终端里运行，或用 --person 给出人员编号。") from None
