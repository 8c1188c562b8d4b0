/** Rows under the names of their columns, for people. */
export function tableOf(rows: Record<string, unknown>[]): string {
  const names = Object.keys(rows[0] ?? {});
  const cells = rows.map((row) => names.map((name) => String(row[name] ?? '')));
  const widths = names.map((name, i) => Math.max(name.length, ...cells.map((row) => row[i]?.length ?? 0)));
  const lines = [names, widths.map((width) => '-'.repeat(width)), ...cells].map((row) => {
    const line = row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ');
    return `${line.trimEnd()}\n`;
  });
  return lines.join('');
}

export function printTable(rows: Record<string, unknown>[]): void {
  process.stdout.write(tableOf(rows));
}
