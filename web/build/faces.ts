// In development, paths below a face belong to that face's HTML file, as the
// server does it in production: `/r/<id>` is the storefront, `/ops/live` is ops.
import type { Connect, Plugin } from 'vite';

const FACES = ['kitchen', 'rider', 'ops'];

function rewrite(request: Connect.IncomingMessage, _response: unknown, next: Connect.NextFunction): void {
  const path = (request.url ?? '/').split('?')[0] ?? '/';
  const wantsPage = request.headers.accept?.includes('text/html') ?? false;
  if (wantsPage && !path.includes('.')) {
    const face = FACES.find((name) => path === `/${name}` || path.startsWith(`/${name}/`));
    request.url = face ? `/${face}/index.html` : '/index.html';
  }
  next();
}

/** Sends each page address to the HTML entry of its face. */
export function facePages(): Plugin {
  return {
    name: 'dabba-face-pages',
    configureServer(server) {
      server.middlewares.use(rewrite);
    },
    configurePreviewServer(server) {
      server.middlewares.use(rewrite);
    },
  };
}
