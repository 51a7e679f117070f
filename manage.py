#!/usr/bin/env python
"""The door for commands: picks the database role, then hands over to Django."""

import os
import sys


def main() -> None:
    """Run one management command; all act as the owner of the database but the worker."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("LOUZHANG_ROLE", "worker" if sys.argv[1:2] == ["worker"] else "owner")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
