"""The budget table, measured: a fixed workload of real programs against the real agent.

./run bench [--quick] [--json]
"""

import argparse
import sys

from benchmarks.budgets import Line, as_json, as_text
from benchmarks.measures import percentile
from benchmarks.runs import Cpu, Figures, run_killed, run_layout, run_whole
from benchmarks.workload import QUICK, Lengths, open_workload


def main() -> int:
    """Measure, print, and say by the exit code whether every budget is met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="short phases; figures are rougher")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--idle", type=float, help="seconds of the idle phase")
    parser.add_argument("--mixed", type=float, help="seconds of the mixed phase")
    parser.add_argument("--burst", type=float, help="seconds of the burst phase")
    options = parser.parse_args()
    base = QUICK if options.quick else Lengths()
    lengths = Lengths(
        options.idle or base.idle_s, options.mixed or base.mixed_s, options.burst or base.burst_s
    )
    lines = table(measure(lengths))
    print(as_json(lines) if options.json else as_text(lines))
    return 0 if all(line.is_met for line in lines) else 9


def measure(lengths: Lengths) -> Figures:
    """Run everything on one desktop."""
    found = Figures()
    with open_workload() as work:
        _say("every phase, with recognition")
        run_whole(work, lengths, found)
        _say("the mixed phase, without recognition")
        run_layout(work, lengths, found)
        _say("a kill")
        run_killed(work, found)
    return found


def _say(what: str) -> None:
    print(f"running: {what}", file=sys.stderr)


def table(found: Figures) -> list[Line]:
    """Give the rows of the budget table."""
    return [*_input_lines(found), *_frame_lines(found), *_cost_lines(found), *_other_lines(found)]


def _input_lines(found: Figures) -> list[Line]:
    share = 100 * found.kept / found.sent if found.sent else None
    note = f"{found.kept} of {found.sent}"
    return [
        Line("released input events kept or counted", 100, share, "%", at_least=True, note=note),
        Line("stamp error p95, saturated: pointer", 20, found.pointer_error_ms, "ms"),
        Line("stamp error p95, saturated: keys", 20, found.key_error_ms, "ms"),
    ]


def _frame_lines(found: Figures) -> list[Line]:
    ages = found.ages
    counts = ((ages.without_frame, "without a frame"), (ages.lost, "whose frame was dropped"),
              (ages.unreadable, "unreadable"))  # fmt: skip
    note = f"{len(ages.ages_ms)} clicks"
    note += "".join(f", {count} {what}" for count, what in counts if count)
    shown = ages.showing_result if ages.ages_ms else None
    return [
        Line("age of the frame bound to a click, p95", 250, percentile(ages.ages_ms, 0.95), "ms",
             note=note),
        Line("frames that show the result of their action", 0, shown, ""),
    ]  # fmt: skip


def _cost_lines(found: Figures) -> list[Line]:
    rss, pss = found.peak_rss_mb, found.peak_pss_mb
    return [
        _cpu_line("idle, still screen", 1, found.cpu.get("idle")),
        _cpu_line("mixed without recognition", 10, found.cpu.get("layout")),
        _cpu_line("mixed with recognition", 25, found.cpu.get("mixed")),
        Line("peak memory, all processes", 400, pss.get("redacted") or rss.get("redacted"), "MB",
             note=_memory_note(rss.get("redacted"), pss.get("redacted"))),
        Line("peak memory without recognition", 200, pss.get("layout") or rss.get("layout"), "MB",
             note=_memory_note(rss.get("layout"), pss.get("layout"))),
        Line("disk, a minute of mixed use", 2, found.disk_mb_per_minute, "MB"),
    ]  # fmt: skip


def _cpu_line(what: str, limit: float, found: Cpu | None) -> Line:
    shares = found.by_process.items() if found else ()
    note = ", ".join(f"{name} {share:.1f}" for name, share in shares)
    return Line(f"CPU of one core: {what}", limit, found.total if found else None, "%", note=note)


def _memory_note(rss_mb: float | None, pss_mb: float | None) -> str:
    kind = "sum of resident sets" if pss_mb is None else "proportional sets; resident sum"
    return f"{kind} {rss_mb or 0:.0f} MB"


def _other_lines(found: Figures) -> list[Line]:
    lost = ", ".join(
        f"{count} {stream} {reason}"
        for stream, reasons in found.losses.items()
        for reason, count in reasons.items()
    )
    return [
        Line("start", 1.5, found.start_s, "s"),
        Line("stop", 2, found.stop_s, "s"),
        Line("pause: gate shut, slowest of five", 50, found.gate_ms, "ms"),
        Line("pause: both processes gone and answered", 200, found.pause_ms, "ms"),
        Line("resume: both processes at work again", 300, found.resume_ms, "ms"),
        Line("lost on kill -9", 2, found.lost_s, "s"),
        Line("secrets readable in any byte or frame", 0, found.leaks, "",
             note=f"lost and counted: {lost or 'nothing'}"),
        Line("recorder status", 150, found.status_ms, "ms"),
    ]  # fmt: skip


if __name__ == "__main__":
    raise SystemExit(main())
