"""Runs every check of `make check`, all of them even when one fails, and says which did."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
TOOLS = Path(PYTHON).parent

TYPED = ["config", "louzhang", "tests", "bench", "tools", "manage.py", "conftest.py"]
# A made-up public place: the settings must be clean as they would be there.
PUBLIC_PLACE = {
    "LOUZHANG_SECRET_KEY": "check-only-7h3-s3cr3t-of-nobody-q8w7e6r5t4y3u2i1o0p9a8s7d6f5g4h3",
    "LOUZHANG_SEAL_KEYS": "k1:MDEyMzQ1Njc4OWFiY2RlZg==",
    "LOUZHANG_INDEX_KEY": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
    "LOUZHANG_CHAIN_KEY": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
    "DATABASE_URL": "postgres://owner@127.0.0.1:1/louzhang",
    "DATABASE_URL_WEB": "postgres://web@127.0.0.1:1/louzhang",
    "DATABASE_URL_WORKER": "postgres://worker@127.0.0.1:1/louzhang",
    "LOUZHANG_HOSTS": "louzhang.example",
}


def checks() -> dict[str, list[str]]:
    """Name each check and its command."""
    manage = [PYTHON, "-W", "ignore::RuntimeWarning", "manage.py"]
    return {
        "format": [str(TOOLS / "ruff"), "format", "--check", "--quiet", "."],
        "lint": [str(TOOLS / "ruff"), "check", "--quiet", "."],
        "imports": [str(TOOLS / "lint-imports"), "--no-cache"],
        "templates": [str(TOOLS / "djade"), "--check", "--target-version", "5.2", *templates()],
        "house rules": [PYTHON, "tools/house_rules.py"],
        "deployment": [*manage, "check", "--deploy", "--fail-level", "INFO"],
        "migrations": [*manage, "makemigrations", "--check", "--dry-run"],
        "types": [str(TOOLS / "mypy"), *(place for place in TYPED if (ROOT / place).exists())],
    }


def templates() -> list[str]:
    """List the templates of ours."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.html"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [name for name in sorted(set(listed.stdout.splitlines())) if (ROOT / name).exists()]


def run(name: str, command: list[str]) -> bool:
    """Run one check in the made-up place; its words appear only when it fails."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as var:
        env = {key: value for key, value in os.environ.items() if not key.startswith(("LOUZHANG_", "DATABASE_URL"))}
        env |= PUBLIC_PLACE | {"LOUZHANG_VAR": var, "LOUZHANG_ROLE": "owner"}
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    print(f"{'ok  ' if done.returncode == 0 else 'FAIL'} {name:<12} {time.monotonic() - began:5.1f} s", flush=True)
    if done.returncode:
        print(done.stdout + done.stderr, flush=True)
    return done.returncode == 0


def main() -> None:
    """Run what the arguments name, or everything; exit 1 when a check failed."""
    if "--write-templates" in sys.argv:
        subprocess.run([str(TOOLS / "djade"), "--target-version", "5.2", *templates()], cwd=ROOT, check=False)
        return
    chosen = {name: command for name, command in checks().items() if len(sys.argv) == 1 or name in sys.argv[1:]}
    failed = [name for name, command in chosen.items() if not run(name, command)]
    if failed:
        sys.exit(f"make check: failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
