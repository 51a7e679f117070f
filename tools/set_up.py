"""Brings a checkout to the point where it can run: `.venv`, the locked packages, the browser files.

Started by the Makefile with any Python of 3.11 or newer and nothing else installed, so it uses the
standard library only. What is already in place is not done again: stamps hold the digest of the lock.
"""

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
BROWSER_FILES = ROOT / "tools" / "browser_files.py"


def main() -> None:
    """Install what runs, with `--dev` also what checks and tests need."""
    if sys.version_info < (3, 11):
        sys.exit("需要 Python 3.11 或更新的版本。Python 3.11 or newer is needed.")
    os.chdir(ROOT)
    make_environment()
    sync("requirements-dev.lock" if wants_tools() else "requirements.lock")
    bring_browser_files()


def wants_tools() -> bool:
    """Tell whether the tools are asked for or already there (then `make run` leaves them)."""
    return "--dev" in sys.argv or (ENVIRONMENT / "with-tools").exists()


def make_environment() -> None:
    """Make the virtual environment with uv in it."""
    if not PYTHON.exists():
        say("正在建立 .venv … making .venv")
        try:
            venv.create(ENVIRONMENT, with_pip=True, clear=True)
        except subprocess.CalledProcessError:
            sys.exit("无法建立虚拟环境。Debian 或 Ubuntu 请先执行：apt-get install python3-venv，再重试。")
    if not (ENVIRONMENT / "bin" / "uv").exists():
        run(str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "uv")


def sync(lock: str) -> None:
    """Install exactly what the lock says, unless the stamp shows that it was done."""
    stamp = ENVIRONMENT / "installed"
    wanted = digest(ROOT / lock)
    if stamp.exists() and stamp.read_text() == wanted:
        return
    say("正在安装依赖 … installing the locked packages")
    uv = str(ENVIRONMENT / "bin" / "uv")
    run(uv, "pip", "sync", "--quiet", "--python", str(PYTHON), "--require-hashes", "--compile-bytecode", lock)
    stamp.write_text(wanted)
    if "dev" in lock:
        (ENVIRONMENT / "with-tools").touch()


def bring_browser_files() -> None:
    """Fetch and copy the browser's files, unless lock and copier are those of the last time."""
    if not BROWSER_FILES.exists():
        return
    stamp = ROOT / "var" / "browser-files"
    vendor = ROOT / "louzhang" / "shell" / "static" / "vendor"
    wanted = digest(ROOT / "package-lock.json", BROWSER_FILES)
    if vendor.exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    say("正在准备页面文件 … bringing the browser files")
    run(str(PYTHON), str(BROWSER_FILES))
    stamp.parent.mkdir(exist_ok=True)
    stamp.write_text(wanted)


def digest(*paths: Path) -> str:
    """Return one SHA-256 over the contents of the files."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths if path.exists())).hexdigest()


def run(*command: str) -> None:
    """Run a command and stop with its exit code when it fails."""
    done = subprocess.run(command, check=False)
    if done.returncode:
        sys.exit(done.returncode)


def say(text: str) -> None:
    """Tell the person waiting what takes time."""
    print(text, flush=True)


if __name__ == "__main__":
    main()
