import { availableParallelism } from 'node:os';

/** Reads single environment variables, and takes down what is wrong with them instead of throwing. */
export class EnvironmentReader {
  readonly #env: Readonly<Record<string, string | undefined>>;
  readonly #problems: string[];

  constructor(env: Readonly<Record<string, string | undefined>>, problems: string[]) {
    this.#env = env;
    this.#problems = problems;
  }

  /** The value without white space around it; undefined where it is unset or empty. */
  text(name: string): string | undefined {
    return this.#env[name]?.trim() || undefined;
  }

  integer(name: string, fallback: number, min: number, max: number): number {
    const text = this.text(name);
    if (text === undefined) return fallback;
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    return this.#problem(
      `${name} must be a whole number from ${min} to ${max}, not ${quote(text)}`,
      fallback,
    );
  }

  boolean(name: string, fallback: boolean): boolean {
    const text = this.oneOf(name, ['true', 'false'], fallback ? 'true' : 'false');
    return text === 'true';
  }

  oneOf<const Value extends string>(name: string, values: readonly Value[], fallback: NoInfer<Value>): Value {
    const text = this.text(name);
    const value = text === undefined ? fallback : values.find((one) => one === text);
    return (
      value ?? this.#problem(`${name} must be one of ${values.join(', ')}, not ${quote(text)}`, fallback)
    );
  }

  /** An http(s) address to put paths behind; no user, query or fragment, which would be lost or leak. */
  httpUrl(name: string): URL | undefined {
    const form = ' without user, query or fragment, such as https://api.example.com';
    return this.#url(name, form, (url) => url.username + url.password + url.search + url.hash === '');
  }

  /** The http(s) address of a proxy. It may hold a password, which no message repeats. */
  proxyUrl(name: string): string | undefined {
    return this.#url(name, ', such as http://proxy.example.com:3128', () => true)?.href;
  }

  /** Comma-separated origins, such as `https://app.example.com`. */
  origins(name: string): readonly string[] | undefined {
    const text = this.text(name);
    const origins = text
      ?.split(',')
      .map((origin) => origin.trim())
      .filter((origin) => origin !== '');
    for (const origin of origins ?? []) {
      if (URL.canParse(origin) && new URL(origin).origin === origin) continue;
      this.#problem(
        `${name} holds ${quote(origin)}, which is not an origin such as https://app.example.com`,
        0,
      );
    }
    return origins;
  }

  /** A number of processes; `auto` is one for each core. */
  workers(name: string): number {
    return this.text(name) === 'auto' ? availableParallelism() : this.integer(name, 1, 1, 256);
  }

  #url(name: string, form: string, fits: (url: URL) => boolean): URL | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const url = URL.parse(text);
    if (url !== null && /^https?:$/.test(url.protocol) && fits(url)) return url;
    return this.#problem(`${name} must be an http:// or https:// address${form}`, undefined);
  }

  #problem<Fallback>(message: string, fallback: Fallback): Fallback {
    this.#problems.push(message);
    return fallback;
  }
}

/** Short, since a value may be anything; on one line, since every problem is. */
function quote(value: string | undefined): string {
  return JSON.stringify(value?.slice(0, 60) ?? '');
}
