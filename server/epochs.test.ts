import { expect, test } from "vitest";
import type { CityFolder } from "./city-folder/city-folder.ts";
import type { Fault } from "./city-folder/fault.ts";
import type { Epoch } from "./epoch.ts";
import { Epochs } from "./epochs.ts";

const folder = (id: string): CityFolder => ({ settings: { id } }) as CityFolder;
const fault: Fault = {
  kind: "setting",
  file: "feeds/bikes.json",
  line: null,
  key: "cadenceSeconds",
  value: "x",
  expected: "a number",
};

/** A city whose epochs begin when they are let, and fail when their folder is `broken`. */
async function running() {
  const told: string[] = [];
  const waiting: (() => void)[] = [];
  const note = (what: string): void => void told.push(what);
  const epochs = new Epochs({
    start({ settings: { id } }) {
      note(`start ${id}`);
      return {
        folder: folder(id),
        feedStatuses: () => [{ id: "bikes", error: null }],
        stop: () => Promise.resolve(note(`stop ${id}`)),
      } as unknown as Epoch;
    },
    async prepare({ folder: { settings } }) {
      if (settings.id !== "first") await new Promise<void>((done) => waiting.push(done));
      if (settings.id === "broken") throw new Error("no room for it");
    },
    restarted: () => note("restarted"),
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  });
  await epochs.begin(folder("first"));
  /** Lets the epoch that is being begun begin. */
  const let1 = async (): Promise<void> => {
    await expect.poll(() => waiting.length).toBe(1);
    waiting.pop()!();
  };
  return { epochs, told, let1 };
}

test("a change takes over when the one before it has ended, and is nobody's until it has begun", async () => {
  const { epochs, told, let1 } = await running();
  epochs.change(folder("second"));
  await expect.poll(() => told.at(-1)).toBe("start second");
  expect(epochs.current.folder.settings.id).toBe("first");
  await let1();
  await expect.poll(() => told).toEqual(["start first", "stop first", "start second", "restarted"]);
  expect(epochs.current.folder.settings.id).toBe("second");
});

test("one that cannot begin is ended, and what ran goes on and says why", async () => {
  const { epochs, told, let1 } = await running();
  epochs.change(folder("broken"));
  await let1();
  await expect
    .poll(() => told)
    .toEqual(["start first", "stop first", "start broken", "stop broken", "start first", "restarted"]);
  expect(epochs.current.folder.settings.id).toBe("first");
  expect(epochs.refusedLines.join()).toContain("no room for it");
});

test("a fault that comes while a sound change waits its turn stays said", async () => {
  const { epochs, told, let1 } = await running();
  epochs.change(folder("second"));
  epochs.change(folder("third"));
  epochs.refuse([fault]);
  await let1();
  await let1();
  await expect.poll(() => told.at(-1)).toBe("restarted");
  await epochs.stop();
  expect(told.at(-1)).toBe("stop third");
  expect(epochs.refusedLines).toHaveLength(1);
  expect(epochs.feedStatuses(1)).toMatchObject([{ id: "bikes", error: { class: "settings", at: 1 } }]);
});
