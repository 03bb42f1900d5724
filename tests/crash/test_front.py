"""The address in front of several replicas: in turn, past those that are down, and an error when nobody is there."""

import asyncio
from collections.abc import Awaitable, Callable

import httpx

from tests.crash.front import HOST, Front
from tests.crash.ways import free_port

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def replica(name: str) -> Serve:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"body")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: close\r\n\r\n" + name.encode())
        writer.close()

    return serve


async def dies(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"body")
    writer.close()


async def test_each_call_goes_to_the_next_replica_that_answers_it() -> None:
    servers = [await asyncio.start_server(serve, HOST, 0) for serve in (replica("A"), dies, replica("B"))]
    ports = [server.sockets[0].getsockname()[1] for server in servers]
    async with Front([*ports, free_port()]) as front, httpx.AsyncClient(headers={"Connection": "close"}) as client:
        answers = [(await client.post(front.address, content="body")).text for _ in range(8)]
        assert answers == ["A", "B", "B", "A", "A", "B", "B", "A"]
        for server in servers:
            server.close()
        assert (await client.post(front.address, content="body")).status_code == 502
