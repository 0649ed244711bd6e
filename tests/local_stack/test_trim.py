"""What is taken out of the layers, and that all that is used stays."""

import gzip
import importlib.util
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import botocore.session
import pydantic
import pydantic_core
import pytest
import yaml
from botocore import xform_name
from botocore.loaders import Loader
from botocore.stub import Stubber

from tests.support.template import ROOT

ADAPTERS = ROOT / "layers" / "video_pipeline" / "python" / "video_pipeline" / "adapters"
CALL = re.compile(r"\b(?:_?client|_sts)(?:\(\))?\.([a-z_]+)\(")
PAGES = re.compile(r"get_paginator\(\"([a-z_0-9]+)\"\)")
CLIENT = re.compile(r"""(?:_client|create_client)\(\s*"([a-z0-9-]+)""")


def load_trim() -> ModuleType:
    spec = importlib.util.spec_from_file_location("trim", ROOT / "layers" / "trim.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


trim = load_trim()
NOON = "2026-11-30 12:00:00+00:00"
NO_DATA = shutil.ignore_patterns("data", "__pycache__")
SHARED = ("endpoints.json", "partitions.json", "_retry.json", "sdk-default-configuration.json")
DATA = tuple(f"data/{name}" for name in ("dynamodb", "ec2", "s3", "sts", *SHARED))


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    """A part of what SAM builds, the real botocore of these tests in it."""
    packages = tmp_path / "DependenciesLayer" / "python"
    data = Path(botocore.__file__).parent
    for name in (*DATA, "cacert.pem"):
        source, target = data / name, packages / "botocore" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target)
        else:
            shutil.copy(source, target)
    described = packages / "six-1.17.0.dist-info"
    described.mkdir()
    (described / "METADATA").write_text("Name: six\nVersion: 1.17.0\n\nA long story.")
    (described / "RECORD").write_text("six.py,,")
    (packages / "six.py").write_text("six = 6\n")
    return packages


def read_model(data: Path) -> dict[str, dict[str, dict[str, object]]]:
    (path,) = data.glob("*/service-2.json.gz")
    model: dict[str, dict[str, dict[str, object]]] = json.loads(gzip.decompress(path.read_bytes()))
    return model


def test_every_client_that_the_code_makes_finds_its_service() -> None:
    made = {name for path in ADAPTERS.rglob("*.py") for name in CLIENT.findall(path.read_text())}
    assert made
    assert made <= set(trim.SERVICES)


def test_every_operation_that_the_code_calls_is_kept() -> None:
    texts = [path.read_text() for path in ADAPTERS.rglob("*.py")]
    called = {name for text in texts for name in CALL.findall(text)}
    pages = {name for text in texts for name in PAGES.findall(text)}
    kept = {xform_name(name) for names in trim.CALLED.values() for name in names.split()}
    assert {"put_item", "assume_role", "put_events", "send_message"} <= called
    assert (called | pages) - {"get_paginator", "generate_presigned_url"} <= kept


def test_a_service_keeps_what_is_called_and_loses_its_prose(packages: Path) -> None:
    data = packages / "botocore" / "data" / "sts"
    before = read_model(data)
    trim.main(packages.parents[1])
    after = read_model(data)
    assert after["operations"].keys() == {"AssumeRole"}
    assert {"AssumeRoleRequest", "Credentials", "RegionDisabledException"} <= after["shapes"].keys()
    assert after["shapes"].keys() < before["shapes"].keys()
    assert "documentation" in before["operations"]["AssumeRole"]
    assert "documentation" not in after["operations"]["AssumeRole"]


@pytest.mark.parametrize(
    ("service", "operation", "sent"),
    [
        ("s3", "get_object", {"Bucket": "bucket", "Key": "key"}),
        ("sts", "assume_role", {"RoleArn": "a" * 20, "RoleSessionName": "reader"}),
        ("dynamodb", "get_item", {"TableName": "ledger", "Key": {"pk": {"S": "key"}}}),
    ],
)
def test_a_client_of_a_trimmed_service_calls(
    service: str, operation: str, sent: dict[str, object], packages: Path
) -> None:
    trim.main(packages.parents[1])
    session = botocore.session.Session()
    loader = Loader(
        extra_search_paths=[str(packages / "botocore" / "data")],
        include_default_search_paths=False,
    )
    session.register_component("data_loader", loader)
    client = session.create_client(
        service,
        region_name="us-east-1",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    )
    with Stubber(client) as stubber:
        stubber.add_response(operation, {})
        getattr(client, operation)(**sent)
        stubber.assert_no_pending_responses()


def test_services_that_nobody_calls_are_gone(packages: Path) -> None:
    trim.main(packages.parents[1])
    data = packages / "botocore" / "data"
    assert not (data / "ec2").exists()
    hosts = json.loads((data / "endpoints.json").read_bytes())
    for partition in hosts["partitions"]:
        assert set(partition["services"]) <= {*trim.SERVICES, "states"}
    assert {"sts", "states", "s3"} <= set(hosts["partitions"][0]["services"])


def test_connections_trust_those_who_vouch_for_aws(packages: Path) -> None:
    trim.main(packages.parents[1])
    kept = (packages / "botocore" / "cacert.pem").read_text()
    assert 5 < kept.count("BEGIN CERTIFICATE") < 25
    for number in range(1, 5):
        assert f"CN=Amazon Root CA {number} " in kept


def test_bytecode_lies_beside_the_code_and_is_not_checked_against_its_time(packages: Path) -> None:
    trim.main(packages.parents[1])
    (packages / "six.py").write_text("raise SystemExit('compiled anew')\n")
    command = [sys.executable, "-c", "import six; print(six.six)"]
    done = subprocess.run(  # noqa: S603 - our own code
        command, env={"PYTHONPATH": str(packages)}, capture_output=True, text=True, check=False
    )
    assert done.stdout == "6\n"


def test_of_a_description_stays_what_scanners_read(packages: Path) -> None:
    trim.main(packages.parents[1])
    (described,) = (packages / "six-1.17.0.dist-info").iterdir()
    assert described.read_text() == "Name: six\nVersion: 1.17.0\n"


def test_a_library_without_its_debugging_works_as_before(tmp_path: Path) -> None:
    shutil.copytree(Path(yaml.__file__).parent, tmp_path / "yaml")
    (library,) = (tmp_path / "yaml").glob("_yaml*.so")
    before = len(gzip.compress(library.read_bytes()))
    trim.blank_debugging(library)
    assert len(gzip.compress(library.read_bytes())) < before / 3
    code = "import yaml; print(yaml.load('[1, 2]', yaml.CSafeLoader), yaml.__file__)"
    assert run_with(tmp_path, code) == f"[1, 2] {tmp_path}/yaml/__init__.py\n"


def test_a_package_that_is_not_as_expected_stops_the_build(packages: Path) -> None:
    powertools = packages / "aws_lambda_powertools" / "__init__.py"
    powertools.parent.mkdir()
    powertools.write_text("from aws_lambda_powertools.tracing import Tracer\n")
    with pytest.raises(SystemExit, match="does not hold"):
        trim.main(packages.parents[1])


def test_a_client_needs_no_documentation(packages: Path) -> None:
    source = Path(botocore.__file__).parent
    shutil.copytree(source, packages / "botocore", dirs_exist_ok=True, ignore=NO_DATA)
    (packages / "six.py").unlink()  # botocore needs the real one
    trim.main(packages.parents[1])
    code = (
        "import sys, botocore.session as s;"
        "client = s.Session().create_client('sts', region_name='us-east-1');"
        "print(client.assume_role.__name__, s.__file__, 'html.parser' in sys.modules)"
    )
    told = run_with(packages, code)
    assert told == f"assume_role {packages}/botocore/session.py False\n"


def test_times_are_read_by_what_is_loaded_only_then(packages: Path) -> None:
    source = Path(botocore.__file__).parent
    shutil.copytree(source, packages / "botocore", dirs_exist_ok=True, ignore=NO_DATA)
    (packages / "six.py").unlink()
    trim.main(packages.parents[1])
    code = (
        "import sys, botocore.session, botocore.utils as u, botocore.credentials as c;"
        "print('dateutil.parser' in sys.modules);"
        "print(u.parse_timestamp('2026-11-30T12:00:00Z'), c.parse('2026-11-30T12:00:00Z'))"
    )
    assert run_with(packages, code) == f"False\n{NOON} {NOON}\n"


def test_a_model_validates_as_ever_without_what_is_for_type_checkers(packages: Path) -> None:
    for source in (Path(pydantic.__file__).parent, Path(pydantic_core.__file__).parent):
        shutil.copytree(source, packages / source.name, ignore=NO_DATA)
    trim.main(packages.parents[1])
    code = (
        "import pydantic, pydantic_core.core_schema as core, sys\n"
        "class Model(pydantic.BaseModel, frozen=True, title='Tea'):\n"
        "    seconds: int = pydantic.Field(ge=4, le=15)\n"
        "try: Model(seconds=3)\n"
        "except pydantic.ValidationError as error: print(error.title, error.errors()[0]['type'])\n"
        "print(Model(seconds='5'), type(core.CoreConfig(title='Tea')), core.CoreConfig.__mro__[1])"
    )
    plain = "<class 'pydantic_core.core_schema.TypedDict'>"
    assert run_with(packages, code) == (
        f"Tea greater_than_equal\nseconds=5 <class 'dict'> {plain}\n"
    )


def run_with(packages: Path, code: str) -> str:
    """Run code in a fresh Python that finds trimmed packages first."""
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(packages)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
