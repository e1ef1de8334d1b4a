"""Message types of both protocols, and the tables of what each does and what answers it.

::

    opcode = opcodes.OPCODES_V2[opcodes.OmniLink2MessageType.SET_TIME]
    print(opcode.effect, opcode.replies)
"""

from omnilink_sansio.messages.opcode import *
from omnilink_sansio.messages.opcodes_v2 import *
from omnilink_sansio.messages.v1.opcodes import *
