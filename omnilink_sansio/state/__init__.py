"""What is known of a controller's objects, kept current by notifications, replies and polls."""

from omnilink_sansio.state.status_snapshot import *
from omnilink_sansio.state.status_sweep import *
