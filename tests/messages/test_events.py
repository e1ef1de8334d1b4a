"""Event words (20P00 §OTHER EVENT NOTIFICATIONS, 10P17 §APPENDIX C)."""

import dataclasses
from collections.abc import Iterator, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnilink_sansio import (
    EVENT_REGISTRY,
    Fault,
    LocalProtocolError,
    Message,
    ProtocolVersion,
    RemoteProtocolError,
    parse_event_word,
    parse_events,
)
from omnilink_sansio.events import (
    AccessControlReaderEvent,
    AcPowerOff,
    AcPowerRestored,
    AlarmActivated,
    AllOnOff,
    BatteryLow,
    BatteryOk,
    CameraTrigger,
    CentraliteSwitch,
    ComposeCodeReceived,
    DcmOk,
    DcmTrouble,
    EnergyCostCritical,
    EnergyCostHigh,
    EnergyCostLow,
    EnergyCostMid,
    LuminaModeChange,
    OtherEventNotifications,
    PhoneLineDead,
    PhoneLineOffHook,
    PhoneLineOnHook,
    PhoneLineRing,
    ProLinkMessage,
    SecurityArming,
    SwitchPress,
    SystemEvent,
    UnitStateChange,
    UnknownEvent,
    UpbLink,
    UpbLinkCommand,
    UserMacroButton,
    X10CodeReceived,
    ZoneStateChange,
)
from omnilink_sansio.messages import events
from omnilink_sansio.objects import AlarmType, LuminaMode, SecurityMode
from omnilink_sansio.opcodes import OmniLink2MessageType
from omnilink_sansio.system import ControllerFamily
from tests.rows import each_row
from tests.vectors import (
    DERIVED_EVENT_WORDS,
    EVENT_WORD_ROWS,
    EVENT_WORDS,
    DerivedEventWord,
    EventWordRow,
    EventWordVector,
    short_source,
)

OMNI = ControllerFamily.OMNI
LUMINA = ControllerFamily.LUMINA

EXAMPLES: list[tuple[int, SystemEvent]] = [
    (0x00FF, UserMacroButton(255)),
    (0x017F, ProLinkMessage(127)),
    (0x0185, CentraliteSwitch(5)),
    (0x0211, AlarmActivated(AlarmType.BURGLARY, 1)),
    (0x0287, AlarmActivated(AlarmType.TEMPERATURE, 7)),
    (0x0300, PhoneLineDead()),
    (0x0301, PhoneLineRing()),
    (0x0302, PhoneLineOffHook()),
    (0x0303, PhoneLineOnHook()),
    (0x0304, AcPowerOff()),
    (0x0305, AcPowerRestored()),
    (0x0306, BatteryLow()),
    (0x0307, BatteryOk()),
    (0x0308, DcmTrouble()),
    (0x0309, DcmOk()),
    (0x030A, EnergyCostLow()),
    (0x030B, EnergyCostMid()),
    (0x030C, EnergyCostHigh()),
    (0x030D, EnergyCostCritical()),
    (0x030E, CameraTrigger(1)),
    (0x0313, CameraTrigger(6)),
    (0x03D0, AccessControlReaderEvent(1)),
    (0x03DF, AccessControlReaderEvent(16)),
    (0x03E1, AllOnOff(on=False, area=1)),
    (0x03F0, AllOnOff(on=True, area=0)),
    (0x0605, ZoneStateChange(on=True, zone=5)),
    (0x05FF, ZoneStateChange(on=False, zone=511)),
    (0x0A05, UnitStateChange(on=True, unit=5)),
    (0x09FF, UnitStateChange(on=False, unit=511)),
    (0x0E12, X10CodeReceived(on=True, all_units=False, house="B", unit=3)),
    (0x0DF0, X10CodeReceived(on=False, all_units=True, house="P", unit=1)),
    (0x3105, SecurityArming(SecurityMode.AWAY, 1, 5, exit_delay=False)),
    (0xB105, SecurityArming(SecurityMode.AWAY, 1, 5, exit_delay=True)),
    (0x8105, SecurityArming(SecurityMode.OFF, 1, 5, exit_delay=True)),
    (0xE8FF, SecurityArming(SecurityMode.NIGHT_DELAYED, 8, 255, exit_delay=True)),
    (0x5107, LuminaModeChange(LuminaMode.PARTY, 7, exit_delay=False)),
    (0x9107, LuminaModeChange(LuminaMode.HOME, 7, exit_delay=True)),
    (0x7D25, ComposeCodeReceived("C", 6, 13)),
    (0xFC09, UpbLink(UpbLinkCommand.OFF, 9)),
    (0xFFFF, UpbLink(UpbLinkCommand.FADE_STOP, 255)),
    (0xF105, SwitchPress(1, 5)),
    (0xFBFF, SwitchPress(11, 255)),
    (0x0316, UnknownEvent(0x0316)),
]

# The families of the protocol's table that have a class of another name here.
_RENAMED = {
    "ALARM": AlarmActivated,
    "ALL_ON_OFF": AllOnOff,
    "ACCESS_CONTROL_READER": AccessControlReaderEvent,
    "X10_CODE": X10CodeReceived,
    "COMPOSE_CODE": ComposeCodeReceived,
    **{f"CAMERA_{camera}_TRIGGER": CameraTrigger for camera in range(1, 7)},
}
_BY_NAME: Mapping[str, type[SystemEvent]] = {kind.__name__.lower(): kind for kind in EVENT_REGISTRY}
_FIELD_NAMES = {
    "state": "on",
    "delay_start": "exit_delay",
    "house_code": "house",
    "unit_minus_1": "unit",
    "reader_minus_1": "reader",
}
_FIRST = {"house_code": 0, "unit_minus_1": 1, "reader_minus_1": 1}
_PROTOCOLS = {
    "both": frozenset(ProtocolVersion),
    "v1": frozenset({ProtocolVersion.V1}),
    "v2": frozenset({ProtocolVersion.V2}),
}

# 10P17 defines alarm types 1 to 8 only, although the table's pattern takes the whole nibble.
UNDEFINED_ALARMS = {
    0x0200 | alarm_type << 4 | area for alarm_type in (0, *range(9, 16)) for area in range(16)
}


def kind_of(family: str) -> type[SystemEvent]:
    """Return the class of a family that the tables name so."""
    return _RENAMED.get(family) or _BY_NAME[family.replace("_", "").lower()]


def field_of(kind: type[SystemEvent], name: str) -> str:
    """Return the name of the field that the tables call ``name``."""
    return name if name in kind.layout else _FIELD_NAMES[name]


def controllers_of(row: EventWordRow) -> frozenset[ControllerFamily]:
    return frozenset({ControllerFamily[row["controllers"]]} if "controllers" in row else ControllerFamily)


# --- vectors --------------------------------------------------------------------------------------

DESCRIBED = [row for row in EVENT_WORDS if row["vendor_document"] is not None]


@each_row("vector", DESCRIBED, ids=[f"{row['word']:04x}" for row in DESCRIBED])
def test_event_words_mean_what_the_vendors_description_of_v2_says(vector: EventWordVector) -> None:
    assert vector["vendor_document"] is not None
    expected = dict(vector["vendor_document"])
    event = parse_event_word(vector["word"])
    assert type(event) is kind_of(str(expected.pop("family")).upper())
    assert set(type(event).layout) == set(expected)
    for name, value in expected.items():
        found: object = getattr(event, name)
        assert (found.name.lower() if isinstance(found, UpbLinkCommand) else found) == value


@each_row("vector", EVENT_WORDS, ids=[f"{row['word']:04x}" for row in EVENT_WORDS])
def test_message_0x37_carries_the_word_high_byte_first(vector: EventWordVector) -> None:
    message = Message.decode(bytes.fromhex(vector["message_hex"]))
    assert message.type == OmniLink2MessageType.OTHER_EVENT_NOTIFICATIONS
    assert parse_events(message.data) == (parse_event_word(vector["word"]),)


@each_row("vector", DERIVED_EVENT_WORDS, ids=[row["word"] for row in DERIVED_EVENT_WORDS])
def test_derived_event_words_of_both_descriptions(vector: DerivedEventWord) -> None:
    event = parse_event_word(int(vector["word"], 16))
    kind = kind_of(vector["family"])
    assert type(event) is kind
    if kind is not CameraTrigger:
        assert {field_of(kind, name) for name in vector["fields"]} == set(kind.layout)
    for name, value in vector["fields"].items():
        found: object = getattr(event, field_of(kind, name))
        if name == "house_code":
            assert found == "ABCDEFGHIJKLMNOP"[value]
        else:
            assert found == value + _FIRST.get(name, 0)


# --- all words ------------------------------------------------------------------------------------


def _matching(mask: int, match: int) -> Iterator[int]:
    """Every word that has these bits."""
    assert match & ~mask == 0
    free = others = ~mask & 0xFFFF
    while True:
        yield match | others
        if not others:
            return
        others = (others - 1) & free


@pytest.mark.parametrize("family", ControllerFamily)
def test_every_word_is_an_event_of_the_family_of_the_protocol_table_and_comes_back(
    family: ControllerFamily,
) -> None:
    expected: list[type[SystemEvent]] = [UnknownEvent] * 0x10000
    # The first row that a word fits counts.
    for row in reversed(EVENT_WORD_ROWS):
        if family in controllers_of(row):
            for word in _matching(int(row["mask"], 16), int(row["match"], 16)):
                expected[word] = kind_of(row["family"])
    for word in UNDEFINED_ALARMS:
        assert expected[word] is AlarmActivated
        expected[word] = UnknownEvent
    for word, kind in enumerate(expected):
        event = parse_event_word(word, family)
        assert type(event) is kind, hex(word)
        assert event.word == word
        assert family in event.families, hex(word)


@pytest.mark.parametrize("family", ControllerFamily)
def test_no_two_families_take_the_same_word(family: ControllerFamily) -> None:
    patterns = [
        pattern for kind in EVENT_REGISTRY[:-1] if family in kind.families for pattern in kind.patterns
    ]
    for index, (mask, match) in enumerate(patterns):
        assert match & ~mask == 0
        for other_mask, other_match in patterns[:index]:
            shared = mask & other_mask
            assert match & shared != other_match & shared


@each_row("row", EVENT_WORD_ROWS, ids=[f"{r['family']} {r['match']}" for r in EVENT_WORD_ROWS])
def test_facts_of_a_family_are_those_of_the_protocol_table(row: EventWordRow) -> None:
    kind = kind_of(row["family"])
    assert kind.protocols == _PROTOCOLS[row["protocol"]]
    assert kind.families == controllers_of(row)
    assert kind.source == short_source(row["source"])
    for name, (low, mask) in row["fields"].items():
        bits = kind.layout[field_of(kind, name)]
        assert (bits.low, bits.mask) == (low, mask << low)


def test_registry_is_in_the_order_of_the_protocol_table_with_unknown_events_last() -> None:
    assert list(EVENT_REGISTRY) == [
        *dict.fromkeys(kind_of(row["family"]) for row in EVENT_WORD_ROWS),
        UnknownEvent,
    ]


def test_registry_has_every_event_of_the_module() -> None:
    kinds = {
        value
        for value in vars(events).values()
        if isinstance(value, type) and issubclass(value, SystemEvent) and value is not SystemEvent
    }
    assert kinds == set(EVENT_REGISTRY)
    assert {kind.__name__ for kind in kinds} <= set(events.__all__)


# --- each family ----------------------------------------------------------------------------------


def test_every_family_has_an_example() -> None:
    assert {type(event) for _, event in EXAMPLES} == set(EVENT_REGISTRY)


@each_row(("word", "event"), EXAMPLES, ids=[f"{word:04x}" for word, _ in EXAMPLES])
def test_example_of_a_family_is_read_and_written(word: int, event: SystemEvent) -> None:
    family = LUMINA if isinstance(event, LuminaModeChange) else OMNI
    assert parse_event_word(word, family) == event
    assert event.word == word


def test_values_that_the_protocol_names_are_members_of_their_enumerations() -> None:
    alarm = parse_event_word(0x0276)
    assert isinstance(alarm, AlarmActivated)
    assert alarm.alarm_type is AlarmType.DURESS
    link = parse_event_word(0xFE01)
    assert isinstance(link, UpbLink)
    assert link.command is UpbLinkCommand.SET
    arming = parse_event_word(0x6101)
    assert isinstance(arming, SecurityArming)
    assert arming.mode is SecurityMode.NIGHT_DELAYED
    mode = parse_event_word(0x2101, LUMINA)
    assert isinstance(mode, LuminaModeChange)
    assert mode.mode is LuminaMode.SLEEP


def test_yes_and_no_are_booleans() -> None:
    event = parse_event_word(0x0F00)
    assert isinstance(event, X10CodeReceived)
    assert event.on is True
    assert event.all_units is True


@each_row("alarm_type", [0, *range(9, 16)])
def test_alarm_types_beyond_8_and_type_0_are_no_alarms(alarm_type: int) -> None:
    word = 0x0200 | alarm_type << 4 | 1
    assert parse_event_word(word) == UnknownEvent(word)


@pytest.mark.parametrize("mode", [mode for mode in SecurityMode if mode is not SecurityMode.OFF])
def test_omni_is_armed_only_when_the_exit_delay_is_over(mode: SecurityMode) -> None:
    begins = parse_event_word(0x8000 | mode << 12 | 0x0105)
    over = parse_event_word(mode << 12 | 0x0105)
    assert begins == SecurityArming(mode, 1, 5, exit_delay=True)
    assert over == SecurityArming(mode, 1, 5, exit_delay=False)
    assert isinstance(begins, SecurityArming)
    assert isinstance(over, SecurityArming)
    assert (begins.is_disarmed, begins.is_arming, begins.is_armed) == (False, True, False)
    assert (over.is_disarmed, over.is_arming, over.is_armed) == (False, False, True)


def test_disarming_always_has_the_highest_bit_and_is_no_arming() -> None:
    event = parse_event_word(0x8105)
    assert isinstance(event, SecurityArming)
    assert (event.is_disarmed, event.is_arming, event.is_armed) == (True, False, False)
    with pytest.raises(LocalProtocolError, match="no such event"):
        _ = dataclasses.replace(event, exit_delay=False).word


def test_arming_of_an_omni_is_a_change_of_mode_on_a_lumina_with_area_1_only() -> None:
    assert parse_event_word(0x3105, OMNI) == SecurityArming(SecurityMode.AWAY, 1, 5, exit_delay=False)
    assert parse_event_word(0x3105, LUMINA) == LuminaModeChange(LuminaMode.AWAY, 5, exit_delay=False)
    assert parse_event_word(0x3205, LUMINA) == UnknownEvent(0x3205)
    assert parse_event_word(0x8105, LUMINA) == UnknownEvent(0x8105), "a Lumina has no mode 0"


def test_upb_links_are_no_switch_presses() -> None:
    assert parse_event_word(0xFBFF) == SwitchPress(11, 255)
    assert parse_event_word(0xFC00) == UpbLink(UpbLinkCommand.OFF, 0)


def test_compose_codes_and_switch_presses_are_no_arming() -> None:
    assert type(parse_event_word(0x7105)) is ComposeCodeReceived
    assert type(parse_event_word(0xF105)) is SwitchPress


@each_row(
    "event",
    [
        UserMacroButton(256),
        UserMacroButton(-1),
        ProLinkMessage(128),
        CentraliteSwitch(128),
        AlarmActivated(AlarmType.FIRE, 16),
        CameraTrigger(0),
        CameraTrigger(7),
        AccessControlReaderEvent(0),
        AccessControlReaderEvent(17),
        ZoneStateChange(on=True, zone=512),
        UnitStateChange(on=True, unit=-1),
        X10CodeReceived(on=True, all_units=False, house="Q", unit=1),
        X10CodeReceived(on=True, all_units=False, house="AB", unit=1),
        X10CodeReceived(on=True, all_units=False, house="a", unit=1),
        X10CodeReceived(on=True, all_units=False, house="A", unit=0),
        ComposeCodeReceived("A", 17, 0),
        SecurityArming(SecurityMode.AWAY, 16, 1, exit_delay=True),
        SwitchPress(12, 1),
    ],
    ids=repr,
)
def test_event_that_no_word_stands_for_cannot_be_sent(event: SystemEvent) -> None:
    with pytest.raises(LocalProtocolError, match=type(event).__name__):
        _ = event.word


@given(st.integers(0, 65535), st.sampled_from(ControllerFamily))
def test_events_are_values(word: int, family: ControllerFamily) -> None:
    event = parse_event_word(word, family)
    assert event == parse_event_word(word, family)
    assert hash(event) == hash(parse_event_word(word, family))
    assert repr(event).startswith(f"{type(event).__name__}(")
    assert not hasattr(event, "__dict__")


def test_events_and_their_facts_cannot_be_changed() -> None:
    event = UserMacroButton(5)
    with pytest.raises(dataclasses.FrozenInstanceError):
        event.button = 6  # type: ignore[misc]
    with pytest.raises(TypeError):
        UserMacroButton.layout["button"] = SwitchPress.layout["unit"]  # type: ignore[index]


# --- words and payloads ---------------------------------------------------------------------------


@pytest.mark.parametrize("word", [-1, 65536, 1 << 40])
def test_word_beyond_16_bits_is_refused(word: int) -> None:
    with pytest.raises(LocalProtocolError, match="0 to 65535"):
        parse_event_word(word)
    with pytest.raises(LocalProtocolError, match="0 to 65535"):
        UnknownEvent(word)


@given(st.lists(st.integers(0, 65535), max_size=127), st.sampled_from(ControllerFamily))
def test_payload_is_words_oldest_first_high_byte_first(words: list[int], family: ControllerFamily) -> None:
    payload = b"".join(word.to_bytes(2, "big") for word in words)
    parsed = parse_events(payload, family)
    assert parsed == tuple(parse_event_word(word, family) for word in words)
    assert [event.word for event in parsed] == words


def test_payload_without_words_is_no_events() -> None:
    assert parse_events(b"") == ()


@pytest.mark.parametrize("size", [1, 3, 253])
def test_payload_of_odd_length_is_refused_at_the_half_word(size: int) -> None:
    with pytest.raises(RemoteProtocolError) as caught:
        parse_events(bytes(size))
    assert (caught.value.fault, caught.value.offset) == (Fault.BAD_PAYLOAD, size - 1)


@given(words=st.binary(max_size=252).filter(lambda data: len(data) % 2 == 0))
def test_event_notifications_are_words(words: bytes) -> None:
    parsed = OtherEventNotifications.parse(words)
    assert len(parsed.events) == len(words) // 2
    assert parsed.encode() == words
    with pytest.raises(RemoteProtocolError) as caught:
        OtherEventNotifications.parse(words + b"\0")
    assert caught.value.fault is Fault.BAD_PAYLOAD
