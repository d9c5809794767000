import { Logger, type LoggerService } from '@nestjs/common';

/** Everything the library logs, as text: one entry a line, the level first. */
export class MemoryLog implements LoggerService {
  readonly lines: string[] = [];
  log = this.#keep('log');
  error = this.#keep('error');
  warn = this.#keep('warn');
  debug = this.#keep('debug');
  verbose = this.#keep('verbose');
  fatal = this.#keep('fatal');

  /** Takes the place of the log of Nest; `Logger.overrideLogger(false)` ends that. */
  static listen(): MemoryLog {
    const log = new MemoryLog();
    Logger.overrideLogger(log);
    return log;
  }

  #keep(level: string) {
    return (...said: unknown[]) => {
      const text = said.map((part) => (part instanceof Error ? part.stack : String(part))).join(' ');
      this.lines.push(`${level} ${text}`);
    };
  }
}
