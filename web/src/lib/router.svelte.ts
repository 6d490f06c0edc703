// A client router for one face: patterns with `:name` parts, the query string as state that survives a reload,
// ordinary links. It moves the reading point to the new page's <h1> and restores the scroll position on "back".

import { tick as settled } from 'svelte';

export interface RouteMatch<N extends string> {
  name: N;
  params: Record<string, string>;
}

/** Compares a path with a pattern such as `/r/:id`; null if it does not fit. */
export function matchPath(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split('/').filter(Boolean);
  const given = path.split('/').filter(Boolean);
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? '';
    if (part.startsWith(':')) params[part.slice(1)] = decodeURIComponent(value);
    else if (part !== value) return null;
  }
  return params;
}

export class Router<N extends string> {
  path = $state('/');
  query = $state.raw(new URLSearchParams());
  #routes: [pattern: string, name: N][];
  #fallback: N;
  #base: string;
  #scroll = new Map<number, number>();
  #entry = 0;

  /** `base` is the face's prefix ('' for the storefront); patterns are written without it. */
  constructor(base: string, routes: [pattern: string, name: N][], fallback: N) {
    this.#base = base;
    this.#routes = routes;
    this.#fallback = fallback;
    this.#read();
  }

  /** The route of the present address. */
  match = $derived.by((): RouteMatch<N> => {
    for (const [pattern, name] of this.#routes) {
      const params = matchPath(pattern, this.path);
      if (params) return { name, params };
    }
    return { name: this.#fallback, params: {} };
  });

  /** Starts listening to links and to the browser's buttons; returns the end of it. */
  listen = (): (() => void) => {
    history.scrollRestoration = 'manual';
    this.#entry = (history.state as { entry?: number } | null)?.entry ?? 0;
    const click = (event: MouseEvent): void => this.#click(event);
    const pop = (event: PopStateEvent): void => this.#pop(event);
    document.addEventListener('click', click);
    window.addEventListener('popstate', pop);
    return () => {
      document.removeEventListener('click', click);
      window.removeEventListener('popstate', pop);
    };
  };

  /** The full address of a path of this face. */
  href(path: string): string {
    return path === '/' ? this.#base || '/' : `${this.#base}${path}`;
  }

  /** Goes to a path of this face, which may carry a query string. */
  go(path: string, options: { replace?: boolean } = {}): void {
    this.#scroll.set(this.#entry, window.scrollY);
    if (!options.replace) this.#entry += 1;
    const state = { entry: this.#entry };
    if (options.replace) history.replaceState(state, '', this.href(path));
    else history.pushState(state, '', this.href(path));
    this.#read();
    void this.#arrive(0);
  }

  /** Back to where the person came from, or to `otherwise` when they came from outside. */
  back(otherwise: string): void {
    if (this.#entry > 0) history.back();
    else this.go(otherwise, { replace: true });
  }

  /** Changes the query string in place; null takes a name out. Does not move the page. */
  setQuery(changes: Record<string, string | null>): void {
    const next = new URLSearchParams(this.query);
    for (const [name, value] of Object.entries(changes)) {
      if (value === null || value === '') next.delete(name);
      else next.set(name, value);
    }
    const text = next.toString();
    history.replaceState({ entry: this.#entry }, '', `${location.pathname}${text ? `?${text}` : ''}`);
    this.query = next;
  }

  #read(): void {
    const full = location.pathname;
    const own = full.startsWith(this.#base) ? full.slice(this.#base.length) : full;
    this.path = own === '' ? '/' : own;
    this.query = new URLSearchParams(location.search);
  }

  #click(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin) return;
    if (link.hash && link.pathname === location.pathname) return;
    if (this.#base && link.pathname !== this.#base && !link.pathname.startsWith(`${this.#base}/`)) return;
    if (!this.#base && /^\/(kitchen|rider|ops|mailbox|docs|openapi\.json|problems|metrics|health)(\/|$)/.test(link.pathname)) return;
    event.preventDefault();
    this.go(`${link.pathname.slice(this.#base.length) || '/'}${link.search}`);
  }

  #pop(event: PopStateEvent): void {
    this.#scroll.set(this.#entry, window.scrollY);
    this.#entry = (event.state as { entry?: number } | null)?.entry ?? 0;
    this.#read();
    void this.#arrive(this.#scroll.get(this.#entry) ?? 0);
  }

  async #arrive(scroll: number): Promise<void> {
    await settled();
    window.scrollTo(0, scroll);
    const heading = document.querySelector<HTMLElement>('h1');
    if (heading && !document.querySelector('dialog[open]')) {
      heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
    }
  }
}
