"""The golden transcript of a whole session: what is on the wire changes on purpose, or not at all."""

import re

import pytest

from omnilink_sansio.simulator import EmulatedPanel, demo_house, parse_stimulus
from tests.simulator.transcript import TRANSCRIPT, main, transcript

REWRITE = "python -m tests.simulator.transcript --write"


def written() -> list[str]:
    return TRANSCRIPT.read_text(encoding="utf-8").splitlines()


def first_difference(before: list[str], now: list[str]) -> str | None:
    """Return where two transcripts part, with the lines before that; None where they do not."""
    for number in range(max(len(before), len(now))):
        was, is_ = ([*lines[number : number + 1], "(the end)"][0] for lines in (before, now))
        if was != is_:
            context = "\n".join(f"   {line}" for line in before[max(number - 4, 0) : number])
            return f"line {number + 1}:\n{context}\n - {was}\n + {is_}\nif that is meant: {REWRITE}"
    return None


def test_the_session_goes_as_it_is_written() -> None:
    difference = first_difference(written(), transcript())
    if difference is not None:
        pytest.fail(f"the session parts from {TRANSCRIPT.name} in {difference}", pytrace=False)


def test_the_session_goes_the_same_way_every_time() -> None:
    assert transcript() == transcript()


@pytest.mark.parametrize(
    ("now", "told"),
    [
        (["a", "b", "c"], None),
        (["a", "x", "c"], "line 2:\n   a\n - b\n + x\n"),
        (["a", "b"], "line 3:\n   a\n   b\n - c\n + (the end)\n"),
        (["a", "b", "c", "d"], "line 4:\n   a\n   b\n   c\n - (the end)\n + d\n"),
    ],
)
def test_the_first_difference_is_told(now: list[str], told: str | None) -> None:
    difference = first_difference(["a", "b", "c"], now)
    assert difference is told is None or (difference or "").startswith(told or "?")


def test_what_is_printed_is_what_would_be_written(capsys: pytest.CaptureFixture[str]) -> None:
    main([])
    assert capsys.readouterr().out.splitlines() == transcript()


_STEP = re.compile(r" *(\d+\.\d{3})  (->|<-|\*\*) (.*)")


def test_the_file_alone_is_enough_to_replay_the_session() -> None:
    lines = written()
    key, session_id = (
        bytes.fromhex(
            next(line for line in lines if line.startswith(f"# {name}")).split("  ", 1)[1].split("(")[0]
        )
        for name in ("controller key", "session ID")
    )
    panel: EmulatedPanel[str] = EmulatedPanel(key, demo_house(), lambda: session_id)
    panel.accept("player", 0.0)
    came: list[bytes] = []
    packets = 0
    for number, line in enumerate(lines):
        step = _STEP.fullmatch(line)
        if step is None:
            continue
        now, what = float(step[1]), step[2]
        while (due := panel.next_timeout()) is not None and due <= now:
            panel.handle_timeout(due)
            came += [packet for _, packet in panel.data_to_send()]
        if what == "**":
            panel.happen(parse_stimulus(step[3]), now)
        else:
            packet = bytes.fromhex(lines[number + 1])
            packets += 1
            if what == "->":
                assert not came, f"line {number + 1}: something came before"
                panel.receive_data("player", packet, now)
            else:
                assert came, f"line {number + 1}: nothing came"
                assert came.pop(0) == packet, f"line {number + 1}"
        came += [packet for _, packet in panel.data_to_send()]
    assert not came
    assert packets > 200
