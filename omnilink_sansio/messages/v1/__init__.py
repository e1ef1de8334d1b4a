"""Omni-Link (10P17): the older protocol's own messages, one module a subject. No names here, see the modules."""
