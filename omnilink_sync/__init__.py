"""Omni-Link II from blocking code: the adapter comes with its own release; nothing is offered here yet."""

__all__: list[str] = []
