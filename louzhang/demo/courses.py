"""The course of one matter: each step of its story, taken by people of the demo who may take it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from random import Random
from uuid import UUID

from louzhang.accounts.models import User
from louzhang.areas.models import Post, Unit, UnitKind
from louzhang.areas.roles import Role
from louzhang.demo.cases import Case, CaseBook
from louzhang.demo.district import District
from louzhang.demo.photographs import Album
from louzhang.journal.actor import SYSTEM, Actor
from louzhang.workorders import actions
from louzhang.workorders.models import CallResult, WorkOrder

STARS = (5,) * 12 + (4,) * 6 + (3,) * 2 + (2,)
CALL_RESULTS = (CallResult.SATISFIED,) * 6 + (CallResult.ACCEPTABLE,) * 2 + (CallResult.NOT_ASKED, CallResult.UNREACHED)
TO_A_SEAT = 0.6
SHOWS_TROUBLE = 0.12
SHOWS_RESULT = 0.12


class Course:
    """Walks one order along its steps; every method that is a step of a story takes its moment."""

    def __init__(self, case: Case, district: District, book: CaseBook, album: Album, rng: Random) -> None:
        self.case = case
        self.district = district
        self.book = book
        self.album = album
        self.rng = rng
        self.units_had: list[Unit] = []
        self.holder: User | None = None
        self.pk = 0

    def run(self, steps: Sequence[str], times: Sequence[datetime]) -> int:
        """Report, then every step at its time; returns the order's id."""
        draft = self.case.draft
        if self.case.kind == "ordinary" and self.rng.random() < SHOWS_TROUBLE:
            draft = replace(draft, photos=self.album.take(self.case.reporter, times[0]))
        self.order = actions.report_workorder(draft=draft, actor=self.case.reporter, at=times[0]).order
        self.pk = self.order.pk
        for step, at in zip(steps, times[1:], strict=True):
            getattr(self, step)(at)
        return self.pk

    # --- who acts -------------------------------------------------------------------------------

    @property
    def desk(self) -> Actor:
        """Somebody in the office that answers for the order now."""
        area_id = WorkOrder.objects.values_list("desk_area_id", flat=True).get(pk=self.pk)
        return self.district.actor(self.rng.choice(self.district.desks[area_id]))

    @property
    def doer(self) -> Actor:
        """Whoever holds the order: the seat named, else a member of the unit."""
        unit = self.units_had[-1]
        return self.district.actor(self.holder or self.rng.choice(self.district.members[unit.pk]))

    @property
    def keeper(self) -> Actor:
        """The chief or grid worker of the place."""
        return self.district.actor(self.case.spot.keeper.user)

    # --- the desk -------------------------------------------------------------------------------

    def accept(self, at: datetime) -> None:
        """The desk accepts."""
        actions.accept_workorder(order_id=self.pk, actor=self.desk, at=at, note=self.book.phrase("accept_note"))

    def decline(self, at: datetime) -> None:
        """The desk declines, with the advice that belongs to the reason."""
        endings = self.book.written["endings"]
        chosen = self.rng.randrange(len(endings["decline_reason"]))
        reason, advice = endings["decline_reason"][chosen], endings["decline_advice"][chosen]
        actions.decline_workorder(order_id=self.pk, reason=reason, advice=advice, actor=self.desk, at=at)

    def dispatch(self, at: datetime) -> None:
        """The desk gives it to the unit whose matter it is; after a return, to the community itself."""
        unit = self._unit()
        seat = self._seat(unit)
        note = self.book.phrase("dispatch_note")
        actions.dispatch_workorder(order_id=self.pk, unit=unit, seat=seat, note=note, actor=self.desk, at=at)
        self.units_had.append(unit)
        self.holder = seat.user if seat else None

    def _unit(self) -> Unit:
        spot, name = self.case.spot, self.case.unit if not self.units_had else "office"
        estate = spot.building.estate if spot.building else ""
        if name == "property" and estate in spot.community.properties:
            return spot.community.properties[estate]
        if name == "team":
            return self.district.teams[spot.community.street.pk]
        if name in self.district.units:
            return self.district.units[name]
        return (
            self.district.offices[self.order.desk_area_id] if self.case.kind == "complaint" else spot.community.office
        )

    def _seat(self, unit: Unit) -> Post | None:
        ordinary = self.case.kind in ("ordinary", "unplaced")
        if unit.kind == UnitKind.OFFICE and ordinary and self.rng.random() < TO_A_SEAT:
            return self.case.spot.keeper
        return None

    def recategorise(self, at: datetime) -> None:
        """The desk corrects the category to another one of the same group."""
        category = self.case.draft.category
        siblings = [
            row
            for row in self.book.categories.values()
            if row.parent_id == category.parent_id and row.pk != category.pk and not row.photo_reason
        ]
        actions.recategorise_workorder(
            order_id=self.pk,
            category=self.rng.choice(siblings),
            reason=self.book.phrase("recategorise"),
            actor=self.desk,
            at=at,
        )

    def relocate(self, at: datetime) -> None:
        """The desk finds out where it is."""
        spot = self.case.spot
        longitude, latitude = spot.grid.place
        actions.relocate_workorder(
            order_id=self.pk,
            area=spot.grid.area,
            longitude=longitude,
            latitude=latitude,
            reason=self.book.phrase("relocate"),
            actor=self.desk,
            at=at,
        )

    def report_back(self, at: datetime) -> None:
        """The desk answers."""
        actions.report_back_workorder(order_id=self.pk, answer=self._answer(), actor=self.desk, at=at)

    def _answer(self) -> str:
        return f"您好，您反映的事有结果了：{self.rng.choice(self.case.settled)}请您看看是否满意。"

    def call(self, at: datetime) -> None:
        """The desk tells the reporter by phone or message and closes with what came of it."""
        result = self.rng.choice(CALL_RESULTS)
        actions.close_workorder(order_id=self.pk, call_result=result, actor=self.desk, at=at)

    def desk_close(self, at: datetime) -> None:
        """The desk closes what has been told at the door."""
        actions.close_workorder(order_id=self.pk, actor=self.desk, at=at)

    # --- those who do the work ------------------------------------------------------------------

    def assign(self, at: datetime) -> None:
        """The unit names who does it."""
        unit = self.units_had[-1]
        lead = self.rng.choice(self.district.members[unit.pk])
        seat = self._seat_inside(unit)
        actions.assign_workorder(order_id=self.pk, seat=seat, actor=self.district.actor(lead), at=at)
        self.holder = seat.user

    def _seat_inside(self, unit: Unit) -> Post:
        if unit.kind == UnitKind.OFFICE:
            return self.case.spot.keeper
        member: Post = Post.objects.get(unit=unit, role=Role.UNIT_MEMBER)
        return member

    def take(self, at: datetime) -> None:
        """The unit or its seat signs for it."""
        actions.take_workorder(order_id=self.pk, actor=self.doer, at=at)

    def settle(self, at: datetime) -> None:
        """The holder says what was done."""
        actor = self.doer
        photos = self._photos_of_work(actor, at)
        note = self.rng.choice(self.case.settled)
        actions.settle_workorder(order_id=self.pk, note=note, photos=photos, actor=actor, at=at)

    def _photos_of_work(self, actor: Actor, at: datetime) -> list[UUID]:
        forced = bool(self.case.draft.category.photo_reason)
        if forced or (self.case.kind == "ordinary" and self.rng.random() < SHOWS_RESULT):
            return self.album.take(actor, at, shows_result=True, must=forced)
        return []

    def settle_on_spot(self, at: datetime) -> None:
        """The chief or grid worker does it at once."""
        actor = self.keeper
        photos = self._photos_of_work(actor, at)
        note = f"当场办好：{self.rng.choice(self.case.settled)}"
        actions.settle_on_spot_workorder(order_id=self.pk, note=note, photos=photos, actor=actor, at=at)

    def send_back(self, at: datetime) -> None:
        """The unit returns what is not its own."""
        reason = self.book.phrase("send_back")
        actions.send_back_workorder(order_id=self.pk, reason=reason, actor=self.doer, at=at)
        self.holder = None

    def comment(self, at: datetime) -> None:
        """The holder says how far it is."""
        words = self.book.phrase("comments")
        actions.comment_workorder(order_id=self.pk, words=words, actor=self.doer, at=at)

    def tell_at_door(self, at: datetime) -> None:
        """The chief tells the neighbour at the door."""
        actions.report_back_workorder(order_id=self.pk, answer=self._answer(), actor=self.keeper, at=at)

    # --- the reporter and the clock -------------------------------------------------------------

    def reporter_comment(self, at: datetime) -> None:
        """The reporter asks how far it is."""
        words = self.book.phrase("reporter_comments")
        actions.comment_workorder(order_id=self.pk, words=words, actor=self.case.reporter, at=at)

    def rate(self, at: datetime) -> None:
        """The reporter rates it as solved."""
        stars, words = self.rng.choice(STARS), self.book.phrase("rating_words")
        actor = self.case.reporter
        actions.rate_workorder(order_id=self.pk, stars=stars, solved=True, words=words, actor=actor, at=at)

    def rate_unsolved(self, at: datetime) -> None:
        """The reporter says that it is not solved."""
        words = self.book.phrase("reopen_reason")
        actor = self.case.reporter
        actions.rate_workorder(order_id=self.pk, stars=1, solved=False, words=words, actor=actor, at=at)

    def reopen(self, at: datetime) -> None:
        """The reporter opens it again."""
        reason = self.book.phrase("reopen_reason")
        actions.reopen_workorder(order_id=self.pk, reason=reason, actor=self.case.reporter, at=at)

    def withdraw(self, at: datetime) -> None:
        """The reporter takes it back."""
        reason = self.book.phrase("withdraw_reason")
        actions.withdraw_workorder(order_id=self.pk, reason=reason, actor=self.case.reporter, at=at)

    def clock(self, at: datetime) -> None:
        """Nobody rated within the window."""
        actions.close_workorder(order_id=self.pk, actor=SYSTEM, at=at)
