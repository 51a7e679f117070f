"""Re-encoding a stranger's photo in a process of its own, with bounds on memory and time.

A hostile or huge image can fill the memory or crash the decoder; here it takes down a child
that lives for one photo, never the worker. The child knows nothing of Django, the database or
the keys: the photo goes in at one end and comes out at the other.
"""

from __future__ import annotations

import contextlib
import json
import resource
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from louzhang.kit.images import BROKEN_PHOTO, BadUpload, Box, Reencoded, reencode

MEMORY_BYTES: Final = 1024 * 1024 * 1024
SECONDS: Final = 60

_ROOT: Final = Path(__file__).resolve().parent.parent.parent
_REFUSED: Final = 3


class DarkroomFailed(RuntimeError):
    """The child died or ran out of time: perhaps the photo, perhaps the machine."""


def develop(content: bytes, blurred: Sequence[Box] = ()) -> Reencoded:
    """Re-encode a photo in a child process, with some parts made unrecognisable.

    Raises `BadUpload` for a photo that is refused, `DarkroomFailed` when the child did not come
    to an answer.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-m", "louzhang.journal.darkroom", json.dumps([list(box) for box in blurred])],
            input=content,
            capture_output=True,
            cwd=_ROOT,
            env={"PYTHONDONTWRITEBYTECODE": "1", "MALLOC_ARENA_MAX": "1"},
            timeout=SECONDS,
            start_new_session=True,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise DarkroomFailed(f"no answer within {SECONDS} s") from error
    if done.returncode == _REFUSED:
        raise BadUpload(done.stdout.decode())
    if done.returncode != 0:
        raise DarkroomFailed(f"the child ended with {done.returncode}")
    return _unpacked(done.stdout)


def _unpacked(answer: bytes) -> Reencoded:
    head, _, pictures = answer.partition(b"\n")
    facts = json.loads(head)
    cut = facts["full"]
    return Reencoded(full=pictures[:cut], thumbnail=pictures[cut:], width=facts["width"], height=facts["height"])


def _bound() -> None:
    for kind, most in ((resource.RLIMIT_AS, MEMORY_BYTES), (resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_CORE, 0)):
        with contextlib.suppress(ValueError, OSError):  # a place with tighter bounds keeps its own
            resource.setrlimit(kind, (most, most))


def main() -> int:
    """Read a photo, write a line of JSON and the two pictures; refuse with a sentence and code 3."""
    _bound()
    try:
        made = reencode(sys.stdin.buffer.read(), json.loads(sys.argv[1]) if len(sys.argv) > 1 else ())
    except (BadUpload, MemoryError) as error:
        sentence = str(error) if isinstance(error, BadUpload) else BROKEN_PHOTO
        sys.stdout.buffer.write(sentence.encode())
        return _REFUSED
    facts = {"width": made.width, "height": made.height, "full": len(made.full)}
    sys.stdout.buffer.write(json.dumps(facts).encode() + b"\n" + made.full + made.thumbnail)
    return 0


if __name__ == "__main__":
    sys.exit(main())
