"""What an audio source plays, field by field."""

from omnilink_sansio.messages.audio_source import AudioSourceStatus, RequestAudioSourceStatus
from omnilink_sansio.messages.request import mismatched_reply
from omnilink_sansio.operations.operation import Operation, ask

__all__ = ["get_audio_metadata"]

_MOST_STARTS = 5
_HIGHEST_POSITION = 255


def get_audio_metadata(source: int) -> Operation[tuple[AudioSourceStatus, ...]]:
    """Return the fields of what a source plays, none when it has none (20P00 §REQUEST AUDIO SOURCE STATUS).

    When the audio system changes its data on the way, which the sequence number shows, all is read anew. Raises
    `RemoteProtocolError` when it never stands still or answers what was not asked.
    """
    for _ in range(_MOST_STARTS):
        fields = yield from _fields(source)
        if fields is not None:
            return fields
    raise mismatched_reply(
        RequestAudioSourceStatus(source), "one set of fields", f"{_MOST_STARTS} that changed on the way"
    )


def _fields(source: int) -> Operation[tuple[AudioSourceStatus, ...] | None]:
    fields: list[AudioSourceStatus] = []
    position = 0
    while True:
        request = RequestAudioSourceStatus(source, position)
        field = yield from ask(request)
        if field is None:
            return tuple(fields)
        if field.source != source:
            raise mismatched_reply(request, f"source {source}", f"source {field.source}")
        if fields and field.sequence != fields[0].sequence:
            return None
        if field.position < position or field.position == _HIGHEST_POSITION:
            raise mismatched_reply(
                request, f"a field from position {position} on", f"position {field.position}"
            )
        fields.append(field)
        position = field.position + 1
