/** The access token that somebody beyond the city's own machine has typed in, for this tab. */

const key = "citydeck-token";

let typed: string | null = null;

export function rememberToken(token: string): void {
  typed = token.trim();
  try {
    sessionStorage.setItem(key, typed);
  } catch {
    // A browser that keeps nothing knows it until the page is left.
  }
}

function rememberedToken(): string | null {
  try {
    return typed ?? sessionStorage.getItem(key);
  } catch {
    return typed;
  }
}

/** Asks the server for a change, or for what only those may see who may change it. */
export async function askToChange(path: string, method: "GET" | "POST" | "PUT" | "DELETE", body?: unknown) {
  const token = rememberedToken();
  return fetch(path, {
    method,
    headers: {
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

/** What a refusal says (RFC 9457), or its status. */
export async function reasonOf(answer: Response): Promise<string> {
  const said: unknown = await answer.json().catch(() => null);
  const detail = typeof said === "object" && said !== null && "detail" in said ? said.detail : null;
  return typeof detail === "string" ? detail : `HTTP ${answer.status}`;
}
