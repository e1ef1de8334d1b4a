"""Commands to audio zones."""

from omnilink_sansio.errors import LocalProtocolError
from omnilink_sansio.messages.commands.audio_keys import AUDIO_KEYS, AudioKey
from omnilink_sansio.messages.commands.command import Command
from omnilink_sansio.messages.commands.controller_command import ControllerCommand, checked_command

__all__ = [
    "mute_audio_zone",
    "press_audio_key",
    "select_audio_source",
    "set_audio_volume",
    "turn_audio_zone_off",
    "turn_audio_zone_on",
    "unmute_audio_zone",
]

_OFF, _ON, _MUTE_OFF, _MUTE_ON = range(4)


def turn_audio_zone_on(zone: int) -> ControllerCommand:
    """Turn an audio zone (1 to 511; 0: all) on."""
    return checked_command(Command.AUDIO_ZONE, _ON, zone)


def turn_audio_zone_off(zone: int) -> ControllerCommand:
    """Turn an audio zone (1 to 511; 0: all) off."""
    return checked_command(Command.AUDIO_ZONE, _OFF, zone)


def mute_audio_zone(zone: int) -> ControllerCommand:
    """Mute an audio zone (1 to 511; 0: all)."""
    return checked_command(Command.AUDIO_ZONE, _MUTE_ON, zone)


def unmute_audio_zone(zone: int) -> ControllerCommand:
    """Unmute an audio zone (1 to 511; 0: all)."""
    return checked_command(Command.AUDIO_ZONE, _MUTE_OFF, zone)


def set_audio_volume(zone: int, percent: int) -> ControllerCommand:
    """Set the volume of an audio zone (1 to 511) to 0 to 100 percent."""
    return checked_command(Command.AUDIO_VOLUME, percent, zone)


def select_audio_source(zone: int, source: int) -> ControllerCommand:
    """Let an audio zone (1 to 511) play a source (1 to 255)."""
    return checked_command(Command.AUDIO_SOURCE, source, zone)


def press_audio_key(zone: int, key: AudioKey) -> ControllerCommand:
    """Press a key of an audio zone's (1 to 511) system, such as `RussoundKey.PLAY`: each has keys of its own."""
    if not isinstance(key, tuple(AUDIO_KEYS.values())):
        raise LocalProtocolError(f"AUDIO_KEY: a key is one of an audio system's, see AUDIO_KEYS; not {key!r}")
    return checked_command(Command.AUDIO_KEY, key, zone)
