/** One file of the city folder being changed: read, drafted, checked after each change, written. */

import type { EditableFile } from "../../../shared/city-file.ts";
import { useCallback, useEffect, useRef, useState } from "react";
import { askToChange, reasonOf } from "../../live/access.ts";

const checkAfterMs = 400;

export type CityFile =
  | { readonly state: "loading" | "missing" | "token" }
  | { readonly state: "failed"; readonly message: string }
  | (Omit<EditableFile, "print"> & {
      readonly state: "open";
      /** `null`: there is no such file yet. */
      readonly print: string | null;
      readonly draft: string;
      /** What would be wrong with the city; `null` while that is being asked. */
      readonly faults: readonly string[] | null;
      /** The answer to the last attempt to save. */
      readonly outcome: "saved" | { readonly refused: string } | null;
    });

export interface FileActions {
  readonly change: (draft: string) => void;
  /** Something was typed, which need not have changed the draft: what became of the last saving is past. */
  readonly touch: () => void;
  readonly save: () => void;
  readonly reload: () => void;
}

/** `path` is the file's path in the city folder; `begun`: what a file that is not there yet begins with. */
export function useCityFile(path: string, begun: string | null = null): readonly [CityFile, FileActions] {
  const [file, setFile] = useState<CityFile>({ state: "loading" });
  const url = `/api/v1/admin/files/${path.split("/").map(encodeURIComponent).join("/")}`;

  const reload = useCallback(() => {
    void openFile(url).then((opened) => {
      const isNew = opened.state === "missing" && begun !== null;
      setFile(isNew ? { ...newFile, file: path, draft: begun } : opened);
    });
  }, [url, path, begun]);
  useEffect(reload, [reload]);

  const change = useCallback((draft: string) => {
    setFile((now) => (now.state === "open" ? { ...now, draft, faults: null, outcome: null } : now));
  }, []);

  const touch = useCallback(() => {
    setFile((now) => (now.state === "open" ? { ...now, outcome: null } : now));
  }, []);

  const draft = file.state === "open" && file.faults === null ? file.draft : null;
  useEffect(() => {
    if (draft === null) return;
    let isNewest = true;
    const timer = setTimeout(() => {
      void faultsOf(url, draft).then((faults) => {
        if (isNewest)
          setFile((now) => (now.state === "open" && now.draft === draft ? { ...now, faults } : now));
      });
    }, checkAfterMs);
    return () => {
      isNewest = false;
      clearTimeout(timer);
    };
  }, [url, draft]);

  const isSaving = useRef(false);
  const save = useCallback(() => {
    if (file.state !== "open" || isSaving.current) return;
    isSaving.current = true;
    void saveFile(url, file).then((answered) => {
      isSaving.current = false;
      setFile((now) => (now.state === "open" ? { ...now, ...answered(now.draft) } : now));
    });
  }, [url, file]);

  return [file, { change, touch, save, reload }];
}

/** Checked as soon as it is opened. */
const newFile = {
  state: "open",
  text: "",
  print: null,
  previous: null,
  faults: null,
  outcome: null,
} as const;

async function openFile(url: string): Promise<CityFile> {
  try {
    const answer = await askToChange(url, "GET");
    if (answer.status === 401) return { state: "token" };
    if (answer.status === 404) return { state: "missing" };
    if (!answer.ok) return { state: "failed", message: await reasonOf(answer) };
    const saved = (await answer.json()) as EditableFile;
    return { ...saved, state: "open", draft: saved.text, faults: [], outcome: null };
  } catch (error) {
    return { state: "failed", message: String(error) };
  }
}

async function faultsOf(url: string, text: string): Promise<readonly string[]> {
  try {
    const answer = await askToChange(`${url}/check`, "POST", { text });
    if (!answer.ok) return [await reasonOf(answer)];
    return ((await answer.json()) as { faults: readonly string[] }).faults;
  } catch (error) {
    return [String(error)];
  }
}

type Open = CityFile & { readonly state: "open" };

/** Writes the draft. What it makes of the file depends on what has been typed meanwhile, which stays. */
async function saveFile(
  url: string,
  { draft: sent, print }: Open,
): Promise<(draft: string) => Partial<Open>> {
  try {
    const answer = await askToChange(url, "PUT", { text: sent, print });
    if (!answer.ok) {
      const refused = await reasonOf(answer);
      return () => ({ outcome: { refused } });
    }
    const saved = (await answer.json()) as EditableFile;
    return (draft) =>
      draft === sent
        ? { ...saved, draft: saved.text, faults: [], outcome: "saved" }
        : { ...saved, outcome: "saved" };
  } catch (error) {
    return () => ({ outcome: { refused: String(error) } });
  }
}
