"""Arrows point inwards, imports are free, and one word names one thing everywhere."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.template import ROOT, load_template

PACKAGE = ROOT / "layers" / "video_pipeline" / "python" / "video_pipeline"
MODULES = sorted(PACKAGE.rglob("*.py"))
HANDLERS = sorted(ROOT.glob("functions/*/handler.py"))
NAMES = [path.parent.name for path in HANDLERS]
RESOURCES = load_template()["Resources"]
STANDARD = frozenset(sys.stdlib_module_names)
HEAVY = ("pydantic", "av", "PIL", "yaml", "numpy")

# What each ring may import of ours; wiring alone knows adapters and configuration.
INNER = {
    "domain": {"domain"},
    "ports": {"domain"},
    "use_cases": {"domain", "ports", "use_cases"},
    "adapters": {"domain", "ports", "adapters"},
    "config": set(),
    "wiring": {"domain", "ports", "use_cases", "adapters", "config", "log"},
    "log": {"domain"},
    "messages": {"log"},
}
THIRD_PARTY = {
    "adapters": {
        "aws_lambda_powertools",
        "botocore",
        "pydantic",
        "pydantic_core",
        "yaml",
        "av",
        "PIL",
        "zlib_ng",
    },
    "log": {"aws_lambda_powertools"},
}


def ring_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports_of(path: Path, *, typing_too: bool = True) -> Iterator[str]:
    """Yield every module that a file imports, inside functions as well."""
    tree = ast.parse(path.read_text("utf-8"))
    skipped = set() if typing_too else set(_for_typing_only(tree))
    for node in ast.walk(tree):
        if node in skipped:
            continue
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            module = node.module or ""
            whole = module == "video_pipeline"
            yield from ([f"{module}.{name.name}" for name in node.names] if whole else [module])


def _for_typing_only(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            yield from ast.walk(node)


def rings_in(modules: Iterator[str]) -> set[str]:
    return {name.split(".")[1] for name in modules if name.startswith("video_pipeline.")}


def foreign_in(modules: Iterator[str]) -> set[str]:
    return {name.split(".")[0] for name in modules} - STANDARD - {"video_pipeline"}


def module_name(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts).removesuffix(".__init__")


def run(code: str) -> str:
    """Run code in a fresh Python that knows the package, and nothing of AWS."""
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-W", "error", "-c", code],
        env={"PYTHONPATH": str(PACKAGE.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_a_module_imports_only_what_lies_further_in(path: Path) -> None:
    ring = ring_of(path)
    if ring != "__init__":
        assert rings_in(imports_of(path)) <= INNER[ring]


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_only_adapters_know_other_peoples_packages(path: Path) -> None:
    allowed = THIRD_PARTY.get(ring_of(path), set())
    assert foreign_in(imports_of(path, typing_too=False)) <= allowed


@pytest.mark.parametrize("path", HANDLERS, ids=NAMES)
def test_a_handler_knows_wiring_use_cases_domain_and_its_edge(path: Path) -> None:
    assert rings_in(imports_of(path)) <= {"wiring", "use_cases", "domain", "log", "messages"}
    assert foreign_in(imports_of(path)) == {"aws_lambda_powertools"}


@pytest.mark.parametrize("path", HANDLERS, ids=NAMES)
def test_a_handler_stays_short(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 70


def test_importing_the_package_needs_no_environment_and_makes_no_client() -> None:
    run(f"""
import botocore.session
def refuse(*_, **__): raise AssertionError("a client was made at import")
botocore.session.Session.create_client = refuse
import importlib
for name in {[module_name(path) for path in MODULES]!r}:
    importlib.import_module(name)
""")


@pytest.mark.parametrize("path", HANDLERS, ids=NAMES)
def test_importing_a_handler_needs_no_environment_and_makes_no_client(path: Path) -> None:
    run(f"""
import botocore.session
def refuse(*_, **__): raise AssertionError("a client was made at import")
botocore.session.Session.create_client = refuse
import sys
sys.path.insert(0, {str(path.parent)!r})
import handler
assert callable(handler.handler)
""")


ENVIRONMENT = """
import os
os.environ.update(
    AWS_REGION="us-east-1", AWS_DEFAULT_REGION="us-east-1", EVENT_BUS_NAME="bus",
    TABLE_NAME="t", DAILY_CREDIT_LIMIT="1", RETENTION_DAYS="1", MAX_ATTEMPTS="1",
    STUCK_AFTER_HOURS="72", REFERENCE_PATIENCE_MINUTES="60",
    STATE_MACHINE_ARN="arn", CALLBACK_SECRET_ARN="arn", CALLBACK_BASE_URL="https://us.test",
    PROVIDER_BASE_URL="https://provider.test", PROVIDER_SECRET_ARN="arn",
    ALLOWED_LOCAL_HOSTS="", CREATE_TIMEOUT_SECONDS="60", PATIENCE_MINUTES="15",
    ARCHIVE_BUCKET="archive", INTAKE_BUCKET="intake", STORAGE_CLASS="STANDARD",
    MANIFESTS_QUEUE_URL="https://queue.test", PRICE_LIST="", READER_ROLE_ARN="arn",
)
"""


def building(name: str) -> str:
    """Return code that makes what a function's event needs."""
    if name == "advance_job":
        return "handler.wiring.advance_job('arn:aws:states:::machine')"
    graveyard = "; handler.wiring.graveyard()" if name.startswith("bury_") else ""
    return f"handler.wiring.{name}(){graveyard}"


@pytest.mark.parametrize("name", NAMES)
def test_the_clients_that_every_event_needs_are_made_at_the_start(name: str) -> None:
    told = run(f"""{ENVIRONMENT}
import sys
from botocore.session import Session
create, made = Session.create_client, []
def create_client(session, service, *args, **named):
    made.append(service)
    return create(session, service, *args, **named)
Session.create_client = create_client
sys.path.insert(0, {str(ROOT / "functions" / name)!r})
import handler
print(*made)
{building(name)}
print(*made)
""")
    at_the_start, at_the_event = told.splitlines()
    assert at_the_start
    assert at_the_event == at_the_start


@pytest.mark.parametrize(
    "name", ["receive_callback", "advance_job", "continue_run", "reconcile", "measure"]
)
def test_a_light_function_loads_nothing_heavy(name: str) -> None:
    """Neither at import nor once its parts are built: the callback has to answer in time."""
    loaded = run(f"""{ENVIRONMENT}
import sys
sys.path.insert(0, {str(ROOT / "functions" / name)!r})
import handler
{building(name)}
print(*(name for name in {HEAVY!r} if name in sys.modules))
""")
    assert loaded.split() == []


@pytest.mark.parametrize("name", NAMES)
def test_one_word_names_function_use_case_resource_test_and_trigger(name: str) -> None:
    assert (PACKAGE / "use_cases" / f"{name}.py").is_file()
    resource = RESOURCES["".join(word.capitalize() for word in name.split("_")) + "Function"]
    assert resource["Properties"]["CodeUri"] == f"functions/{name}"
    assert (ROOT / "tests" / "unit" / "handlers" / f"test_{name}.py").is_file()
    assert list((ROOT / "events" / "triggers").glob(f"{name}*.json"))


def test_every_function_of_the_template_has_a_folder() -> None:
    folders = {
        resource["Properties"]["CodeUri"]
        for resource in RESOURCES.values()
        if resource["Type"] == "AWS::Serverless::Function"
    }
    assert folders == {f"functions/{name}" for name in NAMES}


@pytest.mark.parametrize("path", sorted((PACKAGE / "use_cases").glob("[a-z]*.py")), ids=module_name)
def test_a_use_case_has_the_name_of_its_module(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    classes = {node.name for node in tree.body if isinstance(node, ast.ClassDef)}
    assert re.sub(r"(?:^|_)(\w)", lambda found: found[1].upper(), path.stem) in classes
