import io

from django.core.management.base import OutputWrapper

from louzhang.kit.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Watch:
    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


def test_without_a_terminal_a_line_is_written_every_tenth() -> None:
    stream = io.StringIO()
    with Progress(200, "导入", stream) as progress:
        for _ in range(200):
            progress.advance()
    assert stream.getvalue().splitlines() == [f"导入 {done}/200 {done // 2}%" for done in range(20, 201, 20)]


def test_a_terminal_sees_count_share_and_time_left() -> None:
    watch, stream = Watch(), Terminal()
    progress = Progress(100, "导入", stream, clock=watch)
    watch.at = 30.0
    progress.advance(25)
    assert "导入 " in stream.getvalue()
    assert "25/100 25% 剩余 1 分 30 秒" in stream.getvalue()
    assert not stream.getvalue().endswith("\n")
    watch.at = 120.0
    progress.advance(75)
    progress.close()
    assert "100/100 100% 用时 2 分 0 秒" in stream.getvalue()
    assert stream.getvalue().endswith("\n")


def test_a_terminal_is_not_flooded() -> None:
    watch, stream = Watch(), Terminal()
    progress = Progress(10_000, "导入", stream, clock=watch)
    for _ in range(10_000):
        watch.at += 0.001
        progress.advance()
    assert 90 <= stream.getvalue().count("\r") <= 101


def test_the_output_of_a_command_shows_a_moving_line() -> None:
    watch, stream = Watch(), Terminal()
    progress = Progress(10, "导入", OutputWrapper(stream), clock=watch)
    progress.advance()
    assert "\n" not in stream.getvalue()


def test_nothing_to_do_is_done() -> None:
    stream = Terminal()
    with Progress(0, "导入", stream):
        pass
    assert "0/0 100%" in stream.getvalue()


def test_more_steps_than_expected_stay_at_the_end() -> None:
    stream = io.StringIO()
    progress = Progress(2, "导入", stream)
    progress.advance(5)
    assert stream.getvalue() == "导入 5/2 100%\n"


def test_things_are_counted_as_they_are_taken() -> None:
    progress = Progress(3, "导入", io.StringIO())
    assert list(progress.over("abc")) == ["a", "b", "c"]
    assert progress.done == 3


def test_hours_are_spoken_as_hours() -> None:
    watch, stream = Watch(), Terminal()
    progress = Progress(4, "导入", stream, clock=watch)
    watch.at = 3700.0
    progress.advance()
    assert "剩余 3 小时 5 分" in stream.getvalue()
