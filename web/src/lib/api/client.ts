// One typed fetch for all faces. It adds the access token, renews it once when it has run out, and turns
// every failure into an ApiProblem. It does not retry on its own: a screen knows whether that is safe.

import { clock } from '$lib/clock';
import { ApiProblem, problemFrom } from './problem';
import { accessToken, refreshAccess } from './tokens';

export { ApiProblem, asProblem, type FieldError } from './problem';

type QueryValue = string | number | boolean | null | undefined;

/** What a request may carry besides its path. Null and undefined query values are left out. */
export interface RequestOptions {
  query?: Record<string, QueryValue>;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  /** Send without a token even if somebody is logged in. */
  anonymous?: boolean;
}

/** A path with its query string. */
export function address(path: string, query: Record<string, QueryValue> = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== '') search.set(name, String(value));
  }
  const text = search.toString();
  return text ? `${path}?${text}` : path;
}

async function send(method: string, path: string, options: RequestOptions, token: string | null): Promise<Response> {
  const headers: Record<string, string> = { accept: 'application/json', ...options.headers };
  if (token) headers['authorization'] = `Bearer ${token}`;
  const init: RequestInit = { method, headers };
  if (options.signal) init.signal = options.signal;
  if (options.body !== undefined) {
    headers['content-type'] = 'application/json';
    init.body = JSON.stringify(options.body);
  }
  try {
    return await fetch(address(path, options.query), init);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiProblem({ code: 'offline', status: 0, title: 'No connection', detail: String(error) });
  }
}

/** Sends one request and returns its JSON body (undefined for 204). Throws ApiProblem. */
export async function request<T>(method: string, path: string, options: RequestOptions = {}): Promise<T> {
  const token = options.anonymous ? null : await accessToken();
  let response = await send(method, path, options, token);
  if (response.status === 401 && token) {
    const renewed = await refreshAccess(token);
    if (renewed) response = await send(method, path, options, renewed);
  }
  clock.learn(response.headers.get('date'));
  if (!response.ok) throw await problemFrom(response);
  if (response.status === 204) return undefined as T;
  const type = response.headers.get('content-type') ?? '';
  if (!type.includes('json')) {
    throw new ApiProblem({ code: 'bad-answer', status: response.status, title: 'The answer is not JSON' });
  }
  return (await response.json()) as T;
}

/** The client: one method per verb, the answer's type is the caller's word. */
export const api = {
  get: <T>(path: string, query?: Record<string, QueryValue>, options: RequestOptions = {}): Promise<T> =>
    request<T>('GET', path, { ...options, query: query ?? {} }),
  post: <T>(path: string, body: unknown = {}, options: RequestOptions = {}): Promise<T> =>
    request<T>('POST', path, { ...options, body }),
  put: <T>(path: string, body: unknown, options: RequestOptions = {}): Promise<T> =>
    request<T>('PUT', path, { ...options, body }),
  patch: <T>(path: string, body: unknown, options: RequestOptions = {}): Promise<T> =>
    request<T>('PATCH', path, { ...options, body }),
  delete: <T = void>(path: string, options: RequestOptions = {}): Promise<T> => request<T>('DELETE', path, options),
};
