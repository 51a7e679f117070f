"""The states of training as data: a lesson and who is enrolled, a posting to learn, what people write and ask."""
