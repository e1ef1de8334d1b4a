"""Audio zones and sources, keys of every audio system, and messages that are shown, read and cleared."""

import pytest

from omnilink_sansio.commands import AUDIO_KEYS, AcknowledgeAlerts, AudioSystem, Command
from omnilink_sansio.objects import AudioSourceStatus, MessageState, RequestAudioSourceStatus
from omnilink_sansio.simulator import Area, AudioSource, AudioZone, ConsoleMessage, House
from omnilink_sansio.system import EndOfData, SystemFeature
from tests.rows import each_row
from tests.simulator.scenario import LISTENER, Scenario

SELECT = "SOURCE_SELECT_"
FEATURES = {
    None: AudioSystem.HAI_HI_FI,
    SystemFeature.NUVO_CONCERTO: AudioSystem.NUVO,
    SystemFeature.NUVO_ESSENTIA_SIMPLESE: AudioSystem.NUVO,
    SystemFeature.NUVO_GRAND_CONCERTO: AudioSystem.NUVO_GRAND_CONCERTO,
    SystemFeature.RUSSOUND: AudioSystem.RUSSOUND,
    SystemFeature.HAI_HI_FI: AudioSystem.HAI_HI_FI,
    SystemFeature.XANTECH: AudioSystem.XANTECH,
    SystemFeature.SPEAKERCRAFT: AudioSystem.SPEAKERCRAFT,
    SystemFeature.PROFICIENT: AudioSystem.SPEAKERCRAFT,
}
HIGHEST_KEY = 46


def house(*features: SystemFeature) -> House:
    return House(
        areas={1: Area("HOUSE")},
        audio_sources={1: AudioSource("RADIO", [(0, "98.5 FM")]), 2: AudioSource("PLAYER")},
        audio_zones={1: AudioZone("LIVING", power=True), 2: AudioZone("BED")},
        features=list(features),
    )


def test_a_zone_goes_on_and_off_is_muted_louder_and_plays_another_source() -> None:
    script = Scenario(house())
    script.commands(Command.AUDIO_ZONE, 1, 2)
    script.commands(Command.AUDIO_VOLUME, 45, 2)
    script.commands(Command.AUDIO_SOURCE, 2, 2)
    script.commands(Command.AUDIO_ZONE, 3, 2)
    script.commands(Command.AUDIO_ZONE, 2, 2)
    script.commands(Command.AUDIO_ZONE, 0, 2)
    script.sees(
        "audio 2: on, source 1, volume 30",
        "audio 2: on, source 1, volume 45",
        "audio 2: on, source 2, volume 45",
        "audio 2: on, source 2, volume 45, muted",
        "audio 2: on, source 2, volume 45",
        "audio 2: off, source 2, volume 45",
    )
    script.is_refused(Command.AUDIO_VOLUME, 101, 2)
    script.is_refused(Command.AUDIO_SOURCE, 9, 2)
    script.is_refused(Command.AUDIO_ZONE, 1, 9)


def test_all_zones_go_off_in_one_message() -> None:
    script = Scenario(house())
    script.commands(Command.AUDIO_ZONE, 0, 0)
    assert script.messages() == [["audio 1: off, source 1, volume 30", "audio 2: off, source 1, volume 30"]]


@each_row(("feature", "system"), FEATURES.items())
def test_each_audio_system_has_its_own_keys(feature: SystemFeature | None, system: AudioSystem) -> None:
    keys = {int(key): key.name for key in AUDIO_KEYS[system]}
    script = Scenario(house(*([] if feature is None else [feature])))
    script.commands(Command.AUDIO_ZONE, 3, 1)
    script.commands(Command.AUDIO_SOURCE, 8, 1)
    on, source, volume, muted = True, 8, 30, True
    for key in range(1, HIGHEST_KEY + 1):
        script.pushed()
        script.commands(Command.AUDIO_KEY, key, 1)
        before = (on, source, volume, muted)
        match keys.get(key):
            case str(name) if name.startswith(SELECT):
                source = int(name.removeprefix(SELECT))
            case "POWER":
                on = not on
            case "SOURCE_STEP":
                source = source % 8 + 1
            case "VOLUME_UP":
                volume += 1
            case "VOLUME_DOWN":
                volume -= 1
            case "MUTE":
                muted = not muted
        switch, mute = "on" if on else "off", ", muted" if muted else ""
        now = f"audio 1: {switch}, source {source}, volume {volume}{mute}"
        # Of a key that changes nothing that a message shows, nothing need be told.
        assert script.pushed() in ([[now]] if before != (on, source, volume, muted) else [[now], []])
        script.shows(now)


def test_the_volume_stays_within_its_range() -> None:
    script = Scenario(house())
    script.commands(Command.AUDIO_VOLUME, 100, 1)
    script.commands(Command.AUDIO_KEY, 3, 1)
    script.shows("audio 1: on, source 1, volume 100")
    script.commands(Command.AUDIO_VOLUME, 0, 1)
    script.commands(Command.AUDIO_KEY, 4, 1)
    script.shows("audio 1: on, source 1, volume 0")


def playing(script: Scenario, source: int, position: int = 0) -> AudioSourceStatus | EndOfData:
    told = script.driver.reply(RequestAudioSourceStatus(source, position), LISTENER)
    assert isinstance(told, AudioSourceStatus | EndOfData)
    return told


def test_a_source_plays_something_else_and_its_sequence_tells() -> None:
    script = Scenario(house())
    before = playing(script, 1)
    script.happens("source 1 plays La Mer - Charles Trenet")
    after = playing(script, 1)
    assert isinstance(before, AudioSourceStatus)
    assert isinstance(after, AudioSourceStatus)
    assert after.raw_text == b"La Mer - Charles Trenet\0"
    assert after.sequence != before.sequence
    assert isinstance(playing(script, 1, 2), EndOfData)
    # There is no notification for what a source plays.
    script.sees()


def test_a_source_that_plays_nothing_has_no_data() -> None:
    script = Scenario(house())
    assert isinstance(playing(script, 2), EndOfData)
    script.happens("source 2 plays A SONG")
    assert isinstance(playing(script, 2), AudioSourceStatus)


# Messages.


def told_house() -> House:
    return House(
        areas={1: Area("HOUSE"), 2: Area("GARAGE")},
        messages={
            1: ConsoleMessage("CALL HOME"),
            2: ConsoleMessage("WASHING IS DONE", MessageState.DISPLAYED),
            3: ConsoleMessage("GARAGE IS OPEN", area_bits=0b10),
        },
    )


def test_a_message_is_shown_read_and_cleared() -> None:
    script = Scenario(told_house())
    script.commands(Command.SHOW_MESSAGE, 0, 1)
    script.driver.ask(AcknowledgeAlerts(1), LISTENER)
    script.commands(Command.CLEAR_MESSAGE, 0, 1)
    script.sees("message 1: displayed-not-acknowledged", "message 1: displayed", "message 1: off")
    # What is as it is already is no news.
    script.commands(Command.CLEAR_MESSAGE, 0, 1)
    script.driver.ask(AcknowledgeAlerts(1), LISTENER)
    script.sees()


def test_a_program_shows_and_clears_a_message() -> None:
    script = Scenario(told_house())
    script.happens("show message 1", "clear message 1")
    script.sees("message 1: displayed-not-acknowledged", "message 1: off")


@pytest.mark.parametrize("quiet", [1, 2])
def test_a_message_is_shown_quietly(quiet: int) -> None:
    script = Scenario(told_house())
    script.commands(Command.SHOW_MESSAGE_QUIETLY, quiet, 1)
    script.sees("message 1: displayed-not-acknowledged")


def test_messages_are_acknowledged_and_cleared_by_area() -> None:
    script = Scenario(told_house())
    script.happens("show message 1", "show message 3")
    script.forgets()
    script.driver.ask(AcknowledgeAlerts(1), LISTENER)
    script.sees("message 1: displayed")
    script.driver.ask(AcknowledgeAlerts(0), LISTENER)
    script.sees("message 3: displayed")
    script.commands(Command.CLEAR_MESSAGE, 1, 0)
    assert script.messages() == [["message 1: off", "message 2: off"]]
    script.commands(Command.CLEAR_MESSAGE, 0, 0)
    assert script.messages() == [["message 3: off"]]


def test_a_message_is_logged_and_a_spoken_one_leaves_no_trace() -> None:
    script = Scenario(told_house())
    script.commands(Command.LOG_MESSAGE, 0, 2)
    script.commands(Command.SAY_MESSAGE, 0, 2)
    script.commands(Command.PHONE_AND_SAY_MESSAGE, 1, 2)
    script.commands(Command.SEND_MESSAGE, 1, 2)
    script.sees()
    script.logged("message 2 logged")
    for command in (Command.SHOW_MESSAGE, Command.LOG_MESSAGE, Command.SAY_MESSAGE, Command.CLEAR_MESSAGE):
        script.is_refused(command, 0, 129)
