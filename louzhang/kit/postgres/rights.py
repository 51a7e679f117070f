"""What the roles `web` and `worker` may do, granted anew after every migration.

Both read, add and change rows; nobody but the owner changes a table's shape. Deleting is the
exception and stands below, row by row; events can be added and read, and that is all.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

# Tables whose rows are never changed once written.
APPENDED_ONLY: Final = frozenset({"journal_event", "journal_reveal", "journal_seal"})
# Tables only the owner writes.
READ_ONLY: Final = frozenset({"django_migrations", "django_content_type", "auth_permission"})
# Where rows may be deleted, and by whom. Everything else ends by a date instead.
DELETABLE: Final[Mapping[str, frozenset[str]]] = {
    "axes_accessattempt": frozenset({"web", "worker"}),  # cleared after a good sign-in
    "axes_accessattemptexpiration": frozenset({"web", "worker"}),
    "axes_accessfailurelog": frozenset({"worker"}),
    "accounts_tally": frozenset({"worker"}),  # counts of limits whose time is over
    "ballots_bundle": frozenset({"web", "worker"}),  # envelopes of a poll that was counted or withdrawn
    "ballots_elector": frozenset({"web", "worker"}),  # its roll; and one that is written anew
    "ballots_objection": frozenset({"web", "worker"}),  # likewise
    "ballots_papercount": frozenset({"web", "worker"}),  # likewise
    "fieldwork_dayitem": frozenset({"worker"}),  # lines of days long past
    "fieldwork_visitdue": frozenset({"web", "worker"}),  # a rhythm that ended, a household that moved away
    "figures_countedorder": frozenset({"worker"}),  # an order that is counted no more
    "figures_deedday": frozenset({"worker"}),  # a day of which every deed was taken back
    "figures_placeday": frozenset({"worker"}),  # rows that no order is counted in any more
    "figures_unitday": frozenset({"worker"}),  # likewise
    "figures_visitday": frozenset({"worker"}),  # likewise
    "journal_attachment": frozenset({"worker"}),  # drafts nobody submitted
    "journal_requestkey": frozenset({"worker"}),  # requests too old to be repeated
    "journal_stuck": frozenset({"worker"}),  # events a reader could read at last
    "journal_unread": frozenset({"worker"}),  # events that every reader has read
    "notices_delivery": frozenset({"worker"}),  # batches older than 90 days
    "notices_enclosure": frozenset({"worker"}),
    "notices_notice": frozenset({"worker"}),  # lines older than 90 days
    "register_communitycount": frozenset({"worker"}),  # counts of a community that was counted again
    "register_doorentry": frozenset({"worker"}),  # entries of phones, settled and older than any that may still come
    "register_importpiece": frozenset({"worker"}),  # what people brought, once it is done or past its time
    "roster_partymembership": frozenset({"web", "worker"}),  # taken back, or gone with the last post
    "roster_standing": frozenset({"web", "worker"}),  # of a month not published, who is not appraised any more
    "surveys_answer": frozenset({"worker"}),  # answers of a survey of which only counts are left
    "surveys_ground": frozenset({"web"}),  # of a draft that is written anew
    "surveys_question": frozenset({"web"}),  # likewise
    "procrastinate_jobs": frozenset({"worker"}),  # done work is removed
    "procrastinate_workers": frozenset({"worker"}),
    "procrastinate_periodic_defers": frozenset({"worker"}),
}


def rights_on(table: str, role: str) -> list[str]:
    """Return the rights of a role on a table, as SQL words."""
    if table in READ_ONLY:
        return ["SELECT"]
    if table in APPENDED_ONLY:
        return ["SELECT", "INSERT"]
    return ["SELECT", "INSERT", "UPDATE", *(["DELETE"] if role in DELETABLE.get(table, ()) else [])]


def grant(connection: BaseDatabaseWrapper, logins: Mapping[str, str], *schemas: str) -> None:
    """Take all rights from the lesser roles and give back what the tables above say, at one stroke."""
    statements: list[sql.Composable] = []
    for role in ("web", "worker"):
        if role in logins:
            login = sql.Identifier(logins[role])
            statements += _entry(connection, login)
            for schema in schemas:
                statements += _on_schema(sql.Identifier(schema), login, role, _tables(connection, schema))
    if statements:
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL("; ").join(statements))


def _entry(connection: BaseDatabaseWrapper, login: sql.Identifier) -> list[sql.Composable]:
    database = sql.Identifier(str(connection.settings_dict["NAME"]))
    return [sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(database, login)]


def _on_schema(schema: sql.Identifier, login: sql.Identifier, role: str, tables: Iterable[str]) -> list[sql.Composable]:
    statements: list[sql.Composable] = [
        sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(schema, login),
        sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA {} FROM {}").format(schema, login),
        sql.SQL("GRANT USAGE ON ALL SEQUENCES IN SCHEMA {} TO {}").format(schema, login),
    ]
    for table in tables:
        words = sql.SQL(", ".join(rights_on(table, role)))
        name = sql.SQL("{}.{}").format(schema, sql.Identifier(table))
        statements.append(sql.SQL("GRANT {} ON {} TO {}").format(words, name, login))
    return statements


def _tables(connection: BaseDatabaseWrapper, schema: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY tablename", [schema])
        return [name for (name,) in cursor.fetchall()]
