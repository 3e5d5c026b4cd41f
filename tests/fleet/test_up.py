"""What `seq2grade fleet` writes, and where `--fleet` leads."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
import yaml

from autograder.errors import FleetError
from autograder.fleet import choose, keys, kubernetes
from autograder.gradebook.kept import KEPT

if TYPE_CHECKING:
    from tests.commands import Command
    from tests.courses import Demo

pytest_plugins = ["tests.commands", "tests.courses"]
CRD = "operator/deployment/helm/dask-kubernetes-operator/crds/daskcluster.yaml"


def operators_schema() -> list[dict[str, Any]]:
    """The schema that the operator's own package holds; none where that is not installed (see Makefile)."""
    try:
        found = [file for file in files("dask-kubernetes") or () if str(file).endswith(CRD)]
    except PackageNotFoundError:
        return []
    # by its C parser: each worker collects this file, and the other one takes a second
    (version,) = yaml.load(found[0].read_text(), getattr(yaml, "CSafeLoader", yaml.SafeLoader))["spec"]["versions"]
    return [version["schema"]["openAPIV3Schema"]]


WANTED = kubernetes.Wanted(3, "registry.example/seq2grade:1", "course", Path("/course"))


def unknown(data: Any, schema: dict[str, Any], where: str = "") -> list[str]:
    """The fields that a schema does not name: Kubernetes drops them without a word."""
    if isinstance(data, list):
        return [one for item in data for one in unknown(item, schema.get("items", {}), where)]
    if not isinstance(data, dict) or "additionalProperties" in schema:
        return []
    known = schema.get("properties", {})
    found = [f"{where}.{key}" for key in data if key not in known]
    return found + [one for key in data if key in known for one in unknown(data[key], known[key], f"{where}.{key}")]


@pytest.mark.parametrize("schema", operators_schema())
def test_the_operator_takes_the_cluster(schema: dict[str, Any]) -> None:
    """The DaskCluster has what the operator's schema asks for, of the right types, and nothing that it would drop."""
    cluster = kubernetes.cluster(WANTED)
    jsonschema.validate(cluster, schema)
    spec = {"properties": {"spec": schema["properties"]["spec"]}}
    assert unknown({"spec": cluster["spec"]}, spec) == []
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**cluster, "spec": {**cluster["spec"], "worker": {"replicas": "3"}}}, schema)


def test_the_manifest_is_what_was_asked_for(seq2grade: Command, course: Demo) -> None:
    """Image, claim, number and place are in it; nothing is in the clear; `--fleet kubernetes` then leads there."""
    ran = seq2grade("fleet", "up", "kubernetes", "--image", "x/y:1", "--claim", "c1", "--workers", 5, "--memory", "2Gi")
    assert ran.code == 0, ran.err
    text = (course.root / KEPT / ".fleet" / "kubernetes.yaml").read_text()
    cluster, desk = yaml.safe_load_all(text)
    assert cluster["spec"]["worker"]["replicas"] == 5
    for pod in (cluster["spec"]["worker"]["spec"], cluster["spec"]["scheduler"]["spec"], desk["spec"]):
        assert pod["containers"][0]["image"] == "x/y:1"
        assert pod["volumes"][0]["persistentVolumeClaim"]["claimName"] == "c1"
    assert "tcp://" not in text
    assert "*id" not in text
    address, security = choose.where("kubernetes", course.root)
    assert address == "tls://seq2grade-scheduler:8786"
    assert security is not None
    assert security.require_encryption


def test_a_slurm_job_is_written_and_not_submitted(seq2grade: Command, course: Demo) -> None:
    """--dry writes the job of a worker: its resources, further directives, one thread each, and the fleet's key."""
    ran = seq2grade(
        "fleet", "up", "slurm", "--workers", 8, "--memory", "6GB", "--walltime", "00:30:00", "--partition", "short",
        "--directive", "--qos=low", "--dry",
    )  # fmt: skip
    assert ran.code == 0, ran.err
    script = (course.root / KEPT / ".fleet" / "slurm.sh").read_text()
    for line in ("#SBATCH -p short", "#SBATCH --mem=6G", "#SBATCH -t 00:30:00", "#SBATCH --qos=low"):
        assert line in script.splitlines()
    assert "export OMP_NUM_THREADS=1" in script
    assert re.search(r"--protocol tls:// --tls-ca-file \S+/\.fleet/tls/cert.pem", script)
    with pytest.raises(FleetError, match="seq2grade fleet up slurm"):
        choose.where("slurm", course.root)


def test_the_key_is_the_owners_alone(seq2grade: Command, course: Demo) -> None:
    """It lies in the folder of results, which nobody else enters and git passes over; a second call keeps it."""
    seq2grade("fleet", "keys")
    folder = course.root / KEPT / ".fleet" / "tls"
    first = (folder / keys.KEY).read_bytes()
    assert (folder / keys.KEY).stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (course.root / KEPT).stat().st_mode & 0o777 == 0o700
    assert (course.root / KEPT / ".gitignore").read_text() == "*\n"
    assert f"--tls-key {folder / keys.KEY}" in seq2grade("fleet", "keys").out
    assert (folder / keys.KEY).read_bytes() == first


@pytest.mark.parametrize(
    ("name", "address", "secured"),
    [
        ("dask://127.0.0.1:8786", "tcp://127.0.0.1:8786", False),
        ("dask://localhost:1", "tcp://localhost:1", False),
        ("dask://[::1]:1", "tcp://[::1]:1", False),
        ("dask://10.0.0.5:8786", "tls://10.0.0.5:8786", True),
        ("dask://grader.example:8786", "tls://grader.example:8786", True),
        ("dask://127.0.0.1.example.org:1", "tls://127.0.0.1.example.org:1", True),
        ("tls://127.0.0.1:8786", "tls://127.0.0.1:8786", True),
        ("tcp://10.0.0.5:8786", "tcp://10.0.0.5:8786", False),
    ],
)
def test_off_this_machine_nothing_is_in_the_clear(tmp_path: Path, name: str, address: str, secured: bool) -> None:
    """`dask://` is encrypted wherever it leaves the machine; only who says tcp:// gets plain connections."""
    keys.make_keys(choose.folder_of(tmp_path) / "tls")
    found, security = choose.where(name, tmp_path)
    assert found == address
    assert (security is not None and security.require_encryption) == secured


@pytest.mark.parametrize("name", ["", "cloud", "dask://", "http://x:1", "local://x"])
def test_a_word_that_is_no_fleet(seq2grade: Command, course: Demo, name: str) -> None:
    """Ends with the words that are, before anything is run."""
    course.hand_in("ada", "{", "chain")
    ran = seq2grade("grade", "submitted", "--fleet", name)
    assert ran.code == 2
    assert "say local, dask, slurm, kubernetes" in ran.err


def test_a_scheduler_that_is_not_there(seq2grade: Command, course: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ends with the address and what to look at; nothing is graded."""
    monkeypatch.setattr(choose, "_CONNECT_SECONDS", 0.5)
    course.hand_in("ada", course.solved("chain"), "chain")
    ran = seq2grade("grade", "submitted", "--fleet", "dask://127.0.0.1:1")
    assert ran.code == 2
    assert "tcp://127.0.0.1:1 cannot be reached" in ran.err


def test_a_named_key_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rather than connecting with another one."""
    monkeypatch.setenv(keys.VARIABLE, str(tmp_path))
    with pytest.raises(FleetError, match=keys.VARIABLE):
        choose.where("tls://10.0.0.5:8786", tmp_path)


def test_who_grades_here_never_loads_dask(tmp_path: Path) -> None:
    """The command line starts, and a batch is planned, without it: it takes half a second, and may not be installed."""
    code = "import sys, autograder.cli, autograder.batch; print('dask' in sys.modules, 'distributed' in sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=Path(__file__).resolve().parents[2], text=True, capture_output=True,
        check=True, env={**os.environ, "MPLCONFIGDIR": str(tmp_path)},
    )  # fmt: skip
    assert ran.stdout.split() == ["False", "False"]


def test_where_a_fleet_is_stays_noted(tmp_path: Path) -> None:
    """`fleet up` notes the address, for --fleet, in a file that only the owner reads."""
    path = choose.note(tmp_path, "slurm", "tls://10.0.0.5:4000")
    assert json.loads(path.read_text()) == {"address": "tls://10.0.0.5:4000"}
    assert path.stat().st_mode & 0o777 == 0o600
    assert choose.where("slurm", tmp_path)[0] == "tls://10.0.0.5:4000"
