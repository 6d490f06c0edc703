// The names in icons.svg, so that a misspelt icon is a type error; a test holds the two lists together.

/** Every icon of the sprite, in the order of the file. */
export const ICON_NAMES = [
  'alert', 'arrow-down', 'arrow-up', 'bag', 'bell', 'bicycle', 'bolt', 'box', 'calendar', 'camera', 'car', 'card',
  'cash', 'chart', 'chat', 'check', 'chevron-down', 'chevron-left', 'chevron-right', 'chevron-up', 'clock', 'copy',
  'cylinder', 'db', 'download', 'edit', 'external', 'eye', 'eye-off', 'filter', 'flag', 'gauge', 'globe', 'grid', 'grip', 'heart', 'help',
  'history', 'home', 'hourglass', 'info', 'key', 'layers', 'list', 'lock', 'logout', 'map', 'menu', 'minus', 'moon',
  'more', 'motorcycle', 'mute', 'navigate', 'note', 'offline', 'online', 'pause', 'phone', 'pin', 'play', 'plus',
  'pot', 'print', 'qr', 'receipt', 'refresh', 'route', 'scooter', 'search', 'settings', 'shield', 'sort', 'sos',
  'sound', 'star', 'store', 'sun', 'swap', 'target', 'ticket', 'trash', 'undo', 'upload', 'user', 'users', 'walk',
  'wallet', 'x', 'zoom-in',
] as const;

/** The name of one icon. */
export type IconName = (typeof ICON_NAMES)[number];
