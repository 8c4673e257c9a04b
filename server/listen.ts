/** Listening on an address, and what a person can do about one that cannot be had. */

import type { Server } from "node:http";

/** Resolves with the URL, also of a port that was chosen as 0. */
export function listen(server: Server, host: string, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(listenError(error, host, port)));
    server.listen(port, host, () => {
      const address = server.address();
      const bound = typeof address === "object" && address !== null ? address.port : port;
      resolve(`http://${host.includes(":") ? `[${host}]` : host}:${bound}`);
    });
  });
}

/** What a person can do about it, where there is something. */
function listenError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const { code } = error;
  if (code === "EADDRINUSE")
    return new Error(`${host}:${port} is in use by another program; choose another port with --port`, {
      cause: error,
    });
  if (code === "ENOTFOUND" || code === "EAI_AGAIN" || code === "EADDRNOTAVAIL")
    return new Error(
      `--host "${host}": expected an address of this machine, such as 127.0.0.1, or 0.0.0.0 for all of them`,
      { cause: error },
    );
  return error;
}
