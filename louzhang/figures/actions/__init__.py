"""Keeping the roll-ups: they follow the journal, or are written anew from it."""

from louzhang.figures.actions.rolling_up import read_events, rebuild_figures

__all__ = ["read_events", "rebuild_figures"]
