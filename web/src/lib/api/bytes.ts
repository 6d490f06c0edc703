// Bytes instead of JSON: pictures that only their owner and the desk may see. They are fetched with the token, because
// the address alone opens nothing, and sent in a way that tells how far they are.

import { ApiProblem, asProblem, problemFrom } from './problem';
import { accessToken, refreshAccess } from './tokens';

/** What a call takes besides its path. */
export interface CallOptions {
  headers?: Record<string, string>;
  /** Call without a token even if somebody is logged in. */
  anonymous?: boolean;
}

/** What sending takes besides the bytes. */
export interface SendOptions extends CallOptions {
  /** How much of it is sent, 0 to 1. */
  onprogress?: (share: number) => void;
}

/** Reads something that is not JSON. Throws ApiProblem. */
export async function getBytes(path: string, options: CallOptions = {}): Promise<Blob> {
  const token = options.anonymous ? null : await accessToken();
  let response = await fetched(path, token, options);
  if (response.status === 401 && token) {
    const renewed = await refreshAccess(token);
    if (renewed) response = await fetched(path, renewed, options);
  }
  if (!response.ok) throw await problemFrom(response);
  return response.blob();
}

async function fetched(path: string, token: string | null, { headers = {} }: CallOptions): Promise<Response> {
  try {
    return await fetch(path, { headers: token ? { ...headers, authorization: `Bearer ${token}` } : headers });
  } catch (error) {
    throw unreached(String(error));
  }
}

/** Puts bytes where a path says and returns the JSON of the answer. Throws ApiProblem. */
export async function putBytes<T>(path: string, bytes: Blob, options: SendOptions = {}): Promise<T> {
  const token = options.anonymous ? null : await accessToken();
  let response = await sent(path, bytes, token, options);
  if (response.status === 401 && token) {
    const renewed = await refreshAccess(token);
    if (renewed) response = await sent(path, bytes, renewed, options);
  }
  if (!response.ok) throw await problemFrom(response);
  return response.json().catch((error: unknown) => { throw asProblem(error); }) as Promise<T>;
}

// `fetch` cannot tell how far an upload is.
function sent(path: string, bytes: Blob, token: string | null, options: SendOptions): Promise<Response> {
  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest();
    call.open('PUT', path);
    if (token) call.setRequestHeader('authorization', `Bearer ${token}`);
    for (const [name, value] of Object.entries(options.headers ?? {})) call.setRequestHeader(name, value);
    call.upload.onprogress = (event) => event.lengthComputable && options.onprogress?.(event.loaded / event.total);
    call.onload = () => resolve(new Response(call.response as string, { status: call.status, statusText: call.statusText }));
    call.onerror = () => reject(unreached('the bytes did not arrive'));
    call.send(bytes);
  });
}

function unreached(detail: string): ApiProblem {
  return new ApiProblem({ code: 'offline', status: 0, title: 'No connection', detail });
}
