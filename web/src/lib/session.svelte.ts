// Who is logged in on this face. Tokens live in api/tokens; this is the part that screens look at.
// Each face keeps its own login, and logging out in one tab logs out the other tabs of the same face.

import { api } from './api/client';
import { configureTokens, dropTokens, hasTokens, keepTokens, refreshToken, tokenKey, type Face } from './api/tokens';
import type { Role, Tokens, User } from './api/types';

/** Which roles may use which face. */
export const FACE_ROLES: Record<Face, Role[]> = {
  storefront: ['customer'],
  kitchen: ['restaurant', 'admin'],
  rider: ['courier'],
  ops: ['dispatcher', 'admin'],
};

const FACE_PATH: Record<Face, string> = { storefront: '/', kitchen: '/kitchen', rider: '/rider', ops: '/ops' };

/** Where a role belongs. */
export function homeOf(role: Role): string {
  const face = (Object.keys(FACE_ROLES) as Face[]).find((one) => FACE_ROLES[one].includes(role));
  return FACE_PATH[face ?? 'storefront'];
}

class Session {
  /** The person, or null when nobody is logged in. Kept across reloads, also without network. */
  user = $state.raw<User | null>(null);
  /** False until the stored login has been looked at. */
  ready = $state(false);
  face: Face = 'storefront';

  /** Called once by main.ts of a face, before mounting. */
  start(face: Face): void {
    this.face = face;
    configureTokens({ face, onLost: () => this.#forget() });
    this.#restore();
    window.addEventListener('storage', (event) => {
      if (event.key === tokenKey()) this.#restore();
    });
    if (this.user) void this.refreshUser();
    this.ready = true;
  }

  /** Whether the logged-in person may use this face. */
  get allowed(): boolean {
    return this.user !== null && FACE_ROLES[this.face].includes(this.user.role);
  }

  async login(login: string, password: string): Promise<User> {
    return this.#keep(await api.post<Tokens>('/auth/login', { login, password }, { anonymous: true }));
  }

  /** Asks for a code by message; resolves to the seconds it is good for. */
  async sendCode(phone: string): Promise<number> {
    const answer = await api.post<{ expires_in: number }>('/auth/otp', { phone }, { anonymous: true });
    return answer.expires_in;
  }

  async loginWithCode(phone: string, code: string, name?: string): Promise<User> {
    const body = name ? { phone, code, name } : { phone, code };
    return this.#keep(await api.post<Tokens>('/auth/otp/verify', body, { anonymous: true }));
  }

  /** Logs out here at once and tells the server if it can be reached. */
  async logout(): Promise<void> {
    const token = refreshToken();
    this.#forget();
    if (token) await api.post('/auth/logout', { refresh_token: token }, { anonymous: true }).catch(() => undefined);
  }

  /** Reads the person again, for instance after the name has changed. */
  async refreshUser(): Promise<void> {
    const user = await api.get<User>('/auth/me').catch(() => null);
    if (user) this.#remember(user);
  }

  #keep(tokens: Tokens): User {
    keepTokens(tokens);
    this.#remember(tokens.user);
    return tokens.user;
  }

  #remember(user: User): void {
    this.user = user;
    localStorage.setItem(`dabba.${this.face}.user`, JSON.stringify(user));
  }

  #restore(): void {
    const text = hasTokens() ? localStorage.getItem(`dabba.${this.face}.user`) : null;
    try {
      this.user = text ? (JSON.parse(text) as User) : null;
    } catch {
      this.user = null;
    }
  }

  #forget(): void {
    dropTokens();
    localStorage.removeItem(`dabba.${this.face}.user`);
    this.user = null;
  }
}

/** The session of this page. */
export const session = new Session();
