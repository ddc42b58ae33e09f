/** What JSON writes in braces. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a value that came as JSON is an object, and neither null nor a list. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
