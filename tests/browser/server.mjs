// The real program on a fresh database, as an operator would start it.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const BINARY = process.env.DESKBELL_BINARY ?? new URL("../../target/debug/deskbell", import.meta.url).pathname;
export const API_TOKEN = "a-token-of-the-browser-tests";

async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  probe.close();
  await once(probe, "close");
  return port;
}

// Resolves when the server has said where the first owner sets it up.
export async function start() {
  const { folder, port } = await place();
  return run(["serve"], { folder, port }, { DESKBELL_BIND: `127.0.0.1:${port}`, DESKBELL_DATA: folder, DESKBELL_API_TOKEN: API_TOKEN });
}

// The demo with the vendors of calendars on this machine; also says where somebody is their owner.
export async function startSandbox() {
  const { folder, port } = await place();
  const server = await run(["demo", "--sandbox", "--no-phone", "--port", `${port}`, "--data", folder], { folder, port }, {});
  const said = (what) => server.printed().match(new RegExp(`${what}\\s+(\\S+)`))[1];
  return { ...server, sandbox: said("sandbox"), api: api(server.origin, said("API token")) };
}

async function place() {
  return { folder: await mkdtemp(join(tmpdir(), "deskbell-browser-")), port: await freePort() };
}

function api(origin, token) {
  return async (method, path, body) => {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const answer = await fetch(`${origin}/api/v1${path}`, { method, headers, body: body && JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
}

async function run(command, { folder, port }, more) {
  const origin = `http://127.0.0.1:${port}`;
  const child = spawn(BINARY, command, {
    cwd: folder,
    env: { PATH: process.env.PATH, ...more },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  const setup = await new Promise((found, failed) => {
    const look = (piece) => {
      printed += piece;
      const address = printed.match(/http\S+\/setup\/[\w-]+/);
      if (address) found(address[0]);
    };
    child.stdout.on("data", look);
    child.stderr.on("data", look);
    child.on("exit", (code) => failed(new Error(`the server ended with ${code}:\n${printed}`)));
  });
  return {
    origin,
    setup,
    printed: () => printed,
    api: api(origin, API_TOKEN),
    stop: async () => {
      child.removeAllListeners("exit");
      child.kill("SIGTERM");
      await Promise.race([once(child, "exit"), new Promise((late) => setTimeout(late, 5000).unref())]);
      child.kill("SIGKILL");
      await rm(folder, { recursive: true, force: true });
    },
  };
}
