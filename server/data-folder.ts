/** The folder in which a running city remembers: it must be writable, and belongs to one server at a time. */

import { once } from "node:events";
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createConnection, createServer, type Server, type Socket } from "node:net";
import { join, relative } from "node:path";

/** The sign of the server that has the folder. */
export const sign = "in-use";

/** The file with the city folder whose memory it is. */
const ownerFile = "city-folder";

/** Whoever restores a backup into the folder leaves this here until all of it is there. */
export const unfinishedRestore = "restore-unfinished";

/** The longest path that every system takes for a socket. */
const longestName = 100;

/** Longer questions and answers are nobody's. */
const longestLine = 64 * 1024;

/** A data folder that this process has to itself. */
export interface HeldDataFolder {
  /**
   * Answers what other programs of whoever may write the folder ask through its sign, a line of JSON each. What the answer
   * rejects with is told them.
   */
  readonly answerBy: (answer: (question: unknown) => Promise<unknown>) => void;
  readonly letGo: () => Promise<void>;
}

/**
 * Makes the folder where it is not there and keeps it from a second server, which would write into the same journals.
 * The sign is a socket in the folder that is listened on: the system takes it from a process that dies in any way. Throws
 * what a person can do about a folder that cannot be written or is taken. Where the system has no such socket (some network
 * drives, a path too long for one outside Linux), nothing keeps a second server away.
 */
export async function holdDataFolder(dir: string): Promise<HeldDataFolder> {
  try {
    mkdirSync(dir, { recursive: true });
    accessSync(dir, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new Error(
      `the data folder ${dir} cannot be written (${(error as NodeJS.ErrnoException).code}): choose another one with --data`,
      { cause: error },
    );
  }
  const way = wayTo(dir);
  const peers = new Set<Socket>();
  let answer = (_: unknown): Promise<unknown> =>
    Promise.reject(new Error("the city is only just starting: ask again in a moment"));
  const held =
    way === null
      ? null
      : await listenAt(way.path, dir, (peer) => {
          peers.add(peer);
          peer.on("error", () => undefined).once("close", () => peers.delete(peer));
          answerPeer(peer, (question) => answer(question));
        }).catch((error: unknown) => {
          way.close();
          throw error;
        });
  return {
    answerBy(how) {
      answer = how;
    },
    async letGo() {
      for (const peer of peers) peer.destroy();
      if (held !== null) await once(held.close(), "close");
      way?.close();
    },
  };
}

/** Whoever connects learns by that alone that somebody is there, and may ask once. */
function answerPeer(peer: Socket, answer: (question: unknown) => Promise<unknown>): void {
  let text = "";
  peer.setEncoding("utf8").on("data", (piece: string) => {
    text += piece;
    if (text.length > longestLine) peer.destroy();
    if (!text.endsWith("\n")) return;
    peer.pause();
    Promise.resolve()
      .then(() => answer(JSON.parse(text)))
      .then(
        (value) => ({ value }),
        (error: unknown) => ({ failure: error instanceof Error ? error.message : String(error) }),
      )
      .then(
        (said) => peer.end(`${JSON.stringify(said)}\n`),
        () => peer.destroy(),
      );
  });
}

/**
 * Asks the server that has the folder, and waits as long as it takes. `null`: nobody has it. Rejects with what the server
 * says stands in the way, or when it ends meanwhile.
 */
export async function askHolder(dir: string, question: unknown): Promise<{ readonly value: unknown } | null> {
  const way = wayTo(dir);
  if (way === null) return null;
  const peer = createConnection(way.path);
  try {
    await once(peer, "connect");
  } catch {
    return null;
  } finally {
    way.close();
  }
  peer.setEncoding("utf8").write(`${JSON.stringify(question)}\n`);
  let text = "";
  for await (const piece of peer) text += String(piece);
  if (text === "") throw new Error(`the server that has ${dir} ended before it answered`);
  const said = JSON.parse(text) as { readonly value: unknown } | { readonly failure: string };
  if ("failure" in said) throw new Error(said.failure);
  return said;
}

/** A path to the folder's sign that is short enough for a socket, for as long as it is not closed; `null`: there is none. */
interface Way {
  readonly path: string;
  readonly close: () => void;
}

function wayTo(dir: string): Way | null {
  const whole = signIn(dir);
  const path = [whole, relative(process.cwd(), whole)].find((name) => Buffer.byteLength(name) <= longestName);
  if (path !== undefined) return { path, close: () => undefined };
  return process.platform === "linux" && existsSync(dir) ? openedWay(dir) : null;
}

/** Linux names what a process has open: the folder is short by that name, however deep it lies. */
function openedWay(dir: string): Way {
  const fd = openSync(dir, constants.O_RDONLY | constants.O_DIRECTORY);
  return { path: signIn(`/proc/self/fd/${fd}`), close: () => closeSync(fd) };
}

function signIn(dir: string): string {
  return join(dir, sign);
}

async function listenAt(path: string, dir: string, heard: (peer: Socket) => void): Promise<Server | null> {
  for (const isLastTry of [false, true]) {
    const server = createServer(heard);
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
 * it (`isChosen`): without that, two cities of one name would take each other's memory for theirs. Throws too when a
 * restore into it was not ended.
 */
export function claimDataFolder(dir: string, cityFolder: string, isChosen: boolean): void {
  if (existsSync(join(dir, unfinishedRestore)))
    throw new Error(
      `the data folder ${dir} holds a part of a backup whose restore was not ended: restore it again, or choose another folder with --data`,
    );
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
