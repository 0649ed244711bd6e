"""How many events a warm function takes in a second of CPU, beside one that only makes its calls.

submit_job looks at its reference and makes the paid call each time, both over fresh connections;
the handler that does nothing makes the same calls to AWS and no more.
"""

import json
from collections.abc import Callable, Mapping
from io import BytesIO

from PIL import Image

from benches.places import build
from benches.runtime_api import Program
from benches.scenes import Scene, scene
from benches.side_by_side import interleaved, median, ratio, report
from benches.stage import Stage, stage

ROUNDS = 7
EVENTS = 200
CALLS = {
    "submit_job": [
        ("dynamodb", "get_item"),
        *[("dynamodb", "update_item")] * 2,
        ("stepfunctions", "send_task_success"),
    ],
    "advance_job": [("dynamodb", "get_item")],
    "receive_callback": [("dynamodb", "update_item"), ("stepfunctions", "send_task_success")],
}


def picture() -> bytes:
    body = BytesIO()
    Image.new("RGB", (640, 360), "teal").save(body, "PNG")
    return body.getvalue()


def per_second(on: Stage, program: Program, of: Scene) -> Callable[[], float]:
    """Measure what many events cost beyond the first, which is the cold start."""

    def measured() -> float:
        first, all_of_them = on.spent(program, of), on.spent(program, of, events=EVENTS + 1)
        return EVENTS / (all_of_them.cpu_ms - first.cpu_ms) * 1000

    return measured


def figures_of(rates: Mapping[str, list[float]]) -> dict[str, object]:
    speed = {name: median(taken) for name, taken in rates.items()}
    return {
        **{f"{name}_vs_noop": ratio(speed[name], speed[f"noop {name}"]) for name in CALLS},
        "events_per_cpu_second": {name: round(value) for name, value in speed.items()},
        "rounds": ROUNDS,
        "events": EVENTS,
    }


def main() -> None:
    with stage(build(), picture()) as on:
        cases = {}
        for name, calls in CALLS.items():
            of = scene(name, on.aws.origin)
            noop = on.beside(of, "noop", BENCH_CALLS=json.dumps(calls))
            cases[name] = per_second(on, on.ours(of), of)
            cases[f"noop {name}"] = per_second(on, noop, of)
        report("warm", figures_of(interleaved(cases, ROUNDS)))


if __name__ == "__main__":
    main()
