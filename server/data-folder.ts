/** The folder in which a running city remembers: it must be writable, and belongs to one server at a time. */

import { once } from "node:events";
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createConnection, createServer, type Server } from "node:net";
import { join, relative } from "node:path";

/** The sign of the server that has the folder. */
const sign = "in-use";

/** The file with the city folder whose memory it is. */
const ownerFile = "city-folder";

/** The longest name that every system takes for a socket. */
const longestName = 100;

/**
 * Makes the folder where it is not there and keeps it from a second server, which would write into the same journals.
 * The sign is a socket in the folder that is listened on: the system takes it from a process that dies in any way. Gives
 * the way to let go. Throws what a person can do about a folder that cannot be written or is taken. Where the system has
 * no such socket (a path too long for one, some network drives), nothing keeps a second server away.
 */
export async function holdDataFolder(dir: string): Promise<() => Promise<void>> {
  try {
    mkdirSync(dir, { recursive: true });
    accessSync(dir, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new Error(
      `the data folder ${dir} cannot be written (${(error as NodeJS.ErrnoException).code}): choose another one with --data`,
      { cause: error },
    );
  }
  const path = socketIn(dir);
  if (path === null) return () => Promise.resolve();
  const held = await listenAt(path, dir);
  return async () => {
    if (held === null) return;
    held.close();
    await once(held, "close");
  };
}

function socketIn(dir: string): string | null {
  const path = join(dir, sign);
  const names = [path, relative(process.cwd(), path)];
  return names.find((name) => Buffer.byteLength(name) <= longestName) ?? null;
}

async function listenAt(path: string, dir: string): Promise<Server | null> {
  for (const isLastTry of [false, true]) {
    // Whoever connects learns by that alone that somebody is there.
    const server = createServer((peer) => peer.destroy());
    server.unref();
    try {
      await once(server.listen(path), "listening");
      return server;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") return null;
    }
    if (isLastTry || (await answers(path)))
      throw new Error(
        `the data folder ${dir} is in use by another Citydeck: stop that one, or choose another folder with --data`,
      );
    // A process that was killed left it behind.
    rmSync(path, { force: true });
  }
  return null;
}

/**
 * Writes into a folder that is held whose memory it is. Throws when it is another city folder's, unless a person chose
 * it (`isChosen`): without that, two cities of one name would take each other's memory for theirs.
 */
export function claimDataFolder(dir: string, cityFolder: string, isChosen: boolean): void {
  const path = join(dir, ownerFile);
  const owner = existsSync(path) ? readFileSync(path, "utf8").trim() : cityFolder;
  if (owner !== cityFolder && !isChosen)
    throw new Error(
      `the data folder ${dir} holds the memory of the city folder ${owner}: choose another one with --data, or this one with --data ${dir} if it is the same city`,
    );
  writeFileSync(path, `${cityFolder}\n`);
}

/** Forgets everything in a folder that is held. */
export function emptyDataFolder(dir: string): void {
  for (const name of readdirSync(dir))
    if (name !== sign) rmSync(join(dir, name), { recursive: true, force: true });
}

async function answers(path: string): Promise<boolean> {
  const peer = createConnection(path);
  try {
    await once(peer, "connect");
    return true;
  } catch {
    return false;
  } finally {
    peer.destroy();
  }
}
