"""Programs in the controller: the messages that carry them.

::

    data = await client.request(programs.read_program(1))
    print(data.body.hex())
"""

from omnilink_sansio.messages.programs import *
