"""Credentials for the connections of a fleet: one key and one certificate that all its parts hold.

Who holds the key may send jobs and take results; nobody else gets a word in. So it lies where only the course's owner
reads, in a folder that no submission sees.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.errors import FleetError
from autograder.writing import replace_file

if TYPE_CHECKING:
    from distributed.security import Security

VARIABLE = "SEQ2GRADE_TLS"
CERTIFICATE, KEY = "cert.pem", "key.pem"


def make_keys(folder: Path) -> Path:
    """Write a new key and a certificate signed by itself, good for a year, and return the folder; what is there stays.
    Raises FleetError where that cannot be."""
    if not (folder / KEY).is_file():
        from distributed.security import Security

        try:
            made = Security.temporary()
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            replace_file(folder / CERTIFICATE, str(made.tls_client_cert), 0o644)
            replace_file(folder / KEY, str(made.tls_client_key), 0o600)
        except (OSError, ImportError) as error:
            raise FleetError(f"no credentials could be written to {folder}: {error}") from error
    return folder


def keys_for(home: Path) -> Path | None:
    """The folder that SEQ2GRADE_TLS names, else the one of this fleet folder, where it holds a key. Raises FleetError
    where what is named holds none."""
    named = os.environ.get(VARIABLE)
    folder = Path(named) if named else home / "tls"
    if (folder / KEY).is_file() and (folder / CERTIFICATE).is_file():
        return folder
    if named:
        raise FleetError(f"{VARIABLE} names {folder}, which does not hold {CERTIFICATE} and {KEY}")
    return None


def security(folder: Path | None) -> Security:
    """For every part of the fleet the key in `folder`; None: what Dask's own configuration says. Nothing is sent in
    the clear."""
    from distributed.security import Security

    if folder is None:
        return Security(require_encryption=True)
    certificate, key = str(folder / CERTIFICATE), str(folder / KEY)
    roles = {f"tls_{role}_{what}": path for role in ("client", "scheduler", "worker")
             for what, path in (("key", key), ("cert", certificate))}  # fmt: skip
    return Security(require_encryption=True, tls_ca_file=certificate, **roles)
