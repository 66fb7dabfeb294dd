"""Every scenario at full length with its twins: `make faults` (ARGS="--seconds 600": longer; --help: the rest).

Makes its own databases and servers, removes them, writes docs/reference/faults.md; of some scenarios, with
--scenarios and --keep, beside what the page knows of the others. Exit status 1 if a run is red, or if
a twin is not.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from tests.faults import plan
from tests.faults.machines import Missing
from tests.faults.page import page
from tests.faults.result import Result
from tests.faults.site import PROJECT

PAGE = PROJECT / "docs" / "reference" / "faults.md"


def main() -> int:
    asked = _arguments()
    scale = replace(plan.Scale(), seconds=asked.seconds, keys=asked.keys, duels=asked.duels)
    results: list[Result] = []
    missing: dict[str, str] = {}
    for vendor in asked.databases:
        try:
            with plan.ground(vendor, pending=max(scale.duels, 1_000)) as ground:
                for name in asked.scenarios:
                    results += _with_twins(name, ground, scale, missing)
                    # After each: a later one may be stopped.
                    _write(asked, results, missing)
        except Missing as without:
            missing[vendor] = str(without)
            _write(asked, results, missing)
    wrong = [result for result in results if result.is_green == bool(result.sabotage)]
    _say(f"{len(results)} runs, {len(wrong)} not as they should be, {len(missing)} left out: {asked.to}")
    return 1 if wrong else 0


def _write(asked: argparse.Namespace, results: list[Result], missing: dict[str, str]) -> None:
    """The page is read at the last moment: another command may have written to it meanwhile."""
    old = asked.to.read_text() if asked.keep and asked.to.exists() else ""
    asked.to.write_text(page(results, missing, command=f"make faults{_given()}", old=old))


def _with_twins(name: str, ground: plan.Ground, scale: plan.Scale, missing: dict[str, str]) -> list[Result]:
    databases, twins = plan.SCENARIOS[name]
    results = []
    for sabotage in ("", *twins) if ground.vendor in databases else ():
        try:
            result = plan.run(name, ground, plan.TWIN if sabotage else scale, sabotage=sabotage)
        except Missing as without:
            missing[f"{name}, {ground.vendor}"] = str(without)
            break
        results.append(result)
        told = "green" if result.is_green else f"red: {result.reds[0]}"
        what = f"{result.scenario}, {sabotage}" if sabotage else result.scenario
        _say(f"{ground.vendor:10} {what}: {told} ({result.seconds:.0f} s)")
    return results


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make faults", description=__doc__)
    parser.add_argument("--seconds", type=float, default=180, help="how long web processes are killed")
    parser.add_argument("--keys", type=int, default=2_000, help="how many keys of ten posts each")
    parser.add_argument("--duels", type=int, default=5_000, help="how many comments two moderators fight over")
    parser.add_argument("--databases", nargs="+", choices=plan.BOTH, default=list(plan.BOTH))
    parser.add_argument("--scenarios", nargs="+", choices=list(plan.SCENARIOS), default=list(plan.SCENARIOS))
    parser.add_argument("--keep", action="store_true", help="the page's rows of what is not run stay")
    parser.add_argument("--to", type=Path, default=PAGE, help="the file to write")
    return parser.parse_args()


def _given() -> str:
    return f' ARGS="{" ".join(sys.argv[1:])}"' if sys.argv[1:] else ""


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
