"""Omni-Link, the older protocol: what is its own.

::

    for number, opcode in v1.OPCODES_V1.items():
        print(number.name, opcode.replies)
"""

from omnilink_sansio.messages.v1.opcodes import *
