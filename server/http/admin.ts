/** `/api/v1/admin`: changes to the files of the city folder and notes on figures, for those who run the city. */

import type { Context, Handler, Hono, MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { z } from "zod";
import type { EditableFile, NotWritten } from "../../shared/city-file.ts";
import type { Result } from "../../shared/result.ts";
import type { Access } from "./access.ts";
import { fileChange, fileDraft } from "./record-answers.ts";
import { askerOf } from "./asker.ts";
import { needsToken, problem } from "./problem.ts";

const maxBytes = 1 << 20;

/** Changes files of the city folder. */
export interface FileEditor {
  /** `null`: no file of this city that can be changed here. */
  read(file: string): Promise<EditableFile | null>;
  /** What would be wrong with the city if the file, there or new, said this; a line per fault. `null`: as for `read`. */
  check(file: string, text: string): readonly string[] | null;
  /** `print: null`: there is no such file yet. */
  write(file: string, text: string, print: string | null): Promise<Result<EditableFile, NotWritten>>;
}

export function serveAdmin(app: Hono, editor: FileEditor, access: Access): void {
  const read: Handler = async (c: Context) => {
    const file = await editor.read(fileOf(c));
    return file === null ? missing(c) : c.json(file);
  };
  const check: Handler = async (c: Context) => {
    const body = await bodyOf(c, fileDraft);
    if (body instanceof Response) return body;
    const faults = editor.check(fileOf(c), body.text);
    return faults === null ? missing(c) : c.json({ faults });
  };
  const write: Handler = async (c: Context) => {
    const body = await bodyOf(c, fileChange);
    if (body instanceof Response) return body;
    const written = await editor.write(fileOf(c), body.text, body.print);
    return written.ok ? c.json(written.value) : notWritten(c, written.failure);
  };
  const path = "/api/v1/admin/files/:folder/:name";
  app.use("/api/v1/admin/*", guardChange(access), smallBody);
  app.get(path, read);
  app.post(`${path}/check`, check);
  app.put(path, write);
}

/** Lets those through who may change the city. */
export function guardChange(access: Access): MiddlewareHandler {
  return async (c: Context, next) => {
    if (access.allowsChange(askerOf(c))) return next();
    return needsToken(c, "a change", access);
  };
}

export const smallBody = bodyLimit({
  maxSize: maxBytes,
  onError: (c: Context) =>
    problem(c, 413, "too-large", "Too large", `body: expected at most ${maxBytes} bytes`),
});

function fileOf(c: Context): string {
  return `${c.req.param("folder")}/${c.req.param("name")}`;
}

/** The body as the schema wants it, else the answer that says what it should be. */
export async function bodyOf<S extends z.ZodType>(c: Context, schema: S): Promise<z.output<S> | Response> {
  if (!/^application\/json\b/.test(c.req.header("content-type") ?? ""))
    return problem(c, 415, "content-type", "JSON is needed", "content-type: expected application/json");
  const text = await c.req.text();
  const parsed = schema.safeParse(parsedOrNull(text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue?.path.join(".");
  return problem(c, 400, "body", "The body cannot be used", `${place || "the body"}: ${issue?.message}`);
}

function parsedOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function missing(c: Context): Response {
  const detail = `${fileOf(c)} is no file of this city that can be changed here: expected one in indicators/, rules/ or walls/`;
  return problem(c, 404, "file", "No such file", detail);
}

function notWritten(c: Context, failure: NotWritten): Response {
  switch (failure.reason) {
    case "missing":
      return missing(c);
    case "changed":
      return problem(
        c,
        409,
        "changed",
        "Changed meanwhile",
        "the file was changed since it was read; read it again",
      );
    case "faults":
      return problem(c, 422, "faults", "The city would not be sound", failure.faults.join("\n"));
  }
}
