"""Finds the Chromium and the Chinese font the browser journeys need; run as a program, installs them.

Order: the variable CHROMIUM, the system's browser, Playwright's own. `python -m tests.browser.chromium`
installs what is missing (apt as root, else Playwright's download) or names the one command to run.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

NAMES: Final = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
LAUNCH_ARGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-quic",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
    # Nothing but this machine answers: a page that asks the world for something fails its test.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
)
BY_HAND: Final = "apt-get install -y chromium fonts-noto-cjk"


def executable() -> Path | None:
    """Return the browser to start, or None when this machine has none."""
    if named := os.environ.get("CHROMIUM"):
        return Path(named) if Path(named).exists() else None
    for name in NAMES:
        if found := shutil.which(name):
            return Path(found)
    return _playwrights_own()


def has_chinese_font() -> bool:
    """Tell whether fontconfig knows a font for Chinese."""
    if shutil.which("fc-list") is None:
        return False
    listed = subprocess.run(["fc-list", ":lang=zh", "family"], capture_output=True, text=True, check=False)
    return bool(listed.stdout.strip())


def main() -> None:
    """Install what is missing, and stop with the one command to run when that is not possible."""
    if executable() is None or not has_chinese_font():
        _install()
    missing = [
        *([] if executable() else ["没有找到 Chromium（no Chromium）"]),
        *([] if has_chinese_font() else ["没有中文字体（no Chinese font）"]),
    ]
    if missing:
        sys.exit(f"浏览器测试不能运行：{'，'.join(missing)}。请执行 please run:  sudo {BY_HAND}")
    sys.stdout.write(f"浏览器 browser: {executable()}\n")


def _playwrights_own() -> Path | None:
    root = os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright"
    found = sorted(Path(root).glob("chromium-*/chrome-linux*/chrome"))
    found += sorted(Path(root).glob("chromium-*/chrome-mac*/*.app/Contents/MacOS/*"))
    return found[-1] if found else None


def _install() -> None:
    if os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], env=quiet, check=False, stdout=subprocess.DEVNULL)
        packages = ["chromium", "fonts-noto-cjk", "fontconfig"]
        install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
        subprocess.run(install, env=quiet, check=False, stdout=subprocess.DEVNULL)
    if executable() is None:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)


if __name__ == "__main__":
    main()
