"""What the roles of the database may do with the journal."""

import pytest
from django.conf import settings
from django.db import connection

pytestmark = pytest.mark.django_db


def rights_of(role, table):
    """List what a role may do with the rows of a table."""
    with connection.cursor() as cursor:
        granted = []
        for right in ("SELECT", "INSERT", "UPDATE", "DELETE"):
            cursor.execute("SELECT has_table_privilege(%s, %s, %s)", [settings.DATABASE_LOGINS[role], table, right])
            granted += [right] if cursor.fetchone()[0] else []
        return granted


@pytest.mark.parametrize("role", ["web", "worker"])
@pytest.mark.parametrize("table", ["journal_event", "journal_reveal", "journal_seal"])
def test_what_was_written_down_is_never_changed_or_removed(role, table):
    assert rights_of(role, table) == ["SELECT", "INSERT"]


@pytest.mark.parametrize("table", ["journal_attachment", "journal_requestkey", "accounts_tally"])
def test_only_the_worker_removes_what_is_past_its_time(table):
    assert rights_of("worker", table)[-1] == "DELETE"
    assert "DELETE" not in rights_of("web", table)


def test_words_are_emptied_but_never_removed():
    for role in ("web", "worker"):
        assert rights_of(role, "journal_words") == ["SELECT", "INSERT", "UPDATE"]
