"""Print all ratios."""

import anyio

from tests.benchmarks.imports import FLOOR, OURS, PEER, import_seconds
from tests.benchmarks.machine import crc_seconds, machine_ratios
from tests.benchmarks.many_clients import many_figures, panels_process
from tests.benchmarks.many_machines import machine_figures
from tests.benchmarks.round_trip import bare_figures, client_figures, echo_figures, panel_process

MILLI = 1e3
MICRO = 1e6
KIB = 1024
CLIENTS = 200
MACHINES = (100, 1000, 10000)


def main(count: int = 3000, rounds: int = 3) -> None:
    """Measure and print."""
    print("machine against straight-line code (aim: 2.5 for 1 block, 1.5 for 15 blocks)")
    for name, (machine, reference) in machine_ratios().items():
        print(
            f"  {name:10} {machine * MICRO:6.2f} us / {reference * MICRO:6.2f} us = {machine / reference:.2f}"
        )
    print("machines and their panels in virtual time: one request, ten minutes idle (aim: 2.00 KiB, linear)")
    for machines in MACHINES:
        figures = machine_figures(machines)
        print(
            f"  {machines:6} of them: {figures.bytes_each / KIB:.2f} KiB, "
            f"{figures.cpu_each * MICRO:.0f} us of CPU each, {figures.replies} replies, none lost"
        )
    bitwise, fast = crc_seconds()
    print("CRC of 237 bytes, bitwise form against the library's (aim: at least 20)")
    print(f"  {bitwise * MICRO:6.2f} us / {fast * MICRO:6.2f} us = {bitwise / fast:.1f}")
    _print_imports()
    for backend in ("asyncio", "trio"):
        print(f"round trip over loopback TCP, {backend}: client, the same without protocol, bare echo")
        with panel_process() as port:
            for _ in range(rounds):
                client, bare, echo = (
                    anyio.run(figures, port, count, backend=backend)
                    for figures in (client_figures, bare_figures, echo_figures)
                )
                print(
                    f"  median {client.median * MICRO:.0f} us / {bare.median * MICRO:.0f} us "
                    f"= {client.median / bare.median:.2f} (aim: 1.5); "
                    f"CPU {client.cpu * MICRO:.0f} us / {bare.cpu * MICRO:.0f} us "
                    f"= {client.cpu / bare.cpu:.2f}, / {echo.cpu * MICRO:.0f} us "
                    f"= {client.cpu / echo.cpu:.2f} (aim: 2)"
                )
        print(f"{CLIENTS} clients of as many panels, half over TCP, half over UDP, {backend}")
        with panels_process(CLIENTS) as doors:
            many = anyio.run(many_figures, doors, 50, backend=backend)
        print(
            f"  {many.replies} requests, none without its reply; "
            f"CPU {many.client_cpu * MICRO:.0f} us / bare echo {many.bare_cpu * MICRO:.0f} us "
            f"= {many.client_cpu / many.bare_cpu:.2f}; "
            f"idle {many.client_bytes / KIB:.1f} KiB - bare {many.bare_bytes / KIB:.1f} KiB "
            f"= {(many.client_bytes - many.bare_bytes) / KIB:.1f} KiB a client (aim: 25)"
        )


def _print_imports() -> None:
    seconds = import_seconds()
    peer = seconds.get(PEER)
    print(
        f"import in a fresh process, against `{FLOOR}` and the peer's client (aim: 0.85 and 0.6 of the peer)"
    )
    for program in (*OURS, *([PEER] if peer else [])):
        of_peer = f", / {peer * MILLI:.0f} ms = {seconds[program] / peer:.2f}" if peer else ""
        print(
            f"  {program:58} {seconds[program] * MILLI:4.0f} ms / {seconds[FLOOR] * MILLI:.0f} ms "
            f"= {seconds[program] / seconds[FLOOR]:.2f}{of_peer}"
        )


main()
