// Light, dark, or as the system is. Kept per browser and applied to <html> before the first screen.

export type Theme = 'system' | 'light' | 'dark';

const STORE = 'dabba.theme';

class ThemeChoice {
  chosen = $state<Theme>('system');

  /** Applies what was chosen before. */
  restore(): void {
    const kept = localStorage.getItem(STORE);
    this.choose(kept === 'light' || kept === 'dark' ? kept : 'system');
  }

  choose(theme: Theme): void {
    this.chosen = theme;
    if (theme === 'system') {
      delete document.documentElement.dataset['theme'];
      localStorage.removeItem(STORE);
    } else {
      document.documentElement.dataset['theme'] = theme;
      localStorage.setItem(STORE, theme);
    }
  }
}

/** The theme of this page. */
export const theme = new ThemeChoice();
