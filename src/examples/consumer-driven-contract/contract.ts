export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export interface Request { method: string; path: string; body?: Json }
export interface Response { status: number; body?: Json }

/** One thing that a consumer relies on. `response.body` may hold matchers; plain values have to be equal. */
export interface Interaction {
  description: string;
  /** What has to be true at the provider before; the provider knows how to bring it about. */
  given?: string;
  request: Request;
  response: Response;
}

/** What travels from the consumer's build to the provider's: nothing but JSON. */
export interface Contract {
  consumer: string;
  consumerVersion: string;
  provider: string;
  interactions: readonly Interaction[];
}
