"""What runs in production imports nothing that only the tools bring."""

import ast
import importlib.metadata
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
OURS = {"louzhang", "config"}
# What can be computed by anybody, anywhere: it may know the language and its own like, nothing else.
PURE = ("louzhang/kit/working_time.py", "louzhang/workorders/clocks.py")


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name.partition(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def test_production_imports_only_what_its_lock_installs():
    locked = set(re.findall(r"^([a-z0-9-]+)==", (ROOT / "requirements.lock").read_text(), re.MULTILINE))
    owners = importlib.metadata.packages_distributions()
    files = [path for name in OURS for path in (ROOT / name).rglob("*.py") if "tests" not in path.parts]
    missing = {
        f"{path.relative_to(ROOT)}: {module}"
        for path in files
        for module in imported(path)
        if module not in OURS | sys.stdlib_module_names
        and not locked & {re.sub(r"[-_.]+", "-", owner).lower() for owner in owners.get(module, ())}
    }
    assert len(files) > 20
    assert not missing


@pytest.mark.parametrize("name", PURE)
def test_the_arithmetic_of_deadlines_needs_no_framework_and_no_tables(name):
    modules = {
        node.module if isinstance(node, ast.ImportFrom) else alias.name
        for node in ast.walk(ast.parse((ROOT / name).read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    own = {path.removesuffix(".py").replace("/", ".") for path in PURE}
    foreign = {module for module in modules - own if str(module).partition(".")[0] not in sys.stdlib_module_names}
    assert "datetime" in modules
    assert not foreign


def test_locks_name_no_registry():
    for lock in ("requirements.lock", "requirements-dev.lock", "package-lock.json"):
        text = (ROOT / lock).read_text()
        assert not re.search(r"https?://\S*(?:registry|pypi|index|simple|mirror)|--(?:extra-)?index-url", text), lock


def test_pages_and_worker_start_without_what_few_of_them_need():
    heavy = {"shapely", "numpy", "openpyxl"}
    start = "import sys, django; django.setup(); import config.urls, louzhang.register.tasks"
    said = subprocess.run(
        [sys.executable, "-c", f"{start}; print(sorted({heavy} & set(sys.modules)))"],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert said.stdout.strip() == "[]", said.stderr
