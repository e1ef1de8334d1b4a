"""What is known of a controller's objects, kept current by notifications, replies and polls."""

from typing import TYPE_CHECKING

from omnilink_sansio.first_use import names_of_parts as _names_of_parts

if TYPE_CHECKING:
    from omnilink_sansio.state.status_snapshot import *
    from omnilink_sansio.state.status_sweep import *

_PARTS = {
    "omnilink_sansio.state.status_snapshot": "*",
    "omnilink_sansio.state.status_sweep": "*",
}

if not TYPE_CHECKING:
    __getattr__, __dir__ = _names_of_parts(__name__, _PARTS)
