"""Publishing of our own styles and scripts: what only their authors read stays behind.

Comments and indentation weigh four kilobytes of a resident's first page on a bad line. Nothing else is
touched: whole lines of comment go, the code stays as it was written. Files of others pass as they are.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Any, Final

from django.apps import apps
from django.core.files.base import ContentFile, File
from whitenoise.storage import CompressedManifestStaticFilesStorage

_REMARK: Final = re.compile(r"/\*.*?\*/", re.DOTALL)


class LeanStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # WhiteNoise has no types
    """Keeps our own `.css` and `.js` without remarks, under names made from what was written."""

    def _save(self, name: str, content: File[Any]) -> str:
        if _is_ours(name):
            content.seek(0)  # whoever made the name of it has read it to its end
            text = content.read()
            words = text.decode() if isinstance(text, bytes) else text
            content = ContentFile(lean(words, PurePosixPath(name).suffix).encode())
        saved: str = super()._save(name, content)
        return saved


def lean(words: str, suffix: str) -> str:
    """Leave out remarks and indentation; a script with a text over several lines stays as it is."""
    if suffix == ".css":
        words = _REMARK.sub("", words)
    elif any(line.count("`") % 2 for line in words.splitlines()):
        return words
    lines = (line.strip() for line in words.splitlines())
    return "\n".join(line for line in lines if line and not (suffix == ".js" and line.startswith("//"))) + "\n"


def _is_ours(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    ours = {app.label for app in apps.get_app_configs() if app.name.startswith("louzhang.")}
    return path.suffix in {".css", ".js"} and path.parts[0] in ours
