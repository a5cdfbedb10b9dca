/** Asks one line at a time, at a terminal or of a pipe. */
import { createInterface } from 'node:readline';
import type { Interface } from 'node:readline';
import { Refusal } from './request-shape.ts';

export interface Terminal {
  input: NodeJS.ReadableStream & { isTTY?: boolean };
  output: NodeJS.WritableStream;
  errors: NodeJS.WritableStream;
}

export interface Question {
  /** The option that answers it without being asked. */
  option: string;
  ask: string;
  /** Taken when the answer is empty. */
  otherwise?: string | undefined;
  /** What is wrong with an answer, as a sentence; undefined when nothing is. */
  wrong?: (answer: string) => string | undefined;
}

export class Questions {
  readonly #terminal: Terminal;
  #interface: Interface | undefined;
  #lines: AsyncIterator<string> | undefined;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** Asks until the answer is right. @throws Refusal when the input ends, or when a pipe gives a wrong answer */
  async ask({ option, ask, otherwise, wrong = () => undefined }: Question): Promise<string> {
    for (;;) {
      this.#terminal.output.write(`${ask}${otherwise === undefined ? '' : ` [${otherwise}]`} `);
      const line = await this.#nextLine();
      if (line === undefined) {
        this.#terminal.output.write('\n');
        throw new Refusal(`${ask.replace(/[:?]$/, '')}: no answer. Give --${option}, or answer when asked`, 2);
      }
      const answer = line.trim() === '' ? otherwise ?? '' : line.trim();
      const fault = answer === '' ? 'An answer is needed.' : wrong(answer);
      if (fault === undefined) return answer;
      if (this.#terminal.input.isTTY !== true) throw new Refusal(`"${answer}": ${fault}`, 2);
      this.#terminal.output.write(`${fault}\n`);
    }
  }

  close(): void {
    this.#interface?.close();
  }

  async #nextLine(): Promise<string | undefined> {
    this.#interface ??= createInterface({ input: this.#terminal.input, terminal: false });
    this.#lines ??= this.#interface[Symbol.asyncIterator]();
    const { done, value } = await this.#lines.next();
    return done === true ? undefined : value;
  }
}
