import {
  answerFromDemoData,
  type RestApi,
  type RestRequest,
  sendJson,
  startRestApi as startAnyRestApi,
} from '../support/rest-api.ts';

export const communityId = '61100af5c548eb5c7ebc0001';

/** The user of the demo community whose id ends in these four digits. */
export const userId = (end: string) => `61100af5c548eb5c7ebc${end}`;

/** The user of that number in the demo community: 0 to 299. */
export const userOfNumber = (number: number) => userId((0x7819 + number).toString(16));

export type RestApiOptions = {
  /** Ids of users for whom it answers 500. */
  readonly failsFor?: readonly string[] | undefined;
  /** How long each answer takes. */
  readonly delayMs?: number | undefined;
};

/** The REST API with its demo data, until the end of the test that started it. */
export function startRestApi({ failsFor = [], delayMs = 0 }: RestApiOptions = {}): Promise<RestApi> {
  return startAnyRestApi((request, response) => {
    const fails = failsFor.some((userId) => request.url.includes(`/users/${userId}?`));
    setTimeout(() => {
      if (fails) sendJson(response, 500, { message: 'Server Error' });
      else answerFromDemoData(request, response);
    }, delayMs);
  });
}

/** The addresses that were asked for, without what they have in common, sorted: "7819?displayName". */
export function gets(requests: readonly RestRequest[]): string[] {
  return requests.map(({ url }) => url.replace(usersPath, '')).sort();
}

const usersPath = `/apis/v1/communities/${communityId}/users/${userId('')}`;
