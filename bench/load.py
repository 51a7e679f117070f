"""Load from the same machine: eight clients in one process, each keeping a connection for some requests.

Bounded by a number of seconds; it stops by itself and goes to loopback only.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

CLIENTS = 8
REQUESTS_A_CONNECTION = 20


@dataclass
class Load:
    """What came of one run: answers by status, and how long each took."""

    seconds: float
    statuses: dict[int, int] = field(default_factory=dict)
    took: list[float] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        """Good answers (2xx) a second."""
        good = sum(count for status, count in self.statuses.items() if 200 <= status < 300)
        return good / self.seconds

    def percentile(self, share: float) -> float:
        """Milliseconds within which this share of the answers came."""
        ordered = sorted(self.took)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def request_bytes(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """One HTTP/1.1 request."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def run_load(port: int, requests: Callable[[], Iterator[bytes]], seconds: float) -> Load:
    """Send what the iterator gives over eight connections until the time is up."""
    return asyncio.run(_run(port, requests(), seconds))


async def _run(port: int, requests: Iterator[bytes], seconds: float) -> Load:
    load = Load(seconds=seconds)
    started = time.monotonic()
    await asyncio.gather(*(_client(port, requests, started + seconds, load) for _ in range(CLIENTS)))
    load.seconds = time.monotonic() - started
    return load


async def _client(port: int, requests: Iterator[bytes], until: float, load: Load) -> None:
    """One client: connection after connection, as people come and go."""
    while time.monotonic() < until:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            for request in itertools.islice(requests, REQUESTS_A_CONNECTION):
                if time.monotonic() >= until:
                    return
                began = time.monotonic()
                writer.write(request)
                status = await _answer(reader)
                load.took.append(time.monotonic() - began)
                load.statuses[status] = load.statuses.get(status, 0) + 1
        finally:
            writer.close()


async def _answer(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head.split(b" ", 2)[1])
    lowered = head.lower()
    if b"transfer-encoding: chunked" in lowered:
        while size := int(await reader.readuntil(b"\r\n"), 16):
            await reader.readexactly(size + 2)
        await reader.readexactly(2)
    elif b"content-length:" in lowered:
        await reader.readexactly(int(lowered.split(b"content-length:")[1].split(b"\r\n")[0]))
    return status
