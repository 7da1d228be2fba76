import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { expect, test } from "vitest";
import { readingIntoOneBuffer, rewriteAnswers } from "./answer-reading.ts";

const answerOf = (text: string): string => `HTTP/1.1 200 OK\nContent-Length: ${text.length}\n\n${text}`;

test("keeps what nobody has read yet when another socket reads", async () => {
  using server = await serveAnswers();
  const sockets = [await server.open(), await server.open()] as const;
  await sockets[0].ask("first");
  await sockets[1].ask("other");
  await sockets[0].ask("again");
  expect(sockets[0].read()).toBe(`${rewritten("first")}${rewritten("again")}`);
  expect(sockets[1].read()).toBe(rewritten("other"));
  expect(sockets[1].read()).toBe("");
});

test("does not copy bytes that are read at once", async () => {
  using server = await serveAnswers();
  const opened = await server.open();
  const { socket } = opened;
  const places: unknown[] = [];
  socket.on("readable", () => {
    const chunk: unknown = socket.read();
    if (Buffer.isBuffer(chunk)) places.push(chunk.buffer);
  });
  await opened.ask("x".repeat(5_000), "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n");
  expect(new Set(places)).toEqual(new Set([readingIntoOneBuffer.onread.buffer.buffer]));
});

const rewritten = (text: string): string => answerOf(text).replaceAll("\n", "\r\n");

interface OpenSocket {
  readonly socket: Socket;
  /** Has the server answer, and waits until the bytes are here. */
  ask(text: string, head?: string): Promise<void>;
  read(): string;
}

async function serveAnswers(): Promise<Disposable & { open(): Promise<OpenSocket> }> {
  const listener = createServer().listen(0, "127.0.0.1");
  await once(listener, "listening");
  const open: Socket[] = [];
  return {
    async open() {
      const accepted = once(listener, "connection") as Promise<[Socket]>;
      const { port } = listener.address() as AddressInfo;
      const socket = connect({ port, host: "127.0.0.1", ...readingIntoOneBuffer });
      await once(socket, "connect");
      rewriteAnswers(socket);
      const [peer] = await accepted;
      open.push(socket, peer);
      return {
        socket,
        async ask(text, head) {
          const arrived = once(socket, "readable");
          peer.write(head === undefined ? answerOf(text) : head + text);
          await arrived;
        },
        read: () => String(socket.read() ?? ""),
      };
    },
    [Symbol.dispose]() {
      for (const socket of open) socket.destroy();
      listener.close();
    },
  };
}
