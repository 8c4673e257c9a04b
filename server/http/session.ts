/** `/api/v1/session`: a browser gives the token once and keeps it in a cookie that no script can read. */

import type { Context, Handler, Hono } from "hono";
import { setCookie } from "hono/cookie";
import type { Access } from "./access.ts";
import { bodyOf, smallBody } from "./admin.ts";
import { signInDraft } from "./record-answers.ts";
import { askerOf, isSecure, tokenCookie } from "./asker.ts";
import { forgetToken, needsToken } from "./problem.ts";

const keptSeconds = 30 * 86_400;

export function serveSession(app: Hono, access: Access): void {
  const signIn: Handler = async (c: Context) => {
    const body = await bodyOf(c, signInDraft);
    if (body instanceof Response) return body;
    const asker = { ...askerOf(c), token: body.token };
    if (!access.allowsChange(asker)) return needsToken(c, "signing in", access, asker);
    const header = (name: string): string | undefined => c.req.header(name);
    const secure = isSecure(header);
    const options = { httpOnly: true, sameSite: "Strict", path: "/", maxAge: keptSeconds, secure } as const;
    setCookie(c, tokenCookie(header), body.token, options);
    return c.json({ mayChange: true });
  };
  app.get("/api/v1/session", (c) => {
    c.header("cache-control", "no-store");
    return c.json({ mayChange: access.allowsChange(askerOf(c)) });
  });
  app.post("/api/v1/session", smallBody, signIn);
  app.delete("/api/v1/session", (c) => {
    forgetToken(c);
    return c.json({ mayChange: false });
  });
}
