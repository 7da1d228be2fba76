/**
 * Formats a time by a layout of Go's time package, always in UTC. The layout shows how the reference time "Mon Jan 2
 * 15:04:05 MST 2006" would be written. Other text is copied.
 */
export function formatGoTime(layout: string, time: Date): string {
  return layout.replaceAll(layoutElement, (element) => formatElement(element, time));
}

// Alternatives are tried in this order, so a longer element comes before its beginning. Three rules of Go separate
// elements from text: "Jan" and "Mon" do not count before a lower-case letter ("Month"), a fraction counts only if its
// digits end (".001" is text), and "_2006" is an underscore and a year.
const layoutElement = new RegExp(
  [
    /January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST/,
    /002|0[1-6]|15|1|2006|2|__2|_2(?!006)|3|4|5|PM|pm/,
    /[-Z]07(?:0000|:00:00|00|:00|)/,
    /[.,](?:0+|9+)(?![0-9])/,
  ]
    .map((alternatives) => alternatives.source)
    .join("|"),
  "g",
);

function formatElement(element: string, time: Date): string {
  const format = formats[element];
  if (format !== undefined) return format(time);
  if (element.startsWith("-")) return element.replace("-", "+").replace("07", "00");
  if (element.startsWith("Z")) return "Z";
  return formatFraction(element, time);
}

const weekdayNames = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split(" ");
const monthNames =
  "January February March April May June July August September October November December".split(" ");

const formats: Readonly<Record<string, (time: Date) => string>> = {
  January: (time) => monthName(time),
  Jan: (time) => monthName(time).slice(0, 3),
  "1": (time) => String(time.getUTCMonth() + 1),
  "01": (time) => digits(time.getUTCMonth() + 1, 2),
  Monday: (time) => weekdayName(time),
  Mon: (time) => weekdayName(time).slice(0, 3),
  "2": (time) => String(time.getUTCDate()),
  _2: (time) => String(time.getUTCDate()).padStart(2, " "),
  "02": (time) => digits(time.getUTCDate(), 2),
  __2: (time) => String(dayOfYear(time)).padStart(3, " "),
  "002": (time) => digits(dayOfYear(time), 3),
  "15": (time) => digits(time.getUTCHours(), 2),
  "3": (time) => String(hourOfTwelve(time)),
  "03": (time) => digits(hourOfTwelve(time), 2),
  "4": (time) => String(time.getUTCMinutes()),
  "04": (time) => digits(time.getUTCMinutes(), 2),
  "5": (time) => String(time.getUTCSeconds()),
  "05": (time) => digits(time.getUTCSeconds(), 2),
  "2006": (time) => digits(time.getUTCFullYear(), 4),
  "06": (time) => digits(time.getUTCFullYear() % 100, 2),
  PM: (time) => (time.getUTCHours() < 12 ? "AM" : "PM"),
  pm: (time) => (time.getUTCHours() < 12 ? "am" : "pm"),
  MST: () => "UTC",
};

/** Formats a fraction. ".000" keeps as many digits as it has zeros, at most nine; ".999" drops trailing zeros. */
function formatFraction(element: string, time: Date): string {
  const separator = element.slice(0, 1);
  const fraction = `${digits(time.getUTCMilliseconds(), 3)}000000`.slice(0, element.length - 1);
  if (!element.endsWith("9")) return separator + fraction;
  const significant = fraction.replace(/0+$/, "");
  return significant === "" ? "" : separator + significant;
}

function digits(value: number, width: number): string {
  return String(value).padStart(width, "0");
}

function monthName(time: Date): string {
  return monthNames[time.getUTCMonth()] ?? "";
}

function weekdayName(time: Date): string {
  return weekdayNames[time.getUTCDay()] ?? "";
}

function hourOfTwelve(time: Date): number {
  return time.getUTCHours() % 12 || 12;
}

function dayOfYear(time: Date): number {
  const newYear = new Date(time);
  newYear.setUTCMonth(0, 1);
  return Math.round((time.getTime() - newYear.getTime()) / 86_400_000) + 1;
}
