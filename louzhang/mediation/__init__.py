"""矛盾调解: neighbours in dispute, a mediator who talks with them, an agreement, a look back (handbook R1, R14)."""
