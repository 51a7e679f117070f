"""消息: what people are told of what happened: the inbox, outgoing batches, channels, notices of a building."""
