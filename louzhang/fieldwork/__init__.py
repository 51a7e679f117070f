"""一线工作: the day's list, visits, patrols, the work log, errands (handbook R1, R4, R5, R11, R14)."""
