"""For other people's tests: two machines joined without sockets, in virtual time.

The hypothesis strategies are in `omnilink_sansio.testing.strategies`, imported by name, since they need
hypothesis.
"""

from omnilink_sansio.testing.virtual_link import VirtualLink as VirtualLink
