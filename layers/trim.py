"""Make what `sam build` built light: python layers/trim.py BUILD_FOLDER.

Run it with the Python under which the functions will run: it writes that Python's bytecode.
docs/decisions/0007-layers-are-trimmed-after-the-build.md says what each trick was seen to save.
"""

import compileall
import gzip
import json
import shutil
import struct
import subprocess
import sys
from pathlib import Path
from py_compile import PycInvalidationMode
from typing import Any

LAYER = "DependenciesLayer"
PREPARE = Path(__file__).with_name("prepare.py")
CALLED = {
    "dynamodb": "BatchGetItem DeleteItem GetItem PutItem Query TransactWriteItems UpdateItem",
    "events": "PutEvents",
    "s3": "GetObject HeadBucket HeadObject ListObjectsV2 PutObject",  # HeadBucket asks for a region
    "secretsmanager": "GetSecretValue",
    "sqs": "SendMessage",
    "stepfunctions": "DescribeExecution SendTaskFailure SendTaskSuccess StartExecution",
    "sts": "AssumeRole",
}
SERVICES = tuple(CALLED)
HOSTS = (*SERVICES, "states")  # the table of hosts calls stepfunctions states
UNUSED = (
    "*.data",  # a program that comes with jmespath
    "**/*.pyi",  # for type checkers
    "pydantic/v1",  # pydantic's former self
    "pydantic/mypy.py",  # for type checkers
    "pydantic/experimental",
    "pydantic/deprecated",
    "pydantic/color.py",
    "botocore/stub.py",  # for tests
    "annotated_types/test_cases.py",
    "dateutil/zoneinfo",  # time zones: all is UTC here
    "dateutil/rrule.py",  # recurring dates
    "urllib3/contrib",  # for browsers and for other libraries of TLS
    "dateutil/tz/win.py",
    "aws_lambda_powertools/event_handler",
    "aws_lambda_powertools/metrics/provider/datadog",
    "aws_lambda_powertools/utilities/*/",
    "botocore/data/*/*/examples-1.json",
    "botocore/data/*/*/waiters-2.json",
    "botocore/docs/[!_du]*",  # what help() shows of a client, and a reader of HTML for it
    "urllib3/http2/connection.py",
    "aws_lambda_powertools/tracing",
)
USED_ALL_THE_SAME = ("jmespath_utils", "typing")  # utilities that the log needs
NO_DOCUMENTATION = """
class ClientMethodDocstring(str):
    def __new__(cls, *_, **__):
        return super().__new__(cls)

PaginatorDocstring = WaiterDocstring = ClientMethodDocstring
"""
PLAIN_DICT = """
    class TypedDict(dict):
        def __new__(cls, **fields):
            return fields

        def __init_subclass__(cls, *, total=True):
            pass
"""
LATER_PARSE = """import dateutil


def parse(text):
    return dateutil.parser.parse(text)


"""
STAND_INS = {  # the last two read the descriptions of all packages
    "botocore/docs/__init__.py": "",
    "botocore/docs/docstring.py": NO_DOCUMENTATION,
    "pydantic/plugin/_loader.py": "def get_plugins():\n    return ()\n",
    "urllib3/http2/__init__.py": "",
}
SPARED = {
    "aws_lambda_powertools/__init__.py": {
        "from aws_lambda_powertools.metrics import Metrics, single_metric\n": "",  # when emitted
        "from aws_lambda_powertools.tracing import Tracer\n": "",
    },
    "botocore/credentials.py": {
        "import dateutil.parser\nfrom dateutil.parser import parse\n": LATER_PARSE,
    },
    "botocore/tokens.py": {"import dateutil.parser\n": "import dateutil\n"},
    "botocore/utils.py": {"import dateutil.parser\n": "import dateutil\n"},  # loaded when named
    "pydantic_core/core_schema.py": {
        "\n    from typing import TypedDict\n": PLAIN_DICT,  # 87 of them, for type checkers alone
    },
}
"""What is not used, or only later, and what stands in its place."""
ROOTS = ("Amazon", "Starfield", "DigiCert")  # who vouches for the hosts of AWS, China's included
MODELLED = {"operations", "shapes"}  # elsewhere botocore reads the prose too
PROSE = ("documentation", "documentationUrl")


def main(build: Path) -> None:
    packages = build / LAYER / "python"
    remove_unused(packages)
    lighten(packages)
    shorten_descriptions(packages)
    shorten_models(packages / "botocore" / "data")
    keep_roots(packages / "botocore" / "cacert.pem")
    for library in packages.rglob("*.so"):
        blank_debugging(library)
    if (build / "PipelineLayer").exists():
        prepare(build)
    compile_all(build)


def remove_unused(packages: Path) -> None:
    """Take away what nobody imports: it makes every package larger, and slower to lay out."""
    services = (packages / "botocore" / "data").glob("*/")
    unused = [path for pattern in UNUSED for path in packages.glob(pattern)]
    unused += [folder for folder in services if folder.name not in SERVICES]
    for path in unused:
        if path.name in USED_ALL_THE_SAME:
            continue
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def lighten(packages: Path) -> None:
    """Cut what packages import at every start and these functions never use."""
    for name, content in STAND_INS.items():
        if (packages / name).exists():
            (packages / name).write_text(content, "utf-8")
    for name, instead in SPARED.items():
        if (packages / name).exists():
            text = (packages / name).read_text("utf-8")
            for line, other in instead.items():
                if line not in text:
                    raise SystemExit(f"trim: {name} does not hold {line!r} any more")
                text = text.replace(line, other)
            (packages / name).write_text(text, "utf-8")


def shorten_descriptions(packages: Path) -> None:
    """Keep of each package's description its name and version, which security scanners read."""
    for folder in packages.glob("*.dist-info"):
        head = (folder / "METADATA").read_text("utf-8").partition("\n\n")[0]
        shutil.rmtree(folder)
        folder.mkdir()
        (folder / "METADATA").write_text(head + "\n", "utf-8")


def shorten_models(data: Path) -> None:
    """Take prose and blanks out of what botocore reads whenever a client is made."""
    for path in data.glob("*/*/*.json.gz"):
        model = json.loads(gzip.decompress(path.read_bytes()))
        if path.name == "service-2.json.gz":
            keep_called(model, CALLED[path.parents[1].name].split())
        for part in MODELLED & model.keys():
            model[part] = without_prose(model[part])
        path.write_bytes(gzip.compress(packed(model), mtime=0))
    hosts = data / "endpoints.json"
    hosts.write_bytes(packed(only_our_hosts(json.loads(hosts.read_bytes()))))


def keep_called(model: dict[str, Any], names: list[str]) -> None:
    """Keep the operations that are called, and every shape that one of them leads to."""
    operations = model["operations"]
    model["operations"] = {name: operations[name] for name in names if name in operations}
    shapes, led_to = model["shapes"], shapes_in(model["operations"])
    kept: dict[str, Any] = {}
    while led_to:
        name = led_to.pop()
        if name not in kept:
            kept[name] = shapes[name]
            led_to |= shapes_in(shapes[name])
    model["shapes"] = {name: shape for name, shape in shapes.items() if name in kept}


def shapes_in(model: Any) -> set[str]:  # noqa: ANN401 - any JSON
    """Name every shape that a part of a model refers to."""
    if isinstance(model, list):
        return set().union(*map(shapes_in, model))
    if not isinstance(model, dict):
        return set()
    named = {model["shape"]} if isinstance(model.get("shape"), str) else set()
    return named.union(*map(shapes_in, model.values()))


def without_prose(model: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(model, dict):
        return {
            name: without_prose(part)
            for name, part in model.items()
            if not (name in PROSE and isinstance(part, str))
        }
    return [without_prose(part) for part in model] if isinstance(model, list) else model


def only_our_hosts(hosts: dict[str, Any]) -> dict[str, Any]:
    """Keep our services in every partition: this table of 1 MB is read with the first client."""
    for partition in hosts["partitions"]:
        known = partition["services"]
        partition["services"] = {name: known[name] for name in HOSTS if name in known}
    return hosts


def packed(model: object) -> bytes:
    return json.dumps(model, separators=(",", ":")).encode()


def keep_roots(bundle: Path) -> None:
    """Keep the certificates of AWS's hosts: botocore reads the whole file at every connection."""
    kept = [
        certificate
        for certificate in bundle.read_text("utf-8").split("\n\n")
        if any(name in certificate for name in ROOTS)
    ]
    if not kept:
        raise SystemExit(f"trim: none of {', '.join(ROOTS)} is in {bundle}")
    bundle.write_text("\n\n".join(kept) + "\n", "utf-8")


def blank_debugging(library: Path) -> None:
    """Overwrite what only a debugger reads, which the loader never maps: zeros zip to nothing.

    The layout of an ELF file [System V ABI]: a table of sections, each with the place of its name.
    """
    content = bytearray(library.read_bytes())
    (table,) = struct.unpack_from("<Q", content, 0x28)
    size, count, names = struct.unpack_from("<HHH", content, 0x3A)
    sections = [struct.unpack_from("<IIQQQQ", content, table + size * i) for i in range(count)]
    names_at = sections[names][4]
    for name, _, _, _, start, length in sections:
        if content.startswith(b".debug_", names_at + name):
            content[start : start + length] = bytes(length)
    library.write_bytes(content)


def prepare(build: Path) -> None:
    """Lay methods of dataclasses and regular expressions beside the code, already compiled."""
    subprocess.run([sys.executable, PREPARE, build], check=True)  # noqa: S603 - our own code


def compile_all(build: Path) -> None:
    """Lay bytecode beside the code, because a function cannot write it where it runs.

    Times of files do not survive a zip, so the bytecode must not be checked against them.
    """
    mode = PycInvalidationMode.UNCHECKED_HASH
    if not compileall.compile_dir(build, quiet=1, invalidation_mode=mode, stripdir=build):
        raise SystemExit("trim: not everything could be compiled")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
