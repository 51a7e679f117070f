"""Every pair of colours that carries words reaches 4.5:1 in every theme; lines of fields reach 3:1."""

import re
from pathlib import Path

import pytest

CSS = Path(__file__).resolve().parent.parent / "static" / "shell" / "css"
COLOUR = re.compile(r"--(?P<name>[\w-]+):\s*#(?P<value>[0-9a-fA-F]{6})\s*;")
THEMES = {
    "light": ("tokens",),
    "dark": ("tokens", "dark"),
    "care": ("tokens", "care"),
    "care dark": ("tokens", "dark", "care", "care_dark"),
}
GROUNDS = ("bg", "surface", "surface-2")
WORDS = [
    *[(ink, ground) for ink in ("ink", "ink-2", "brand-ink", "blue") for ground in GROUNDS],
    *[("red", ground) for ground in ("bg", "surface", "red-soft")],
    *[("ink", ground) for ground in ("brand-soft", "red-soft", "amber-soft", "blue-soft")],
    ("on-brand", "brand"),
    ("on-brand", "brand-strong"),
    ("on-red", "red"),
    ("on-top", "top"),
    ("brand-ink", "brand-soft"),
    ("amber", "amber-soft"),
    ("amber", "surface"),
    ("blue", "blue-soft"),
    ("grey", "grey-soft"),
    ("surface", "ink"),
]
LINES = [("line-strong", "surface"), ("line-strong", "bg"), ("brand", "surface"), ("brand", "bg")]


def palette(theme: str) -> dict[str, str]:
    colours: dict[str, str] = {}
    for sheet in THEMES[theme]:
        text = (CSS / f"{sheet}.css").read_text(encoding="utf-8")
        colours |= {found["name"]: found["value"] for found in COLOUR.finditer(text)}
    return colours


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", THEMES)
def test_words_can_be_read_in_every_theme(theme: str) -> None:
    colours = palette(theme)
    weak = {f"{ink} on {ground}": round(contrast(colours[ink], colours[ground]), 2) for ink, ground in WORDS}
    assert {pair: value for pair, value in weak.items() if value < 4.5} == {}


@pytest.mark.parametrize("theme", THEMES)
def test_lines_of_fields_can_be_seen_in_every_theme(theme: str) -> None:
    colours = palette(theme)
    weak = {f"{line} on {ground}": round(contrast(colours[line], colours[ground]), 2) for line, ground in LINES}
    assert {pair: value for pair, value in weak.items() if value < 3} == {}


@pytest.mark.parametrize("theme", ["care", "care dark"])
def test_care_mode_reaches_seven_to_one_for_its_main_words(theme: str) -> None:
    colours = palette(theme)
    for ink in ("ink", "ink-2", "brand-ink"):
        assert contrast(colours[ink], colours["surface"]) >= 7


def test_the_measure_agrees_with_the_figure_written_in_the_rules() -> None:
    assert contrast("0b7a43", "ffffff") == pytest.approx(5.4, abs=0.05)
