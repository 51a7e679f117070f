"""By which ways notices leave the house. An app or a district's own package registers further ones.

The inbox needs no channel: a notice is a row that its reader finds. A channel carries batches of
them out; SMS, WeCom and WeChat plug in by `register(...)` in an `AppConfig.ready()`.
"""

from louzhang.notices.channels.interface import Channel, ChannelFailed, Message, channel_named, offered, register

__all__ = ["Channel", "ChannelFailed", "Message", "channel_named", "offered", "register"]
