"""All names, or voice names, of a kind, without the other properties (20P00 §READ NAME, §READ VOICE NAME)."""

from omnilink_sansio.messages.name_messages import ReadName, ReadVoiceName, name_type_of
from omnilink_sansio.operations.operation import Operation
from omnilink_sansio.operations.walking import walk

__all__ = ["read_names", "read_voice_names"]


def read_names(object_type: int) -> Operation[dict[int, str]]:
    """Return all names of a kind of object, by number, from the messages that are about names alone.

    `list_names` gives the same names from the objects' properties, and those of more kinds. Raises
    `LocalProtocolError` for a kind that has none here, `CommandFailedError` for a refusal, `RemoteProtocolError`
    when the controller's answers do not lead on (20P00 §READ NAME).
    """
    kind = name_type_of(object_type)
    names = yield from walk(
        lambda index: ReadName(kind, index), lambda name: name.index if name.name_type == kind else None
    )
    return {name.index: name.name for name in names}


def read_voice_names(object_type: int) -> Operation[dict[int, tuple[int, ...]]]:
    """Return all voice names of a kind of object, by number, as the numbers of their phrases.

    Raises what `read_names` raises (20P00 §READ VOICE NAME).
    """
    kind = name_type_of(object_type)
    names = yield from walk(
        lambda index: ReadVoiceName(kind, index), lambda name: name.index if name.name_type == kind else None
    )
    return {name.index: name.phrases for name in names}
