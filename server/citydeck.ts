/** The command line: `citydeck start | replay | check | inspect | watch | …`. */

/** A command gets its own arguments and gives its exit code; `null` means that it goes on. */
interface Command {
  readonly takes: string;
  readonly does: string;
  /** Its options, a line each. */
  readonly options?: string | (() => Promise<string>);
  /** Loads what the command needs: a start does not wait for what the others need. */
  run(args: readonly string[]): Promise<number | null>;
}

const startOptions = `
  --city DIR    the city's folder; without it the demo city
  --data DIR    where it keeps what it remembers; without it data/NAME in the project, by the name of the city's folder
  --port N      8700 without it; 0 takes a free one
  --host H      the address to listen on; this machine alone without it
  --speed N     the clock of a simulated or recorded city runs N times as fast

  of a simulated city, such as the demo:
  --storm       begins a quarter of an hour before a storm
  --at TIME     begins at another time, such as 2026-12-24T08:00Z
  --seed N      other days
`;

const commands: Readonly<Record<string, Command>> = {
  start: {
    takes: "[--city DIR] [--port N] [OPTIONS]",
    does: "start a city",
    options: startOptions,
    run: async (args) => (await import("./commands/start.ts")).start(args),
  },
  dev: {
    takes: "[OPTIONS of start]",
    does: "the same, with the client rebuilt as it is edited",
    options: startOptions,
    run: async (args) => (await import("./commands/dev.ts")).dev(args),
  },
  replay: {
    takes: "DIR [OPTIONS of start]",
    does: "start a city whose feeds are recordings",
    options: startOptions,
    run: async (args) => (await import("./commands/start.ts")).replay(args),
  },
  check: {
    takes: "DIR",
    does: "say everything that is wrong with a city folder",
    run: async (args) => (await import("./commands/check.ts")).check(args),
  },
  inspect: {
    takes: "SPEC FILE… [--feed DIR#FEED] [--json]",
    does: "say what is in a feed's file",
    options: `
  --feed DIR#FEED   read it with the options of this feed of a city's folder
  --json            a line of JSON for each file
`,
    run: async (args) => (await import("./commands/inspect.ts")).inspect(args),
  },
  doctor: {
    takes: "URL|FILE [--json]",
    does: "say what a feed is, what it owes and how to enter it",
    run: async (args) => (await import("./commands/doctor.ts")).doctor(args),
  },
  watch: {
    takes: "[--url URL] [--topic T…] [--token TOKEN]",
    does: "every applied change as a line of JSON",
    options: `
  --url URL       the running city; http://127.0.0.1:8700 without it
  --topic T       city, indicators (without it), feeds, wall/ID or entities/KIND; may be given several times
  --token TOKEN   the access token, for what not everybody may see
`,
    run: async (args) => (await import("./commands/watch.ts")).watch(args),
  },
  backfill: {
    takes: "FILE… | --from TIME --to TIME | --lost [--city DIR]",
    does: "take the past into a city's history",
    options: `
  FILE          CSV or Parquet with the columns series, at, seconds, value, sorted by time (docs/backfill.md)
  --from, --to  measure this stretch again from the bodies that feeds keep (keepBodiesDays)
  --lost        the same with all that the history lost since its disk was slow, full or gone
  --city DIR    the city's folder; without it the demo city. It must not be running
  --data DIR    where the city keeps what it remembers

  Begun anew, it goes on where it was.
`,
    run: async (args) => (await import("./commands/backfill.ts")).backfillCommand(args),
  },
  backup: {
    takes: "TO [--city DIR] [--data DIR]",
    does: "copy everything a city remembers into a folder, also while it runs",
    options: `
  TO            the folder to make (docs/backup.md)
  --city DIR    the city's folder; without it the demo city
  --data DIR    where the city keeps what it remembers
`,
    run: async (args) => (await import("./commands/backup.ts")).backupCommand(args),
  },
  restore: {
    takes: "FROM [--city DIR] [--data DIR] [--replace]",
    does: "check a backup and put it into the data folder of a city that is not running",
    options: `
  FROM          the folder that backup made
  --city DIR    the city's folder; without it the demo city
  --data DIR    where the city keeps what it remembers
  --replace     what is there already is put beside it, and not refused
`,
    run: async (args) => (await import("./commands/backup.ts")).restoreCommand(args),
  },
  token: {
    takes: "[--city DIR] [--data DIR]",
    does: "make another access token, also while the city runs",
    options: `
  --city DIR    the city's folder; without it the demo city
  --data DIR    where the city keeps what it remembers

  The one before is worth nothing from then on: every browser has to sign in again.
`,
    run: async (args) => (await import("./commands/token.ts")).tokenCommand(args),
  },
  brief: {
    takes: "DEFINITION [--lang en|zh] [--format F] [--issue]",
    does: "print the newest issue of a briefing",
    options: `
  DEFINITION    a briefing of the city folder, such as morning (docs/briefing.md)
  --lang L      en (without it) or zh
  --format F    text (without it), html, pdf or json
  --out FILE    write it there
  --issue       issue one first, which is kept and sent as any other
  --city DIR    the city's folder; without it the demo city. It must be running
  --data DIR    where the city keeps what it remembers
`,
    run: async (args) => (await import("./commands/brief.ts")).briefCommand(args),
  },
  "fault-proxy": {
    takes: "URL --fault FAULT [--seconds N] [--port N]",
    does: "a good feed, made bad in one chosen way",
    options: async () => `\n${(await import("./commands/fault-proxy.ts")).faultLines()}\n`,
    run: async (args) => (await import("./commands/fault-proxy.ts")).faultProxy(args),
  },
  "new-connector": {
    takes: "NAME",
    does: "the folder of a connector for another standard",
    run: async (args) => (await import("./commands/new-connector.ts")).newConnector(args),
  },
};

const usage = `citydeck: a city operations dashboard

${Object.entries(commands)
  .map(([name, { takes, does }]) => `  ${`${name} ${takes}`.padEnd(57)} ${does}\n`)
  .join("")}
citydeck COMMAND --help says more.
`;

const [name = "", ...args] = process.argv.slice(2);
const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
if (command && args.includes("--help")) {
  const { takes, does, options = "" } = command;
  const said = typeof options === "string" ? options : await options();
  process.stdout.write(`citydeck ${name} ${takes}: ${does}\n${said}`);
} else if (command) {
  try {
    const code = await command.run(args);
    if (code !== null) process.exitCode = code;
  } catch (error) {
    process.stderr.write(`citydeck ${name}: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
} else if (name === "" || name === "help" || name === "--help") {
  process.stdout.write(usage);
} else {
  process.stderr.write(`citydeck: "${name}" is not a command\n\n${usage}`);
  process.exitCode = 2;
}
