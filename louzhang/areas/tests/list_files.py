"""Lists as files for the tests: written, sent in the two steps, taken away again."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from louzhang.accounts.models import User
from louzhang.areas.models import Post, ServedArea, Title, Unit
from louzhang.journal.models import Event, RequestKey


def text(answer: Any) -> str:
    """Give what a page says."""
    return str(answer.content.decode())


def sheet_of(*rows: Mapping[str, str]) -> bytes:
    """Write a CSV with the columns of all rows."""
    head = list(dict.fromkeys(name for row in rows for name in row))
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(head)
    writer.writerows([row.get(name, "") for name in head] for row in rows)
    return written.getvalue().encode()


def send(client: Client, url: str, content: bytes, name: str = "list.csv") -> Any:
    """Send a file to be looked at."""
    return client.post(url, {"file": SimpleUploadedFile(name, content)})


def stored(client: Client, url: str, content: bytes) -> Any:
    """Send a file, then press the button of its preview."""
    page = send(client, url, content)
    assert page.status_code == 200, text(page)
    return client.post(f"{url}store/", body_of(page))


def body_of(page: Any) -> dict[str, Any]:
    """Give what the button of a preview sends."""
    form = page.context["store_form"]
    return {name: form[name].value() for name in ("entry_id", "rows")}


def taken(client: Client, url: str) -> bytes:
    """Give a list taken away as a file."""
    answer: Any = client.get(url)
    assert answer.status_code == 200
    return b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)


def lines_of(content: bytes) -> list[dict[str, str]]:
    """Read a CSV that was taken away."""
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def counts() -> Sequence[int]:
    """Count everything an import could have left behind."""
    return [model.objects.count() for model in (Unit, ServedArea, Post, Title, User, Event, RequestKey)]
