const sizeUnits = ["B", "kB", "MB", "GB", "TB", "PB"] as const;

/** Returns a size in decimal units, as apt prints it: 45.2 GB. */
export function formatBytes(sizeBytes: number): string {
  let value = sizeBytes;
  let unit = 0;
  while (Math.abs(value) >= 999.95 && unit < sizeUnits.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${sizeUnits[unit]}`;
}

const timeUnits = [
  { name: "d", ms: 86_400_000 },
  { name: "h", ms: 3_600_000 },
  { name: "m", ms: 60_000 },
  { name: "s", ms: 1_000 },
] as const;

/** Returns a duration in its two largest units: 3d 4h, 12m 5s, 0s. A negative one begins with a minus. */
export function formatSpan(milliseconds: number): string {
  if (milliseconds < 0) return `-${formatSpan(-milliseconds)}`;
  const first = timeUnits.findIndex((unit) => milliseconds >= unit.ms);
  if (first === -1) return "0s";
  let rest = milliseconds;
  const parts: string[] = [];
  for (const unit of timeUnits.slice(first, first + 2)) {
    const count = Math.floor(rest / unit.ms);
    rest -= count * unit.ms;
    if (count > 0) parts.push(`${count}${unit.name}`);
  }
  return parts.join(" ");
}

/** Returns 2025-10-14 15:45:30 UTC. */
export const formatTime = (time: Date): string => `${formatTimeInUtc(time)} UTC`;

/** Returns 2025-10-14 15:45:30, for below a heading that says UTC. */
export const formatTimeInUtc = (time: Date): string => time.toISOString().slice(0, 19).replace("T", " ");

export const countOf = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;

/** Returns how long something took: 0.2 s, 12.0 s, 12m 5s. */
export const formatSeconds = (seconds: number): string =>
  seconds < 60 ? `${seconds.toFixed(1)} s` : formatSpan(seconds * 1_000);
