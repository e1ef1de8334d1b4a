"""Keys of the audio systems, as AUDIO_KEY numbers them (20P00 §CONTROLLER COMMAND, audio keys)."""

from collections.abc import Mapping
from enum import Enum, IntEnum, unique
from types import MappingProxyType
from typing import TypeAlias

__all__ = [
    "AUDIO_KEYS",
    "AudioKey",
    "AudioSystem",
    "HaiHiFiKey",
    "NuvoGrandConcertoKey",
    "NuvoKey",
    "RussoundKey",
    "SpeakercraftKey",
    "XantechKey",
]


@unique
class AudioSystem(Enum):
    """The audio systems that controllers drive."""

    HAI_HI_FI = "HAI Hi-Fi"
    RUSSOUND = "Russound CAM, CAV, CAA, E-Series, C-Series"
    NUVO = "NuVo Concerto, Essentia, Simplese"
    NUVO_GRAND_CONCERTO = "NuVo Grand Concerto"
    XANTECH = "Xantech MRC-88"
    SPEAKERCRAFT = "Speakercraft MZC, Proficient M4 and M6"


@unique
class HaiHiFiKey(IntEnum):
    """HAI Hi-Fi."""

    POWER = 1
    SOURCE_STEP = 2
    VOLUME_UP = 3
    VOLUME_DOWN = 4
    MUTE = 5


@unique
class RussoundKey(IntEnum):
    """Russound CAM, CAV, CAA, E-Series and C-Series."""

    POWER = 1
    SOURCE_STEP = 2
    VOLUME_UP = 3
    VOLUME_DOWN = 4
    MUTE = 5
    PLAY = 6
    STOP = 7
    PAUSE = 8
    MINUS = 9
    PLUS = 10
    PREVIOUS = 11
    NEXT = 12
    RECORD = 13
    CHANNEL_UP = 14
    CHANNEL_DOWN = 15
    ZERO = 16
    ONE = 17
    TWO = 18
    THREE = 19
    FOUR = 20
    FIVE = 21
    SIX = 22
    SEVEN = 23
    EIGHT = 24
    NINE = 25
    PLUS_TEN = 26
    ENTER = 27
    LAST = 28
    SLEEP = 29
    GUIDE = 30
    EXIT = 31
    INFO = 32
    MENU = 33
    MENU_UP = 34
    MENU_RIGHT = 35
    MENU_DOWN = 36
    MENU_LEFT = 37
    SELECT = 38
    FAVORITE_1 = 39
    FAVORITE_2 = 40


@unique
class NuvoKey(IntEnum):
    """NuVo Concerto, Essentia and Simplese; the last two have 1 to 5 only."""

    POWER = 1
    SOURCE_STEP = 2
    VOLUME_UP = 3
    VOLUME_DOWN = 4
    MUTE = 5
    PLAY = 6
    STOP = 7
    PAUSE = 8
    REWIND = 9
    FORWARD = 10
    FAST_REWIND = 11
    FAST_FORWARD = 12
    CONTINUOUS = 13
    SHUFFLE = 14
    GROUP = 15
    DISC = 16
    ZERO = 17
    ONE = 18
    TWO = 19
    THREE = 20
    FOUR = 21
    FIVE = 22
    SIX = 23
    SEVEN = 24
    EIGHT = 25
    NINE = 26
    PLUS_TEN = 27
    ENTER = 28
    HOTKEY_ZERO = 29
    HOTKEY_ONE = 30
    HOTKEY_TWO = 31
    HOTKEY_THREE = 32
    HOTKEY_FOUR = 33
    HOTKEY_FIVE = 34
    HOTKEY_SIX = 35
    HOTKEY_SEVEN = 36
    HOTKEY_EIGHT = 37
    HOTKEY_NINE = 38


@unique
class NuvoGrandConcertoKey(IntEnum):
    """NuVo Grand Concerto; 7 and 8 do nothing."""

    POWER = 1
    SOURCE_STEP = 2
    VOLUME_UP = 3
    VOLUME_DOWN = 4
    MUTE = 5
    PLAY_PAUSE = 6
    STOP = 7
    PAUSE = 8
    PREVIOUS = 9
    NEXT = 10
    FAVORITE_1 = 11
    FAVORITE_2 = 12
    FAVORITE_3 = 13
    FAVORITE_4 = 14
    FAVORITE_5 = 15
    FAVORITE_6 = 16
    FAVORITE_7 = 17
    FAVORITE_8 = 18
    FAVORITE_9 = 19
    FAVORITE_10 = 20
    FAVORITE_11 = 21
    FAVORITE_12 = 22
    OK_BUTTON_DOWN = 23
    OK_BUTTON_UP = 24
    PLAY_PAUSE_BUTTON_DOWN = 25
    PLAY_PAUSE_BUTTON_UP = 26
    PREVIOUS_BUTTON_DOWN = 27
    PREVIOUS_BUTTON_UP = 28
    NEXT_BUTTON_DOWN = 29
    NEXT_BUTTON_UP = 30
    POWER_MUTE_BUTTON_DOWN = 31
    POWER_MUTE_BUTTON_UP = 32
    MENU_BUTTON_DOWN = 33
    MENU_BUTTON_UP = 34
    UP_BUTTON_DOWN = 35
    UP_BUTTON_UP = 36
    DOWN_BUTTON_DOWN = 37
    DOWN_BUTTON_UP = 38


@unique
class XantechKey(IntEnum):
    """Xantech MRC-88."""

    POWER = 1
    SOURCE_SELECT_1 = 2
    SOURCE_SELECT_2 = 3
    SOURCE_SELECT_3 = 4
    SOURCE_SELECT_4 = 5
    SOURCE_SELECT_5 = 6
    SOURCE_SELECT_6 = 7
    SOURCE_SELECT_7 = 8
    SOURCE_SELECT_8 = 9
    CHANNEL_UP = 10
    CHANNEL_DOWN = 11
    MUTE = 12
    PLAY = 13
    STOP = 14
    PAUSE = 15
    REWIND = 16
    FORWARD = 17
    VOLUME_UP = 18
    VOLUME_DOWN = 19
    TIER_2_POWER = 20
    TIER_2_SOURCE_SELECT_1 = 21
    TIER_2_SOURCE_SELECT_2 = 22
    TIER_2_SOURCE_SELECT_3 = 23
    TIER_2_SOURCE_SELECT_4 = 24
    TIER_2_SOURCE_SELECT_5 = 25
    TIER_2_SOURCE_SELECT_6 = 26
    TIER_2_SOURCE_SELECT_7 = 27
    TIER_2_SOURCE_SELECT_8 = 28
    TIER_2_CHANNEL_UP = 29
    TIER_2_CHANNEL_DOWN = 30
    TIER_2_MUTE = 31
    TIER_2_PLAY = 32
    TIER_2_STOP = 33
    TIER_2_PAUSE = 34
    TIER_2_REWIND = 35
    TIER_2_FORWARD = 36


@unique
class SpeakercraftKey(IntEnum):
    """Speakercraft MZC, Proficient M4 and M6."""

    SOURCE_SELECT_1 = 1
    SOURCE_SELECT_2 = 2
    SOURCE_SELECT_3 = 3
    SOURCE_SELECT_4 = 4
    SOURCE_SELECT_5 = 5
    SOURCE_SELECT_6 = 6
    SOURCE_SELECT_7 = 7
    SOURCE_SELECT_8 = 8
    MUTE = 10
    VOLUME_UP = 11
    POWER = 12
    VOLUME_DOWN = 13
    ONE = 17
    TWO = 18
    THREE = 19
    FOUR = 20
    FIVE = 21
    SIX = 22
    SEVEN = 23
    EIGHT = 24
    NINE = 25
    TRACK = 26
    ZERO = 27
    DISC = 28
    RANDOM = 29
    REPEAT = 30
    BASS = 31
    TREBLE = 32
    GUIDE = 33
    MENU = 34
    UP = 35
    LEFT = 36
    SELECT = 37
    RIGHT = 38
    DOWN = 39
    ESCAPE = 40
    INFO = 41
    REWIND = 42
    FORWARD = 43
    PAUSE = 44
    PLAY = 45
    STOP = 46


AUDIO_KEYS: Mapping[AudioSystem, type[IntEnum]] = MappingProxyType(
    {
        AudioSystem.HAI_HI_FI: HaiHiFiKey,
        AudioSystem.RUSSOUND: RussoundKey,
        AudioSystem.NUVO: NuvoKey,
        AudioSystem.NUVO_GRAND_CONCERTO: NuvoGrandConcertoKey,
        AudioSystem.XANTECH: XantechKey,
        AudioSystem.SPEAKERCRAFT: SpeakercraftKey,
    }
)
"""The keys of each system."""

AudioKey: TypeAlias = HaiHiFiKey | RussoundKey | NuvoKey | NuvoGrandConcertoKey | XantechKey | SpeakercraftKey
"""A key of any system."""
