"""A progress bar for management commands: a moving line on a terminal, one line per tenth elsewhere."""

import time
from collections.abc import Callable, Iterable, Iterator
from types import TracebackType
from typing import Protocol, Self, TypeVar

T = TypeVar("T")

_WIDTH = 24
_BETWEEN_DRAWS = 0.1
_MINUTE = 60
_HOUR = 3600


class Output(Protocol):
    """What a bar is written to: a stream, or the wrapper of a Django command."""

    def write(self, text: str, /) -> object:
        """Write a text as it is."""

    def flush(self) -> None:
        """Show what was written."""

    def isatty(self) -> bool:
        """Tell whether a person is watching."""


class Progress:
    """Count, share and time left of ``total`` steps. Use it as a context and call ``advance``."""

    def __init__(self, total: int, label: str, stream: Output, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.total = total
        self.label = label
        self.done = 0
        self._stream = getattr(stream, "_out", stream)  # Django's wrapper would end every write with a new line
        self._clock = clock
        self._started = clock()
        self._drawn_at = float("-inf")
        self._tenth = 0
        self._moving = self._stream.isatty()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def advance(self, steps: int = 1) -> None:
        """Count steps as done and show it when it is time to."""
        self.done += steps
        if self._moving:
            self._draw_if_due()
        else:
            self._say_each_tenth()

    def over(self, things: Iterable[T]) -> Iterator[T]:
        """Give the things one by one, counting each when the next is asked for."""
        for thing in things:
            yield thing
            self.advance()

    def close(self) -> None:
        """Show the final state and leave the line."""
        if self._moving:
            self._write(f"\r{self._line()}\n")

    def _draw_if_due(self) -> None:
        at = self._clock()
        if at - self._drawn_at >= _BETWEEN_DRAWS:
            self._drawn_at = at
            self._write(f"\r{self._line()}")

    def _say_each_tenth(self) -> None:
        tenth = int(self._share() * 10)
        if tenth > self._tenth:
            self._tenth = tenth
            self._write(f"{self.label} {self.done}/{self.total} {tenth * 10}%\n")

    def _line(self) -> str:
        share = self._share()
        filled = int(share * _WIDTH)
        bar = "█" * filled + "░" * (_WIDTH - filled)
        return f"{self.label} {bar} {self.done}/{self.total} {int(share * 100)}% {self._left()}\x1b[K"

    def _left(self) -> str:
        spent = self._clock() - self._started
        if not self.done or self.done >= self.total:
            return f"用时 {_spoken(spent)}"
        return f"剩余 {_spoken(spent / self.done * (self.total - self.done))}"

    def _share(self) -> float:
        return min(1.0, self.done / self.total) if self.total > 0 else 1.0

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()


def _spoken(seconds: float) -> str:
    if seconds < _MINUTE:
        return f"{seconds:.0f} 秒"
    if seconds < _HOUR:
        return f"{int(seconds) // _MINUTE} 分 {int(seconds) % _MINUTE} 秒"
    return f"{int(seconds) // _HOUR} 小时 {int(seconds) % _HOUR // _MINUTE} 分"
