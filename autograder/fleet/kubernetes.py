"""A fleet in Kubernetes: what the Dask operator makes of one DaskCluster, and a pod to grade from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from autograder.fleet.keys import CERTIFICATE, KEY

NAME = "seq2grade"
ADDRESS = f"tls://{NAME}-scheduler:8786"
_TLS = "/etc/seq2grade-tls"
_HEAD = """\
# A fleet of seq2grade for the Dask operator (https://kubernetes.dask.org). Written by `seq2grade fleet up kubernetes`.
#
#   kubectl create secret generic {secret} --from-file={keys}
#   kubectl apply -f {file}
#   kubectl exec -it {name}-desk -- seq2grade grade {course}/submitted --course {course} --fleet kubernetes
#
# Whoever can read the secret can run code on every worker. The sandbox makes namespaces, which takes SYS_ADMIN:
# give the pods nodes of their own.
"""


@dataclass(frozen=True)
class Wanted:
    """`image` has seq2grade[fleet] installed; `claim` is a volume that all pods may mount (ReadWriteMany) and that
    holds the course, at `course`; `secret` holds the fleet's key; `cpu` and `memory` are for each worker, as
    Kubernetes writes them."""

    workers: int
    image: str
    claim: str
    course: Path
    secret: str = f"{NAME}-tls"
    cpu: str = "1"
    memory: str = "4Gi"


def manifest(wanted: Wanted, file: Path, keys: Path) -> str:
    """The YAML, with the commands that use it on top."""
    head = _HEAD.format(secret=wanted.secret, keys=keys, file=file, name=NAME, course=wanted.course)
    return head + "---\n".join(yaml.safe_dump(one, sort_keys=False) for one in (cluster(wanted), _desk(wanted)))


def cluster(wanted: Wanted) -> dict[str, Any]:
    """The DaskCluster."""
    scheduler = _container(
        wanted, "scheduler", ["dask", "scheduler", "--port", "8786", "--dashboard-address", "127.0.0.1:0", *_tls()]
    )
    scheduler["env"].append({"name": "DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL", "value": "90s"})
    scheduler["ports"] = [{"name": "tcp-comm", "containerPort": 8786}]
    scheduler["readinessProbe"] = {"tcpSocket": {"port": "tcp-comm"}, "periodSeconds": 5}
    worker = _container(
        wanted,
        "worker",
        ["dask", "worker", ADDRESS, "--name", "$(DASK_WORKER_NAME)", "--nthreads", "1", "--no-dashboard", *_tls()],
    )
    worker |= _sandboxing(wanted)
    return {
        "apiVersion": "kubernetes.dask.org/v1",
        "kind": "DaskCluster",
        "metadata": {"name": NAME},
        "spec": {
            "scheduler": {
                "spec": {"containers": [scheduler], "volumes": _volumes(wanted)},
                "service": {
                    "type": "ClusterIP",
                    "selector": {"dask.org/cluster-name": NAME, "dask.org/component": "scheduler"},
                    "ports": [{"name": "tcp-comm", "protocol": "TCP", "port": 8786, "targetPort": "tcp-comm"}],
                },
            },
            "worker": {
                "replicas": wanted.workers,
                "metadata": {"annotations": _unconfined("worker")},
                "spec": {"containers": [worker], "volumes": _volumes(wanted)},
            },
        },
    }


def _desk(wanted: Wanted) -> dict[str, Any]:
    """A pod that waits to be entered. It needs what a worker needs: a grade names the sandbox, and it has to be the
    same one."""
    desk = _container(wanted, "desk", ["sleep", "infinity"]) | _sandboxing(wanted)
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": f"{NAME}-desk", "annotations": _unconfined("desk")},
        "spec": {"containers": [desk], "volumes": _volumes(wanted)},
    }


def _container(wanted: Wanted, name: str, command: list[str]) -> dict[str, Any]:
    one_thread = [{"name": n, "value": "1"} for n in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")]
    return {
        "name": name,
        "image": wanted.image,
        "command": command,
        "env": [*one_thread, {"name": "SEQ2GRADE_TLS", "value": _TLS}],
        "volumeMounts": [
            {"name": "course", "mountPath": str(wanted.course)},
            {"name": "tls", "mountPath": _TLS, "readOnly": True},
        ],
    }


def _sandboxing(wanted: Wanted) -> dict[str, Any]:
    """What the sandbox asks of a pod: the right to make namespaces and to mount in them."""
    room = {what: {"cpu": wanted.cpu, "memory": wanted.memory} for what in ("requests", "limits")}
    rights = {"runAsUser": 0, "capabilities": {"add": ["SYS_ADMIN"]}, "seccompProfile": {"type": "Unconfined"}}
    return {"resources": room, "securityContext": rights}


def _unconfined(container: str) -> dict[str, str]:
    return {f"container.apparmor.security.beta.kubernetes.io/{container}": "unconfined"}


def _tls() -> list[str]:
    certificate = f"{_TLS}/{CERTIFICATE}"
    return ["--protocol", "tls", "--tls-ca-file", certificate, "--tls-cert", certificate, "--tls-key", f"{_TLS}/{KEY}"]


def _volumes(wanted: Wanted) -> list[dict[str, Any]]:
    return [
        {"name": "course", "persistentVolumeClaim": {"claimName": wanted.claim}},
        {"name": "tls", "secret": {"secretName": wanted.secret, "defaultMode": 0o400}},
    ]
