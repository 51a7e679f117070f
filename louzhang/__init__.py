"""Louzhang: the building chief system. One package per domain of the field; see ARCHITECTURE.md."""
