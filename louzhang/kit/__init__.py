"""Tools without domain words and without models: clock, sealing, search keys, the embedded database, the queue."""
