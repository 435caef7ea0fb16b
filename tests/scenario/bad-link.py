#!/usr/bin/python3
"""A bad link to a port of this machine: late, slow, and cut. Prints the port at which it begins, then "begun" for each connection, and when it has ended how
many bytes it carried, and whether it was cut.

usage: bad-link.py PORT [--cut BYTES[,BYTES...]] [--every BYTES] [--delay-ms MS] [--rate BYTES]

--cut: the first connection is cut after so many bytes of both directions, the second after the next number, and so on; later ones live.
--every: each connection is. --delay-ms: each way. --rate: bytes a second, each way.
"""

import argparse
import asyncio

BLOCK = 4096


class Link:
    """One connection: bytes leave in their order, when the link has carried them."""

    def __init__(self, options, cut):
        self.options, self.left, self.carried, self.was_cut = options, cut, 0, False

    async def carry(self, reader, writer):
        loop = asyncio.get_running_loop()
        free_at = loop.time()
        block = min(BLOCK, max(64, self.options.rate // 4)) if self.options.rate else BLOCK
        queue = asyncio.Queue(64)

        async def deliver():
            while (item := await queue.get()) is not None:
                due, data = item
                late = due - loop.time()
                if late > 0:
                    passed = loop.create_future()
                    loop.call_later(late, passed.set_result, None)
                    await passed
                writer.write(data)
                await writer.drain()
            writer.write_eof()

        delivery = asyncio.ensure_future(deliver())
        try:
            while data := await reader.read(block):
                if self.left is not None:
                    data, self.left = data[: self.left], self.left - len(data[: self.left])
                self.carried += len(data)
                free_at = max(free_at, loop.time())
                if self.options.rate:
                    free_at += len(data) / self.options.rate
                await queue.put((free_at + self.options.delay_ms / 1000, data))
                if self.left == 0:
                    self.was_cut = True
                    break
            await queue.put(None)
            await delivery
        finally:
            delivery.cancel()
        if self.was_cut:
            raise ConnectionResetError


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("--cut", default="")
    parser.add_argument("--every", type=int)
    parser.add_argument("--delay-ms", type=int, default=0)
    parser.add_argument("--rate", type=int, default=0)
    options = parser.parse_args()
    cuts = [int(number) for number in options.cut.split(",") if number]

    async def connected(reader, writer):
        print("begun", flush=True)
        link = Link(options, cuts.pop(0) if cuts else options.every)
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", options.port)
            ways = [asyncio.ensure_future(link.carry(reader, far_writer)),
                    asyncio.ensure_future(link.carry(far_reader, writer))]
            await asyncio.wait(ways, return_when=asyncio.FIRST_EXCEPTION)
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            far_writer.transport.abort()
        except OSError:
            pass
        writer.transport.abort()
        print(link.carried, "cut" if link.was_cut else "whole", flush=True)

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main())
