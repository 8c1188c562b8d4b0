/** Three digits that count. */
export function number(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en');
  return String(Number(value.toPrecision(3)));
}

export function parts(record: Record<string, number> | undefined): string {
  return Object.entries(record ?? {})
    .map(([name, value]) => `${name} ${number(value)}`)
    .join(', ');
}
