"""留痕: events, erasable words, attachments, reveals, request keys, the Actor and the walker."""
