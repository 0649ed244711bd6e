"""How much CPU each function spends from a fresh interpreter to its first answer.

Under AWS's own runtime client, from the layers as they are laid in Lambda, over TLS with roots of
the usual number, AWS answering at once: what is left is what the function itself costs.
"""

import json
from collections.abc import Callable, Iterator, Mapping

from benches import naive
from benches.packages import zipped_mb
from benches.places import Built, build
from benches.runtime_api import Program, Spent
from benches.scenes import CLIENTS, FUNCTIONS, Scene, scene
from benches.side_by_side import interleaved, median, ratio, report
from benches.stage import CREDENTIALS, HANDLERS, Stage, stage

ROUNDS = 9
TYPICAL = "receive_callback"  # its first call is held against its second


def cases(on: Stage) -> Iterator[tuple[str, Callable[[], Spent]]]:
    scenes = {name: scene(name, on.aws.origin) for name in FUNCTIONS}
    usual = scenes["bury_job"]
    bare = Program([HANDLERS], CREDENTIALS, "bare.handler")
    yield "bare", lambda: on.spent(bare, usual)
    yield "naive", lambda: on.spent(naive_program(on), usual)
    for name, of in scenes.items():
        yield f"minimal {name}", spending(on, minimal_program(on, of), of)
        yield f"ours {name}", spending(on, on.ours(of), of)


def spending(on: Stage, program: Program, of: Scene) -> Callable[[], Spent]:
    return lambda: on.spent(program, of)


def minimal_program(on: Stage, of: Scene) -> Program:
    return on.beside(of, "minimal", BENCH_CLIENTS=json.dumps(CLIENTS[of.function]))


def naive_program(on: Stage) -> Program:
    search = naive.search()
    variables = {
        **on.built.environment("bury_manifest", on.aws.origin),
        "PROVIDER_BASE_URL": on.aws.origin,
        **on.meeting_aws(search[-1] / "certifi" / "cacert.pem"),
    }
    return Program(search, variables, "naive.handler")


def first_calls(on: Stage) -> dict[str, float]:
    """Hold the first call to AWS of a fresh process against the same call again."""
    of = scene(TYPICAL, on.aws.origin)
    ours = on.ours(of)
    twice = Program([*ours.search, HANDLERS], ours.environment, "twice.handler")
    first, second = zip(*(on.answer(twice, of) for _ in range(ROUNDS)), strict=True)
    return {
        "first_call_ms": round(median(first), 1),
        "second_call_ms": round(median(second), 1),
        "first_call_vs_second": ratio(median(first), median(second)),
    }


def figures_of(taken: Mapping[str, list[Spent]], built: Built) -> dict[str, object]:
    cpu = {name: median(spent.cpu_ms for spent in runs) for name, runs in taken.items()}
    memory = {name: median(spent.rss_mb for spent in runs) for name, runs in taken.items()}
    functions = {
        name: {
            "cpu_ms": round(cpu[f"ours {name}"]),
            "vs_bare": ratio(cpu[f"ours {name}"], cpu["bare"]),
            "vs_minimal": ratio(cpu[f"ours {name}"], cpu[f"minimal {name}"]),
            "vs_naive": ratio(cpu[f"ours {name}"], cpu["naive"]),
            "rss_mb": round(memory[f"ours {name}"]),
            "zipped_mb": zipped_mb(built.search(name)),
            "memory_mb": built.memory(name),
        }
        for name in FUNCTIONS
    }
    others = {"bare_cpu_ms": round(cpu["bare"]), "naive_cpu_ms": round(cpu["naive"])}
    return {**functions, **others, "rounds": ROUNDS}


def main() -> None:
    with stage(build()) as on:
        taken = interleaved(dict(cases(on)), ROUNDS)
        report("cold", {**figures_of(taken, on.built), **first_calls(on)})


if __name__ == "__main__":
    main()
