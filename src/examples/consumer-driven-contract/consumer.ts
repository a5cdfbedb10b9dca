import type { Contract, Interaction, Json, Request, Response } from './contract.ts';
import { exampleOf, mismatches, namesAll } from './matchers.ts';

export type Call = (request: Request) => Promise<Response>;

/** The client asked for something that its contract does not have. */
export class UnexpectedRequestError extends Error {
  override readonly name = 'UnexpectedRequestError';
}

/** The contract asks for something that the client never used: the provider would be held to it for nobody. */
export class UnusedInteractionError extends Error {
  override readonly name = 'UnusedInteractionError';
}

// #region record
/**
 * The consumer's half. `use` runs the real client against a mock that knows nothing but the contract, and checks what the client
 * made of the answers. Only a contract that the client can live with, and uses up, comes out.
 * @throws UnexpectedRequestError, UnusedInteractionError, or whatever `use` throws
 */
export async function record(contract: Contract, use: (call: Call) => Promise<void>): Promise<Contract> {
  const unused = new Set(contract.interactions);
  const problems: Error[] = []; // a client that swallows errors does not hide them here
  await use(async (request) => {
    const found = contract.interactions.find((interaction) => unused.has(interaction) && asks(interaction, request)) ?? contract.interactions.find((interaction) => asks(interaction, request));
    if (found === undefined) {
      problems.push(new UnexpectedRequestError(`${contract.consumer} asked for ${request.method} ${request.path}, which its contract with ${contract.provider} does not have`));
      throw problems.at(-1)!;
    }
    unused.delete(found);
    const { status, body } = found.response;
    return { status, ...(body !== undefined && { body: exampleOf(body) }) };
  });
  for (const { description } of unused) problems.push(new UnusedInteractionError(`${contract.consumer} never used "${description}"`));
  if (problems[0] !== undefined) throw problems[0];
  return contract;
}
// #endregion record

/** Strict in what is sent: a field that the contract does not name would be one that the provider is never tested with. */
function asks({ request: expected }: Interaction, { method, path, body }: Request): boolean {
  return method === expected.method && path === expected.path && same(expected.body, body);
}

function same(expected: Json | undefined, found: Json | undefined): boolean {
  if (expected === undefined || found === undefined) return expected === found;
  return mismatches(expected, found).length === 0 && namesAll(expected, found);
}
