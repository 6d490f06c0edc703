// The service worker and the home screen. The worker keeps the face, its texts and the town map for hours without
// network. A new version waits until the rider says so, because a reload at a door would be the wrong moment.

const WORKER = '/rider/sw.js';

interface InstallPrompt extends Event {
  prompt(): Promise<void>;
}

class Installer {
  /** A newer version is ready. */
  update = $state(false);
  /** The browser offers to put the face on the home screen. */
  canInstall = $state(false);
  #prompt: InstallPrompt | null = null;
  #waiting: ServiceWorker | null = null;

  start = (): (() => void) => {
    if (import.meta.env.PROD && 'serviceWorker' in navigator) void this.#register();
    window.addEventListener('beforeinstallprompt', this.#offered);
    return () => window.removeEventListener('beforeinstallprompt', this.#offered);
  };

  /** `/rider` itself is above the worker's folder: if the server does not allow it, the address gets its slash. */
  async #register(): Promise<void> {
    const wide = await fetch(WORKER, { method: 'HEAD' }).then((answer) => answer.headers.has('service-worker-allowed'), () => true);
    const registration = await navigator.serviceWorker.register(WORKER, { scope: wide ? '/rider' : '/rider/' }).catch(() => null);
    if (!registration) return;
    if (!wide && location.pathname === '/rider') history.replaceState(history.state, '', `/rider/${location.search}`);
    this.#look(registration);
    registration.addEventListener('updatefound', () => {
      registration.installing?.addEventListener('statechange', () => this.#look(registration));
    });
  }

  #look(registration: ServiceWorkerRegistration): void {
    this.#waiting = registration.waiting;
    this.update = registration.waiting !== null && navigator.serviceWorker.controller !== null;
  }

  /** Takes the new version and loads it. */
  apply = (): void => {
    navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
    this.#waiting?.postMessage('take-over');
  };

  #offered = (event: Event): void => {
    event.preventDefault();
    this.#prompt = event as InstallPrompt;
    this.canInstall = true;
  };

  install = async (): Promise<void> => {
    await this.#prompt?.prompt();
    this.#prompt = null;
    this.canInstall = false;
  };
}

/** The installation of this page. */
export const installer = new Installer();
