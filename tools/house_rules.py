"""Checks what no other tool checks: lengths of functions and files, and names that say nothing."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LONGEST_FUNCTION = 60
LONGEST_FILE = 500
LONGEST_TEST_FILE = 800
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "data", "info", "handler", "service", "base2"}
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def main() -> None:
    """Print each breach with its place and exit 1 when there is one."""
    found = [line for path in python_files() for line in breaches(path)]
    print("\n".join(found) or "House rules: nothing to say.")
    sys.exit(bool(found))


def python_files() -> Iterator[Path]:
    """Yield every Python file that is committed or about to be, migrations apart."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    for name in sorted(set(listed.stdout.splitlines())):
        path = ROOT / name
        if path.exists() and "migrations" not in path.parts:
            yield path


def breaches(path: Path) -> Iterator[str]:
    """Yield what a file breaks."""
    place = path.relative_to(ROOT)
    text = path.read_text(encoding="utf-8")
    is_test = "tests" in place.parts
    lines, most = text.count("\n"), LONGEST_TEST_FILE if is_test else LONGEST_FILE
    if lines > most:
        yield f"{place}: {lines} lines, at most {most}"
    for part in place.with_suffix("").parts:
        if part in EMPTY_NAMES:
            yield f"{place}: the name {part!r} says nothing"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, Definition):
            yield from breaches_of_definition(place, node, is_test=is_test)


def breaches_of_definition(place: Path, node: Definition, *, is_test: bool) -> Iterator[str]:
    """Yield what a function or class breaks."""
    length = (node.end_lineno or node.lineno) - node.lineno + 1
    if not isinstance(node, ast.ClassDef) and length > LONGEST_FUNCTION and not is_test:
        yield f"{place}:{node.lineno}: {node.name} has {length} lines, at most {LONGEST_FUNCTION}"
    if node.name.lower() in EMPTY_NAMES:
        yield f"{place}:{node.lineno}: the name {node.name!r} says nothing"


if __name__ == "__main__":
    main()
