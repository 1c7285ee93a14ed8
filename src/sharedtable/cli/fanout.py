"""`sharedtable fanout`: holds the open screens of live meetings beside the servers of pages, on PostgreSQL."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from typing import Annotated

import typer

from sharedtable.cli.serve import listen
from sharedtable.errors import Refused


def fanout(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes any free one.")] = 8001,
) -> None:
    """Serve /live/…/stream for thousands of screens. Needs PostgreSQL; let your proxy hand these addresses to it."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "sharedtable.config.settings"
    try:
        listening = listen(host, port)
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        raise typer.Exit(1) from None
    import django
    import uvloop

    django.setup()
    print(f"Streams are at http://{host}:{listening.getsockname()[1]}/", flush=True)
    uvloop.run(_run(listening))


async def _run(listening: socket.socket) -> None:
    import gc

    from sharedtable.wall.fanout import serve

    until, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, until.set)
    # What was loaded until here stays for ever: the collector need not look at it again and again.
    gc.collect()
    gc.freeze()
    await serve(listening, until=until)
