"""Why an area was not armed: every cause that fits what the controller reports then, and nothing more."""

from collections.abc import Callable, Iterable

import pytest

from omnilink_sansio import (
    ArmingCause,
    ArmingFailedError,
    Message,
    MessageRecord,
    OmniConnectionError,
    Request,
    RequestTimeoutError,
)
from omnilink_sansio.commands import ControllerCommand, RequestSecurityCodeValidation, SecurityCodeValidation
from omnilink_sansio.objects import (
    AreaProperties,
    AreaStatus,
    ObjectStatus,
    ObjectType,
    RequestObjectProperties,
    RequestObjectStatus,
    RequestZoneReadyStatus,
    SecurityMode,
    ZoneProperties,
    ZoneReadyStatus,
    encode_name,
)
from omnilink_sansio.opcodes import OmniLink2MessageType
from omnilink_sansio.operations import arm_and_confirm
from omnilink_sansio.operations.arming_failure import ArmingFacts, read_arming_facts
from omnilink_sansio.simulator import House, demo_house
from omnilink_sansio.system import (
    Ack,
    ControllerModel,
    EndOfData,
    Nak,
    ObjectTypeCapacities,
    RequestObjectTypeCapacities,
    RequestSystemInformation,
    SystemInformation,
)
from tests.operations.scripted import Answer, run, run_on_house
from tests.simulator.driver import Driver

AWAY, OFF = SecurityMode.AWAY, SecurityMode.OFF
UNREAD = {ArmingCause.AREA_NOT_IN_USE, ArmingCause.ZONES_NOT_READY}
HIDDEN = {ArmingCause.CODE_NOT_ACCEPTED, ArmingCause.RESTORE_NEEDED}
"""What no controller reports about fits whenever a code number was given and the area was to be armed."""


class Panel:
    """Refuses the command; of everything else it reports what it is given, and nothing by default."""

    def __init__(self, **answers: MessageRecord | Message | Exception) -> None:
        self._answers = answers
        self.asked: list[Request[object]] = []

    def __call__(self, request: Request[object]) -> Answer:
        self.asked.append(request)
        answer = self._answers.get(self._name(request), Nak())
        assert not isinstance(answer, Exception) or isinstance(
            answer, RequestTimeoutError | OmniConnectionError
        )
        return answer.to_message() if isinstance(answer, MessageRecord) else answer

    @staticmethod
    def _name(request: Request[object]) -> str:
        match request:
            case RequestObjectProperties(object_type=ObjectType.AREA):
                return "area"
            case RequestObjectProperties():
                return "zone"
            case _:
                return NAMES.get(type(request), "")


NAMES: dict[type, str] = {
    ControllerCommand: "command",
    RequestObjectStatus: "status",
    RequestObjectTypeCapacities: "codes",
    RequestSystemInformation: "information",
    RequestSecurityCodeValidation: "code",
    RequestZoneReadyStatus: "zones",
}


def area(
    mode: int = 0, alarms: int = 0, entry_timer: int = 0, exit_timer: int = 0, enabled: int = 1
) -> Message:
    found = AreaProperties(
        1, mode, alarms, entry_timer, exit_timer, enabled, 60, 30, encode_name("HOUSE", 13)
    )
    return Message(OmniLink2MessageType.OBJECT_PROPERTIES, found.encode())


def information(model: ControllerModel) -> SystemInformation:
    return SystemInformation(model, 4, 0, 0, bytes(25))


CODES = ObjectTypeCapacities(ObjectType.CODE, 99)
READY = ZoneReadyStatus(bytes(4))


def failure(panel: Panel, code: int | str = 7, mode: SecurityMode = AWAY) -> ArmingFailedError:
    with pytest.raises(ArmingFailedError) as caught:
        run(arm_and_confirm(1, mode, code, seconds=0), panel)
    return caught.value


@pytest.mark.parametrize(
    ("panel", "causes", "text"),
    [
        (Panel(area=area(), codes=CODES, zones=READY), HIDDEN, "may not do this in this area at this time"),
        (
            Panel(area=area(enabled=0), zones=READY),
            {ArmingCause.AREA_NOT_IN_USE} | HIDDEN,
            "area is not in use",
        ),
        (Panel(area=EndOfData(), zones=READY), {ArmingCause.NO_SUCH_AREA} | HIDDEN, "there is no such area"),
        (
            Panel(area=area(3), zones=READY),
            {ArmingCause.ALREADY_IN_MODE} | HIDDEN,
            "was in that mode already",
        ),
        (
            Panel(area=area(1, exit_timer=9), zones=READY),
            {ArmingCause.EXIT_DELAY} | HIDDEN,
            "an exit delay runs",
        ),
        (Panel(area=area(1 | 8), zones=READY), {ArmingCause.EXIT_DELAY} | HIDDEN, "an exit delay runs"),
        (
            Panel(area=area(1, entry_timer=9), zones=READY),
            {ArmingCause.ENTRY_DELAY} | HIDDEN,
            "an entry delay",
        ),
        (Panel(area=area(1, alarms=1), zones=READY), {ArmingCause.ALARM} | HIDDEN, "an alarm is on"),
        (
            Panel(area=area(), codes=ObjectTypeCapacities(ObjectType.CODE, 6), zones=READY),
            {ArmingCause.NO_SUCH_CODE, ArmingCause.RESTORE_NEEDED},
            "no code of that number: here codes are 1 to 6",
        ),
        (Panel(), UNREAD | HIDDEN, "the area may not be in use; zones may not be ready; the code"),
    ],
)
def test_every_cause_that_fits_is_named_and_no_other(
    panel: Panel, causes: set[ArmingCause], text: str
) -> None:
    error = failure(panel)
    assert set(error.causes) == causes
    assert len(error.causes) == len(causes)
    assert text in str(error)
    assert "the controller refused; it gives no reason; what fits is: " in str(error)
    # A cause a part of the text.
    assert str(error).count("; ") == len(causes) + 1


def test_all_that_fits_at_once_is_named_at_once() -> None:
    panel = Panel(area=area(1, alarms=2, entry_timer=5, exit_timer=5, enabled=0))
    causes = {*UNREAD, *HIDDEN, ArmingCause.EXIT_DELAY, ArmingCause.ENTRY_DELAY, ArmingCause.ALARM}
    assert set(failure(panel).causes) == causes


def test_an_area_that_is_in_the_mode_is_not_said_not_to_be() -> None:
    assert str(failure(Panel(area=area(3)))).startswith("area 1 is in mode AWAY: the controller refused")
    assert str(failure(Panel(area=area(0)))).startswith("area 1 is not in mode AWAY: the controller refused")
    assert str(failure(Panel())).startswith("area 1 is not in mode AWAY: the controller refused")


@pytest.mark.parametrize("status", [area(3), area(3 | 8, exit_timer=60)])
def test_an_acknowledged_command_that_shows_at_the_last_look_is_confirmed(status: Message) -> None:
    panel = Panel(
        command=Ack(), status=ObjectStatus(ObjectType.AREA, (AreaStatus(1, 0, 0, 0, 0),)), area=status
    )
    found: AreaStatus = run(arm_and_confirm(1, AWAY, 7, seconds=0), panel)
    seen = AreaProperties.parse(status.data)
    assert found == AreaStatus(1, seen.mode, 0, 0, seen.exit_timer)


# Codes.


def test_digits_that_the_controller_took_are_no_cause() -> None:
    panel = Panel(code=SecurityCodeValidation(7, 3), area=area(), zones=READY)
    assert failure(panel, "0042").causes == (ArmingCause.RESTORE_NEEDED,)
    assert not [asked for asked in panel.asked if isinstance(asked, RequestObjectTypeCapacities)]


@pytest.mark.parametrize("number", [0, 7, 42, 100, 251, 253, 255])
@pytest.mark.parametrize("mode", [AWAY, OFF])
def test_a_code_number_is_never_shown_since_it_may_be_digits(number: int, mode: SecurityMode) -> None:
    panel = Panel(area=area(), codes=ObjectTypeCapacities(ObjectType.CODE, 6), zones=READY)
    error = failure(panel, number, mode)
    # Besides the area and the range of codes.
    assert {part for part in str(error).split() if part.strip(":;").isdigit()} <= {"1", "1:", "6", "6;"}
    special = number > 250
    assert (ArmingCause.NO_SUCH_CODE in error.causes) is not special
    assert (ArmingCause.CODE_NOT_ACCEPTED in error.causes) is special
    facts: ArmingFacts = run(read_arming_facts(1, mode, number), panel)
    assert "number" not in repr(facts)
    # Nor asked for.
    assert not [asked for asked in panel.asked if f"CODE {number}" in asked.title]


# Zones.


def zone(index: int, in_area: int = 1) -> Message:
    found = ZoneProperties(index, 1, 0, 1, in_area, 0, encode_name(f"ZONE {index}", 16))
    return Message(OmniLink2MessageType.OBJECT_PROPERTIES, found.encode())


class ManyZones(Panel):
    """All zones are open; from one on it does not report which they are."""

    def __init__(self, count: int, reported: int = 999) -> None:
        super().__init__(area=area(), zones=ZoneReadyStatus(b"\xff" * (count // 8)))
        self._reported = reported

    def __call__(self, request: Request[object]) -> Answer:
        answer = super().__call__(request)
        if isinstance(request, RequestObjectProperties) and request.object_type == ObjectType.ZONE:
            return zone(request.index) if request.index <= self._reported else Nak().to_message()
        return answer


@pytest.mark.parametrize(
    ("panel", "named", "others"),
    [
        (ManyZones(8), 8, False),
        (ManyZones(16), 16, False),
        # So many are looked up before the caller learns of it.
        (ManyZones(24), 20, True),
        (ManyZones(8, reported=3), 3, True),
    ],
)
def test_zones_that_were_not_looked_up_may_be_open_too(panel: Panel, named: int, others: bool) -> None:
    error = failure(panel)
    assert list(error.zones_not_ready) == list(range(1, named + 1))
    assert ("and others may not be" in str(error)) is others
    assert f"not ready: 1 ZONE 1, 2 ZONE 2, 3 ZONE 3{', ' * (named > 3 or others)}" in str(error)


def test_nothing_against_arming_is_against_disarming() -> None:
    panel = Panel(area=area(1, alarms=2, entry_timer=5, exit_timer=5), codes=CODES)
    error = failure(panel, mode=OFF)
    assert error.causes == (ArmingCause.CODE_NOT_ACCEPTED,)
    assert error.zones_not_ready == {}
    assert not [asked for asked in panel.asked if isinstance(asked, RequestZoneReadyStatus)]
    certain = failure(Panel(code=SecurityCodeValidation(7, 3), area=area(1)), "0042", OFF)
    assert certain.causes == ()
    assert str(certain).endswith("it gives no reason; nothing that can be read does")


@pytest.mark.parametrize(
    ("model", "fits"), [(ControllerModel.LUMINA_PRO, True), (ControllerModel.OMNI_PRO_II, False)]
)
def test_a_lumina_has_no_mode_off(model: ControllerModel, fits: bool) -> None:
    error = failure(Panel(area=area(1), codes=CODES, information=information(model)), mode=OFF)
    assert (ArmingCause.NO_SUCH_MODE in error.causes) is fits


# Controllers that do not answer.


@pytest.mark.parametrize("silent", ["area", "codes", "zones", "zone"])
def test_after_a_time_out_nothing_more_is_asked(silent: str) -> None:
    answers: dict[str, MessageRecord | Message | Exception] = {
        "area": area(),
        "codes": CODES,
        "zones": ZoneReadyStatus(b"\xff"),
        silent: RequestTimeoutError(silent, 5.0, 1),
    }
    panel = Panel(**answers)
    assert ArmingCause.ZONES_NOT_READY in failure(panel).causes
    assert panel._name(panel.asked[-1]) == silent
    assert [panel._name(asked) for asked in panel.asked].count(silent) == 1


@pytest.mark.parametrize("lost", ["area", "codes", "zones", "zone"])
def test_a_connection_that_is_lost_meanwhile_is_reported(lost: str) -> None:
    answers: dict[str, MessageRecord | Message | Exception] = {
        "zones": ZoneReadyStatus(b"\xff"),
        lost: OmniConnectionError("lost"),
    }
    with pytest.raises(OmniConnectionError, match="lost"):
        run(arm_and_confirm(1, AWAY, 7), Panel(**answers))


# On an emulated panel.


def refusal(
    change: Callable[[House], None],
    code: int | str,
    in_area: int = 1,
    mode: SecurityMode = AWAY,
    model: ControllerModel = ControllerModel.OMNI_PRO_II,
) -> ArmingFailedError:
    house = demo_house(model)
    change(house)
    driver = Driver(house)
    driver.connect()
    with pytest.raises(ArmingFailedError) as caught:
        run_on_house(arm_and_confirm(in_area, mode, code), driver)
    return caught.value


def is_as_it_is(_: House) -> None:
    """Change nothing."""


def needs_a_restore(house: House) -> None:
    house.restore_needed = True


def needs_zones_ready(house: House) -> None:
    house.areas[1].requires_ready = True


def test_a_code_that_there_is_not_is_named_besides_the_window_that_is_open() -> None:
    error = refusal(is_as_it_is, 3)
    assert "not ready: 3 KITCHEN WINDOW; the code of that number may not exist" in str(error)
    assert ArmingCause.CODE_NOT_ACCEPTED in error.causes
    # Another code arms with that window open.
    driver = Driver(demo_house())
    driver.connect()
    assert run_on_house(arm_and_confirm(1, AWAY, 1), driver).is_arming


@pytest.mark.parametrize(
    ("change", "code", "in_area", "mode", "model", "expected"),
    [
        (is_as_it_is, 3, 1, AWAY, ControllerModel.OMNI_PRO_II, {ArmingCause.CODE_NOT_ACCEPTED}),
        (is_as_it_is, 100, 1, AWAY, ControllerModel.OMNI_PRO_II, {ArmingCause.NO_SUCH_CODE}),
        (is_as_it_is, 0, 1, AWAY, ControllerModel.OMNI_PRO_II, {ArmingCause.NO_SUCH_CODE}),
        (is_as_it_is, 251, 1, AWAY, ControllerModel.OMNI_PRO_II, {ArmingCause.CODE_NOT_ACCEPTED}),
        # The cleaner's code is for area 1 only.
        (is_as_it_is, 2, 2, AWAY, ControllerModel.OMNI_PRO_II, {ArmingCause.CODE_NOT_ACCEPTED}),
        (is_as_it_is, 1, 3, AWAY, ControllerModel.OMNI_PRO_II, {ArmingCause.AREA_NOT_IN_USE}),
        (is_as_it_is, 1, 8, AWAY, ControllerModel.OMNI_II, {ArmingCause.NO_SUCH_AREA}),
        (is_as_it_is, 3, 1, OFF, ControllerModel.OMNI_PRO_II, {ArmingCause.ALREADY_IN_MODE}),
        (is_as_it_is, 1, 1, OFF, ControllerModel.LUMINA_PRO, {ArmingCause.NO_SUCH_MODE}),
        (needs_a_restore, 1, 1, AWAY, ControllerModel.OMNI_PRO_II, {ArmingCause.RESTORE_NEEDED}),
        (needs_zones_ready, "1234", 1, AWAY, ControllerModel.OMNI_PRO_II, {ArmingCause.ZONES_NOT_READY}),
    ],
)
def test_what_an_emulated_house_refuses_for_is_among_the_causes(
    change: Callable[[House], None],
    code: int | str,
    in_area: int,
    mode: SecurityMode,
    model: ControllerModel,
    expected: Iterable[ArmingCause],
) -> None:
    assert set(refusal(change, code, in_area, mode, model).causes) >= set(expected)
