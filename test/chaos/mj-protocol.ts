const patienceMs = 4_000;

type MjAnswer = Record<string, unknown>;

/** A customer's program that speaks the mj-proxy protocol. */
export class MjProtocol {
  readonly #url: string;
  readonly #appKey: string;

  constructor(apiUrl: string, appKey: string) {
    this.#url = `${apiUrl}/mj`;
    this.#appKey = appKey;
  }

  /** @returns the answer, refusals included. @throws when there is none, or only that the service is not well. */
  async post(path: string, body: object): Promise<MjAnswer> {
    const response = await fetch(this.#url + path, {
      method: 'POST',
      headers: { 'mj-api-secret': this.#appKey, 'content-type': 'application/json' },
      signal: AbortSignal.timeout(patienceMs),
      body: JSON.stringify(body),
    });
    const answer = (await response.json()) as MjAnswer;
    if (response.status !== 200) throw new Error(`${path} answered ${response.status}`);
    return answer;
  }
}
