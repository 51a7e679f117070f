"""The tables of results as sheets of a workbook."""

from __future__ import annotations

import re
from collections.abc import Sequence

from louzhang.surveys.queries.results import Result, Results, Row

HIDDEN = "＊"
_NAME_LENGTH = 31
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")


def sheets_of(results: Results) -> dict[str, list[list[str]]]:
    """A sheet on how far asking has come, and one a question."""
    head = ["地点", "应问户数", "已问", "没遇到人", "还没问"]
    lines = [
        [each.area.name, str(each.total), str(each.done), str(each.absent), str(each.total - each.done - each.absent)]
        for each in (*results.below, results.standing)
    ]
    sheets = {"进度": [head, *lines]}
    for number, result in enumerate(results.questions, start=1):
        sheets[sheet_name(number, result.asked.text)] = table_of(result)
    return sheets


def sheet_name(number: int, text: str) -> str:
    """A name that Excel takes."""
    return f"{number}.{_NOT_IN_NAMES.sub('', text)}"[:_NAME_LENGTH].strip()


def table_of(result: Result) -> list[list[str]]:
    """Places down, answers across, how many were asked at the end."""
    head = [f"{result.asked.text}", *(column.words for column in result.columns), "问到的户"]
    return [head, *(_line(row) for row in (*result.rows, result.whole))]


def _line(row: Row) -> list[str]:
    return [row.area.name, *_cells((*row.numbers, row.asked))]


def _cells(numbers: Sequence[int | None]) -> list[str]:
    return [HIDDEN if number is None else str(number) for number in numbers]
