"""Commands: a request for each that controllers understand, their table, and what goes with user codes.

A request of these sends nothing by itself; a client sends it::

    await client.request(commands.turn_unit_on(5))
"""

from omnilink_sansio.messages.commands.audio import *
from omnilink_sansio.messages.commands.audio_keys import *
from omnilink_sansio.messages.commands.climate import *
from omnilink_sansio.messages.commands.command import *
from omnilink_sansio.messages.commands.command_table import *
from omnilink_sansio.messages.commands.consoles import *
from omnilink_sansio.messages.commands.controller_command import *
from omnilink_sansio.messages.commands.doors import *
from omnilink_sansio.messages.commands.parameters import *
from omnilink_sansio.messages.commands.programming import *
from omnilink_sansio.messages.commands.scenes import *
from omnilink_sansio.messages.commands.security import *
from omnilink_sansio.messages.commands.units import *
from omnilink_sansio.messages.connected_security import *
from omnilink_sansio.messages.security import *
