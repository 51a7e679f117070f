"""What the browser would refuse, and what would be missing, is found before a page is opened."""

import re
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[3]
TEMPLATES = sorted((ROOT / "louzhang").glob("*/templates/**/*.html"))
INLINE = re.compile(r"\sstyle=|<style|<script(?![^>]*\ssrc=)|\son[a-z]+=\"|javascript:", re.IGNORECASE)
ICONS = re.compile(r"""{%\s*icon\s+["'](?P<name>[\w-]+)["']""")
SIGN_IN_CODE = re.compile(r"""icon=["'](?P<name>[\w-]+)["']""")


@pytest.fixture(scope="module")
def browser_files() -> ModuleType:
    spec = spec_from_file_location("browser_files", ROOT / "tools" / "browser_files.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_no_template_needs_what_the_policy_refuses() -> None:
    assert [str(path.relative_to(ROOT)) for path in TEMPLATES if INLINE.search(path.read_text(encoding="utf-8"))] == []


def test_every_icon_a_page_names_is_in_the_sprite(browser_files: ModuleType) -> None:
    sources = [*TEMPLATES, *(ROOT / "louzhang").glob("*/**/*.py")]
    named = {
        found["name"]
        for path in sources
        if "/tests/" not in path.as_posix()
        for pattern in (ICONS, SIGN_IN_CODE)
        for found in pattern.finditer(path.read_text(encoding="utf-8"))
    }
    assert named - set(browser_files.ICONS) == set()


def test_source_maps_are_taken_out(browser_files: ModuleType) -> None:
    kept = browser_files.without_source_map(b"a{}\n/*# sourceMappingURL=a.css.map */\n//# sourceMappingURL=b.js.map")
    assert b"sourceMappingURL" not in kept
    assert kept.startswith(b"a{}")


def test_an_icon_keeps_its_lines_and_loses_its_frame(browser_files: ModuleType) -> None:
    drawing = '<svg\n class="x"><path stroke="none" d="M0 0h24v24H0z" fill="none" />\n  <path d="M5 12l-2 0" />\n</svg>'
    symbol = browser_files.icon_symbol("home", drawing)
    assert symbol == '<symbol id="home" viewBox="0 0 24 24"><path d="M5 12l-2 0" /></symbol>'


def test_the_lock_of_browser_files_names_no_host() -> None:
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text(encoding="utf-8")
