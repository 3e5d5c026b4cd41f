"""The server as a command: `python -m seq2kit.llm.server --model small --port 8000`. See seq2kit.llm.serving."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Sequence

from seq2kit.llm.model import ModelError
from seq2kit.llm.serving import Server
from seq2kit.llm.sources import load


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve a language model on this machine until you press Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m seq2kit.llm.server", description=main.__doc__)
    parser.add_argument("--model", default="smollm2", help="smollm2, small, a folder, a GGUF file, or a hub's name")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    options = parser.parse_args(arguments)
    try:
        server = Server(load(options.model), options.port)
    except (ModelError, OSError) as error:
        sys.exit(str(error))
    print(f"{server.model.name} is served at {server.address}  (Ctrl-C ends it)", flush=True)
    with server, contextlib.suppress(KeyboardInterrupt):
        server.serve_forever()


if __name__ == "__main__":
    main()
