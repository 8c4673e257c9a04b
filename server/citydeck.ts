/** The command line: `citydeck start | replay | check | inspect | watch | …`. */

import { check } from "./commands/check.ts";
import { dev } from "./commands/dev.ts";
import { doctor } from "./commands/doctor.ts";
import { faultProxy } from "./commands/fault-proxy.ts";
import { inspect } from "./commands/inspect.ts";
import { newConnector } from "./commands/new-connector.ts";
import { replay, start } from "./commands/start.ts";
import { watch } from "./commands/watch.ts";

const usage = `citydeck: a city operations dashboard

  start   [--city DIR] [--data DIR] [--port N] [--host H] [--speed N]   start a city
  dev     [options as for start]                                        the same, with the client rebuilt as it is edited
  replay  DIR [options as for start]                                    start a city whose feeds are recordings
  check   DIR                                                           say everything that is wrong with a city folder
  inspect SPEC FILE… [--feed DIR#FEED] [--json]                         say what is in a feed's file
  doctor  URL|FILE [--json]                                             say what a feed is, what it owes and how to enter it
  watch   [--url URL] [--topic T…]                                      every applied change as a line of JSON
  fault-proxy URL --fault FAULT [--seconds N] [--port N]                a good feed, made bad in one chosen way
  new-connector NAME                                                    the folder of a connector for another standard
`;

/** A command gets its own arguments and gives its exit code; `null` means that it goes on. */
type Command = (args: readonly string[]) => Promise<number | null>;

const commands: Readonly<Record<string, Command>> = {
  start,
  dev,
  replay,
  check,
  inspect,
  doctor,
  watch,
  "fault-proxy": faultProxy,
  "new-connector": newConnector,
};

const [name = "", ...args] = process.argv.slice(2);
const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
if (command) {
  try {
    const code = await command(args);
    if (code !== null) process.exitCode = code;
  } catch (error) {
    process.stderr.write(`citydeck ${name}: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
} else {
  const isAsked = name === "" || name === "help" || name === "--help";
  process.stderr.write(isAsked ? usage : `citydeck: "${name}" is not a command\n\n${usage}`);
  process.exitCode = isAsked ? 0 : 2;
}
