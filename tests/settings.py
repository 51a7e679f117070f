"""Settings of the tests: known secrets, a folder and a server of their own, a fast hasher.

LOUZHANG_TEST_DATABASE_URL names another PostgreSQL by its owner, who may make databases and is a member
of the roles louzhang_web and louzhang_worker.
"""

import fcntl
import itertools
import os
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

_ROOT = Path(__file__).resolve().parent.parent

for _name in [name for name in os.environ if name.startswith("DATABASE_URL")]:
    del os.environ[_name]
if "LOUZHANG_TEST_DATABASE_URL" in os.environ:
    _url = urlsplit(os.environ["LOUZHANG_TEST_DATABASE_URL"])
    os.environ["DATABASE_URL"] = _url.geturl()
    for _role in ("web", "worker"):
        _place = f"louzhang_{_role}@{_url.hostname}:{_url.port or 5432}"
        os.environ[f"DATABASE_URL_{_role.upper()}"] = _url._replace(netloc=_place).geturl()

os.environ |= {
    "LOUZHANG_ROLE": "owner",
    "LOUZHANG_VAR": os.environ.get("LOUZHANG_TEST_VAR", str(_ROOT / "var" / "tests")),
    "LOUZHANG_SECRET_KEY": "tests-only-secret-tests-only-secret-tests-only-secret",
    "LOUZHANG_SEAL_KEYS": "k1:MTExMTExMTExMTExMTExMQ==,k0:MDAwMDAwMDAwMDAwMDAwMA==",
    "LOUZHANG_INDEX_KEY": "aW5kZXhpbmRleGluZGV4aW5kZXhpbmRleGluZGV4aW4=",
    "LOUZHANG_CHAIN_KEY": "Y2hhaW5jaGFpbmNoYWluY2hhaW5jaGFpbmNoYWluY2g=",
    "LOUZHANG_DEBUG": "0",
    "LOUZHANG_HTTPS": "0",
    "LOUZHANG_TIME_ZONE": "Asia/Shanghai",
    # Speed before durability: nothing of a test run is kept.
    "LOUZHANG_FORGETFUL_DATABASE": "1",
    # Playwright keeps an event loop running in the thread of the tests, which Django would take for async code.
    "DJANGO_ALLOW_ASYNC_UNSAFE": "1",
}


def _free_slot() -> tuple[int, IO[bytes]]:
    """Take the first number no other run holds: runs at the same time use databases of their own."""
    folder = Path(os.environ["LOUZHANG_VAR"]) / "slots"
    folder.mkdir(parents=True, exist_ok=True)
    for number in itertools.count():
        lock = (folder / str(number)).open("wb")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
        else:
            return number, lock
    raise AssertionError


from config.settings import *  # noqa: E402, F403 - the environment above comes first

SLOT, _SLOT_LOCK = _free_slot()
DATABASES["default"]["TEST"] = {"NAME": f"test_louzhang_{SLOT}"}  # noqa: F405
MIDDLEWARE = ["tests.lesser_role.WebRoleMiddleware", *MIDDLEWARE]  # noqa: F405
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}  # noqa: F405
ALLOWED_HOSTS = ["*"]
# Runs side by side do not share a database.
DATABASES["default"]["TEST"] = {"NAME": f"test_louzhang_{os.getpid()}"}  # noqa: F405
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405 - whitenoise warns about a folder that is not there
