"""Reads the process environment: secrets, the place for files, and the databases.

Nothing secret has a default. When no DATABASE_URL is given the embedded server is used, and a file
`environment` under LOUZHANG_VAR (mode 0600) is made once with random secrets; what the process
environment says wins over the file.
"""

import base64
import binascii
import os
import secrets
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any, Final

import environ
from django.core.exceptions import ImproperlyConfigured

from louzhang.kit.postgres.place import DATABASE, LOGINS

ROOT: Final = Path(__file__).resolve().parent.parent
SECRETS: Final = ("LOUZHANG_SECRET_KEY", "LOUZHANG_SEAL_KEYS", "LOUZHANG_INDEX_KEY", "LOUZHANG_CHAIN_KEY")
ROLES: Final = ("owner", "web", "worker")
URL_NAMES: Final = {"owner": "DATABASE_URL", "web": "DATABASE_URL_WEB", "worker": "DATABASE_URL_WORKER"}


def var_directory(env: MutableMapping[str, str] = os.environ) -> Path:
    """Where everything the program writes lives (LOUZHANG_VAR, else `var` beside manage.py)."""
    return Path(env.get("LOUZHANG_VAR") or ROOT / "var").expanduser().resolve()


def load(env: MutableMapping[str, str] = os.environ) -> None:
    """Add what the environment file says; make the file first when the embedded database is used."""
    path = var_directory(env) / "environment"
    if not path.exists() and not env.get("DATABASE_URL") and not all(env.get(name) for name in SECRETS):
        _write_secrets(path)
    if path.exists():
        _read_into(path, env)


def required(name: str, env: MutableMapping[str, str] = os.environ) -> str:
    """Return a value that must be there, or say which variable is missing."""
    value = env.get(name, "")
    if not value:
        raise ImproperlyConfigured(
            f"环境变量 {name} 没有设置。请在启动前设置它（说明见 README）。"
            f" The environment variable {name} is not set; README says what it holds."
        )
    return value


def text(name: str, default: str, env: MutableMapping[str, str] = os.environ) -> str:
    """Read a plain setting; empty counts as not set."""
    return env.get(name, "").strip() or default


def words(name: str, default: list[str], env: MutableMapping[str, str] = os.environ) -> list[str]:
    """Read a list separated by commas."""
    return [word.strip() for word in env.get(name, "").split(",") if word.strip()] or default


def is_true(name: str, env: MutableMapping[str, str] = os.environ, *, default: bool = False) -> bool:
    """Read a switch: 1, true, yes and on mean yes."""
    value = env.get(name, "").strip().lower()
    return value in {"1", "true", "yes", "on"} if value else default


def hosts(env: MutableMapping[str, str] = os.environ) -> list[str]:
    """Return the names the place answers to: those of LOUZHANG_HOSTS, and always this machine's own."""
    return [*words("LOUZHANG_HOSTS", [], env), *hosts_nearby(env)]


def hosts_nearby(env: MutableMapping[str, str] = os.environ) -> list[str]:
    """Name the hosts of a place without LOUZHANG_HOSTS: this machine, or any name in the local net it is opened to."""
    opened = text("LOUZHANG_BIND", "127.0.0.1", env) not in {"127.0.0.1", "::1", "localhost"}
    return ["*"] if opened and uses_embedded_database(env) else ["localhost", "127.0.0.1", "[::1]"]


def key(name: str, env: MutableMapping[str, str] = os.environ) -> bytes:
    """Read a key written in base64."""
    return _decode(name, required(name, env))


def seal_keys(env: MutableMapping[str, str] = os.environ) -> dict[str, bytes]:
    """Read the sealing keys, `id:base64` separated by commas; the first one seals new values."""
    name = "LOUZHANG_SEAL_KEYS"
    found = {}
    for part in required(name, env).split(","):
        key_id, separator, encoded = part.strip().partition(":")
        if not separator or not key_id:
            raise ImproperlyConfigured(f"{name} 的写法应为 k1:base64，多个用逗号分开。")
        found[key_id] = _decode(name, encoded)
    return found


def uses_embedded_database(env: MutableMapping[str, str] = os.environ) -> bool:
    """Tell whether the database is the one we start ourselves."""
    return not env.get("DATABASE_URL") and not any(env.get(name) for name in URL_NAMES.values())


def database(acting_as: str, env: MutableMapping[str, str] = os.environ) -> dict[str, Any]:
    """Return Django's description of the database as seen by one role."""
    if uses_embedded_database(env):
        durable = not is_true("LOUZHANG_FORGETFUL_DATABASE", env)
        return {"NAME": DATABASE, "EMBEDDED": {"var": var_directory(env), "role": acting_as, "durable": durable}}
    name = URL_NAMES[acting_as]
    described: dict[str, Any] = environ.Env.db_url_config(required(name, env))
    if described.get("ENGINE") != "django.db.backends.postgresql":
        raise ImproperlyConfigured(f"{name} 必须以 postgres:// 开头：本系统只支持 PostgreSQL 15 或更新的版本。")
    return described


def logins(env: MutableMapping[str, str] = os.environ) -> dict[str, str]:
    """Name the database login of each role; those an external place does not name are left out."""
    if uses_embedded_database(env):
        return dict(LOGINS)
    urls = {acting_as: env.get(name, "") for acting_as, name in URL_NAMES.items()}
    found = {acting_as: environ.Env.db_url_config(url)["USER"] for acting_as, url in urls.items() if url}
    if len(set(found.values())) < len(found):
        raise ImproperlyConfigured(
            f"{'、'.join(URL_NAMES.values())} 必须使用三个不同的数据库用户："
            "网页和后台任务的权限比所有者少（见 docs/operations.md）。"
        )
    return found


def role(env: MutableMapping[str, str] = os.environ) -> str:
    """Which database role this process acts as; the web server's own when nothing is said."""
    name = env.get("LOUZHANG_ROLE") or "web"
    if name not in ROLES:
        raise ImproperlyConfigured(f"LOUZHANG_ROLE 只能是 {'、'.join(ROLES)}，现在是 {name!r}。")
    return name


def _write_secrets(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [
        f"LOUZHANG_SECRET_KEY={secrets.token_urlsafe(50)}",
        f"LOUZHANG_SEAL_KEYS=k1:{_random_key(16)}",
        f"LOUZHANG_INDEX_KEY={_random_key(32)}",
        f"LOUZHANG_CHAIN_KEY={_random_key(32)}",
    ]
    draft = path.with_name(f".environment-{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text("\n".join(lines) + "\n", encoding="ascii")
    try:
        os.link(draft, path)  # fails when another process was faster: its secrets stay
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _decode(name: str, encoded: str) -> bytes:
    try:
        return base64.b64decode(encoded, validate=True)
    except binascii.Error as error:
        raise ImproperlyConfigured(f"环境变量 {name} 不是有效的 base64，请检查是否完整复制。") from error


def _random_key(size: int) -> str:
    return base64.b64encode(secrets.token_bytes(size)).decode("ascii")


def _read_into(path: Path, env: MutableMapping[str, str]) -> None:
    class Reader(environ.Env):  # type: ignore[misc]  # the library is not typed
        ENVIRON = env

    Reader.read_env(path)
