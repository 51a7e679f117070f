#!/usr/bin/env python
"""The door for commands: reads the environment, then hands over to Django as the owner of the database."""

import os
import sys


def main() -> None:
    """Run one management command; a person at the keyboard acts as the database owner."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("LOUZHANG_ROLE", "owner")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
