/** Says how far something is: on a terminal the line is written over, elsewhere each share has its own. */
export function progressLine(what: string): (done: number, of: number) => void {
  let said = "";
  return (done, of) => {
    const percent = Math.floor((100 * done) / Math.max(1, of));
    const filled = Math.round(percent / 5);
    const line = `${what}  ${"█".repeat(filled)}${"░".repeat(20 - filled)} ${String(percent).padStart(3)} %  ${megabytes(done)} of ${megabytes(of)} MB`;
    const step = process.stdout.isTTY ? line : String(Math.floor(percent / 10));
    if (step === said) return;
    said = step;
    process.stdout.write(process.stdout.isTTY ? `\r${line}` : `${line}\n`);
  };
}

export function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
