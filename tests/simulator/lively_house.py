"""A small house in which everything is short and hangs together, and what may happen in it at random."""

from hypothesis import strategies as st

from omnilink_sansio import UserCode
from omnilink_sansio.commands import CodeAuthority, Command
from omnilink_sansio.objects import (
    AlarmType,
    HvacMode,
    ObjectType,
    SecurityMode,
    ThermostatKind,
    ZoneCondition,
    ZoneOption,
    ZoneType,
)
from omnilink_sansio.simulator import (
    Area,
    ArmAtKeypad,
    AudioSource,
    AudioZone,
    AuxiliarySensor,
    BeginTrouble,
    Button,
    ChangeZone,
    ClearMessage,
    CloseZone,
    Code,
    ConsoleMessage,
    EndTrouble,
    HearFromThermostat,
    House,
    LoseThermostat,
    OpenZone,
    PlayTitle,
    PresentCard,
    PressButton,
    RaiseAlarm,
    Reader,
    ReceiveEvent,
    ResetAlarms,
    RunCommand,
    SetRoomTemperature,
    SetSensorHumidity,
    SetSensorTemperature,
    SetUnitLevel,
    ShowMessage,
    Stimulus,
    Thermostat,
    TurnUnitOff,
    TurnUnitOn,
    Unit,
    UserSetting,
    Zone,
)
from omnilink_sansio.simulator.zone_alarms import ZONE_ALARMS
from omnilink_sansio.system import ControllerModel, SystemTrouble

LISTENER, DEAF = "listener", "deaf"
MODELS = (
    ControllerModel.OMNI_PRO_II,
    ControllerModel.OMNI_PRO_II,
    ControllerModel.OMNI_IIE,
    ControllerModel.OMNI_LT,
    ControllerModel.LUMINA,
)
WATCHED = (
    ObjectType.ZONE,
    ObjectType.UNIT,
    ObjectType.AREA,
    ObjectType.THERMOSTAT,
    ObjectType.MESSAGE,
    ObjectType.AUXILIARY_SENSOR,
    ObjectType.AUDIO_ZONE,
    ObjectType.ACCESS_CONTROL_READER,
    ObjectType.ACCESS_CONTROL_READER_LOCK,
)
ZONES, UNITS, SMALL = 8, 4, 4
EMERGENCIES = {1: AlarmType.BURGLARY, 2: AlarmType.FIRE, 3: AlarmType.AUXILIARY}
CODES = ("1234", "0042", "5555", "9999", "0000")
NUMBERS = {"1234": 1, "0042": 2, "9999": 251}
LONGEST_DELAY = 255
SIREN, LOCK_OUT, UNLOCK, STEP = 40.0, 100.0, 5, 20.0
LONGEST_STEP = 60.0
A_DAY = 18 * 3600.0

numbers = st.integers(0, ZONES)
bytes_ = st.one_of(st.integers(0, 12), st.integers(0, 255))
packed = st.builds(lambda low, high: low | high << 9, numbers, st.integers(0, 127))
words = st.one_of(st.integers(0, 12), st.integers(0, 0xFFFF), packed)
seconds = st.one_of(
    st.sampled_from([0.0, 0.001, 0.5, 1.0, 1.5, 7.25, 30.0, 61.0]),
    st.floats(0, 90, allow_nan=False),
    st.just(86400.0),
)
zones, units, areas = st.integers(1, ZONES) | st.integers(1, SMALL), st.integers(1, UNITS), st.integers(1, 2)
few = st.integers(1, SMALL)
arming = st.sampled_from([Command(Command.SECURITY_OFF + mode) for mode in SecurityMode])
bypassing = st.sampled_from([Command.BYPASS_ZONE, Command.RESTORE_ZONE, Command.RESTORE_ALL_ZONES])
ramps = st.builds(lambda unit, level: unit | level << 9, st.integers(1, UNITS), st.integers(0, 100))
# What hangs together is more often tried than what stands alone, and now and then anything at all.
commands = st.one_of(
    st.builds(RunCommand, st.sampled_from(Command), bytes_, words),
    st.builds(RunCommand, arming, st.sampled_from([1, 2, 3, 251, 255]), st.integers(0, 2)),
    st.builds(RunCommand, bypassing, st.integers(0, 2), numbers),
    st.builds(RunCommand, st.just(Command.UNIT_RAMP), st.integers(2, 99), ramps),
)

at_zones: st.SearchStrategy[Stimulus] = st.one_of(
    st.builds(OpenZone, zones),
    st.builds(CloseZone, zones),
    st.builds(ChangeZone, zones, st.just(ZoneCondition.TROUBLE)),
    st.builds(ChangeZone, zones, st.sampled_from(ZoneCondition)),
)
at_consoles: st.SearchStrategy[Stimulus] = st.one_of(
    st.builds(RaiseAlarm, st.sampled_from(AlarmType), areas),
    st.builds(ResetAlarms, st.integers(0, 2)),
    st.builds(ArmAtKeypad, areas, st.sampled_from(SecurityMode), st.sampled_from(CODES).map(UserCode)),
)
happenings: st.SearchStrategy[Stimulus] = st.one_of(
    st.builds(PressButton, few),
    st.builds(TurnUnitOn, units),
    st.builds(TurnUnitOff, units),
    st.builds(SetUnitLevel, units, st.integers(0, 100)),
    st.builds(SetRoomTemperature, st.integers(1, 2), st.floats(-39, 80)),
    st.builds(LoseThermostat, st.integers(1, 2)),
    st.builds(HearFromThermostat, st.integers(1, 2)),
    st.builds(SetSensorTemperature, few, st.floats(-39, 80)),
    st.builds(SetSensorHumidity, few, st.integers(0, 100)),
    st.builds(BeginTrouble, st.sampled_from(SystemTrouble)),
    st.builds(EndTrouble, st.sampled_from(SystemTrouble)),
    st.builds(ShowMessage, few),
    st.builds(ClearMessage, few),
    st.builds(PlayTitle, few, st.sampled_from(["", "A SONG"])),
    st.builds(ReceiveEvent, st.integers(0, 0xFFFF)),
    commands,
)
cards = st.builds(PresentCard, st.integers(0, 6), few)
switches = st.sampled_from([ZoneType.KEYSWITCH_INPUT, ZoneType.EXIT_TERMINATOR])
kinds = st.one_of(st.sampled_from(sorted(ZONE_ALARMS)), st.sampled_from(ZoneType), switches)
zone_types = st.lists(kinds, min_size=ZONES, max_size=ZONES)


def lively_house(
    model: ControllerModel, kinds: list[ZoneType], options: list[bool], auto_bypass: bool
) -> House:
    """Return a house in which everything is short and most things hang together."""
    house = House(
        model,
        zones={
            number: Zone(
                f"ZONE {number}",
                kind,
                area=number % 2 + 1,
                options=ZoneOption.SWINGER_SHUTDOWN if shut_down else ZoneOption(0),
            )
            for number, (kind, shut_down) in enumerate(zip(kinds, options, strict=True), 1)
        },
        units={number: Unit(f"UNIT {number}") for number in range(1, UNITS + 1)},
        areas={1: Area("HOUSE", exit_delay=20, entry_delay=10, auto_bypass=auto_bypass)},
        thermostats={
            1: Thermostat(
                "A", ThermostatKind.AUTO_HEAT_COOL, 120, system_mode=HvacMode.AUTO, seconds_per_step=STEP
            )
        },
        buttons={
            1: Button("A", [TurnUnitOn(1), PressButton(2), ShowMessage(1)]),
            2: Button("B", [RunCommand(Command.ALL_OFF, 0, 0), OpenZone(1)]),
        },
        codes={
            1: Code("OWNER", UserCode("1234"), CodeAuthority.MASTER),
            2: Code("CLEANER", UserCode("0042"), area_bits=1),
            3: Code("GONE", UserCode("5555"), enabled=False),
        },
        messages={1: ConsoleMessage("A"), 2: ConsoleMessage("B", area_bits=1)},
        sensors={
            1: AuxiliarySensor("A", ZoneType.TEMPERATURE_ALARM, 120, 90, 160),
            2: AuxiliarySensor("B", ZoneType.HUMIDITY, 90),
        },
        audio_sources={1: AudioSource("A")},
        audio_zones={1: AudioZone("A"), 2: AudioZone("B")},
        user_settings={1: UserSetting("A", value=7)} if model != ControllerModel.OMNI_LT else {},
        siren_time=SIREN,
        lock_out=LOCK_OUT,
        duress_code=UserCode("9999"),
        scenes={1: {1: 150, 2: 1}},
        upb_links={1: {3: 120}},
    )
    if house.capacity(ObjectType.AREA) > 1:
        house.areas[2] = Area("GARAGE", exit_delay=7, entry_delay=0)
    if house.capacity(ObjectType.ACCESS_CONTROL_READER):
        house.readers[1] = Reader("GATE", unlock_time=UNLOCK)
    return house
