// Puts the storefront on the device for reloads without network, once the first screen has had the line to itself.

/** Registers the worker; a browser without one only loses the reload without network. */
export function keepOnDevice(): () => void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return () => undefined;
  const calm = setTimeout(() => void navigator.serviceWorker.register('/sw.js').catch(() => undefined), 2_500);
  return () => clearTimeout(calm);
}
