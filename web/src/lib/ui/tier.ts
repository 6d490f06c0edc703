// One tier of the tin that shows the stages of an order.

export interface Tier {
  id: string;
  state: 'done' | 'now' | 'todo';
  title: string;
  detail?: string | undefined;
  time?: string | undefined;
  /** 0 to 100, for `now`. */
  fill?: number;
}
