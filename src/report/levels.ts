/** The levels and formats of the log. */
export const logLevels = ["debug", "info", "warn", "error"] as const;
export type LogLevel = (typeof logLevels)[number];

export const logFormats = ["text", "plain", "json"] as const;
export type LogFormat = (typeof logFormats)[number];
